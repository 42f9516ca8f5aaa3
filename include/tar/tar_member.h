/* The header of a plain member of an archive whose size is known only afterwards. */
#ifndef TAR_TAR_MEMBER_H
#define TAR_TAR_MEMBER_H

#include <stdint.h>

#include "base/err.h"
#include "tar/tar_entry.h"

/*
 * One ustar block for a regular file, mode 0644 and owner 0:0; a number that
 * octal cannot hold is written in base-256. size: bytes, at most INT64_MAX;
 * mtime: seconds. ERR_INVALID: the name is empty or longer than 100 bytes.
 */
int tar_member_header(const char *name, uint64_t size, int64_t mtime,
		      unsigned char ret_block[TAR_BLOCK], struct err *err);

#endif
