/* Everything at once: round by round until nothing more can be mended. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/fix_priv.h"
#include "lib/fixed.h"

static const char BARE[] = "755 0:0 etc/\n755 0:0 bin/\n755 0:0 bin/sh = \177ELF\n1777 0:0 tmp/\n"
			   "755 0:0 home/\n";

#define ROOT_LINE "root:x:0:0:root:/root:/bin/sh|"
#define NEW_LINE "ma-user:x:1000:100::/home/ma-user:/bin/sh|"

/* An image as people have it, and what it is once all is mended. NULL: not looked at. */
struct situation {
	const char *name, *base, *files, *config;
	const char *passwd, *group; /* afterwards, with '|' for line ends */
	const char *user;
	enum severity left; /* nothing that is as bad is left */
};

static const struct situation SITUATIONS[] = {
	/* clang-format off */
	{ "debian: users is 100, nobody is 1000", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "\n644 0:0 etc/group = root:x:0:|users:x:100:|\n", NULL,
	  ROOT_LINE NEW_LINE, "root:x:0:|users:x:100:|", "1000", SEVERITY_WARNING },
	{ "ubuntu 24.04: ubuntu is 1000:1000", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/sh|\n"
	  "644 0:0 etc/group = root:x:0:|users:x:100:ubuntu|ubuntu:x:1000:|\n"
	  "750 1000:1000 home/ubuntu/\n", NULL,
	  ROOT_LINE "ubuntu:x:1000:100:Ubuntu:/home/ubuntu:/bin/sh|",
	  "root:x:0:|users:x:100:ubuntu|ubuntu:x:1000:ubuntu|", NULL, SEVERITY_ERROR },
	{ "node: node is 1000:1000", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "node:x:1000:1000::/home/node:/bin/sh|\n"
	  "644 0:0 etc/group = root:x:0:|users:x:100:|node:x:1000:|\n755 1000:1000 home/node/\n", NULL,
	  NULL, "root:x:0:|users:x:100:|node:x:1000:node|", NULL, SEVERITY_ERROR },
	{ "jupyter: jovyan is 1000:100", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "jovyan:x:1000:100::/home/jovyan:/bin/sh|\n"
	  "644 0:0 etc/group = root:x:0:|users:x:100:|\n755 1000:100 home/jovyan/\n", NULL,
	  ROOT_LINE "jovyan:x:1000:100::/home/jovyan:/bin/sh|", "root:x:0:|users:x:100:|", "1000",
	  SEVERITY_ERROR },
	{ "ascend: HwHiAiUser is 1000:1000", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "HwHiAiUser:x:1000:1000::/home/HwHiAiUser:/bin/sh|\n"
	  "644 0:0 etc/group = users:x:100:|HwHiAiUser:x:1000:|\n755 1000:1000 home/HwHiAiUser/\n", NULL,
	  ROOT_LINE "HwHiAiUser:x:1000:100::/home/HwHiAiUser:/bin/sh|",
	  "users:x:100:|HwHiAiUser:x:1000:HwHiAiUser|", NULL, SEVERITY_ERROR },
	{ "alpine: users is 100, guest is 405:100", BARE,
	  "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/ash|guest:x:405:100:guest:/dev/null:/sbin/nologin|\n"
	  "644 0:0 etc/group = root:x:0:root|users:x:100:games|\n640 0:42 etc/shadow = root:*::0:::::|\n", NULL,
	  "root:x:0:0:root:/root:/bin/ash|guest:x:405:100:guest:/dev/null:/sbin/nologin|" NEW_LINE,
	  "root:x:0:root|users:x:100:games|", "1000", SEVERITY_WARNING },
	{ "distroless: no shell, no 100", "755 0:0 etc/\n1777 0:0 tmp/\n",
	  "644 0:0 etc/passwd = root:x:0:0:root:/root:/sbin/nologin|nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin|\n"
	  "644 0:0 etc/group = root:x:0:|nonroot:x:65532:|\n755 0:0 app/run = \177ELF\n", "{'Cmd':['/app/run']}",
	  "root:x:0:0:root:/root:/sbin/nologin|nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin|"
	  "ma-user:x:1000:100::/home/ma-user:/sbin/nologin|",
	  "root:x:0:|nonroot:x:65532:|ma-group:x:100:|", "1000", SEVERITY_ERROR },
	{ "scratch: nothing but the program", "755 0:0 run = \177ELF\n", NULL, "{'Cmd':['/run'],'WorkingDir':null,'User':null}",
	  "root:x:0:0:root:/root:/sbin/nologin|ma-user:x:1000:100::/home/ma-user:/sbin/nologin|",
	  "root:x:0:|ma-group:x:100:|", "1000", SEVERITY_ERROR },
	{ "ma-user is 1102", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "ma-user:x:1102:1102::/home/ma-user:/bin/sh|\n"
	  "644 0:0 etc/group = root:x:0:|ma-group:x:1102:|\n750 1102:1102 home/ma-user/\n"
	  "600 1102:1102 home/ma-user/x = y\n", NULL,
	  ROOT_LINE NEW_LINE, "root:x:0:|ma-group:x:1102:|ma-group-100:x:100:|", "1000", SEVERITY_WARNING },
	{ "ma-group has another gid, 100 is users", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "\n644 0:0 etc/group = ma-group:x:1101:|users:x:100:|\n", NULL,
	  ROOT_LINE NEW_LINE, "ma-group:x:1101:|users:x:100:|", "1000", SEVERITY_WARNING },
	{ "two lines with 1000: the first wins", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE NEW_LINE "old:x:1000:1000::/:/bin/sh|\n"
	  "644 0:0 etc/group = users:x:100:|\n", NULL,
	  ROOT_LINE NEW_LINE "old:x:1000:1000::/:/bin/sh|", NULL, "1000", SEVERITY_ERROR },
	{ "the line is there, the home is not", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE NEW_LINE "\n644 0:0 etc/group = users:x:100:|\n", NULL,
	  ROOT_LINE NEW_LINE, NULL, "1000", SEVERITY_WARNING },
	{ "passwd without final newline, group with CR LF", BARE,
	  "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh\n"
	  "644 0:0 etc/group = root:x:0:\r|users:x:100:\r|\n", NULL,
	  ROOT_LINE NEW_LINE, "root:x:0:|users:x:100:|", "1000", SEVERITY_WARNING },
	{ "home is a link that leads elsewhere", "755 0:0 etc/\n755 0:0 bin/sh = \177ELF\n1777 0:0 tmp/\n755 0:0 var/home/\nl home -> var/home\n",
	  "644 0:0 etc/passwd = " ROOT_LINE "\n644 0:0 etc/group = users:x:100:|\n", NULL,
	  ROOT_LINE NEW_LINE, NULL, "1000", SEVERITY_WARNING },
	{ "runs as root below /root", BARE,
	  "644 0:0 etc/passwd = " ROOT_LINE "\n644 0:0 etc/group = users:x:100:|\n700 0:0 root/\n"
	  "755 0:0 root/conda/\n755 0:0 root/conda/python = \177ELF\n755 0:0 app/\n644 0:0 app/train.py = x\n",
	  "{'User':null,'WorkingDir':'/app','Cmd':['/root/conda/python','/app/train.py'],'Env':['HOME=/root']}",
	  ROOT_LINE NEW_LINE, NULL, "1000", SEVERITY_WARNING },
	/* clang-format on */
};

