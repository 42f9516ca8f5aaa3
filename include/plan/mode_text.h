/*
 * Modes as people type them: octal, or symbolic as chmod(1) of GNU takes them:
 * "u+rwX,g=rX,o-w". Reading makes a list of changes, each path is changed on its own.
 */
#ifndef PLAN_MODE_TEXT_H
#define PLAN_MODE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { MODE_CHANGES = 32 };

/* One operator with what stands on both sides of it; the parts are enum bits of a mode. */
struct mode_change {
	char operator;     /* '+', '-' or '=' */
	bool copies;       /* 'value' is a class whose bits are copied: "g=u" */
	bool search;       /* X: x for directories, and for what has an x already */
	uint32_t affected; /* of the classes named; 0: none is, which spares the umask's bits */
	uint32_t value;
	uint32_t mentioned; /* other setuid and setgid bits of directories stay */
};

struct mode_text {
	struct mode_change changes[MODE_CHANGES];
	unsigned count;
};

/*
 * Octal of up to four digits leaves a directory its setuid and setgid bits, as
 * chmod(1) does; with five they are as written. What names no class ("+w")
 * spares the umask 022 of builds: others get no w. ERR_INVALID.
 */
int mode_text_read(const char *text, struct mode_text *ret_mode, struct err *err);

/* The 12 low bits that 'mode' becomes. */
uint32_t mode_text_apply(const struct mode_text *text, uint32_t mode, bool is_directory);

#endif
