/* x07rt_jsonschema.h: jsonschema.*: validation of JSON texts. Ownership, errors and threads are as in
 * x07rt.h; results belong to the caller. Schemas live until x07_main returns, outside the program's heap.
 * Linked from an archive of its own, libx07rt_jsonschema. */
#ifndef X07RT_JSONSCHEMA_H
#define X07RT_JSONSCHEMA_H

#include "x07rt.h"

/* A compiled schema's document, or an error document with a code and a message. */
x07_bytes x07_jsonschema_compile_v1(x07_rt *rt, x07_view schema);

/* A document that says that the instance is valid, or one with a code and a JSON array of errors. */
x07_bytes x07_jsonschema_validate_v1(x07_rt *rt, x07_view compiled, x07_view instance);

#endif
