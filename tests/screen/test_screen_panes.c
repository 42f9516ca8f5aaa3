/* The panes: what they show, moving in them, searching, filters, sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "harness.h"
#include "images.h"

static struct screen *open_image(const char *image, int rows, int columns)
{
	struct screen *screen = screen_start(
		&(struct screen_setup){ .rows = rows, .columns = columns, .arguments = { image } });

	screen_wait(screen, "as 1000:100");
	return screen;
}

static void leave(struct screen *screen)
{
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void small_screen_opens_on_findings(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_wait(screen, "[3 Findings]");
	screen_wait(screen, "MAT-USR-001");
	screen_wait(screen, "no user has UID 1000");
	screen_wait(screen, "verified");
	screen_wait_cursor(screen, "MAT-GRP-001");
	leave(screen);
}

static void wide_screen_shows_four_panes(void **state)
{
	struct screen *screen = open_image(image_faulty(), 48, 160);

	(void)state;
	screen_wait(screen, "Layers 3");
	screen_wait(screen, "Files after layer 3");
	screen_wait(screen, "Findings");
	screen_wait(screen, "Why");
	screen_wait(screen, "RUN chown 1000:1000 /opt/app/train.py");
	screen_wait(screen, "drwxrwxrwt  root:root");
	screen_wait(screen, "as a new layer; rewriting adds none");
	leave(screen);
}

static void tiny_screen_shows_one_pane_without_numbers(void **state)
{
	struct screen *screen = open_image(image_faulty(), 12, 40);

	(void)state;
	screen_wait(screen, "[Findings]");
	screen_type(screen, KEY_TAB);
	screen_wait(screen, "[Why]");
	screen_type(screen, KEY_TAB);
	screen_wait(screen, "[Layers]");
	screen_wait(screen, "COPY app /opt/app");
	screen_type(screen, KEY_TAB);
	screen_wait(screen, "[Files]");
	screen_wait(screen, "drwx------");
	leave(screen);
}

static void files_show_access_mode_and_owner(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "2");
	screen_wait(screen, "r-x  drwxr-xr-x  root:root");
	screen_wait(screen, "---  drwx------  root:root             1 in    ▸ root/");
	screen_wait(screen, "bin → usr/bin");
	leave(screen);
}

static void directories_open_and_fold(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "2:opt" KEY_ENTER);
	screen_wait_cursor(screen, "opt/");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "▸ app/");
	screen_type(screen, "jl");
	screen_wait(screen, "prepare.sh");
	screen_type(screen, "h");
	screen_wait_gone(screen, "prepare.sh");
	screen_type(screen, "hh");
	screen_wait_cursor(screen, "opt/");
	screen_wait_gone(screen, "app/");
	leave(screen);
}

static void search_opens_what_it_finds(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "2/^we.ghts" KEY_ENTER);
	screen_wait_cursor(screen, "weights.bin");
	screen_type(screen, "/s$" KEY_ENTER "n");
	screen_wait(screen, "models/");
	screen_type(screen, "/nowhere" KEY_ENTER);
	screen_wait(screen, "nothing found");
	screen_type(screen, "/(" KEY_ENTER);
	screen_wait_gone(screen, "nothing found");
	leave(screen);
}

static void brackets_go_through_findings_and_files_follow(void **state)
{
	struct screen *screen = open_image(image_faulty(), 48, 160);

	(void)state;
	screen_type(screen, "]");
	screen_wait_cursor(screen, "MAT-USR-001");
	screen_wait(screen, "passwd");
	screen_type(screen, "[");
	screen_wait_cursor(screen, "MAT-GRP-001");
	screen_type(screen, "[");
	screen_wait(screen, "Why");
	leave(screen);
}

static void filter_shows_what_the_user_may_not(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "!");
	screen_wait(screen, "unreadable: 5");
	screen_wait(screen, "prepare.sh");
	screen_wait_gone(screen, "train.py");
	screen_type(screen, "!");
	screen_wait(screen, "unwritable: ");
	screen_type(screen, KEY_ESC);
	screen_wait_gone(screen, "unwritable");
	leave(screen);
}

static void layers_decide_what_files_shows(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "1");
	screen_wait_cursor(screen, "RUN chown");
	screen_type(screen, "kk" KEY_ENTER);
	screen_wait(screen, "Files after layer 1 (not judged)");
	screen_wait_gone(screen, "opt/");
	screen_type(screen, "1" KEY_END "2v");
	screen_wait(screen, "Files of layer 3, changed: 1");
	screen_wait(screen, "o -rw-r--r--");
	leave(screen);
}

static void why_explains_a_path(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "2/weights" KEY_ENTER);
	screen_wait_cursor(screen, "weights.bin");
	screen_type(screen, "4");
	screen_wait(screen, "/opt/app/models/weights.bin");
	screen_wait(screen, "added by layer 2, COPY app /opt/app");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "[2 Files]");
	leave(screen);
}

/* No finding names the file: the directory above has it. */
static void why_says_what_opening_a_path_costs(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "2/secret" KEY_ENTER);
	screen_wait_cursor(screen, "secret");
	screen_type(screen, "4");
	screen_wait(screen, "to read it: chmod o+x /root (+512 B as a layer, +0 B rewritten)");
	screen_type(screen, "2/train.py" KEY_ENTER);
	screen_wait_cursor(screen, "train.py");
	screen_type(screen, "4");
	screen_wait(screen, "/opt/app/train.py");
	screen_wait_gone(screen, "to read it:");
	leave(screen);
}

