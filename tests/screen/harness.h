/*
 * The real program on a pseudo terminal, read back by libvterm. Tests wait for
 * what must appear, with a deadline; nobody sleeps. When it does not appear,
 * the screen is printed and the test fails.
 *
 *	struct screen *screen = screen_start(&(struct screen_setup){
 *		.rows = 24, .columns = 80, .arguments = { "x.tar" } });
 *	screen_wait(screen, "no user has UID 1000");
 *	screen_type(screen, "q");
 *	assert_int_equal(screen_end(screen), 0);
 */
#ifndef TESTS_SCREEN_HARNESS_H
#define TESTS_SCREEN_HARNESS_H

#include <stdbool.h>
#include <stddef.h>

enum { SCREEN_ARGUMENTS = 8 };

#define KEY_ESC "\033"
#define KEY_ENTER "\r"
#define KEY_TAB "\t"
#define KEY_UP "\033OA"
#define KEY_DOWN "\033OB"
#define KEY_END "\033OF"
#define KEY_PAGE_DOWN "\033[6~"

struct screen_setup {
	int rows, columns;
	const char *arguments[SCREEN_ARGUMENTS]; /* of the program, NULL-ended */
	const char *term;                        /* NULL: xterm-256color */
	const char *locale;                      /* NULL: C.UTF-8 */
	const char *folder;                      /* to run in; NULL: test_dir() */
	bool no_color;
	int input; /* a descriptor for standard input; 0: the terminal */
};

struct screen;

/* Starts the program that IMGTUI names. */
struct screen *screen_start(const struct screen_setup *setup);

/* Bytes as a keyboard sends them. */
void screen_type(struct screen *screen, const char *bytes);
void screen_resize(struct screen *screen, int rows, int columns);
void screen_signal(struct screen *screen, int number);

/* Until the text is somewhere on the screen, or nowhere; in one row. */
void screen_wait(struct screen *screen, const char *text);
void screen_wait_gone(struct screen *screen, const char *text);
bool screen_has(const struct screen *screen, const char *text);

/* Until one of two texts is somewhere on the screen; true: the first one is. */
bool screen_wait_either(struct screen *screen, const char *first, const char *second);

/* Until the text is in the row that is shown reversed: the one under the cursor. */
void screen_wait_cursor(struct screen *screen, const char *text);

/* Whether any cell has a colour of its own. */
bool screen_is_colored(const struct screen *screen);

/* Everything that the program has sent so far. */
const char *screen_log(const struct screen *screen, size_t *ret_len);

/* Wait for the end; frees. The exit code, or 128 + the signal. */
int screen_end(struct screen *screen);

/* The exit code of the program with these arguments, without a terminal. */
int screen_plain(const char *const *arguments);

#endif
