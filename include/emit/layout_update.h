/*
 * An OCI layout that gets another image in place: new blobs first, each whole
 * under its name, then index.json by one rename. Until then the layout shows
 * what it did before, whatever happens; what was added is taken away again,
 * unless the program is killed: then blobs may stay that nothing refers to.
 */
#ifndef EMIT_LAYOUT_UPDATE_H
#define EMIT_LAYOUT_UPDATE_H

#include <jansson.h>

#include "base/err.h"

/* The new index.json until layout_update_publish(). */
#define LAYOUT_UPDATE_INDEX ".index.json.part"

struct layout_update;

/*
 * path: of the folder. A second update at the same time is refused by a lock.
 * ERR_EXISTS (locked), ERR_INVALID (index.json or a folder of blobs is a link),
 * ERR_FORMAT, ERR_LIMIT, ERR_IO, ERR_NOMEM.
 */
int layout_update_open(const char *path, struct layout_update **ret_update, struct err *err);

/* The folder; and index.json as it was when the lock was taken, to be changed. Borrowed. */
int layout_update_fd(const struct layout_update *update);
json_t *layout_update_index(struct layout_update *update);

/* LAYOUT_UPDATE_INDEX becomes index.json. ERR_IO. */
int layout_update_publish(struct layout_update *update, struct err *err);

/* Without layout_update_publish() nothing is left behind. NULL is fine. */
void layout_update_close(struct layout_update *update);
void layout_update_closep(struct layout_update **update);

#endif
