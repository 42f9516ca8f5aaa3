/* Lines that the user types, or that a pipe brings, one at a time. */
#ifndef TUI_ANSWERS_H
#define TUI_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

enum { ANSWERS_ROOM = 4096 };

enum answer { ANSWER_LINE, ANSWER_END, ANSWER_SIGNAL };

struct answers {
	int fd; /* borrowed */
	char bytes[ANSWERS_ROOM];
	size_t len;
};

/*
 * Wait for the next line: without its end and the blanks around it, cut to
 * 'room' bytes with the NUL. ANSWER_SIGNAL: interrupt_signal() is set, nothing
 * was taken. What follows the last line end is a line, too.
 */
enum answer answers_next(struct answers *answers, char *ret_line, size_t room);

#endif
