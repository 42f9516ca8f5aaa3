/* The run script is made from the start command, and cleaned; and fixes of other platforms' users. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/fixed.h"

/* All is mended for the rule; the file then holds 'text'. */
static void check(const struct judged_input *input, const char *rule, const char *path,
		  const char *text)
{
	const char *rules[] = { rule, NULL };
	struct fixed fixed;

	fixed_open(&fixed, input);
	fixed_all(&fixed, rules);
	for (size_t i = 0; i < fixed.result.judgement->findings.count; i++) {
		if (!strcmp(fixed.result.judgement->findings.items[i].rule->id, rule))
			fail_msg("%s is still a finding", rule);
	}
	if (path) {
		char *have = fixed_text(&fixed, path);

		assert_string_equal(have, text);
		free(have);
	}
	fixed_done(&fixed);
}

static void a_run_script_is_made_from_the_start_command(void **state)
{
	(void)state;
	check(&(struct judged_input){ .profile = "modelarts-inference",
				      .config = "{'Entrypoint':['/bin/sh'],'Cmd':['-c','it$x \\u0027']}" },
	      "MAI-RUN-001", "/home/run.sh",
	      "#!/bin/sh|# Made by imgtui from Entrypoint and Cmd of the image.|"
	      "exec '/bin/sh' '-c' 'it$x '\\'''|");
}

static void line_ends_are_cleaned(void **state)
{
	(void)state;
	check(&(struct judged_input){ .profile = "modelarts-inference",
				      .files = "755 0:0 home/run.sh = #!/bin/sh\r|exec a\rb\r|\n" },
	      "MAI-RUN-001", "/home/run.sh", "#!/bin/sh|exec a\rb|");
}

static void users_of_other_platforms_are_mended(void **state)
{
	(void)state;
	check(&(struct judged_input){ .profile = "sagemaker-training", .config = "{'User':'1000'}" },
	      "SMT-USR-001", NULL, NULL);
	check(&(struct judged_input){ .profile = "nonroot", .config = "{'User':'ma-user'}" },
	      "NR-001", NULL, NULL);
	check(&(struct judged_input){ .profile = "nonroot", .config = "{'User':null}" }, "NR-001",
	      NULL, NULL);
	check(&(struct judged_input){ .profile = "nonroot", .config = "{'Env':[]}" }, "NR-005", NULL,
	      NULL);
	check(&(struct judged_input){ .profile = "nonroot",
				      .files = "750 1000:7 app/\n600 1000:7 app/x = x\n" },
	      "NR-002", NULL, NULL);
	check(&(struct judged_input){ .files = "644 0:0 etc/passwd = u:x:1000:100::/:/bin/bash|\n" },
	      "MAT-USR-004", "/etc/passwd", "u:x:1000:100::/:/bin/sh|");
	check(&(struct judged_input){ .profile = "modelarts-custom-engine",
				      .files = "644 0:0 etc/group = users:x:100:|\n" },
	      "MAT-GRP-002", "/etc/group", "users:x:100:|ma-group:x:100:|");
	check(&(struct judged_input){ .files = "755 0:0 opt/c/conda-meta/\n755 0:0 opt/c/bin/\n" },
	      "MAT-CND-001", NULL, NULL);
}

static void modes_that_stand_out_are_mended(void **state)
{
	(void)state;
	check(&(struct judged_input){ .files = "4755 0:0 bin/own = x\n" }, "MAT-SUID-001", NULL,
	      NULL);
	check(&(struct judged_input){ .files = "700 0:0 etc/\n" }, "ACC-010", NULL, NULL);
	check(&(struct judged_input){ .files = "755 0:0 app/\n644 0:0 app/x.sh = #!/bin/sh|\n" },
	      "ACC-008", NULL, NULL);
	check(&(struct judged_input){ .config = "{'Cmd':['/bin/nginx']}",
				      .files = "755 0:0 bin/nginx = \177ELF\n"
					       "755 0:0 var/log/\n755 0:0 var/log/nginx/\n" },
	      "ACC-006", NULL, NULL);
}

