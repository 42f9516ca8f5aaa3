/*
 * What execve(2) reads of a program: the "#!" line as fs/binfmt_script.c takes
 * it apart, and the loader that an ELF program names. Bytes are untrusted:
 * every offset is checked against what was read.
 */
#include <stdint.h>
#include <string.h>

#include "core/access/access_priv.h"

enum { SCRIPT_WINDOW = 255, PT_INTERP = 3 };

/* ---- Scripts ---- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static int read_script(const char *bytes, size_t len, struct arena *arena, struct exec_head *head,
		       struct err *err)
{
	const char *end = bytes + (len < SCRIPT_WINDOW ? len : SCRIPT_WINDOW);
	const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
	const char *nul = memchr(bytes, '\0', (size_t)((newline ? newline : end) - bytes));
	const char *stop = nul ? nul : newline ? newline : end;
	const char *name = bytes + 2;

	while (name < stop && is_blank(*name))
		name++;
	while (stop > name && is_blank(stop[-1]))
		stop--;

	const char *name_end = name;

	while (name_end < stop && !is_blank(*name_end))
		name_end++;
	/* No name, or one that may go on behind the window: not executed as a script. */
	if (name == name_end || (name_end == end && len >= SCRIPT_WINDOW))
		return 0;

	const char *argument = name_end;

	while (argument < stop && is_blank(*argument))
		argument++;
	head->interpreter = arena_copy(arena, name, (size_t)(name_end - name));
	if (argument < stop)
		head->argument = arena_copy(arena, argument, (size_t)(stop - argument));
	if (!head->interpreter || (argument < stop && !head->argument))
		return err_nomem(err);
	return 0;
}

/* ---- ELF ---- */

/* Where the two classes keep the same things. */
struct elf_layout {
	size_t word; /* bytes of an offset */
	size_t table, entry_size, entry_count;
	size_t offset, file_size;
};

/* A little-endian number; 0 if it is not within what was read. */
static uint64_t number(const char *bytes, size_t len, uint64_t at, size_t size)
{
	uint64_t value = 0;

	if (at > len || len - at < size)
		return 0;
	for (size_t i = size; i-- > 0;)
		value = value << 8 | (unsigned char)bytes[at + i];
	return value;
}

static int copy_loader(const char *bytes, size_t len, uint64_t at, uint64_t size,
		       struct arena *arena, struct exec_head *head, struct err *err)
{
	if (size < 2 || at > len || len - at < size || !memchr(bytes + at, '\0', (size_t)size))
		return 0;
	head->loader = arena_copy(arena, bytes + at, strlen(bytes + at));
	return head->loader ? 0 : err_nomem(err);
}

static int read_elf(const char *bytes, size_t len, struct arena *arena, struct exec_head *head,
		    struct err *err)
{
	static const struct elf_layout NARROW = { 4, 28, 42, 44, 4, 16 };
	static const struct elf_layout WIDE = { 8, 32, 54, 56, 8, 32 };
	const struct elf_layout *elf = bytes[4] == 2 ? &WIDE : &NARROW;
	uint64_t table = number(bytes, len, elf->table, elf->word);
	uint64_t size = number(bytes, len, elf->entry_size, 2);
	uint64_t count = number(bytes, len, elf->entry_count, 2);

	if (bytes[5] != 1 || table > len || size < elf->file_size + elf->word)
		return 0; /* big-endian, or nothing that could be read */
	for (uint64_t i = 0; i < count && table + size <= len; i++, table += size)
		if (number(bytes, len, table, 4) == PT_INTERP)
			return copy_loader(bytes, len,
					   number(bytes, len, table + elf->offset, elf->word),
					   number(bytes, len, table + elf->file_size, elf->word),
					   arena, head, err);
	return 0;
}

int access__exec_head(const char *bytes, size_t len, struct arena *arena,
		      struct exec_head *ret_head, struct err *err)
{
	*ret_head = (struct exec_head){ 0 };
	if (len >= 2 && memcmp(bytes, "#!", 2) == 0)
		return read_script(bytes, len, arena, ret_head, err);
	if (len >= 6 && memcmp(bytes, "\177ELF", 4) == 0)
		return read_elf(bytes, len, arena, ret_head, err);
	return 0;
}
