/* Why something is denied, line by line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "rule/finding_text.h"

static void assert_lines(char **lines, const char *const *expected)
{
	size_t i = 0;

	assert_non_null(lines);
	for (; lines[i] && expected[i]; i++)
		assert_string_equal(lines[i], expected[i]);
	assert_null(lines[i]);
	assert_null(expected[i]);
	finding_why_free(lines);
}

static void the_chain_ends_at_the_blocker_and_its_layer(void **state)
{
	static const char *const EXPECTED[] = {
		"/  drwxr-xr-x root:root  other has x",
		"/root  drwx------ root:root  other has no x: search denied",
		"layer 1, RUN step 1",
		NULL,
	};
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){
				     .config = "{'Cmd':['/root/t'],'WorkingDir':null,'Env':null}",
				     .files = "755 0:0 root/t = x\n" });
	const struct finding *finding = judged_find(&judged, "ACC-001", "hidden", NULL);
	assert_non_null(finding);
	assert_lines(finding_why(judged.judgement, finding), EXPECTED);
	judged_done(&judged);
}

static void a_link_is_a_step_of_its_own(void **state)
{
	static const char *const EXPECTED[] = {
		"/  drwxr-xr-x root:root  other has x",
		"/bin  drwxr-xr-x root:root  other has x",
		"/bin/python  lrwxrwxrwx root:root  leads to ../root/py",
		"/bin  drwxr-xr-x root:root  other has x",
		"/  drwxr-xr-x root:root  other has x",
		"/root  drwx------ root:root  other has no x: search denied",
		"layer 1, RUN step 1",
		NULL,
	};
	struct judged judged;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){
			    .files = "755 0:0 root/py = x\nl bin/python -> ../root/py\n" });
	char **lines = path_why(judged.judgement, "/bin/python", ACCESS_EXECUTE);
	/* How often a directory is looked at again is the walk's business. */
	size_t count = 0;
	while (lines[count])
		count++;
	assert_true(count >= 5);
	assert_string_equal(lines[2], EXPECTED[2]);
	assert_string_equal(lines[count - 2], EXPECTED[5]);
	assert_string_equal(lines[count - 1], EXPECTED[6]);
	finding_why_free(lines);
	judged_done(&judged);
}

static void the_entry_of_an_acl_that_decided_is_named(void **state)
{
	static const char *const EXPECTED[] = {
		"/  drwxr-xr-x root:root  other has x",
		"/x  -rw-r----- root:root  acl user ma-user rw-, r-- by the mask, has no w: write "
		"denied",
		"acl: user::rw-, user:ma-user:rw- (r-- by the mask), group::rwx (r-- by the mask), "
		"mask::r--, other::---",
		"layer 2, RUN step 2",
		NULL,
	};
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "acl 640 0:0 x 1000:6\n" });
	assert_lines(path_why(judged.judgement, "/x", ACCESS_WRITE), EXPECTED);
	judged_done(&judged);
}

static void a_link_that_is_not_followed_says_by_which_rule(void **state)
{
	struct judged judged;
	size_t count = 0;

	(void)state;
	judged_open(&judged,
		    &(struct judged_input){ .files = "1777 4711:0 s/\nl s/l -> ../etc/passwd\n" });
	char **lines = path_why(judged.judgement, "/s/l", ACCESS_READ);
	assert_non_null(lines);
	while (lines[count])
		count++;
	assert_true(count >= 3);
	assert_string_equal(lines[count - 3], "/s/l  lrwxrwxrwx root:root  leads to ../etc/passwd");
	assert_non_null(strstr(lines[count - 2], "fs.protected_symlinks=1"));
	assert_string_equal(lines[count - 1], "layer 2, RUN step 2");
	finding_why_free(lines);
	judged_done(&judged);
}