/* What is the matter is gone; a secret that a layer still ships is told of. */
static void check_indicator(const char *files, const char *case_name)
{
	const char *rules[] = { "MAI-MAL-001", NULL };
	struct fixed fixed;

	fixed_open(&fixed, &(struct judged_input){ .profile = "modelarts-inference", .files = files });
	if (!judged_find(&fixed.judged, rules[0], case_name, NULL))
		fail_msg("no finding %s", case_name);
	/* Nothing that removes files or rights is taken without a name. */
	fixed_all(&fixed, NULL);
	fixed.judged.judgement = (judgement_free(fixed.judged.judgement), fixed.result.judgement);
	fixed.result.judgement = NULL;
	assert_non_null(judged_find(&fixed.judged, rules[0], case_name, NULL));
	fixed_done(&fixed);

	fixed_open(&fixed, &(struct judged_input){ .profile = "modelarts-inference", .files = files });
	fixed_all(&fixed, rules);
	for (size_t i = 0; i < fixed.result.judgement->findings.count; i++) {
		const struct finding *finding = &fixed.result.judgement->findings.items[i];

		if (!strcmp(finding->rule->id, rules[0]) &&
		    !strcmp(finding->rule_case->name, case_name))
			fail_msg("%s is still a finding", case_name);
	}
	fixed_done(&fixed);
}

static void indicators_are_mended_by_name_only(void **state)
{
	(void)state;
	check_indicator("4755 0:0 opt/own = x\n", "setuid");
	check_indicator("2755 0:0 opt/own = x\n", "setgid");
	check_indicator("666 0:0 opt/own = x\n", "world-writable-file");
	check_indicator("777 0:0 opt/own/\n", "world-writable-dir");
	check_indicator("777 0:0 bin/\n", "world-writable-path");
	check_indicator("644 0:0 home/ma-user/.ssh/authorized_keys = ssh-rsa AAAA|\n", "authorized-keys");
	check_indicator("644 0:0 home/ma-user/.ssh/id_rsa = -----BEGIN RSA PRIVATE KEY-----|\n",
			"private-key");
	check_indicator("644 0:0 etc/ld.so.preload = /opt/x.so|\n", "preload-file");
	check_indicator("644 0:0 etc/cron.d/x = * * * * * root x|\n", "cron");
	check_indicator("755 0:0 tmp/x = \177ELF\n", "program-in-tmp");
}

/* A chown of the whole folder leaves what gives rights, and so does every other fix for all. */
static void no_fix_for_all_touches_what_is_guarded(void **state)
{
	static const char *const paths[] = { "app/setuid", "app/setgid", "app/cap", "app/sudoers" };
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){
				   .files = "700 0:0 app/\n4750 0:0 app/setuid = x\n"
					    "2750 0:0 app/setgid = x\ncap 750 0:0 app/cap\n"
					    "440 0:0 etc/sudoers = x|\nh app/sudoers -> etc/sudoers\n"
					    "600 0:0 app/plain = x\n" });
	fixed_all(&fixed, NULL);
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct tree_stat was, is;
		node_id node = tree_find(fixed.judged.tree, paths[i]);
		unsigned top = (unsigned)tree_layer_count(fixed.judged.tree);

		assert_true(tree_stat(fixed.judged.tree, node, top, &was));
		assert_true(tree_stat(fixed.result.tree, node, top, &is));
		if (was.mode != is.mode || was.uid != is.uid || was.gid != is.gid)
			fail_msg("%s was touched", paths[i]);
	}
	struct tree_stat plain;
	assert_true(tree_stat(fixed.result.tree, tree_find(fixed.result.tree, "app/plain"),
			      (unsigned)tree_layer_count(fixed.result.tree), &plain));
	assert_int_equal(plain.gid, 100);
	fixed_done(&fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_script_is_made_from_the_start_command),
		cmocka_unit_test(line_ends_are_cleaned),
		cmocka_unit_test(users_of_other_platforms_are_mended),
		cmocka_unit_test(modes_that_stand_out_are_mended),
		cmocka_unit_test(indicators_are_mended_by_name_only),
		cmocka_unit_test(no_fix_for_all_touches_what_is_guarded),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
