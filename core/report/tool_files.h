/* tool_files.h: the files that a report names, with their digests. Knows where documents name files; knows
 * nothing of what is in them. */
#ifndef REPORT_TOOL_FILES_H
#define REPORT_TOOL_FILES_H

#include "ast/json.h"
#include "base/json_out.h"

/* Zero-initialise it; free it with tool_files_free. */
struct tool_files {
    char **paths;
    size_t count;
};

void tool_files_add(struct tool_files *files, const char *path, size_t len);

/* Adds the paths of `meta.inputs` and `meta.outputs`, or else those in `digests`. */
void tool_files_of_document(const struct ast_json *document, struct tool_files *inputs,
                            struct tool_files *outputs);

/* An array of {bytes_len, path, sha256}, sorted by path, each path once; files that cannot be read are left
 * out. */
void tool_files_write(struct tool_files *files, x07_json *json);

void tool_files_free(struct tool_files *files);

#endif
