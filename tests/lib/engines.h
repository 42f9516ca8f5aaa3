/*
 * Container engines that unpack an image, as oracles: umoci, and podman with
 * two storage drivers; and what lies in the folder that they made.
 */
#ifndef TESTS_LIB_ENGINES_H
#define TESTS_LIB_ENGINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum engine { ENGINE_UMOCI, ENGINE_VFS, ENGINE_OVERLAY, ENGINES };

extern const char *const ENGINE_NAMES[ENGINES];

/* One path below a folder, links not followed. */
struct found {
	char *path; /* without leading slash; "" is the folder */
	char type;  /* as in a tar: '0' '2' '3' '4' '5' '6' */
	unsigned mode;
	uint64_t size; /* of a file; else 0 */
	int64_t uid, gid;
	char *target; /* of a symlink, else NULL */
	uint64_t inode;
	const char *
		first_name; /* of the same inode: the least of its paths; of a directory: its own */
};

struct found_list {
	struct found *items;
	size_t count, room;
};

/* By path; first names are set. */
void found_sort(struct found_list *list);
void found_add(struct found_list *list, const struct found *found);
void found_done(struct found_list *list);

/* A namespace for mounts of this process alone; false: not allowed here. */
bool engines_enter(void);

/*
 * Unpack the OCI layout test_dir()/name, tag 't', and list what is there. 0, or -1 with what the
 * engine said in 'said' (NUL-terminated).
 */
int engine_unpack(enum engine engine, const char *name, struct found_list *ret_list, char *said,
		  size_t room);

/* Remove all that was unpacked. */
void engines_reset(void);

#endif
