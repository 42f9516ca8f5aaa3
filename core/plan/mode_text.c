/* Symbolic and octal modes; see plan/mode_text.h. POSIX chmod, with what GNU does for directories.
 */
#include "plan/mode_text.h"

#include <stdlib.h>
#include <string.h>

enum {
	SET_IDS = 06000,
	STICKY = 01000,
	ALL_BITS = 07777,
	UMASK = 022,
	LEAST_OCTAL_FOR_ALL = 5, /* digits */
};

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

struct letter {
	char letter; /* '\0' ends a list */
	uint32_t bits;
};

static const struct letter CLASSES[] = {
	{ 'u', 04700 }, { 'g', 02070 }, { 'o', 01007 }, { 'a', ALL_BITS }, { '\0', 0 }
};
/* What they mean for all classes together. */
static const struct letter PERMISSIONS[] = { { 'r', 0444 },    { 'w', 0222 },   { 'x', 0111 },
					     { 's', SET_IDS }, { 't', STICKY }, { '\0', 0 } };

/* 0: no such letter. */
static uint32_t bits_of(const struct letter *list, char letter)
{
	while (list->letter && list->letter != letter)
		list++;
	return list->bits;
}

static int not_a_mode(const char *text, struct err *err)
{
	return err_set(err, ERR_INVALID, "'%s' is no mode: write it as 0755 or as u+rwX,g=rX,o-w",
		       text);
}

static int read_octal(const char *text, struct mode_text *mode, struct err *err)
{
	size_t digits = strspn(text, "01234567");
	unsigned long value = strtoul(text, NULL, 8);
	struct mode_change *change = &mode->changes[0];

	if (text[digits] || value > ALL_BITS)
		return not_a_mode(text, err);
	*change = (struct mode_change){ .operator= '=', .affected = ALL_BITS };
	change->value = (uint32_t)value;
	change->mentioned =
		digits < LEAST_OCTAL_FOR_ALL ? (change->value | ~(uint32_t)SET_IDS) : ALL_BITS;
	mode->count = 1;
	return 0;
}

/* What stands behind an operator: "u", or any of "rwxXst". */
static const char *read_permissions(const char *at, struct mode_change *change)
{
	if (*at == 'u' || *at == 'g' || *at == 'o') {
		change->copies = true;
		change->value = bits_of(CLASSES, *at) & 0777;
		return at + 1;
	}
	for (;; at++) {
		uint32_t bits = bits_of(PERMISSIONS, *at);

		if (!bits && *at != 'X')
			return at;
		change->value |= bits;
		change->search |= *at == 'X';
	}
}

/* "ug+r-w": classes and one operator or more. NULL: it is none. */
static const char *read_clause(const char *at, struct mode_text *mode)
{
	uint32_t affected = 0;

	for (; bits_of(CLASSES, *at); at++)
		affected |= bits_of(CLASSES, *at);
	do {
		struct mode_change *change = &mode->changes[mode->count];

		if (!*at || !strchr("+-=", *at) || mode->count == MODE_CHANGES)
			return NULL;
		*change = (struct mode_change){ .operator= * at, .affected = affected };
		at = read_permissions(at + 1, change);
		change->mentioned = affected ? affected & change->value : change->value;
		mode->count++;
	} while (*at && *at != ',');
	return at;
}

int mode_text_read(const char *text, struct mode_text *ret_mode, struct err *err)
{
	struct mode_text mode = { .count = 0 };
	const char *at = text;
	int result = 0;

	if (is_octal(*text))
		result = read_octal(text, &mode, err);
	for (bool more = !is_octal(*text); more; at++) {
		at = read_clause(at, &mode);
		if (!at)
			return not_a_mode(text, err);
		more = *at == ',';
	}
	if (result == 0)
		*ret_mode = mode;
	return result;
}

/* The bits of one class for all three. */
static uint32_t spread(uint32_t bits)
{
	return (bits & 0444 ? 0444u : 0) | (bits & 0222 ? 0222u : 0) | (bits & 0111 ? 0111u : 0);
}

static uint32_t apply_change(const struct mode_change *change, uint32_t mode, bool is_directory)
{
	uint32_t kept = (is_directory ? (uint32_t)SET_IDS : 0) & ~change->mentioned;
	uint32_t value = change->copies ? spread(mode & change->value) : change->value;

	if (change->search && (is_directory || (mode & 0111)))
		value |= 0111;
	value &= (change->affected ? change->affected : ~(uint32_t)UMASK) & ~kept;
	if (change->operator== '+')
		return mode | value;
	if (change->operator== '-')
		return mode & ~value;
	return (mode & ((change->affected ? ~change->affected : 0) | kept)) | value;
}

uint32_t mode_text_apply(const struct mode_text *text, uint32_t mode, bool is_directory)
{
	for (unsigned i = 0; i < text->count; i++)
		mode = apply_change(&text->changes[i], mode, is_directory);
	return mode & ALL_BITS;
}
