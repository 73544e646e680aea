/* curl.c: see curl.h. */
#include "package/curl.h"

#include <dlfcn.h>
#include <string.h>

struct error *
curl_load(struct curl_calls *calls)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    const char *missing = NULL;

    if (!library)
        return error_new("E_TRANSFER", "http needs libcurl (Debian: apt install libcurl4): %s", dlerror());
#define CURL_CALL(name)                                 \
    {                                                   \
        void *address = dlsym(library, "curl_" #name);  \
        memcpy(&calls->name, &address, sizeof address); \
        if (!address)                                   \
            missing = "curl_" #name;                    \
    }
    CURL_CALLS(CURL_CALL)
#undef CURL_CALL
    if (missing)
        return error_new("E_TRANSFER", "the installed libcurl is too old: it lacks %s", missing);
    if (calls->global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_new("E_TRANSFER", "libcurl cannot start");
    return NULL;
}
