/* What appending writes: what is in it and in which layer (emit_append_parts.c), and its bytes. */
#ifndef EMIT_APPEND_PRIV_H
#define EMIT_APPEND_PRIV_H

#include "base/vec.h"
#include "emit_priv.h"

/* In the order in which they are written. */
enum append_kind { APPEND_FOLDER, APPEND_FILE, APPEND_WHITEOUT };

/* A path that the plan changes or takes away, or another name of such a file. */
struct append_item {
	enum append_kind kind;
	unsigned layer; /* that holds its bytes; 0: none does */
	uint32_t entry;
	inode_id inode;
	node_id node; /* of the preview; of a whiteout: of the image's tree */
	bool is_link; /* a further name of the file before it */
	size_t part;  /* the new layer that it is in, from 0 */
};

struct append {
	const struct emit_input *input;
	VEC(struct append_item) items;
	size_t part_count; /* at least 1 */
	uint64_t bytes;    /* of all parts */
};

/* 'append' has its input, and nothing else. notes may be NULL. ERR_NOMEM. */
int emit__append_prepare(struct append *append, struct problem_list *notes, struct err *err);
void emit__append_done(struct append *append);

/*
 * The folders that a part has headers for, as marks by node of the preview:
 * those that are changed, and all above what it holds. Free with free(). NULL: out of memory.
 */
unsigned char *emit__append_folders(const struct append *append, size_t part);

/* The entry of an item; first: the first name of a link. Free *ret_path, and *ret_target of a link. */
int emit__append_entry(const struct append *append, const struct append_item *item, node_id first,
		       struct tar_entry *ret_entry, char **ret_path, char **ret_target,
		       struct err *err);

#endif
