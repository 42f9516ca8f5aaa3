/* Fixes of Entrypoint, Cmd, ExposedPorts, and of logs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/plan/fix_priv.h"
#include "lib/fixed.h"

struct row {
	const char *profile, *config, *rule, *case_name, *fix;
	const char *entrypoint, *cmd, *ports; /* afterwards, as JSON; NULL: not looked at */
};

static void check_words(const char *const *words, const char *expected)
{
	char *text = config_words_text(words);

	if (expected)
		assert_string_equal(text, expected);
	free(text);
}

static void check_row(const struct row *row)
{
	struct fixed fixed;
	struct config *config;
	struct tree *tree;

	fixed_open(&fixed,
		   &(struct judged_input){ .profile = row->profile, .config = row->config });
	fixed_add(&fixed, row->rule, row->case_name, NULL, row->fix);
	assert_int_equal(plan_preview(fixed.plan, &tree, &config, NULL), 0);
	check_words((const char *const *)config->entrypoint, row->entrypoint);
	check_words((const char *const *)config->cmd, row->cmd);
	check_words((const char *const *)config->exposed_ports, row->ports);
	tree_free(tree);
	config_free(config);
	fixed_done(&fixed);
}

#define SMT "sagemaker-training"
#define MAI "modelarts-inference"
#define SHELL(line) "{'Entrypoint':['/bin/sh','-c','" line "']}"

static void each_fix_changes_its_member(void **state)
{
	/* clang-format off */
	static const struct row ROWS[] = {
		{ SMT, SHELL("exec python \\\"a b\\\" x.py"), "SMT-ENT-002", "shell-exec", "split",
		  "[\"python\", \"a b\", \"x.py\"]", NULL, NULL },
		{ SMT, SHELL("cd /app && python x.py"), "SMT-ENT-002", "shell", "wrap",
		  "[\"/bin/sh\", \"-c\", \"cd /app && exec python x.py \\\"$@\\\"\", \"--\"]", NULL, NULL },
		{ SMT, SHELL("exec python x.py"), "SMT-ENT-002", "shell-exec", "wrap",
		  "[\"/bin/sh\", \"-c\", \"exec python x.py \\\"$@\\\"\", \"--\"]", NULL, NULL },
		{ SMT, "{'Entrypoint':['tini','-g','--','/bin/x','y']}", "SMT-ENT-003", "wrapping", "unwrap",
		  "[\"/bin/x\", \"y\"]", NULL, NULL },
		{ SMT, "{'Entrypoint':['tini','--']}", "SMT-ENT-003", "wrapping", "unwrap", "[]", NULL, NULL },
		{ MAI, "{'Cmd':['x'],'Entrypoint':null}", "MAI-CMD-001", "other", "set-cmd",
		  "[]", "[\"/bin/sh\", \"/home/run.sh\"]", NULL },
		{ "modelarts-custom-engine", "{'Cmd':null}", "MAI-CMD-001", "none", "set-cmd",
		  NULL, "[\"/bin/sh\", \"/home/mind/run.sh\"]", NULL },
		{ MAI, "{'Cmd':['x'],'Entrypoint':['/bin/sh','-c','y']}", "MAI-CMD-001", "dead",
		  "clear-entrypoint", "[]", "[\"/bin/sh\", \"/home/run.sh\"]", NULL },
		{ MAI, "{'ExposedPorts':{'80':{}}}", "MAI-PRT-001", "none", "expose", NULL, NULL,
		  "[\"80\", \"8080/tcp\"]" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++)
		check_row(&ROWS[i]);
}

/* The fix of the finding is refused. */
static void check_refused(const struct row *row)
{
	struct fixed fixed;
	struct err err = { 0 };

	fixed_open(&fixed,
		   &(struct judged_input){ .profile = row->profile, .config = row->config });
	const struct finding *finding = judged_find(&fixed.judged, row->rule, row->case_name, NULL);
	assert_non_null(finding);
	const struct rule_fix *fix = fixed_option(&fixed, finding, row->fix);
	assert_non_null(fix);
	assert_int_equal(fix_add(fixed.plan, fixed.judged.judgement, finding, fix, &err),
			 -ERR_UNSUPPORTED);
	fixed_done(&fixed);
}

static void what_needs_its_shell_is_not_split(void **state)
{
	static const struct row ROWS[] = {
		{ .config = SHELL("python $X"), .fix = "split" },
		{ .config = SHELL("a && b"), .fix = "split" },
		{ .config = SHELL("A=1 b"), .fix = "split" },
		{ .config = SHELL("a | b"), .fix = "split" },
		{ .config = SHELL("a | b"), .fix = "wrap" },
		{ .config = SHELL("a &"), .fix = "wrap" },
		{ .config = SHELL("A=1 b"), .fix = "wrap" },
		{ .config = SHELL("if a; then b; fi"), .fix = "wrap" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct row row = ROWS[i];

		row.profile = SMT;
		row.rule = "SMT-ENT-002";
		row.case_name = "shell";
		check_refused(&row);
	}
}

static void a_log_becomes_a_link(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){
				   .config = "{'Cmd':['/bin/sh','/home/run.sh']}",
				   .files = "755 0:0 home/run.sh = x >/var/log/app/x.log|\n" });
	fixed_add(&fixed, "MAT-LOG-001", "found", "/home/run.sh", "link-log");
	fixed_wants(&fixed, "+d var/log 0755 u0 g0\n+d var/log/app 0755 u0 g0\n"
			    "+l var/log/app/x.log 0777 u0 g0\n");
	fixed_done(&fixed);
}

static void all_fixes_leave_the_rules_content(void **state)
{
	static const struct {
		const char *profile, *config, *files, *rule;
	} ROWS[] = {
		{ "modelarts-training", "{'Cmd':['/bin/sh','/home/run.sh']}",
		  "755 0:0 home/run.sh = x >/var/log/a.log|y >/var/log/b.log|\n", "MAT-LOG-001" },
		{ "modelarts-training", "{'Cmd':['/bin/sh','/home/run.sh']}",
		  "755 0:0 home/run.sh = x >/var/log/a.log|\n755 0:0 var/log/\n"
		  "644 0:0 var/log/a.log = old\n", "MAT-LOG-001" },
		{ MAI, "{'Cmd':['x']}", NULL, "MAI-CMD-001" },
		{ MAI, "{'Cmd':['/bin/sh','/home/run.sh']}", "755 0:0 home/run.sh = x 8080|\n",
		  "MAI-PRT-001" },
		{ SMT, SHELL("python x.py"), NULL, "SMT-ENT-002" },
		{ SMT, "{'Entrypoint':['tini','--','/bin/sh']}", NULL, "SMT-ENT-003" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct fixed fixed;

		fixed_open(&fixed, &(struct judged_input){ .profile = ROWS[i].profile,
							   .config = ROWS[i].config,
							   .files = ROWS[i].files });
		assert_true(judged_count(&fixed.judged, ROWS[i].rule) > 0);
		fixed_all(&fixed, NULL);
		for (size_t f = 0; f < fixed.result.judgement->findings.count; f++)
			assert_string_not_equal(fixed.result.judgement->findings.items[f].rule->id,
						ROWS[i].rule);
		fixed_done(&fixed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fix_changes_its_member),
		cmocka_unit_test(what_needs_its_shell_is_not_split),
		cmocka_unit_test(a_log_becomes_a_link),
		cmocka_unit_test(all_fixes_leave_the_rules_content),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
