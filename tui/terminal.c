/*
 * newterm() with fall-backs, keys, colours; see tui/terminal.h. A crash gives
 * the terminal back before the process dies.
 */
#include "terminal.h"

#define NCURSES_NOMACROS 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>

#include "base/io.h"

struct terminal {
	FILE *tty; /* /dev/tty, where standard input or output is none; or NULL */
	SCREEN *screen;
	int fd, out_fd;
	enum text_charset charset;
	bool colored;
};

enum { ESCAPE_DELAY_MS = 25 };

/* Terminals that some systems do not know, and what they understand. */
static const struct {
	const char *prefix, *instead;
} RELATIVES[] = {
	{ "tmux", "screen" },
	{ "screen", "screen" },
	{ "xterm", "xterm-256color" },
	{ "alacritty", "xterm-256color" },
	{ "foot", "xterm-256color" },
	{ "wezterm", "xterm-256color" },
	{ "ghostty", "xterm-256color" },
	{ "kitty", "xterm-256color" },
	{ "konsole", "xterm-256color" },
	{ "rxvt", "xterm-256color" },
	{ "vte", "xterm-256color" },
	{ "gnome", "xterm-256color" },
	{ "st-", "xterm-256color" },
	{ "contour", "xterm-256color" },
};

/* Colours 0 to 15 only: those the user's own theme defines. -1: as the text is. */
static const struct {
	unsigned mono, colored;
	short color8, color16;
} LOOKS[ROLES] = {
	/* clang-format off */
	[ROLE_TEXT]      = { A_NORMAL,             A_NORMAL,             -1,            -1 },
	[ROLE_DIM]       = { A_NORMAL,             A_NORMAL,             -1,            8 },
	[ROLE_STRONG]    = { A_BOLD,               A_BOLD,               -1,            -1 },
	[ROLE_FRAME]     = { A_NORMAL,             A_NORMAL,             -1,            8 },
	[ROLE_TITLE]     = { A_NORMAL,             A_NORMAL,             -1,            -1 },
	[ROLE_FOCUS]     = { A_BOLD | A_UNDERLINE, A_BOLD | A_UNDERLINE, -1,            -1 },
	[ROLE_ERROR]     = { A_BOLD,               A_BOLD,               COLOR_RED,     COLOR_RED },
	[ROLE_WARNING]   = { A_NORMAL,             A_NORMAL,             COLOR_YELLOW,  COLOR_YELLOW },
	[ROLE_INFO]      = { A_NORMAL,             A_NORMAL,             COLOR_CYAN,    COLOR_CYAN },
	[ROLE_GOOD]      = { A_NORMAL,             A_NORMAL,             COLOR_GREEN,   COLOR_GREEN },
	[ROLE_DIRECTORY] = { A_BOLD,               A_BOLD,               COLOR_BLUE,    12 },
	[ROLE_LINK]      = { A_NORMAL,             A_NORMAL,             COLOR_CYAN,    COLOR_CYAN },
	[ROLE_PLANNED]   = { A_UNDERLINE,          A_BOLD,               COLOR_MAGENTA, COLOR_MAGENTA },
	[ROLE_STATUS]    = { A_REVERSE,            A_REVERSE,            -1,            -1 },
	[ROLE_KEY]       = { A_REVERSE | A_BOLD,   A_REVERSE | A_BOLD,   -1,            -1 },
	/* clang-format on */
};

static const struct {
	wint_t curses;
	key_code key;
} KEYS[] = {
	{ KEY_UP, K_UP },         { KEY_DOWN, K_DOWN },     { KEY_LEFT, K_LEFT },
	{ KEY_RIGHT, K_RIGHT },   { KEY_PPAGE, K_PAGE_UP }, { KEY_NPAGE, K_PAGE_DOWN },
	{ KEY_HOME, K_HOME },     { KEY_END, K_END },       { KEY_DC, K_DELETE },
	{ KEY_BTAB, K_BACK_TAB }, { KEY_ENTER, K_ENTER },   { KEY_BACKSPACE, K_BACKSPACE },
	{ KEY_F(1), K_F1 },       { KEY_RESIZE, K_RESIZE }, { KEY_A1, K_HOME },
	{ KEY_A3, K_PAGE_UP },    { KEY_C1, K_END },        { KEY_C3, K_PAGE_DOWN },
};

