/* The guide, from a faulty image to a clean one: on the screen, and on lines of text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"
#include "images.h"
#include "lib/build.h"
#include "rule/builtin.h"
#include "rule/profile.h"

/* An image is mended with far fewer answers. */
enum { ANSWERS_MOST = 40 };

static struct screen *open_guide(int rows, int columns, const char *locale)
{
	struct screen *screen =
		screen_start(&(struct screen_setup){ .rows = rows,
						     .columns = columns,
						     .locale = locale,
						     .arguments = { image_unprepared() } });

	screen_wait(screen, "as 1000:100");
	screen_type(screen, "g");
	screen_wait_cursor(screen, "modelarts-training");
	return screen;
}

/* Enter at each question of the screen, or of the lines, until nothing more is asked. */
static void take_all(struct screen *screen, const char *word, const char *at_end)
{
	for (unsigned i = 1; i < ANSWERS_MOST; i++) {
		char question[32];

		snprintf(question, sizeof(question), "%suestion %u of", word, i);
		if (!screen_wait_either(screen, question, at_end))
			return;
		screen_type(screen, KEY_ENTER);
	}
	fail_msg("it goes on asking");
}

static void check_is_clean(const char *profile, const char *file)
{
	if (screen_plain((const char *const[]){ "check", "--profile", profile, file, NULL }) != 0)
		fail_msg("%s is not clean for %s", file, profile);
}

/* ---- every profile ---- */

static void walk_on_screen(const char *profile, unsigned number)
{
	static const char out[] = "unprepared-fixed.tar";
	struct screen *screen = open_guide(24, 80, NULL);
	char digit[] = { (char)('0' + number), '\0' };

	unlink(test_path(out));
	screen_type(screen, digit);
	screen_wait(screen, profile); /* in the bottom line */
	take_all(screen, "q", "Nothing more is asked");
	screen_wait_cursor(screen, "see what will differ");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "Plan: ");
	screen_type(screen, KEY_ESC);
	screen_wait_cursor(screen, "see what will differ");
	screen_type(screen, "2");
	screen_wait_cursor(screen, "write it: Enter");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "Verified: read back");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "To test and push it");
	screen_wait(screen, "docker load -i unprepared-fixed.tar");
	screen_wait_cursor(screen, "leave the guide");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "Findings");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
	check_is_clean(profile, out);
}

static void walk_on_lines(const char *profile)
{
	static const char out[] = "unprepared-lines.tar";
	struct screen *screen = screen_start(&(struct screen_setup){
		.rows = 120,
		.columns = 80,
		.term = "dumb",
		.arguments = { "guide", "--profile", profile, "-o", out, image_unprepared() } });
	const char *log;
	size_t len;

	unlink(test_path(out));
	take_all(screen, "Q", "w) write it");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "docker push unprepared:1");
	log = screen_log(screen, &len);
	assert_null(memchr(log, '\033', len));
	assert_int_equal(screen_end(screen), 0);
	check_is_clean(profile, out);
}

static void every_profile_ends_at_a_clean_image(void **state)
{
	unsigned number = 0;

	(void)state;
	for (size_t i = 0; builtin_profiles[i].name; i++) {
		struct profile *profile;
		bool is_library;

		assert_int_equal(profile_load(builtin_profiles[i].name, NULL, &profile, NULL), 0);
		is_library = profile_is_library(profile);
		profile_free(profile);
		if (is_library)
			continue;
		walk_on_screen(builtin_profiles[i].name, ++number);
		walk_on_lines(builtin_profiles[i].name);
	}
	assert_true(number > 0);
}

/* ---- answers ---- */

static void leave_plan_behind(struct screen *screen)
{
	screen_type(screen, KEY_ESC);
	screen_wait(screen, "the plan is kept");
	screen_type(screen, "q");
	screen_wait(screen, "q again leaves");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
}

/*
 * By skipping on to the files in /data. The bottom line is drawn last: when the
 * message there has gone, the whole question has come.
 */
static void go_to_files(struct screen *screen)
{
	static const char message[] = "nothing is planned";

	screen_wait(screen, "question 1 of");
	for (unsigned i = 2; i < ANSWERS_MOST; i++) {
		char question[32];

		snprintf(question, sizeof(question), "question %u of", i);
		screen_type(screen, "w");
		screen_wait(screen, message);
		screen_type(screen, "S");
		screen_wait(screen, question);
		screen_wait_gone(screen, message);
		if (screen_has(screen, "write /data/c.cfg"))
			return;
	}
	fail_msg("there is no question about the files");
}

static void those_alike_are_one_answer_and_back_takes_it_back(void **state)
{
	struct screen *screen = open_guide(24, 80, NULL);

	(void)state;
	screen_type(screen, KEY_ENTER);
	go_to_files(screen);
	screen_wait(screen, "and 2 more like this");
	screen_type(screen, "a");
	screen_wait(screen, "3 fixes are planned");
	screen_type(screen, "b");
	screen_wait_gone(screen, "3 fixes are planned");
	screen_wait(screen, "write /data/c.cfg");
	screen_type(screen, "s");
	screen_wait(screen, "write /data/d.cfg");
	screen_type(screen, "2");
	screen_wait(screen, "write /opt/app/prepare.sh");
	screen_type(screen, "s");
	screen_wait(screen, "1 fix is planned");
	leave_plan_behind(screen);
}

