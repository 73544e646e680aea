/* doc_parts.h: what the files of `x07 doc` share: where to look (doc_places.c), what was found (doc_find.c,
 * doc_spec.c, doc_suggest.c), and how it is shown (doc_show.c, doc_report.c). Everything lives in the arena
 * of the search.
 */
#ifndef CLI_DOC_PARTS_H
#define CLI_DOC_PARTS_H

#include "ast/ast.h"
#include "base/error.h"
#include "cli/options.h"
#include "host/host.h"
#include "project/package_manifest.h"

enum doc_origin { DOC_BUILTIN, DOC_STDLIB, DOC_PROJECT, DOC_DEPENDENCY, DOC_FILESYSTEM };

/* Where something comes from. */
struct doc_source {
    enum doc_origin origin;
    const char *path;    /* of the root; NULL for what is built in */
    const char *package; /* "name@version"; NULL without one */
};

struct doc_package {
    const struct package_manifest *manifest;
    struct doc_source source;
};

/* Where modules and packages are searched, in order. */
struct doc_places {
    struct doc_source *roots;
    size_t root_count;
    struct doc_package *packages;
    size_t package_count;
};

struct doc_settings {
    const char *project;
    struct option_list module_roots;
    bool builtin, json;
    struct option_list query;
};

enum doc_kind { DOC_FORM, DOC_MODULE, DOC_SYMBOL, DOC_PACKAGE, DOC_SPEC, DOC_NOT_FOUND, DOC_ERROR };

struct doc_suggestion {
    enum doc_kind kind;
    const char *query;
};

/* What a search ended with. Which members count depends on the kind. */
struct doc_answer {
    enum doc_kind kind;
    int head;                    /* a form */
    const struct ast_doc *doc;   /* a module, or that of a symbol */
    const struct ast_func *func; /* a symbol */
    const char *path;            /* of the module's file or of the specification; "<builtin>" */
    struct doc_source source;
    const struct doc_package *package;
    const char *spec_id;
    const char *code, *message; /* DOC_NOT_FOUND and DOC_ERROR */
    struct doc_suggestion *suggestions;
    size_t suggestion_count, suggestion_room;
};

struct doc_search {
    const struct doc_settings *settings;
    const char *query; /* trimmed */
    struct arena *arena;
    struct ast_context *context;
    struct host *host;
    struct doc_places places;
    struct doc_answer answer;
};

/* The roots and packages of the options, or of the project around the current folder, or that folder. Errors:
 * those of manifests, after "load package manifest for ..." where one of a dependency is wrong. */
struct error *doc_places_find(struct arena *arena, const struct doc_settings *settings,
                              struct doc_places *places);

/* Fills in search->answer. */
void doc_find(struct doc_search *search);

/* Answers a query that begins with "spec:". */
void doc_find_spec(struct doc_search *search);

/* Ends with an answer of DOC_NOT_FOUND or DOC_ERROR; the message is a copy. */
void doc_refuse(struct doc_search *search, enum doc_kind kind, const char *code, const char *message);

/* Adds to the suggestions. */
void doc_suggest(struct doc_search *search, enum doc_kind kind, const char *query);

/* Suggests modules, heads and packages whose names are like the query. */
void doc_suggest_names(struct doc_search *search);

/* What of a head is said to people: its signature; a line about it; a call of it as JSON. */
void doc_form_signature(int head, struct text *out);
void doc_form_describe(int head, struct text *out);
void doc_form_example(int head, struct text *out);

/* Appends the answer as text, unless it is DOC_NOT_FOUND or DOC_ERROR. */
void doc_show(const struct doc_search *search, struct text *out);

/* Appends the report x07.doc.report@0.1.0. Returns its exit code. */
int doc_report(struct doc_search *search, struct text *out);

#endif
