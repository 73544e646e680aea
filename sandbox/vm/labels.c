/* labels.c: what a run is called, for people and for whoever sweeps: the labels that the reference's VM jobs
 * carry, in a file of the run's folder, and the id of this installation, in one beside the state directory.
 */
#include "labels.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { INSTANCE_MOST = LABELS_INSTANCE - 1, INSTANCE_BYTES = 16, LABEL_MOST = 4096, FILE_MOST = 65536 };

#define BACKEND "vm.qemu-microvm"

/* ---- The installation -------------------------------------------------------------------------------- */

/* Why a text cannot be a value of a label; NULL: it can be. */
static const char *
fault_of(const char *value)
{
    if (!value[0])
        return "empty";
    for (const unsigned char *at = (const unsigned char *)value; *at; at++) {
        if (*at >= 0x80)
            return "must be ASCII";
        if (*at == '=')
            return "must not contain '='";
        if (*at == ' ' || (*at >= '\t' && *at <= '\r'))
            return "must not contain whitespace";
        if (*at < ' ' || *at == 0x7f)
            return "must not contain control characters";
    }
    return NULL;
}

/* Makes the file unless another process was faster. */
static void
create_instance(const char *path)
{
    uint8_t bytes[INSTANCE_BYTES];
    char text[2 * INSTANCE_BYTES + 8] = "ri-";
    char draft[PATH_MAX];
    size_t len = strlen(text);

    if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes ||
        snprintf(draft, sizeof draft, "%.4000s.%ld", path, (long)getpid()) >= (int)sizeof draft)
        return;
    for (size_t i = 0; i < sizeof bytes; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%02x", bytes[i]);
    text[len++] = '\n';
    int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (file < 0)
        return;
    if (vm_write_all(file, text, len) && link(draft, path) < 0 && errno != EEXIST)
        text[0] = 0; /* whoever reads it next says so */
    close(file);
    unlink(draft);
}

static char *
trim(char *text)
{
    text += strspn(text, " \t\r\n");
    for (size_t len = strlen(text); len && strchr(" \t\r\n", text[len - 1]); len--)
        text[len - 1] = 0;
    return text;
}

x07_status
labels_read_instance(const x07_host *host, const struct settings *settings, char instance[LABELS_INSTANCE])
{
    char path[PATH_MAX];
    const char *slash = strrchr(settings->state, '/');
    x07_status status =
        vm_path(host, path, "%.*s/runner_instance", (int)(slash - settings->state), settings->state);

    if (status != X07_OK)
        return status;
    if (access(path, F_OK) < 0)
        create_instance(path);
    char *text = vm_read_file(path, LABEL_MOST);
    if (!text)
        return vm_fail_errno(host, "E_VM_STATE", "read %s", path);
    const char *value = trim(text);
    const char *fault = fault_of(value);
    if (!fault && strlen(value) > INSTANCE_MOST)
        fault = "must be at most 128 bytes";
    if (fault)
        status =
            vm_fail(host, X07_E_ARGUMENT, "E_VM_LABEL", "invalid runner_instance in %s: %s", path, fault);
    else
        snprintf(instance, LABELS_INSTANCE, "%s", value);
    free(text);
    return status;
}

/* ---- The labels of a run ----------------------------------------------------------------------------- */

/* As a debugger shows a text: bytes that do not print by their numbers. */
static void
quote(const char *value, char *quoted, size_t room)
{
    size_t len = 0;

    quoted[len++] = '"';
    for (; *value && len + 8 < room; value++) {
        if (*value == '"' || *value == '\\')
            len += (size_t)snprintf(quoted + len, room - len, "\\%c", *value);
        else if (*value < ' ' || *value == 0x7f)
            len += (size_t)snprintf(quoted + len, room - len, "\\u{%x}", (unsigned)(unsigned char)*value);
        else
            quoted[len++] = *value;
    }
    snprintf(quoted + len, room - len, "\"");
}

x07_status
labels_check(const x07_host *host, const char *key, const char *value)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@/+-";
    const char *fault = fault_of(value);
    char quoted[LABEL_MOST];

    if (!fault && value[strspn(value, allowed)])
        fault = "contains invalid character";
    if (fault) {
        quote(value, quoted, sizeof quoted);
        return vm_fail(host, X07_E_ARGUMENT, "E_VM_LABEL", "invalid label value for key %s: %s: %s", key,
                       quoted, fault);
    }
    if (strlen(key) + strlen(value) <= LABEL_MOST)
        return X07_OK;
    return vm_fail(host, X07_E_ARGUMENT, "E_VM_LABEL",
                   "label key/value too large for \"%s\": %zu+%zu > %d bytes", key, strlen(key),
                   strlen(value), (int)LABEL_MOST);
}

x07_status
labels_write(const x07_host *host, const char *folder, const struct labels *labels)
{
    char created[32], deadline[32], path[PATH_MAX];
    const char *const rows[][2] = {
        {"io.x07.schema", "1"},
        {"io.x07.run_id", labels->run_id},
        {"io.x07.job_id", labels->run_id},
        {"io.x07.runner_instance", labels->instance},
        {"io.x07.deadline_unix_ms", deadline},
        {"io.x07.image_digest", labels->image_digest},
        {"io.x07.backend", BACKEND},
        {"io.x07.created_unix_ms", created},
    };
    json_object *object = json_object_new_object();
    x07_status status = vm_path(host, path, "%s/" LABELS_FILE, folder);

    snprintf(created, sizeof created, "%lld", (long long)labels->created_ms);
    snprintf(deadline, sizeof deadline, "%lld", (long long)labels->deadline_ms);
    for (size_t i = 0; status == X07_OK && i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i][1])
            continue;
        status = labels_check(host, rows[i][0], rows[i][1]);
        json_object_object_add(object, rows[i][0], json_object_new_string(rows[i][1]));
    }
    const char *text =
        json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE);
    if (status == X07_OK && !vm_write_new(path, text))
        status = vm_fail_errno(host, "E_VM_STATE", "write %s", path);
    json_object_put(object);
    return status;
}

void
labels_tell(const char *folder, x07_json *json)
{
    char path[PATH_MAX];
    char *text = NULL;

    if (snprintf(path, sizeof path, "%s/" LABELS_FILE, folder) < (int)sizeof path)
        text = vm_read_file(path, FILE_MOST);
    json_object *labels = text ? json_tokener_parse(text) : NULL;
    x07_json_begin(json, '{');
    if (json_object_is_type(labels, json_type_object)) {
        json_object_object_foreach(labels, key, value)
        {
            x07_json_name(json, key);
            x07_json_string(json, json_object_get_string(value));
        }
    }
    x07_json_end(json, '}');
    json_object_put(labels);
    free(text);
}
