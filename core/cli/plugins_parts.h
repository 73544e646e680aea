/* plugins_parts.h: what the files of `x07 plugins` share. Not for other commands. */
#ifndef CLI_PLUGINS_PARTS_H
#define CLI_PLUGINS_PARTS_H

#include "base/text.h"
#include "cli/options.h"
#include "registry/registry.h"

#include <json-c/json.h>
#include <stdbool.h>

/* The command line of one subcommand. */
struct plugins_options {
    bool json;
    bool diagnostics;
    const char *call; /* diagnostic to call, or NULL */
    struct option_list plugin_dirs;
    struct option_list words; /* what is not an option */
};

/* One plugin as the reports show it. The caller owns the object.
 * `diagnostics`: call the typed diagnostics. */
json_object *plugins_json_plugin(struct registry *registry, const struct registry_plugin *plugin,
                                 bool diagnostics);

/* The report of `list`. */
json_object *plugins_json_list(struct registry *registry, bool diagnostics);

/* The reports for people, made of the JSON ones. */
void plugins_text_list(json_object *list, struct text *out);
void plugins_text_plugin(json_object *plugin, struct text *out);
void plugins_text_check(json_object *check, struct text *out);

/* The subcommands; each returns an exit code. */
int plugins_list(const struct plugins_options *options);
int plugins_info(const struct plugins_options *options);
int plugins_check(const struct plugins_options *options);

/* Prints a document as indented JSON, or as `show` writes it, and frees it. Returns `exit_code`, or 2 when
 * stdout takes no more. */
int plugins_print(const struct plugins_options *options, json_object *document,
                  void (*show)(json_object *document, struct text *out), int exit_code);

/* Prints "x07 plugins: MESSAGE" on stderr, frees the error, and returns 2. */
int plugins_failure(struct error *error);

#endif
