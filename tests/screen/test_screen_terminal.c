/* Terminals of all kinds, hostile names, signals, stopping while it reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"
#include "images.h"
#include "lib/build.h"

static bool log_has(const struct screen *screen, const void *bytes, size_t len)
{
	size_t all;
	const char *log = screen_log(screen, &all);

	return memmem(log, all, bytes, len);
}

static void walk_everywhere(struct screen *screen)
{
	screen_wait(screen, "as 1000:100");
	screen_type(screen, "2/clear" KEY_ENTER);
	screen_wait_cursor(screen, "\\e[2Jclear");
	screen_wait(screen, "line\\nbreak");
	screen_wait(screen, "\\u{202e}");
	screen_type(screen, "/link" KEY_ENTER);
	screen_wait_cursor(screen, "link");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "leads nowhere");
	screen_type(screen, "4");
	screen_wait(screen, "[4 Why]");
	screen_type(screen, "1");
	screen_wait(screen, "blink");
	screen_type(screen, "3");
	screen_wait(screen, "[3 Findings]");
	screen_type(screen, KEY_END);
}

static void hostile_names_never_reach_the_terminal(void **state)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_hostile() } });

	(void)state;
	walk_everywhere(screen);
	screen_type(screen, "F");
	screen_wait(screen, "fixes, +");
	screen_type(screen, "p");
	screen_wait(screen, "Plan: ");
	assert_false(log_has(screen, "\033]0;owned", 9));
	assert_false(log_has(screen, "\033[2Jclear", 9));
	assert_false(log_has(screen, "\033[31mred", 8));
	assert_false(log_has(screen, "\033[5mblink", 9));
	assert_false(log_has(screen, "\a", 1));
	assert_false(log_has(screen, "\xe2\x80\xae", 3));
	assert_false(log_has(screen, "\xc2\x9b", 2));
	assert_false(log_has(screen, "\xe9", 1));
	screen_type(screen, "qqq");
	assert_int_equal(screen_end(screen), 0);
}

static void plain_locale_gets_plain_marks(void **state)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() }, .locale = "C" });

	(void)state;
	screen_wait(screen, "X MAT-USR-001");
	screen_wait(screen, "+-");
	screen_type(screen, "2");
	screen_wait(screen, "bin -> usr/bin");
	for (int byte = 0x80; byte < 0x100; byte++)
		assert_false(log_has(screen, (char[]){ (char)byte }, 1));
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void opens_on(const char *term, bool no_color, bool colored)
{
	struct screen *screen =
		screen_start(&(struct screen_setup){ .rows = 24,
						     .columns = 80,
						     .arguments = { image_faulty() },
						     .term = term,
						     .no_color = no_color });

	screen_wait(screen, "MAT-USR-001");
	screen_wait(screen, "verified");
	assert_int_equal(screen_is_colored(screen), colored);
	screen_wait_cursor(screen, "MAT-GRP-001");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void colours_and_none(void **state)
{
	(void)state;
	opens_on("xterm-256color", false, true);
	opens_on("xterm", false, true);
	opens_on("vt100", false, false);
	opens_on("xterm-256color", true, false);
}

static void relatives_of_xterm_are_known(void **state)
{
	(void)state;
	opens_on("xterm-unheard-of", false, true);
}

static void ends_with(const char *term, const char *text, int code)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() }, .term = term });

	screen_wait(screen, text);
	assert_int_equal(screen_end(screen), code);
}

static void unknown_terminals_are_refused(void **state)
{
	(void)state;
	ends_with("nonsense", "'nonsense' is not known", 2);
	ends_with("dumb", "'dumb' is not known", 2);
	ends_with("", "TERM is not set", 2);
}

static void no_terminal_is_refused(void **state)
{
	(void)state;
	assert_int_equal(screen_plain((const char *const[]){ image_faulty(), NULL }), 2);
}

static void no_image_ends_with_3(void **state)
{
	struct screen *screen;

	(void)state;
	test_write(test_path("no.tar"), "this is no tar", 14);
	screen = screen_start(
		&(struct screen_setup){ .rows = 24, .columns = 80, .arguments = { "no.tar" } });
	screen_wait(screen, "imgtui: no.tar: is no container");
	assert_int_equal(screen_end(screen), 3);
}

static void any_size_is_survived(void **state)
{
	static const int SIZES[][2] = { { 1, 1 },    { 2, 2 },    { 3, 10 },   { 5, 20 },
					{ 48, 160 }, { 16, 100 }, { 15, 300 }, { 24, 80 } };
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() } });

	(void)state;
	screen_wait(screen, "as 1000:100");
	for (size_t i = 0; i < sizeof(SIZES) / sizeof(*SIZES); i++) {
		screen_resize(screen, SIZES[i][0], SIZES[i][1]);
		screen_type(screen, "j1234?");
		screen_type(screen, KEY_PAGE_DOWN "qk:");
		screen_type(screen, "\003");
	}
	screen_type(screen, "3");
	screen_wait(screen, "[3 Findings]");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void wider_window_shows_more(void **state)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() } });

	(void)state;
	screen_wait(screen, "[3 Findings]");
	screen_resize(screen, 48, 160);
	screen_wait(screen, "Files after layer 3");
	screen_resize(screen, 24, 80);
	screen_wait(screen, "[3 Findings]");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void ends_by_signal(int number)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() } });
	size_t len;
	const char *log;

	screen_wait(screen, "as 1000:100");
	screen_signal(screen, number);
	screen_wait_gone(screen, "as 1000:100");
	log = screen_log(screen, &len);
	assert_non_null(memmem(log, len, "\033[?1049l", 8)); /* the terminal is given back */
	assert_int_equal(screen_end(screen), 128 + number);
}