static void the_marked_option_is_explained(void **state)
{
	struct screen *screen = open_guide(24, 80, NULL);

	(void)state;
	screen_type(screen, KEY_ENTER);
	go_to_files(screen);
	screen_wait_cursor(screen, "1 give the file to the platform's group (chgrp, chmod g+) (recommended)");
	screen_type(screen, "j");
	screen_wait_cursor(screen, "2 chown the file to the user");
	screen_type(screen, "j");
	screen_wait_cursor(screen, "3 give the denied permission");
	screen_wait(screen, "below) "); /* the whole of it, below */
	screen_type(screen, "jjjj" KEY_ENTER);
	screen_wait_cursor(screen, "3 give the denied permission");
	screen_type(screen, KEY_ESC "q");
	assert_int_equal(screen_end(screen), 0);
}

static void leaving_keeps_the_plan_and_the_place(void **state)
{
	struct screen *screen = open_guide(24, 80, NULL);

	(void)state;
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "question 1 of");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "question 2 of");
	screen_type(screen, KEY_ESC);
	screen_wait(screen, "the plan is kept");
	screen_type(screen, "g");
	screen_wait(screen, "question 2 of");
	screen_type(screen, "b");
	screen_wait(screen, "question 1 of");
	screen_type(screen, "b");
	screen_wait_cursor(screen, "modelarts-training (present)");
	screen_type(screen, KEY_ESC "q");
	assert_int_equal(screen_end(screen), 0);
}

static struct screen *open_with_plan(const char *plan)
{
	return screen_start(&(struct screen_setup){
		.rows = 24, .columns = 80, .arguments = { "--plan", plan, image_unprepared() } });
}

static void plan_keeps_the_choices_for_the_next_time(void **state)
{
	static const char plan[] = "screen-plan.json";
	struct screen *screen = open_with_plan(plan);

	(void)state;
	screen_wait(screen, "as 1000:100");
	screen_type(screen, "g");
	screen_wait_cursor(screen, "modelarts-training (present)");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "question 1 of");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "question 2 of");
	screen_type(screen, "s");
	screen_wait(screen, "question 3 of");
	screen_type(screen, "q");
	screen_wait(screen, "the plan is kept");
	screen_type(screen, "q");
	screen_wait(screen, "the choices are in screen-plan.json");
	assert_int_equal(screen_end(screen), 0);

	screen = open_with_plan(plan);
	screen_wait(screen, "1 fix, +");
	screen_type(screen, "g");
	screen_wait_cursor(screen, "modelarts-training (present)");
	screen_type(screen, KEY_ENTER);
	screen_wait(screen, "question 3 of");
	screen_signal(screen, SIGTERM);
	screen_wait(screen, "the choices are in screen-plan.json");
	assert_int_equal(screen_end(screen), 128 + SIGTERM);
}

static void a_plan_that_does_not_fit_is_left_alone(void **state)
{
	static const char text[] = "{\"schema\":\"imgtui.plan/1\",\"steps\":[{\"wants\":["
				   "{\"path\":\"not/there\",\"mode\":\"0755\"}]}]}";
	const char *path = test_path("other-plan.json");
	char after[sizeof(text)] = "";
	FILE *file = fopen(path, "w");

	(void)state;
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	struct screen *screen = open_with_plan("other-plan.json");
	screen_wait(screen, "--plan: ");
	screen_type(screen, "q");
	assert_int_equal(screen_end(screen), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fread(after, 1, sizeof(after) - 1, file), sizeof(text) - 1);
	assert_string_equal(after, text);
	fclose(file);
}

static void small_and_large_screens_and_ascii_will_do(void **state)
{
	static const struct {
		int rows, columns;
		const char *locale;
	} SIZES[] = { { 12, 40, "C" }, { 12, 40, NULL }, { 48, 160, NULL }, { 24, 80, "C" } };

	(void)state;
	for (size_t i = 0; i < sizeof(SIZES) / sizeof(*SIZES); i++) {
		struct screen *screen =
			screen_start(&(struct screen_setup){ .rows = SIZES[i].rows,
							     .columns = SIZES[i].columns,
							     .locale = SIZES[i].locale,
							     .arguments = { image_unprepared() } });

		screen_wait(screen, "as 1000:100");
		screen_type(screen, "g");
		screen_wait_cursor(screen, "modelarts-training");
		screen_type(screen, KEY_ENTER);
		take_all(screen, "q", "Nothing more is asked");
		screen_wait_cursor(screen, "see what will differ");
		screen_resize(screen, 24, 80);
		screen_wait(screen, "3 leave the guide");
		leave_plan_behind(screen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_profile_ends_at_a_clean_image),
		cmocka_unit_test(those_alike_are_one_answer_and_back_takes_it_back),
		cmocka_unit_test(the_marked_option_is_explained),
		cmocka_unit_test(leaving_keeps_the_plan_and_the_place),
		cmocka_unit_test(plan_keeps_the_choices_for_the_next_time),
		cmocka_unit_test(a_plan_that_does_not_fit_is_left_alone),
		cmocka_unit_test(small_and_large_screens_and_ascii_will_do),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
