/* A program under test on a pty; see tests/screen/harness.h. */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

#include "lib/build.h"

enum { DEADLINE_MS = 30000, ROW_ROOM = 4096, CELL_ROOM = 32 };

struct screen {
	int fd;
	pid_t pid;
	int rows, columns;
	VTerm *vterm;
	VTermScreen *cells;
	char *log;
	size_t log_len, log_room;
	bool at_end;
};

static const char *program(void)
{
	const char *path = getenv("IMGTUI");

	if (!path)
		fail_msg("IMGTUI must name the program under test");
	return path;
}

static void set_or_clear(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
}

/* Sanitizers' options and the place of coverage data must live on; all else is fixed. */
static void fix_environment(const struct screen_setup *setup)
{
	static const char *const KEPT[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS",
					    "TSAN_OPTIONS" };
	char *kept[sizeof(KEPT) / sizeof(*KEPT)];

	for (size_t i = 0; i < sizeof(KEPT) / sizeof(*KEPT); i++)
		kept[i] = getenv(KEPT[i]) ? strdup(getenv(KEPT[i])) : NULL;
	clearenv();
	for (size_t i = 0; i < sizeof(KEPT) / sizeof(*KEPT); i++)
		set_or_clear(KEPT[i], kept[i]);
	setenv("PATH", "/usr/bin:/bin", 1);
	setenv("HOME", test_dir(), 1);
	setenv("TMPDIR", test_dir(), 1);
	setenv("TZ", "UTC", 1);
	setenv("TERM", setup->term ? setup->term : "xterm-256color", 1);
	setenv("LC_ALL", setup->locale ? setup->locale : "C.UTF-8", 1);
	set_or_clear("NO_COLOR", setup->no_color ? "1" : NULL);
}

static void run(const char *path, const struct screen_setup *setup)
{
	const char *arguments[SCREEN_ARGUMENTS + 2] = { path };

	for (size_t i = 0; i < SCREEN_ARGUMENTS; i++)
		arguments[i + 1] = setup->arguments[i];
	if (setup->input)
		dup2(setup->input, STDIN_FILENO);
	fix_environment(setup);
	if (chdir(setup->folder ? setup->folder : test_dir()) == 0)
		execv(path, (char *const *)(uintptr_t)arguments);
	_exit(127);
}

struct screen *screen_start(const struct screen_setup *setup)
{
	struct screen *screen = calloc(1, sizeof(*screen));
	struct winsize size = { .ws_row = (unsigned short)setup->rows,
				.ws_col = (unsigned short)setup->columns };
	const char *path = program();

	assert_non_null(screen);
	test_dir(); /* made here, not in the child */
	screen->rows = setup->rows;
	screen->columns = setup->columns;
	screen->vterm = vterm_new(setup->rows, setup->columns);
	vterm_set_utf8(screen->vterm, 1);
	screen->cells = vterm_obtain_screen(screen->vterm);
	vterm_screen_enable_altscreen(screen->cells, 1);
	vterm_screen_reset(screen->cells, 1);
	screen->pid = forkpty(&screen->fd, NULL, NULL, &size);
	assert_true(screen->pid >= 0);
	if (screen->pid == 0)
		run(path, setup);
	return screen;
}

/* ---- what is on the screen ---- */

static size_t put_utf8(uint32_t point, char *out)
{
	if (point < 0x80) {
		out[0] = (char)point;
		return 1;
	}
	size_t len = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = len - 1; i > 0; i--, point >>= 6)
		out[i] = (char)(0x80 | (point & 0x3f));
	out[0] = (char)(lead[len] | point);
	return len;
}