static void signals_give_the_terminal_back(void **state)
{
	(void)state;
	ends_by_signal(SIGTERM);
	ends_by_signal(SIGINT);
	ends_by_signal(SIGHUP);
}

static void control_c_ends_at_once(void **state)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() } });

	(void)state;
	screen_wait(screen, "as 1000:100");
	screen_type(screen, "F\003");
	assert_int_equal(screen_end(screen), 130);
}

/* Standard input is a pipe that never ends: the keys come from /dev/tty. */
static void escape_stops_the_opening(void **state)
{
	struct screen *screen;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { "-" }, .input = ends[0] });
	screen_wait(screen, "opening");
	screen_wait(screen, "Esc cancels");
	screen_type(screen, KEY_ESC);
	screen_wait(screen, "imgtui: -: cancelled");
	assert_int_equal(screen_end(screen), 130);
	close(ends[0]);
	close(ends[1]);
}

static void copied_path_is_one_whole_sequence(void **state)
{
	struct screen *screen = screen_start(
		&(struct screen_setup){ .rows = 24, .columns = 80, .arguments = { image_long() } });
	size_t len;
	const char *log, *begin, *end;

	(void)state;
	screen_wait(screen, "as 1000:100");
	screen_type(screen, "2/bottom" KEY_ENTER);
	screen_wait_cursor(screen, "bottom");
	screen_type(screen, "y");
	screen_wait(screen, "sent to the terminal's clipboard");
	log = screen_log(screen, &len);
	begin = memmem(log, len, "\033]52;c;", 7);
	assert_non_null(begin);
	end = memchr(begin + 1, '\a', len - (size_t)(begin + 1 - log));
	assert_non_null(end);
	assert_null(memchr(begin + 1, '\033', (size_t)(end - begin - 1)));
	assert_true(end - begin > 1024 / 3 * 4);
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void hostile_names_are_not_copied(void **state)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_hostile() } });

	(void)state;
	screen_wait(screen, "as 1000:100");
	screen_type(screen, "2/break" KEY_ENTER);
	screen_wait_cursor(screen, "line\\nbreak");
	screen_type(screen, "y");
	screen_wait(screen, "not copied");
	screen_type(screen, "/latin" KEY_ENTER);
	screen_wait_cursor(screen, "latin\\xe9");
	screen_type(screen, "y");
	screen_wait(screen, "not copied");
	assert_false(log_has(screen, "\033]52;", 5));
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void image_from_standard_input_opens(void **state)
{
	struct screen *screen;
	int input = open(test_path(image_faulty()), O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(input >= 0);
	screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { "-" }, .input = input });
	screen_wait(screen, "MAT-USR-001");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
	close(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_names_never_reach_the_terminal),
		cmocka_unit_test(plain_locale_gets_plain_marks),
		cmocka_unit_test(colours_and_none),
		cmocka_unit_test(relatives_of_xterm_are_known),
		cmocka_unit_test(unknown_terminals_are_refused),
		cmocka_unit_test(no_terminal_is_refused),
		cmocka_unit_test(no_image_ends_with_3),
		cmocka_unit_test(any_size_is_survived),
		cmocka_unit_test(wider_window_shows_more),
		cmocka_unit_test(signals_give_the_terminal_back),
		cmocka_unit_test(control_c_ends_at_once),
		cmocka_unit_test(escape_stops_the_opening),
		cmocka_unit_test(copied_path_is_one_whole_sequence),
		cmocka_unit_test(hostile_names_are_not_copied),
		cmocka_unit_test(image_from_standard_input_opens),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
