/* Member headers of archives; see tar/tar_member.h. */
#include "tar/tar_member.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ustar: offsets and widths of POSIX pax, "ustar Interchange Format". */
enum {
	NAME_BYTES = 100,
	MODE_AT = 100,
	UID_AT = 108,
	GID_AT = 116,
	SIZE_AT = 124,
	MTIME_AT = 136,
	SUM_AT = 148,
	TYPE_AT = 156,
	MAGIC_AT = 257,
	NUMBER_BYTES = 12,
};

static void put_number(unsigned char *field, uint64_t value)
{
	char octal[NUMBER_BYTES + 12];

	if (value < UINT64_C(1) << 33) {
		snprintf(octal, sizeof(octal), "%011" PRIo64, value);
		memcpy(field, octal, NUMBER_BYTES);
		return;
	}
	/* GNU base-256: the first byte marks it, the rest is big-endian. */
	field[0] = 0x80;
	for (int i = NUMBER_BYTES - 1; i > 0; i--) {
		field[i] = (unsigned char)value;
		value >>= 8;
	}
}

int tar_member_header(const char *name, uint64_t size, int64_t mtime,
		      unsigned char ret_block[TAR_BLOCK], struct err *err)
{
	size_t len = strlen(name);
	unsigned sum = 0;

	if (len == 0 || len > NAME_BYTES)
		return err_set(err, ERR_INVALID, "'%s' is no name for a member", name);
	memset(ret_block, 0, TAR_BLOCK);
	memcpy(ret_block, name, len);
	memcpy(ret_block + MODE_AT, "0000644", 8);
	memcpy(ret_block + UID_AT, "0000000", 8);
	memcpy(ret_block + GID_AT, "0000000", 8);
	put_number(ret_block + SIZE_AT, size);
	put_number(ret_block + MTIME_AT, mtime < 0 ? 0 : (uint64_t)mtime);
	ret_block[TYPE_AT] = '0';
	memcpy(ret_block + MAGIC_AT,
	       "ustar\0"
	       "00",
	       8);
	memset(ret_block + SUM_AT, ' ', 8);
	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += ret_block[i];
	snprintf((char *)ret_block + SUM_AT, 8, "%06o", sum & 0777777);
	return 0;
}