static void why_explains_the_pane_that_is_gone_to(void **state)
{
	struct screen *screen = open_image(image_faulty(), 48, 160);

	(void)state;
	screen_wait(screen, "MAT-GRP-001");
	screen_type(screen, "1");
	screen_wait(screen, "Layer 3: RUN chown");
	screen_type(screen, KEY_TAB);
	screen_wait_gone(screen, "Layer 3: RUN chown");
	screen_wait(screen, "1000:100 may read enter");
	screen_type(screen, KEY_TAB);
	screen_wait(screen, "Rule MAT-GRP-001");
	leave(screen);
}

static void deep_names_stay_in_the_row(void **state)
{
	struct screen *screen = open_image(image_deep(), 24, 80);

	(void)state;
	screen_type(screen, "2/bottom" KEY_ENTER);
	screen_wait_cursor(screen, "…  bottom");
	leave(screen);
}

static void help_lists_the_keys(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "?");
	screen_wait(screen, "plan the fixes of all findings");
	screen_type(screen, KEY_END);
	screen_wait(screen, "draw the screen again");
	screen_type(screen, "q");
	screen_wait(screen, "[3 Findings]");
	leave(screen);
}

static void another_user_is_judged(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "U0:0" KEY_ENTER);
	screen_wait(screen, "as 0:0");
	screen_type(screen, "Unobody-of-that-name" KEY_ENTER);
	screen_wait(screen, "nobody-of-that-name");
	leave(screen);
}

static void another_user_leaves_the_cursor_on_its_path(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "2/weights" KEY_ENTER);
	screen_wait_cursor(screen, "weights.bin");
	screen_wait_cursor(screen, "---");
	screen_type(screen, "U0:0" KEY_ENTER);
	screen_wait(screen, "as 0:0");
	screen_wait_cursor(screen, "rw-  -rw-r--r--");
	screen_wait_cursor(screen, "weights.bin");
	screen_type(screen, "U1000:100" KEY_ENTER);
	screen_wait(screen, "as 1000:100");
	screen_wait_cursor(screen, "---  -rw-r--r--");
	screen_wait_cursor(screen, "weights.bin");
	leave(screen);
}

/* Root may read all: the filter has no rows, until it is not root any more. */
static void another_user_is_filtered_anew(void **state)
{
	struct screen *screen = open_image(image_faulty(), 24, 80);

	(void)state;
	screen_type(screen, "!");
	screen_wait(screen, "unreadable: 5");
	screen_type(screen, "U0:0" KEY_ENTER);
	screen_wait(screen, "unreadable: 0");
	screen_type(screen, "U1000:100" KEY_ENTER);
	screen_wait(screen, "unreadable: 5");
	leave(screen);
}

static void several_images_are_offered(void **state)
{
	struct screen *screen = screen_start(
		&(struct screen_setup){ .rows = 24, .columns = 80, .arguments = { image_pair() } });

	(void)state;
	screen_wait(screen, "2 images");
	screen_wait_cursor(screen, "@0");
	screen_wait_cursor(screen, "first");
	screen_type(screen, KEY_DOWN);
	screen_wait_cursor(screen, "@1");
	screen_wait_cursor(screen, "second");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "as 1000:100");
	leave(screen);
}

static void demo_opens_without_a_file(void **state)
{
	struct screen *screen = open_image("--demo", 48, 160);

	(void)state;
	screen_wait(screen, "ACC-001");
	screen_wait(screen, "/root/miniconda3");
	screen_wait(screen, "Layers 5");
	leave(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_screen_opens_on_findings),
		cmocka_unit_test(wide_screen_shows_four_panes),
		cmocka_unit_test(tiny_screen_shows_one_pane_without_numbers),
		cmocka_unit_test(files_show_access_mode_and_owner),
		cmocka_unit_test(directories_open_and_fold),
		cmocka_unit_test(search_opens_what_it_finds),
		cmocka_unit_test(brackets_go_through_findings_and_files_follow),
		cmocka_unit_test(filter_shows_what_the_user_may_not),
		cmocka_unit_test(layers_decide_what_files_shows),
		cmocka_unit_test(why_explains_a_path),
		cmocka_unit_test(why_says_what_opening_a_path_costs),
		cmocka_unit_test(why_explains_the_pane_that_is_gone_to),
		cmocka_unit_test(deep_names_stay_in_the_row),
		cmocka_unit_test(help_lists_the_keys),
		cmocka_unit_test(another_user_is_judged),
		cmocka_unit_test(another_user_leaves_the_cursor_on_its_path),
		cmocka_unit_test(another_user_is_filtered_anew),
		cmocka_unit_test(several_images_are_offered),
		cmocka_unit_test(demo_opens_without_a_file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
