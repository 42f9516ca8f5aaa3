/* Judging as a whole: identity, order, status, what is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

static void a_good_image_has_no_finding(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	char *text = judged_text(&judged);
	assert_string_equal(text, "");
	free(text);
	for (size_t i = 0; i < profile_rule_count(judged.profile); i++)
		assert_int_equal(judged.judgement->status[i],
				 strncmp(profile_rule(judged.profile, i)->id, "MAT-ASK-", 8) ?
					 RULE_PASS :
					 RULE_OPEN);
	assert_int_equal(judgement_at(judged.judgement), 1);
	judged_done(&judged);
}

static void the_target_is_judged_whatever_the_files_say(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "x etc/passwd\nx etc/group\n" });
	assert_int_equal(judged.judgement->identity.uid, 1000);
	assert_int_equal(judged.judgement->identity.gid, 100);
	judged_done(&judged);
}

static void another_user_is_resolved_in_the_image(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .user = "root" });
	assert_int_equal(judged.judgement->identity.uid, 0);
	judged_done(&judged);
}

static void an_unknown_user_is_an_error(void **state)
{
	struct judged judged;
	struct judgement *judgement = NULL;
	struct err err = { 0 };

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	struct judge_input input = judged.judgement->input;
	input.user = "nobody-here";
	assert_int_equal(judge(&input, &judgement, &err), -ERR_NOT_FOUND);
	assert_null(judgement);
	judged_done(&judged);
}

static void a_cancelled_run_gives_nothing(void **state)
{
	struct judged judged;
	struct judgement *judgement = NULL;
	struct cancel cancel = { 0 };
	struct err err = { 0 };

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	struct judge_input input = judged.judgement->input;
	input.cancel = &cancel;
	cancel_request(&cancel);
	assert_int_equal(judge(&input, &judgement, &err), -ERR_CANCELLED);
	assert_null(judgement);
	judged_done(&judged);
}

static void findings_are_sorted_errors_first_then_by_rule_then_by_path(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){
				     .config = "{'Env':null}",
				     .files = "755 0:0 tmp/\n"
					      "755 0:0 app/\n"
					      "600 0:0 app/b = x\n"
					      "600 0:0 app/a = x\n"
					      "644 0:0 home/ma-user/t = x\n"
					      "600 0:0 root/x = x\n",
			     });
	char *text = judged_text(&judged);
	assert_string_equal(text, "error ACC-004 unreadable /app/a\n"
				  "error ACC-004 unreadable /app/b\n"
				  "error ACC-006 not-writable /tmp\n"
				  "warning ACC-004 unwritable-directory /app\n"
				  "warning ACC-004 unwritable /home/ma-user/t\n"
				  "warning ACC-010 stricter /tmp\n"
				  "info ACC-005 hidden /root\n");
	free(text);
	assert_int_equal(judged.judgement->by_severity[SEVERITY_ERROR], 3);
	assert_int_equal(judged.judgement->by_severity[SEVERITY_WARNING], 3);
	assert_int_equal(judged.judgement->by_severity[SEVERITY_INFO], 1);
	judged_done(&judged);
}

static void a_note_passes_and_a_question_stays_open(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){
				     .config = "{'Env':null,'Cmd':null}",
				     .files = "644 0:0 etc/group = users:x:100:|\n",
			     });
	assert_non_null(judged_find(&judged, "MAT-GRP-001", "other-name", NULL));
	assert_int_equal(judged_status(&judged, "MAT-GRP-001"), RULE_PASS);
	assert_non_null(judged_find(&judged, "ACC-001", "no-command", NULL));
	assert_int_equal(judged_status(&judged, "ACC-001"), RULE_OPEN);
	judged_done(&judged);
}

static void identity_files_and_start_scripts_are_kept(void **state)
{
	/* clang-format off */
	static const struct {
		const char *folder, *name;
		bool kept;
	} ROWS[] = {
		{ "etc", "passwd", true }, { "etc", "group", true }, { "etc", "shadow", true },
		{ "etc", "gshadow", true }, { "home", "run.sh", true },
		{ "usr/local/bin", "docker-entrypoint.sh", true }, { "", "entrypoint.sh", true },
		{ "etc", "os-release", true }, { "etc", "ld.so.conf", true },
		{ "etc/ld.so.conf.d", "x86.conf", true }, { "etc", "ld-musl-x.path", true },
		{ "opt/venv", "pyvenv.cfg", true }, { "etc/ld.so.conf.d", "readme", false },
		{ "home", "passwd", false }, { "opt", "train.py", true }, { "etc", "", false },
		{ "usr/lib/python3.11", "os.py", false }, { "opt", "train.pyc", false },
		{ "etc/nginx/conf.d", "a.conf", true }, { "opt", "a.conf", false },
	};
	/* clang-format on */
	const struct layer_keep *keep = judge_keep();

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		assert_int_equal(keep->wanted(keep->context, ROWS[i].folder, ROWS[i].name),
				 ROWS[i].kept);
}

static void small_files_that_rules_read_are_kept(void **state)
{
	static const struct {
		const char *folder, *name;
		bool is_kept;
	} ROWS[] = {
		{ "etc", "passwd", true },          { "opt", "passwd", false },
		{ "etc/ld.so.conf.d", "a.conf", true }, { "etc", "a.conf", false },
		{ "home", "run.sh", true },         { "root/.ssh", "config", true },
		{ "root/.aws", "credentials", true }, { "root", "credentials", false },
		{ "usr/lib/python3/dist-packages", "a.pth", true }, { "opt/models", "a.pth", false },
		{ "opt", "tls.key", true },         { "etc/cron.d", "x", true },
		{ "", "start.sh", true },           { "opt", "tool.sh", true },
		{ "opt", "a.txt", false },          { "usr/share/doc", "tool.sh", false },
	};
	const struct layer_keep *keep = judge_keep();

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		if (keep->wanted(keep->context, ROWS[i].folder, ROWS[i].name) != ROWS[i].is_kept)
			fail_msg("%s/%s", ROWS[i].folder, ROWS[i].name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_files_that_rules_read_are_kept),
		cmocka_unit_test(a_good_image_has_no_finding),
		cmocka_unit_test(the_target_is_judged_whatever_the_files_say),
		cmocka_unit_test(another_user_is_resolved_in_the_image),
		cmocka_unit_test(an_unknown_user_is_an_error),
		cmocka_unit_test(a_cancelled_run_gives_nothing),
		cmocka_unit_test(findings_are_sorted_errors_first_then_by_rule_then_by_path),
		cmocka_unit_test(a_note_passes_and_a_question_stays_open),
		cmocka_unit_test(identity_files_and_start_scripts_are_kept),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