static void a_name_that_is_too_long_is_told_from_a_long_path(void **state)
{
	struct judged judged;
	char path[5000];

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	memset(path, 'n', 300);
	path[0] = '/';
	path[300] = '\0';
	char **lines = path_why(judged.judgement, path, ACCESS_READ);
	assert_non_null(strstr(lines[1], "a name of more than 255 bytes"));
	finding_why_free(lines);
	for (size_t i = 0; i < sizeof(path) - 1; i++)
		path[i] = i % 2 ? 'n' : '/';
	path[sizeof(path) - 1] = '\0';
	lines = path_why(judged.judgement, path, ACCESS_READ);
	assert_non_null(strstr(lines[0], "longer than a path may be"));
	finding_why_free(lines);
	judged_done(&judged);
}

static void what_is_allowed_ends_at_the_target(void **state)
{
	static const char *const EXPECTED[] = {
		"/  drwxr-xr-x root:root  other has x",
		"/home  drwxr-xr-x root:root  other has x",
		"/home/ma-user  drwxr-x--- ma-user:ma-group  owner has wx",
		"layer 1, RUN step 1",
		NULL,
	};
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	assert_lines(path_why(judged.judgement, "/home/ma-user", ACCESS_WRITE | ACCESS_EXECUTE),
		     EXPECTED);
	judged_done(&judged);
}

static void a_path_that_is_not_there_is_said_so(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	char **lines = path_why(judged.judgement, "/home/none", ACCESS_READ);
	size_t count = 0;
	while (lines[count])
		count++;
	assert_string_equal(lines[count - 1], "/home/none  is not there");
	finding_why_free(lines);
	judged_done(&judged);
}

static void without_a_denial_the_file_and_its_layer_are_shown(void **state)
{
	static const char *const EXPECTED[] = {
		"/etc/group  -rw-r--r-- root:root",
		"layer 2, RUN step 2",
		NULL,
	};
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 etc/group = root:x:0:|\n" });
	assert_lines(
		finding_why(judged.judgement, judged_find(&judged, "MAT-GRP-001", "missing", NULL)),
		EXPECTED);
	judged_done(&judged);
}

static void a_finding_about_the_config_has_no_lines(void **state)
{
	static const char *const EXPECTED[] = { NULL };
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .set = "workdir=/x" });
	assert_lines(finding_why(judged.judgement, judged_find(&judged, "MAT-CFG-003", NULL, NULL)),
		     EXPECTED);
	judged_done(&judged);
}

static void a_layer_without_an_instruction_is_a_number(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	char *words = layer_words(judged.image, 9);
	assert_string_equal(words, "layer 9");
	free(words);
	judged_done(&judged);
}

static void a_file_that_is_there_but_no_use_is_not_called_missing(void **state)
{
	static const char *const EXPECTED[] = {
		"/etc/passwd  lrwxrwxrwx 0:root  leads to passwd",
		"layer 2, RUN step 2",
		NULL,
	};
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "l etc/passwd -> passwd\n" });
	const struct finding *finding = judged_find(&judged, "MAT-USR-001", NULL, "/etc/passwd");
	assert_non_null(finding);
	assert_lines(finding_why(judged.judgement, finding), EXPECTED);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_chain_ends_at_the_blocker_and_its_layer),
		cmocka_unit_test(a_link_is_a_step_of_its_own),
		cmocka_unit_test(the_entry_of_an_acl_that_decided_is_named),
		cmocka_unit_test(a_link_that_is_not_followed_says_by_which_rule),
		cmocka_unit_test(a_file_that_is_there_but_no_use_is_not_called_missing),
		cmocka_unit_test(a_name_that_is_too_long_is_told_from_a_long_path),
		cmocka_unit_test(what_is_allowed_ends_at_the_target),
		cmocka_unit_test(a_path_that_is_not_there_is_said_so),
		cmocka_unit_test(without_a_denial_the_file_and_its_layer_are_shown),
		cmocka_unit_test(a_finding_about_the_config_has_no_lines),
		cmocka_unit_test(a_layer_without_an_instruction_is_a_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
