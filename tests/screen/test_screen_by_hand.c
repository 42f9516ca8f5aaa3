/* Changing the plan by hand: \, Space, T, o, m, t, u, ^R. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"
#include "images.h"
#include "lib/build.h"

#define KEY_REDO "\022"

static struct screen *open_with(const struct screen_setup *setup)
{
	struct screen *screen = screen_start(setup);

	screen_wait(screen, "as 1000:100");
	screen_wait(screen, "verified");
	return screen;
}

static struct screen *open_image(const char *image)
{
	return open_with(
		&(struct screen_setup){ .rows = 24, .columns = 80, .arguments = { image } });
}

static void leave(struct screen *screen)
{
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void leave_plan_behind(struct screen *screen)
{
	screen_type(screen, "q");
	screen_wait(screen, "q again leaves");
	leave(screen);
}

static void go_to(struct screen *screen, const char *path, const char *name)
{
	screen_type(screen, ":");
	screen_wait(screen, "Go to:");
	screen_type(screen, path);
	screen_type(screen, KEY_ENTER);
	screen_wait_cursor(screen, name);
}

/* Type into the prompt that stands there now. */
static void answer(struct screen *screen, const char *prompt, const char *text)
{
	screen_wait(screen, prompt);
	screen_type(screen, text);
	screen_type(screen, KEY_ENTER);
}

/* Two paths by a pattern, one by hand: owner, then mode. */
static void tag_and_edit(struct screen *screen)
{
	go_to(screen, "opt/app/prepare.sh", "prepare.sh");
	screen_type(screen, " ");
	screen_wait(screen, "1 tagged");
	screen_wait_cursor(screen, "train.py");
	screen_type(screen, "\\");
	answer(screen, "Only paths like", "models");
	screen_wait(screen, "like models: 2");
	screen_type(screen, "T");
	screen_wait(screen, "3 tagged: ");
	screen_type(screen, "o");
	answer(screen, "Owner of 3 tagged", "1000:100");
	answer(screen, "Everything below, too?", "n");
	screen_wait(screen, "planned: owner 1000:100 for 3 paths");
	screen_type(screen, "m");
	answer(screen, "Mode of 3 tagged", "o+rX");
	answer(screen, "Everything below, too?", "y");
	screen_wait(screen, "planned: mode o+rX for 2 paths");
}

static void assert_edited(const char *image)
{
	struct screen *screen = open_image(image);

	go_to(screen, "opt/app/prepare.sh", "prepare.sh");
	screen_wait_cursor(screen, "-rwx---r-x  1000:100 ");
	go_to(screen, "opt/app/models", "models");
	screen_wait_cursor(screen, "drwx---r-x  1000:100 ");
	go_to(screen, "opt/app/models/weights.bin", "weights.bin");
	screen_wait_cursor(screen, "-rw-r--r--  1000:100 ");
	leave(screen);
}

static void what_is_edited_is_written(void **state)
{
	struct screen *screen = open_image(image_faulty());
	const char *fixed = test_path("faulty-fixed.tar");

	(void)state;
	unlink(fixed);
	tag_and_edit(screen);
	screen_type(screen, "u");
	screen_wait(screen, "taken back");
	screen_type(screen, "u");
	screen_wait(screen, "taken back");
	screen_type(screen, "u");
	screen_wait(screen, "nothing to undo");
	screen_type(screen, KEY_REDO);
	screen_wait(screen, "planned again");
	screen_type(screen, KEY_REDO KEY_REDO);
	screen_wait(screen, "nothing to redo");
	screen_type(screen, "k");
	screen_wait(screen, "2 fixes, +");
	screen_wait_gone(screen, "judging");
	screen_type(screen, "w");
	screen_wait_cursor(screen, "write it");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "Verified: read back");
	screen_type(screen, "q");
	leave(screen);
	assert_edited("faulty-fixed.tar");
}