static void check_situation(const struct situation *situation)
{
	struct fixed fixed;
	char *left, *passwd, *group;

	fixed_open(&fixed, &(struct judged_input){ .base = situation->base,
						   .files = situation->files,
						   .config = situation->config });
	fixed_all(&fixed, NULL);
	left = fixed_left(&fixed, situation->left);
	if (*left)
		fail_msg("%s: left is\n%s", situation->name, left);
	passwd = fixed_text(&fixed, "/etc/passwd");
	group = fixed_text(&fixed, "/etc/group");
	if (situation->passwd && strcmp(passwd, situation->passwd) != 0)
		fail_msg("%s: passwd is %s", situation->name, passwd);
	if (situation->group && strcmp(group, situation->group) != 0)
		fail_msg("%s: group is %s", situation->name, group);
	if (situation->user && strcmp(fixed.result.config->user, situation->user) != 0)
		fail_msg("%s: User is %s", situation->name, fixed.result.config->user);
	free(left);
	free(passwd);
	free(group);
	fixed_done(&fixed);
}

static void every_situation_is_mended(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(SITUATIONS) / sizeof(*SITUATIONS); i++)
		check_situation(&SITUATIONS[i]);
}

static void a_good_image_gets_no_step(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ 0 });
	fixed_all(&fixed, NULL);
	assert_int_equal(plan_step_count(fixed.plan), 0);
	assert_int_equal(fixed.result.judgement->findings.count, 0);
	fixed_done(&fixed);
}

