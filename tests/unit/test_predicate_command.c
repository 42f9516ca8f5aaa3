/* Entrypoint and Cmd: exec and shell form, wrappers, the run script. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check(rows, sizeof(rows) / sizeof(*(rows)))
#define SM(id) .profile = "sagemaker-training", .rule = (id)
#define MAI .profile = "modelarts-inference", .rule = "MAI-CMD-001"

static void train_must_start(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ SM("SMT-ENT-001"), .config = "{'User':null,'Cmd':null}", .path = "train",
		  .case_name = "not-found", .severity = SEVERITY_ERROR },
		{ SM("SMT-ENT-001"), .config = "{'User':null}", .files = "755 0:0 bin/train = \177ELF\n" },
		{ SM("SMT-ENT-001"), .config = "{'User':null}", .files = "644 0:0 bin/train = \177ELF\n",
		  .case_name = "denied", .path = "/bin/train", .severity = SEVERITY_ERROR },
		{ SM("SMT-ENT-001"), .config = "{'User':null,'Entrypoint':['/run'],'Cmd':['/none']}",
		  .files = "755 0:0 run = \177ELF\n" },
		{ SM("SMT-ENT-001"), .config = "{'User':null,'Entrypoint':['/run']}",
		  .files = "755 0:0 run = \177ELF arm64\n", .case_name = "wrong-architecture",
		  .path = "/run", .severity = SEVERITY_ERROR },
		{ .profile = "sagemaker-inference", .rule = "SMI-001", .config = "{'User':null}",
		  .files = "755 0:0 bin/train = \177ELF\n", .path = "serve",
		  .case_name = "not-found", .severity = SEVERITY_ERROR },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void shell_form_is_told_from_exec_form(void **state)
{
	static const struct judged_row ROWS[] = {
		{ SM("SMT-ENT-002"), .config = "{'Entrypoint':['/bin/sh','-c','python x.py']}",
		  .case_name = "shell", .severity = SEVERITY_WARNING, .detail = "python x.py" },
		{ SM("SMT-ENT-002"), .config = "{'Entrypoint':['bash','-lc','cd x && exec y']}",
		  .case_name = "shell-exec", .severity = SEVERITY_WARNING },
		{ SM("SMT-ENT-002"), .config = "{'Entrypoint':['/bin/sh','/run.sh']}" },
		{ SM("SMT-ENT-002"), .config = "{'Entrypoint':null}" },
		{ .profile = "sagemaker-inference",
		  .rule = "SMI-004",
		  .config = "{'Entrypoint':['/bin/sh','-c','x']}",
		  .case_name = "shell",
		  .severity = SEVERITY_WARNING },
	};

	(void)state;
	CHECK(ROWS);
}

static void tini_is_found(void **state)
{
	static const struct judged_row ROWS[] = {
		{ SM("SMT-ENT-003"), .config = "{'Entrypoint':['/usr/bin/tini','-g','--','x']}",
		  .case_name = "wrapping", .severity = SEVERITY_ERROR, .detail = "/usr/bin/tini" },
		{ SM("SMT-ENT-003"), .config = "{'Entrypoint':['tini-static','x']}",
		  .case_name = "found", .severity = SEVERITY_ERROR },
		{ SM("SMT-ENT-003"), .config = "{'Entrypoint':['/bin/sh','-c','exec tini x']}",
		  .case_name = "found", .severity = SEVERITY_ERROR },
		{ SM("SMT-ENT-003"), .config = "{'Entrypoint':['dumb-init','--','x']}",
		  .case_name = "tolerated", .severity = SEVERITY_INFO },
		{ SM("SMT-ENT-003"), .config = "{'Entrypoint':['/tinier']}" },
		{ .profile = "sagemaker-inference",
		  .rule = "SMI-005",
		  .config = "{'Entrypoint':['tini']}",
		  .case_name = "found",
		  .severity = SEVERITY_ERROR },
	};

	(void)state;
	CHECK(ROWS);
}

static void members_and_variables_are_looked_at(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ SM("SMT-ENT-004"), .case_name = "set", .severity = SEVERITY_INFO },
		{ SM("SMT-ENT-004"), .config = "{'Cmd':null}" },
		{ SM("SMT-ENT-004"), .config = "{'Cmd':[]}" },
		{ SM("SMT-ENV-001"), .files = "755 0:0 usr/lib/python3/dist-packages/sagemaker_training/\n",
		  .case_name = "missing", .severity = SEVERITY_INFO, .detail = "SAGEMAKER_PROGRAM" },
		{ SM("SMT-ENV-001"), .config = "{'Env':['SAGEMAKER_PROGRAM=x.py']}",
		  .files = "755 0:0 usr/lib/python3/dist-packages/sagemaker_training/\n" },
		{ SM("SMT-ENV-001") },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void all_forms_of_the_run_script_are_taken(void **state)
{
	static const char *const FORMS[] = {
		"{'Cmd':['/bin/sh','/home/run.sh']}",
		"{'Cmd':['sh','/home/run.sh']}",
		"{'Cmd':['bash','-x','/home/run.sh'],'Entrypoint':[]}",
		"{'Cmd':['/home/run.sh']}",
		"{'Cmd':['/bin/sh','-c','/bin/sh /home/run.sh']}",
		"{'Cmd':['/bin/sh','-c','exec /home/run.sh >x']}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(FORMS) / sizeof(*FORMS); i++) {
		const struct judged_row row = { MAI, .config = FORMS[i],
						.files = "l bin/bash -> sh\n" };

		judged_check(&row, 1);
	}
}

static void other_commands_are_told_apart(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ MAI, .config = "{'Cmd':null}", .case_name = "none", .severity = SEVERITY_ERROR },
		{ MAI, .config = "{'Cmd':null}", .set = "batch=false", .case_name = "none-lenient",
		  .severity = SEVERITY_INFO },
		{ MAI, .config = "{'Cmd':['/bin/sh','/run.sh']}", .case_name = "other",
		  .severity = SEVERITY_ERROR, .detail = "[\"/bin/sh\", \"/run.sh\"]" },
		{ MAI, .config = "{'Cmd':['x'],'Entrypoint':['/bin/sh','-c','y']}",
		  .case_name = "dead", .severity = SEVERITY_ERROR,
		  .detail = "[\"/bin/sh\", \"-c\", \"y\"]" },
		{ MAI, .config = "{'Cmd':['/home/run.sh'],'Entrypoint':['/bin/sh']}",
		  .case_name = "entrypoint", .severity = SEVERITY_WARNING },
		{ MAI, .config = "{'Cmd':['sh','/home/run.sh'],'Entrypoint':['/entry.sh']}",
		  .case_name = "wrapper", .severity = SEVERITY_WARNING },
		{ MAI, .config = "{'Cmd':['/bin/bash','/home/run.sh']}", .case_name = "no-shell",
		  .severity = SEVERITY_ERROR, .detail = "/bin/bash" },
		{ .profile = "modelarts-custom-engine", .rule = "MAI-CMD-001",
		  .config = "{'Cmd':['sh','/home/run.sh']}", .case_name = "other",
		  .severity = SEVERITY_ERROR },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(train_must_start),
		cmocka_unit_test(shell_form_is_told_from_exec_form),
		cmocka_unit_test(tini_is_found),
		cmocka_unit_test(members_and_variables_are_looked_at),
		cmocka_unit_test(all_forms_of_the_run_script_are_taken),
		cmocka_unit_test(other_commands_are_told_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