static void row_text(const struct screen *screen, int row, char out[ROW_ROOM])
{
	size_t used = 0;

	for (int column = 0; column < screen->columns && used < ROW_ROOM - CELL_ROOM;) {
		VTermScreenCell cell;
		VTermPos pos = { .row = row, .col = column };

		vterm_screen_get_cell(screen->cells, pos, &cell);
		if (!cell.chars[0])
			out[used++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			used += put_utf8(cell.chars[i], out + used);
		column += cell.width > 0 ? cell.width : 1;
	}
	out[used] = '\0';
}

static void dump(const struct screen *screen)
{
	char text[ROW_ROOM];

	for (int row = 0; row < screen->rows; row++) {
		row_text(screen, row, text);
		if (text[strspn(text, " ")])
			print_error("%2d |%s|\n", row, text);
	}
}

bool screen_has(const struct screen *screen, const char *wanted)
{
	char text[ROW_ROOM];

	for (int row = 0; row < screen->rows; row++) {
		row_text(screen, row, text);
		if (strstr(text, wanted))
			return true;
	}
	return false;
}

static bool lacks(const struct screen *screen, const char *wanted)
{
	return !screen_has(screen, wanted);
}

/* The bottom row is reversed, too: it is left out. */
static bool cursor_has(const struct screen *screen, const char *wanted)
{
	char text[ROW_ROOM];

	for (int row = 0; row + 1 < screen->rows; row++) {
		bool reversed = false;

		for (int column = 0; column < screen->columns; column++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(screen->cells,
					      (VTermPos){ .row = row, .col = column }, &cell);
			reversed |= cell.attrs.reverse;
		}
		row_text(screen, row, text);
		if (reversed && strstr(text, wanted))
			return true;
	}
	return false;
}

bool screen_is_colored(const struct screen *screen)
{
	for (int row = 0; row < screen->rows; row++) {
		for (int column = 0; column < screen->columns; column++) {
			VTermScreenCell cell;

			vterm_screen_get_cell(screen->cells,
					      (VTermPos){ .row = row, .col = column }, &cell);
			if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
			    !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				return true;
		}
	}
	return false;
}

/* ---- talking ---- */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void keep(struct screen *screen, const char *bytes, size_t len)
{
	if (screen->log_len + len > screen->log_room) {
		screen->log_room = (screen->log_len + len) * 2;
		screen->log = realloc(screen->log, screen->log_room);
		assert_non_null(screen->log);
	}
	memcpy(screen->log + screen->log_len, bytes, len);
	screen->log_len += len;
}

/* Take over what the program sends, for at most 'ms'; false: it has ended. */
static bool take(struct screen *screen, int ms)
{
	struct pollfd wait = { .fd = screen->fd, .events = POLLIN };
	char bytes[8192];
	ssize_t len;

	if (screen->at_end)
		return false;
	if (poll(&wait, 1, ms) <= 0)
		return true;
	len = read(screen->fd, bytes, sizeof(bytes));
	if (len <= 0) {
		screen->at_end = true;
		return false;
	}
	keep(screen, bytes, (size_t)len);
	vterm_input_write(screen->vterm, bytes, (size_t)len);
	return true;
}

static void wait_for(struct screen *screen, const char *text,
		     bool (*holds)(const struct screen *screen, const char *text))
{
	int64_t until = now_ms() + DEADLINE_MS;

	while (!holds(screen, text)) {
		if (take(screen, 100) && now_ms() < until)
			continue;
		if (holds(screen, text))
			return;
		dump(screen);
		fail_msg("waited in vain for '%s'%s", text, screen->at_end ? ": it has ended" : "");
	}
}

void screen_wait(struct screen *screen, const char *text)
{
	wait_for(screen, text, screen_has);
}

/* 'texts' are parted by a line end, which no row has. */
static bool has_either(const struct screen *screen, const char *texts)
{
	size_t len = strcspn(texts, "\n");
	char first[ROW_ROOM];

	snprintf(first, sizeof(first), "%.*s", (int)len, texts);
	return screen_has(screen, first) || screen_has(screen, texts + len + 1);
}

bool screen_wait_either(struct screen *screen, const char *first, const char *second)
{
	char texts[ROW_ROOM];

	snprintf(texts, sizeof(texts), "%s\n%s", first, second);
	wait_for(screen, texts, has_either);
	return screen_has(screen, first);
}

void screen_wait_gone(struct screen *screen, const char *text)
{
	wait_for(screen, text, lacks);
}

void screen_wait_cursor(struct screen *screen, const char *text)
{
	wait_for(screen, text, cursor_has);
}

void screen_type(struct screen *screen, const char *bytes)
{
	size_t len = strlen(bytes);

	assert_int_equal(write(screen->fd, bytes, len), (ssize_t)len);
}

void screen_resize(struct screen *screen, int rows, int columns)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns };

	screen->rows = rows;
	screen->columns = columns;
	vterm_set_size(screen->vterm, rows, columns);
	assert_int_equal(ioctl(screen->fd, TIOCSWINSZ, &size), 0);
}

void screen_signal(struct screen *screen, int number)
{
	kill(screen->pid, number);
}

const char *screen_log(const struct screen *screen, size_t *ret_len)
{
	*ret_len = screen->log_len;
	return screen->log;
}

static int exit_code(int status)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int screen_end(struct screen *screen)
{
	int64_t until = now_ms() + DEADLINE_MS;
	int status = 0;

	while (take(screen, 100)) {
		if (now_ms() > until) {
			dump(screen);
			kill(screen->pid, SIGKILL);
			waitpid(screen->pid, &status, 0);
			fail_msg("it does not end");
		}
	}
	waitpid(screen->pid, &status, 0);
	close(screen->fd);
	vterm_free(screen->vterm);
	free(screen->log);
	free(screen);
	return exit_code(status);
}

int screen_plain(const char *const *arguments)
{
	struct screen_setup setup = { 0 };
	const char *path = program();
	int status;
	pid_t pid;

	for (size_t i = 0; arguments[i]; i++)
		setup.arguments[i] = arguments[i];
	test_dir();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		/* its own session: no terminal anywhere */
		setsid();
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		run(path, &setup);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return exit_code(status);
}