static const int CRASHES[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };

/* endwin() is not safe in a handler, but the process is lost anyway and the terminal need not be.
 */
static void on_crash(int signal_number)
{
	endwin();
	raise(signal_number);
}

static void catch_crashes(void)
{
	for (size_t i = 0; i < sizeof(CRASHES) / sizeof(*CRASHES); i++) {
		struct sigaction action = { .sa_handler = on_crash, .sa_flags = SA_RESETHAND };
		struct sigaction old;

		/* Whoever has a handler already (a sanitizer) knows better. */
		if (!sigaction(CRASHES[i], NULL, &old) && old.sa_handler == SIG_DFL)
			sigaction(CRASHES[i], &action, NULL);
	}
}

/* Whether the terminal type is known and can place the cursor; newterm() does not say, and leaks.
 */
static bool is_usable(const char *term, int fd)
{
	int status;
	const char *place;

	if (setupterm(term, fd, &status) != OK)
		return false;
	place = tigetstr("cup");
	del_curterm(cur_term);
	return place && place != (char *)-1;
}

/* NULL: neither TERM nor a relative of it can be used. */
static SCREEN *open_screen(FILE *out, FILE *in)
{
	const char *term = getenv("TERM");

	if (!term || !*term)
		return NULL;
	if (is_usable(term, fileno(out)))
		return newterm(term, out, in);
	for (size_t i = 0; i < sizeof(RELATIVES) / sizeof(*RELATIVES); i++) {
		const char *instead = RELATIVES[i].instead;

		if (!strncmp(term, RELATIVES[i].prefix, strlen(RELATIVES[i].prefix)) &&
		    is_usable(instead, fileno(out)))
			return newterm(instead, out, in);
	}
	return NULL;
}

static int no_screen(struct err *err)
{
	const char *term = getenv("TERM");

	if (!term || !*term)
		return err_set(err, ERR_UNSUPPORTED, "TERM is not set; try TERM=xterm-256color");
	return err_set(err, ERR_UNSUPPORTED,
		       "TERM '%s' is not known, or too simple; try "
		       "TERM=xterm-256color",
		       term);
}

static void start_colors(struct terminal *terminal, enum color_choice color)
{
	short back = COLOR_BLACK, text = COLOR_WHITE;

	if (color == COLOR_NEVER || !has_colors() || start_color() == ERR || COLORS < 8)
		return;
	if (use_default_colors() == OK)
		back = text = -1;
	for (int i = 0; i < ROLES; i++) {
		short wanted = COLORS >= 16 ? LOOKS[i].color16 : LOOKS[i].color8;

		init_pair((short)(i + 1), wanted < 0 ? text : wanted, back);
	}
	terminal->colored = true;
}

/* The process's own handling of ^Z: terminal_suspend() stops it with the terminal given back. */
static void plain_stop_signal(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigaction(SIGTSTP, &action, NULL);
}

static int open_files(struct terminal *terminal, FILE **ret_in, FILE **ret_out, struct err *err)
{
	bool in = isatty(STDIN_FILENO), out = isatty(STDOUT_FILENO);

	if (!in || !out) {
		terminal->tty = fopen("/dev/tty", "r+e");
		if (!terminal->tty)
			return err_set(err, ERR_UNSUPPORTED,
				       "the screen needs a terminal and there is none");
	}
	*ret_in = in ? stdin : terminal->tty;
	*ret_out = out ? stdout : terminal->tty;
	return 0;
}