static void a_second_time_adds_nothing(void **state)
{
	struct fixed fixed;

	(void)state;
	for (size_t i = 0; i < sizeof(SITUATIONS) / sizeof(*SITUATIONS); i++) {
		const struct situation *situation = &SITUATIONS[i];
		size_t steps;

		fixed_open(&fixed, &(struct judged_input){ .base = situation->base,
							   .files = situation->files,
							   .config = situation->config });
		fixed_all(&fixed, NULL);
		steps = plan_step_count(fixed.plan);
		fix_result_done(&fixed.result);
		fixed_all(&fixed, NULL);
		if (plan_step_count(fixed.plan) != steps)
			fail_msg("%s: %zu steps, then %zu", situation->name, steps,
				 plan_step_count(fixed.plan));
		assert_true(steps < 30);
		fixed_done(&fixed);
	}
}

static void only_the_chosen_rules_are_mended(void **state)
{
	static const char *const rules[] = { "MAT-GRP-001", NULL };
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .config = "{'User':'root'}",
						   .files = "644 0:0 etc/group = root:x:0:|\n" });
	fixed_all(&fixed, rules);
	assert_int_equal(plan_step_count(fixed.plan), 1);
	fixed_wants(&fixed, "etc/group = root:x:0:|ma-group:x:100:|\n");
	assert_string_equal(fixed.result.config->user, "root");
	fixed_done(&fixed);
}

static void no_rule_only_judges(void **state)
{
	static const char *const rules[] = { NULL };
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .config = "{'User':'root'}" });
	fixed_all(&fixed, rules);
	assert_true(plan_is_empty(fixed.plan));
	assert_true(fixed.result.judgement->by_severity[SEVERITY_ERROR] > 0);
	fixed_done(&fixed);
}

/* A directory in a directory in a directory: each round shows the next one. */
static void what_a_fix_uncovers_is_mended_too(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(
		&fixed,
		&(struct judged_input){
			.config = "{'Cmd':['/opt/a/b/c/run']}",
			.files =
				"700 0:0 opt/\n700 0:0 opt/a/\n700 0:0 opt/a/b/\n700 0:0 opt/a/b/c/\n"
				"700 0:0 opt/a/b/c/run = \177ELF\n" });
	fixed_all(&fixed, NULL);
	fixed_wants(&fixed,
		    "opt 0701\nopt/a 0701\nopt/a/b 0701\nopt/a/b/c 0701\nopt/a/b/c/run 0710 g100\n");
	assert_int_equal(fixed.result.judgement->by_severity[SEVERITY_ERROR], 0);
	fixed_done(&fixed);
}

static void guarded_files_stay_roots(void **state)
{
	struct fixed fixed;
	static const char *const paths[] = { "etc/shadow", "etc/sudoers", "app/suid" };

	(void)state;
	fixed_open(
		&fixed,
		&(struct judged_input){
			.files =
				"640 0:42 etc/shadow = root:*:1:0:9:7:::|\n440 0:0 etc/sudoers = root|\n"
				"755 0:0 app/\n4755 0:0 app/suid = x\n644 0:0 app/x = y\n" });
	fixed_all(&fixed, NULL);
	for (size_t i = 0; i < 3; i++) {
		struct tree_stat stat;

		assert_true(tree_stat(fixed.result.tree, tree_find(fixed.result.tree, paths[i]), 2,
				      &stat));
		assert_int_equal(stat.uid, 0);
		assert_int_equal(stat.flags & TREE_PLANNED, 0);
	}
	fixed_done(&fixed);
}

static void cancelled_it_stops(void **state)
{
	struct fixed fixed;
	struct cancel cancel = { 0 };
	const struct fix_choice choice = { .cancel = &cancel };
	struct fix_result result;
	struct err err = { 0 };

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .config = "{'User':'root'}" });
	cancel_request(&cancel);
	assert_int_equal(
		fix_all(fixed.plan, &fixed.judged.judgement->input, &choice, &result, &err),
		-ERR_CANCELLED);
	fixed_done(&fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_situation_is_mended),
		cmocka_unit_test(a_good_image_gets_no_step),
		cmocka_unit_test(a_second_time_adds_nothing),
		cmocka_unit_test(only_the_chosen_rules_are_mended),
		cmocka_unit_test(no_rule_only_judges),
		cmocka_unit_test(what_a_fix_uncovers_is_mended_too),
		cmocka_unit_test(guarded_files_stay_roots),
		cmocka_unit_test(cancelled_it_stops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
