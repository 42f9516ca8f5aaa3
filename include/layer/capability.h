/*
 * What a program may do more than its caller, as Linux keeps it in the
 * attribute security.capability (capabilities(7), struct vfs_ns_cap_data).
 */
#ifndef LAYER_CAPABILITY_H
#define LAYER_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAPABILITY_XATTR "security.capability"

enum {
	CAPABILITY_COUNT = 41, /* that have a name */
	CAPABILITY_MOST = 64,  /* bits of a set */
	CAPABILITY_ROOM = 2048,
};

struct capabilities {
	uint64_t permitted, inheritable; /* bit n is capability n */
	bool effective;                  /* they act at once */
	unsigned revision;               /* 1 to 3 */
	uint32_t root_id;                /* of the user namespace in which they count; 0 */
};

/* False: the kernel does not take it. */
bool capabilities_read(const void *value, size_t len, struct capabilities *ret_capabilities);

/* "cap_net_raw"; NULL: none has this number. */
const char *capability_name(unsigned number);

/* As getcap(8): "cap_net_admin,cap_net_raw=ep"; out[CAPABILITY_ROOM]. */
const char *capabilities_text(const struct capabilities *capabilities, char *out);

#endif