static void a_plan_by_hand_is_kept_and_carried_out(void **state)
{
	const char *image = image_faulty();
	const char *plan = test_path("by-hand.json"), *output = test_path("by-plan.tar");
	const char *const fix[] = { "fix", "--plan", "by-hand.json", "-o", output, image, NULL };
	struct screen *screen;

	(void)state;
	unlink(plan);
	unlink(output);
	screen = open_with(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { "--plan", "by-hand.json", image } });
	tag_and_edit(screen);
	leave(screen);
	/* It is there again, to be gone on with. */
	screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { "--plan", "by-hand.json", image } });
	screen_wait(screen, "2 fixes, +");
	screen_type(screen, "p");
	screen_wait(screen, "1. by-hand  owner 1000:100 for 3 paths under /opt/app");
	screen_wait(screen, "2. by-hand  mode o+rX for 2 paths under /opt/app");
	screen_type(screen, "q");
	leave(screen);
	/* Findings are left. */
	assert_int_equal(screen_plain(fix), 1);
	assert_edited("by-plan.tar");
}

static void tags_are_cleared_before_the_filter(void **state)
{
	struct screen *screen = open_image(image_faulty());

	(void)state;
	go_to(screen, "opt/app/models", "models");
	screen_type(screen, "T");
	screen_wait(screen, "T tags what a filter shows");
	screen_type(screen, "!");
	screen_wait(screen, "unreadable: ");
	screen_type(screen, "T");
	screen_wait(screen, "tagged: ");
	screen_type(screen, "  ");
	screen_type(screen, KEY_ESC);
	screen_wait(screen, "no path is tagged any more");
	screen_wait(screen, "unreadable: ");
	screen_type(screen, KEY_ESC);
	screen_wait_gone(screen, "unreadable: ");
	screen_type(screen, "\\");
	answer(screen, "Only paths like", "(");
	screen_wait(screen, "missing closing parenthesis");
	screen_type(screen, "\\");
	answer(screen, "Only paths like", "no-such-path");
	screen_wait(screen, "no path is like that");
	screen_type(screen, "\\");
	answer(screen, "Only paths like", "\025");
	screen_wait_gone(screen, "no-such-path");
	leave(screen);
}

static void everything_below_is_given_to_the_user(void **state)
{
	struct screen *screen = open_with(&(struct screen_setup){
		.rows = 48, .columns = 160, .locale = "C", .arguments = { image_faulty() } });

	(void)state;
	go_to(screen, "opt/app/models", "models");
	screen_wait_cursor(screen, "---  drwx------  root:root");
	screen_type(screen, " ");
	screen_type(screen, "k");
	screen_wait_cursor(screen, "---# drwx------  root:root");
	screen_type(screen, "t");
	answer(screen, "Everything below, too?", "y");
	screen_wait(screen, "planned: owner 1000:100 with u+rwX for 2 paths");
	screen_wait_cursor(screen, "rwx# drwx------  1000:100");
	screen_type(screen, "t");
	answer(screen, "Everything below, too?", "y");
	screen_wait(screen, "nothing to do: it is so already");
	leave_plan_behind(screen);
}

static void what_is_no_owner_or_mode_is_said(void **state)
{
	struct screen *screen = open_image(image_faulty());

	(void)state;
	go_to(screen, "opt/app/prepare.sh", "prepare.sh");
	screen_type(screen, "o");
	answer(screen, "Owner (USER:GROUP):", "nobody-here");
	screen_wait(screen, "'nobody-here' is no user of the image, and no number");
	screen_type(screen, "m");
	answer(screen, "Mode (0755,", "99");
	screen_wait(screen, "'99' is no mode");
	/* A file has nothing below it, and so there is no question. */
	screen_type(screen, "o");
	answer(screen, "Owner (USER:GROUP):", ":root");
	screen_wait(screen, "nothing to do: it is so already");
	screen_type(screen, "1k");
	screen_type(screen, "2o");
	screen_wait(screen, "only what is there after the last layer");
	leave(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_edited_is_written),
		cmocka_unit_test(a_plan_by_hand_is_kept_and_carried_out),
		cmocka_unit_test(tags_are_cleared_before_the_filter),
		cmocka_unit_test(everything_below_is_given_to_the_user),
		cmocka_unit_test(what_is_no_owner_or_mode_is_said),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
