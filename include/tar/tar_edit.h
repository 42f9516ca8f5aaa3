/*
 * Changes owner and mode in the header blocks of one entry. Only the uid, gid,
 * mode and checksum bytes differ afterwards, and the pax records "uid" and
 * "gid" where there are any; every other byte stays as it was.
 */
#ifndef TAR_TAR_EDIT_H
#define TAR_TAR_EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct tar_change {
	bool set_mode, set_uid, set_gid;
	uint32_t mode; /* 12 low bits; type bits of the field stay */
	uint32_t uid, gid;
};

/*
 * blocks  the header blocks of one entry, from header_offset to data_offset.
 * ret     the new blocks, to be freed with free(); as long as the old ones
 *         unless a pax record needs another block.
 * ERR_FORMAT if the blocks are no such headers, ERR_NOMEM.
 */
int tar_edit(const unsigned char *blocks, size_t len, const struct tar_change *change,
	     unsigned char **ret_blocks, size_t *ret_len, struct err *err);

#endif
