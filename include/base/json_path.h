/*
 * Members deep in a document by a path as "spec.resource.flavor_id"; a number
 * is an index of an array ("apis.0.url"). No member's name has a dot in it.
 */
#ifndef BASE_JSON_PATH_H
#define BASE_JSON_PATH_H

#include "base/json.h"

/* Borrowed; NULL: not there. 'root' may be NULL. */
json_t *json_path_get(const json_t *root, const char *path);

/* The text there; NULL: not there, or no text. */
const char *json_path_string(const json_t *root, const char *path);

/*
 * Take 'value' (NULL: out of memory) as the member at the path. Objects and
 * arrays on the way are made; an index is at most the count of the array.
 * ERR_INVALID: something else is on the way. ERR_NOMEM.
 */
int json_path_set_new(json_t *root, const char *path, json_t *value, struct err *err);

#endif