int terminal_open(enum color_choice color, struct terminal **ret_terminal, struct err *err)
{
	CLEANUP(terminal_closep) struct terminal *terminal = calloc(1, sizeof(*terminal));
	FILE *in = NULL, *out = NULL;
	int result;

	if (!terminal)
		return err_nomem(err);
	setlocale(LC_CTYPE, "");
	terminal->charset = strcmp(nl_langinfo(CODESET), "UTF-8") ? TEXT_ASCII : TEXT_UTF8;
	result = open_files(terminal, &in, &out, err);
	if (result < 0)
		return result;
	terminal->screen = open_screen(out, in);
	if (!terminal->screen)
		return no_screen(err);
	terminal->fd = fileno(in);
	terminal->out_fd = fileno(out);
	catch_crashes();
	plain_stop_signal();
	set_escdelay(ESCAPE_DELAY_MS);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	start_colors(terminal, color);
	*ret_terminal = STEAL(terminal);
	return 0;
}

void terminal_close(struct terminal *terminal)
{
	if (!terminal)
		return;
	if (terminal->screen) {
		endwin();
		delscreen(terminal->screen);
	}
	if (terminal->tty)
		fclose(terminal->tty);
	free(terminal);
}

void terminal_closep(struct terminal **terminal)
{
	terminal_close(STEAL(*terminal));
}

int terminal_fd(const struct terminal *terminal)
{
	return terminal->fd;
}

enum text_charset terminal_charset(const struct terminal *terminal)
{
	return terminal->charset;
}

void terminal_size(const struct terminal *terminal, int *ret_rows, int *ret_columns)
{
	(void)terminal;
	*ret_rows = getmaxy(stdscr);
	*ret_columns = getmaxx(stdscr);
}

static key_code translated(wint_t code, bool is_function_key)
{
	if (!is_function_key) {
		if (code == '\n')
			return K_ENTER;
		return code == '\b' ? K_BACKSPACE : (key_code)code;
	}
	for (size_t i = 0; i < sizeof(KEYS) / sizeof(*KEYS); i++) {
		if (KEYS[i].curses == code)
			return KEYS[i].key;
	}
	return K_NONE;
}

bool terminal_key(struct terminal *terminal, key_code *ret_key)
{
	wint_t code;
	int kind = get_wch(&code);

	(void)terminal;
	if (kind == ERR)
		return false;
	*ret_key = translated(code, kind == KEY_CODE_YES);
	return true;
}

void terminal_resize(struct terminal *terminal)
{
	struct winsize size;

	if (!ioctl(terminal->fd, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
}

void terminal_redraw(struct terminal *terminal)
{
	(void)terminal;
	clearok(stdscr, TRUE);
}

void terminal_suspend(struct terminal *terminal)
{
	def_prog_mode();
	endwin();
	raise(SIGTSTP);
	reset_prog_mode();
	terminal_resize(terminal);
	terminal_redraw(terminal);
}

/* Not by putp(): it cuts what is longer than its buffer, and the terminal waits for the rest. */
bool terminal_copy(struct terminal *terminal, const char *bytes, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *send = tigetstr("Ms");
	CLEANUP(freep) char *text = malloc(len / 3 * 4 + 5);
	size_t out = 0;

	if (!text || !send || send == (char *)-1)
		return false;
	for (size_t i = 0; i < len; i += 3) {
		uint32_t three = 0;

		for (size_t j = 0; j < 3; j++)
			three = three << 8 | (i + j < len ? (unsigned char)bytes[i + j] : 0);
		for (int j = 3; j >= 0; j--, three >>= 6)
			text[out + (size_t)j] = digits[three & 0x3f];
		for (size_t j = len - i; j < 3; j++)
			text[out + 1 + j] = '=';
		out += 4;
	}
	text[out] = '\0';
	send = tiparm(send, "c", text);
	return send && io_write(terminal->out_fd, send, strlen(send), NULL) == 0;
}

void terminal_role(const struct terminal *terminal, enum role role, unsigned *ret_attributes,
		   short *ret_pair)
{
	*ret_attributes = terminal->colored ? LOOKS[role].colored : LOOKS[role].mono;
	*ret_pair = terminal->colored ? (short)(role + 1) : 0;
}
