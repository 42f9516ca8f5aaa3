/* Planning and writing: f, u, F, p, w. */
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

static struct screen *open_image(void)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_faulty() } });

	screen_wait(screen, "as 1000:100");
	screen_wait(screen, "verified");
	return screen;
}

static void leave_plan_behind(struct screen *screen)
{
	screen_type(screen, "q");
	screen_wait(screen, "q again leaves");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void plan_everything(struct screen *screen)
{
	screen_type(screen, "F");
	screen_wait(screen, "fixes, +");
}

static void one_fix_is_planned_and_undone(void **state)
{
	struct screen *screen = open_image();

	(void)state;
	screen_wait_cursor(screen, "MAT-GRP-001");
	screen_type(screen, "f");
	screen_wait_gone(screen, "MAT-GRP-001");
	screen_type(screen, "k");
	screen_wait(screen, "1 fix, +");
	screen_type(screen, "u");
	screen_wait(screen, "MAT-GRP-001");
	screen_type(screen, "u");
	screen_wait(screen, "nothing to undo");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void several_ways_are_offered(void **state)
{
	struct screen *screen = open_image();

	(void)state;
	screen_type(screen, "/prepare" KEY_ENTER);
	screen_wait_cursor(screen, "prepare.sh");
	screen_type(screen, "f");
	screen_wait(screen, "How to mend ACC-004");
	screen_wait_cursor(screen, "(recommended)");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "planned: ");
	leave_plan_behind(screen);
}

static void plan_shows_before_and_after(void **state)
{
	struct screen *screen = open_image();

	(void)state;
	plan_everything(screen);
	screen_type(screen, "p");
	screen_wait(screen, "Plan: ");
	screen_wait(screen, "1. MAT-GRP-001");
	screen_type(screen, "/models" KEY_ENTER);
	screen_wait(screen, "0700 root:root →");
	screen_type(screen, KEY_END);
	screen_wait(screen, "Left after these fixes");
	screen_type(screen, "q");
	screen_wait_gone(screen, "Plan: ");
	leave_plan_behind(screen);
}

static void planned_paths_are_marked_in_files(void **state)
{
	struct screen *screen = open_image();

	(void)state;
	plan_everything(screen);
	screen_type(screen, ":opt/app/prepare.sh" KEY_ENTER);
	screen_wait_cursor(screen, "*prepare.sh");
	screen_wait_cursor(screen, "rwx  -rwxrwx---");
	leave_plan_behind(screen);
}

static void written_image_passes_the_check(void **state)
{
	struct screen *screen = open_image();
	const char *fixed = test_path("faulty-fixed.tar");

	(void)state;
	unlink(fixed);
	plan_everything(screen);
	screen_type(screen, "w");
	screen_wait(screen, "of decoded layers; layers");
	screen_wait(screen, "faulty-fixed.tar  Enter edits it");
	screen_wait_cursor(screen, "write it");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "Verified: read back");
	screen_wait(screen, "sha256:");
	screen_type(screen, KEY_ENTER);
	screen_wait_gone(screen, "Verified: read back");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
	assert_int_equal(screen_plain((const char *const[]){ "check", fixed, NULL }), 0);
}

static void appended_image_passes_the_check(void **state)
{
	struct screen *screen = open_image();
	const char *fixed = test_path("appended.tar");

	(void)state;
	plan_everything(screen);
	screen_type(screen, "w");
	screen_wait(screen, "< rewrite >");
	screen_type(screen, "kkkkkkl");
	screen_wait(screen, "< append >");
	screen_wait(screen, "as a new layer; all layers keep");
	screen_type(screen, "jjjj" KEY_ENTER "\025appended.tar" KEY_ENTER);
	screen_wait(screen, "appended.tar");
	screen_type(screen, "jj" KEY_ENTER);
	screen_wait(screen, "Verified: read back");
	screen_type(screen, "qq");
	assert_int_equal(screen_end(screen), 0);
	assert_int_equal(screen_plain((const char *const[]){ "check", fixed, NULL }), 0);
}

/* Up to Name, Layers and Format, and down again. */
static void form_and_name_are_chosen(void **state)
{
	struct screen *screen = open_image();
	const char *fixed = test_path("faulty-fixed.tar");

	(void)state;
	unlink(fixed);
	plan_everything(screen);
	screen_type(screen, "w");
	screen_wait_cursor(screen, "write it");
	screen_type(screen, "kkk" KEY_ENTER);
	screen_wait(screen, "Name:");
	screen_type(screen, "team/app:2" KEY_ENTER);
	screen_wait(screen, "team/app:2  Enter edits it");
	screen_type(screen, "kll");
	screen_wait(screen, "< gzip >");
	screen_type(screen, "kll");
	screen_wait(screen, "< oci-archive >");
	screen_type(screen, "jjjjj" KEY_ENTER);
	screen_wait(screen, "Verified: read back");
	screen_type(screen, "qq");
	assert_int_equal(screen_end(screen), 0);
	screen = screen_start(&(struct screen_setup){ .rows = 24,
						      .columns = 200,
						      .term = "dumb",
						      .arguments = { "inspect", fixed } });
	screen_wait(screen, "\"format\":\"oci-archive\",\"tags\":[\"team/app:2\"]");
	assert_int_equal(screen_end(screen), 0);
	unlink(fixed);
}

static void nothing_is_written_over(void **state)
{
	struct screen *screen = open_image();
	const char *there = test_path("faulty-fix.sh");

	(void)state;
	test_write(there, "mine", 4);
	plan_everything(screen);
	screen_type(screen, "w");
	screen_wait_cursor(screen, "write it");
	screen_type(screen, "kkkkkkkll");
	screen_wait(screen, "< script >");
	screen_wait(screen, "is there already");
	screen_type(screen, "jjjjjjj" KEY_ENTER);
	screen_wait(screen, "Nothing was written: that name is taken");
	assert_false(screen_has(screen, "--force"));
	screen_type(screen, "k" KEY_ENTER "j" KEY_ENTER);
	screen_wait(screen, "Written: ");
	screen_type(screen, "qq");
	assert_int_equal(screen_end(screen), 0);
	unlink(there);
}

static void nothing_planned_is_not_written(void **state)
{
	struct screen *screen = open_image();

	(void)state;
	screen_type(screen, "w");
	screen_wait(screen, "nothing is planned");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

static void damaged_image_is_not_written_from(void **state)
{
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { image_damaged() } });

	(void)state;
	screen_wait(screen, "MISMATCH");
	plan_everything(screen);
	screen_type(screen, "w");
	screen_wait(screen, "the image is damaged, nothing is written: diff-id-mismatch");
	screen_type(screen, "1");
	screen_wait(screen, "[1 Layers]");
	screen_wait(screen, "Layers 3, damaged");
	screen_type(screen, "4");
	screen_wait(screen, "mismatch");
	leave_plan_behind(screen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_fix_is_planned_and_undone),
		cmocka_unit_test(several_ways_are_offered),
		cmocka_unit_test(plan_shows_before_and_after),
		cmocka_unit_test(planned_paths_are_marked_in_files),
		cmocka_unit_test(written_image_passes_the_check),
		cmocka_unit_test(appended_image_passes_the_check),
		cmocka_unit_test(form_and_name_are_chosen),
		cmocka_unit_test(nothing_is_written_over),
		cmocka_unit_test(nothing_planned_is_not_written),
		cmocka_unit_test(damaged_image_is_not_written_from),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
