/*
 * What execve(2) makes of the first bytes of a file: the "#!" line as
 * fs/binfmt_script.c takes it apart. Nothing behind its window is looked at.
 */
#include "access/exec_head.h"

#include <string.h>

enum { SCRIPT_WINDOW = 255 };

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

int exec_head_read(const char *bytes, size_t len, struct arena *arena, struct exec_head *ret_head,
		   struct err *err)
{
	*ret_head = (struct exec_head){ .is_text = !memchr(bytes, '\0', len) };
	if (len >= 4 && memcmp(bytes, "\177ELF", 4) == 0)
		ret_head->format = EXEC_ELF;
	if (len < 2 || memcmp(bytes, "#!", 2) != 0)
		return 0;
	ret_head->format = EXEC_SCRIPT;
	return read_script(bytes, len, arena, ret_head, err);
}
