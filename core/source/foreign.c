/* What people try to open and what is no tar: named, so that the message says more than "bad". */
#include <string.h>

#include "base/io.h"
#include "core/source/source_priv.h"

static const struct {
	const char *magic;
	size_t len;
	const char *what;
} KINDS[] = {
	/* clang-format off */
	{ "\x1f\x9d",               2, "compressed by 'compress'" },
	{ "LZIP",                   4, "compressed by lzip" },
	{ "\x89LZO",                4, "compressed by lzop" },
	{ "LRZI",                   4, "compressed by lrzip" },
	{ "\x5d\x00\x00",           3, "compressed by lzma" },
	{ "PK\x03\x04",             4, "a zip file" },
	{ "7z\xbc\xaf\x27\x1c",     6, "a 7-Zip file" },
	{ "hsqs",                   4, "a squashfs (a Singularity image or the like)" },
	{ "#!/usr/bin/env run-sin", 22, "a Singularity image" },
	{ "SQLite format 3",        15, "a database" },
	{ "\x7f" "ELF",             4, "a program" },
	{ "QFI\xfb",                4, "a disk image" },
	/* clang-format on */
};

const char *foreign__name(int fd)
{
	char start[32];
	int64_t count = io_pread(fd, start, sizeof(start), 0, NULL);

	for (size_t i = 0; count > 0 && i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
		if ((size_t)count >= KINDS[i].len &&
		    memcmp(start, KINDS[i].magic, KINDS[i].len) == 0)
			return KINDS[i].what;
	return NULL;
}
