/* compile_key.c: the key that an executable has in the native cache. */
#include "host/compile_parts.h"

#include "base/file.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Changes when the layout of cache keys or of what is linked changes. */
#define CACHE_EPOCH "x07-native-1"

static void
digest_text(struct sha256 *digest, const char *text)
{
    sha256_field(digest, text ? text : "", text ? strlen(text) : 0);
}

/* Size and time of a file stand for its contents: they change whenever the toolchain is rebuilt or upgraded.
 */
static void
digest_file_state(struct sha256 *digest, const char *path)
{
    struct stat status;
    int64_t state[3] = {0};

    if (stat(path, &status) == 0) {
        state[0] = (int64_t)status.st_size;
        state[1] = (int64_t)status.st_mtim.tv_sec;
        state[2] = (int64_t)status.st_mtim.tv_nsec;
    }
    digest_text(digest, path);
    sha256_field(digest, state, sizeof state);
}

/* The runtime's headers carry code too. */
static void
digest_headers(struct sha256 *digest, const char *dir)
{
    struct dirent **entries = NULL;
    int count = scandir(dir, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            char *path = file_join(dir, entries[i]->d_name);
            digest_file_state(digest, path);
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
}

static void
digest_list(struct sha256 *digest, const char *const *list)
{
    for (; list && *list; list++) {
        digest_text(digest, *list);
        /* An argument may name a file, whose contents then count. */
        if (file_is_regular(*list))
            digest_file_state(digest, *list);
    }
    digest_text(digest, "end");
}

void
compile_make_key(struct build *build, const char *identity)
{
    const x07_compile_request *request = build->request;
    struct sha256 digest;

    sha256_init(&digest);
    digest_text(&digest, CACHE_EPOCH);
    sha256_field(&digest, build->compiled.c_source.data, build->compiled.c_source.len);
    digest_text(&digest, build->native.id);
    digest_text(&digest, build->native.version);
    digest_file_state(&digest, build->native.path);
    digest_text(&digest, identity);
    digest_text(&digest, request->cc_profile);
    digest_text(&digest, request->world);
    digest_list(&digest, build->arguments);
    digest_list(&digest, build->ffi.watched);
    digest_list(&digest, build->libraries);
    digest_headers(&digest, build->toolchain->include_dir);
    sha256_final_hex(&digest, build->key);
}
