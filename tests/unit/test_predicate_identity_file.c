/* Whether /etc/passwd and /etc/group are sound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

/* The beginning of a passwd file. */
#define PASSWD "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|"
#define CHECK(rows) judged_check((rows), sizeof(rows) / sizeof(*(rows)))

static void flaws_of_the_files_are_told(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-006" },
		{ .rule = "MAT-USR-006", .case_name = "no-passwd", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd",
		  .files = "x etc/passwd\n" },
		{ .rule = "MAT-USR-006", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd", .layer = 2,
		  .files = "600 0:0 etc/passwd = ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ .rule = "MAT-USR-006", .case_name = "unreadable", .severity = SEVERITY_ERROR,
		  .path = "/etc/group", .layer = 2,
		  .files = "700 0:0 etc/\n"
			   "644 0:0 etc/group = ma-group:x:100:|\n" },
		{ .rule = "MAT-USR-006", .case_name = "malformed", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd", .detail = "line 2",
		  .files = PASSWD "broken|ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ .rule = "MAT-USR-006", .case_name = "malformed", .severity = SEVERITY_ERROR,
		  .path = "/etc/passwd", .detail = "line 2",
		  .files = PASSWD "ma-user:x:1000:::/home/ma-user:/bin/sh|\n" },
		{ .rule = "MAT-USR-006", .case_name = "malformed", .severity = SEVERITY_ERROR,
		  .path = "/etc/group", .detail = "line 1",
		  .files = "644 0:0 etc/group = :x:0:|ma-group:x:100:|\n" },
		{ .rule = "MAT-USR-006", .case_name = "no-final-newline",
		  .severity = SEVERITY_WARNING, .path = "/etc/group",
		  .files = "644 0:0 etc/group = ma-group:x:100:\n" },
		{ .rule = "MAT-USR-006", .case_name = "duplicate-id",
		  .severity = SEVERITY_WARNING, .path = "/etc/passwd", .detail = "me",
		  .files = PASSWD "ma-user:x:1000:100::/home/ma-user:/bin/sh|"
		  	   "me:x:1000:100::/:/bin/sh|\n" },
		{ .rule = "MAT-USR-006", .case_name = "other-databases",
		  .severity = SEVERITY_INFO, .path = "/etc/nsswitch.conf",
		  .detail = "passwd: files altfiles",
		  .files = "644 0:0 etc/nsswitch.conf = hosts: files|passwd: files altfiles|"
		  	   "group: files|\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void what_tools_accept_is_no_flaw(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-006",
		  .files = PASSWD "# a comment||+::::::|"
		  	   "ma-user:x:1000:100::/home/ma-user:/bin/sh|\n" },
		{ .rule = "MAT-USR-006",
		  .files = "644 0:0 etc/nsswitch.conf = passwd: files|\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void a_link_is_followed_inside_the_image(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-USR-006", .case_name = "duplicate-id",
		  .severity = SEVERITY_WARNING, .path = "/usr/etc/passwd", .layer = 2,
		  .files = "755 0:0 usr/\n"
			   "755 0:0 usr/etc/\n"
			   "644 0:0 usr/etc/passwd = ma-user:x:1000:100::/home/ma-user:/bin/sh|"
			   	   "me:x:1000:100::/:/bin/sh|\n"
			   "l etc/passwd -> /usr/etc/passwd\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void line_ends_of_windows_are_told_with_their_number(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){
			    .files = "644 0:0 etc/group = root:x:0:\r|ma-group:x:100:\r|\n" });
	const struct finding *finding = judged_find(&judged, "MAT-USR-006", "crlf", "/etc/group");
	assert_non_null(finding);
	assert_int_equal(finding->count, 2);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flaws_of_the_files_are_told),
		cmocka_unit_test(what_tools_accept_is_no_flaw),
		cmocka_unit_test(a_link_is_followed_inside_the_image),
		cmocka_unit_test(line_ends_of_windows_are_told_with_their_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
