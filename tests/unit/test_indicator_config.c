/* Signs in Env and in history. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "rule/finding_text.h"

#define RULE .rule = "MAI-MAL-001", .profile = "modelarts-inference", .is_open = true
#define WARNED .severity = SEVERITY_WARNING
#define ENV(value) "{'Env':['PATH=/bin','" value "']}"

/* clang-format off */
static const struct judged_row ROWS[] = {
	{ RULE, WARNED, .case_name = "preload-env", .detail = "LD_PRELOAD", .config = ENV("LD_PRELOAD=/opt/x.so") },
	{ RULE, .config = ENV("LD_PRELOAD=") },
	{ RULE, WARNED, .case_name = "world-writable-path", .path = "/tmp", .detail = "PYTHONPATH",
	  .config = ENV("PYTHONPATH=/none:/tmp") },
	{ RULE, WARNED, .case_name = "world-writable-path", .path = "/tmp", .detail = "PATH",
	  .config = "{'Env':['PATH=/bin:/tmp:']}" },
	{ RULE, .config = ENV("PYTHONPATH=/bin::tmp") },
	{ RULE, WARNED, .case_name = "secret-env", .detail = "DB_PASSWORD", .config = ENV("DB_PASSWORD=hunter2") },
	{ RULE, WARNED, .case_name = "secret-env", .detail = "openai_api_key", .config = ENV("openai_api_key=k") },
	{ RULE, WARNED, .case_name = "secret-env", .detail = "HUAWEICLOUD_SDK_SK", .config = ENV("HUAWEICLOUD_SDK_SK=k") },
	{ RULE, WARNED, .case_name = "secret-env", .detail = "OBS_AK", .config = ENV("OBS_AK=k") },
	{ RULE, WARNED, .case_name = "secret-env", .detail = "X", .config = ENV("X=AKIAABCDEFGHIJKLMNOP") },
	{ RULE, WARNED, .case_name = "secret-env", .detail = "URL", .config = ENV("URL=https://me:hunter2@example.org/") },
	{ RULE, .config = ENV("DB_PASSWORD=") },
	{ RULE, .config = ENV("DB_PASSWORD_FILE=/run/secrets/x") },
	{ RULE, .config = ENV("TOKENIZERS_PARALLELISM=false") },
	{ RULE, .config = ENV("GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D") },
	{ RULE, .config = ENV("TASK=a") },
	{ RULE, WARNED, .case_name = "secret-history", .detail = "TOKEN", .files = "run RUN |1 TOKEN=abc /bin/sh -c x\n" },
	{ RULE, WARNED, .case_name = "secret-history", .detail = "API_KEY", .files = "run ENV A= API_KEY=\"abc\"\n" },
	{ RULE, WARNED, .case_name = "secret-history", .detail = "a key",
	  .files = "run RUN aws configure AKIAABCDEFGHIJKLMNOP\n" },
	{ RULE, .files = "run RUN TOKEN=$TOKEN PASSWORD=\"\" A=b ./x\n" },
	{ RULE, .files = "run ENV == =x\n" },
};
/* clang-format on */

static void each_value_has_its_sign(void **state)
{
	(void)state;
	judged_check(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

static void no_value_of_a_secret_is_told(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .config = ENV("DB_PASSWORD=hunter2"),
						     .files = "run ENV TOKEN=hunter2\n"
							      "644 0:0 root/.netrc = password hunter2\n",
						     .profile = "modelarts-inference" });
	assert_true(judged_count(&judged, "MAI-MAL-001") > 3);
	for (size_t i = 0; i < judged.judgement->findings.count; i++) {
		const struct finding *finding = &judged.judgement->findings.items[i];
		char *message = finding_message(judged.judgement, finding);

		assert_null(strstr(message, "hunter2"));
		free(message);
		if (finding->layer == 2)
			continue; /* its instruction is quoted, whatever it is */
		char **why = finding_why(judged.judgement, finding);
		for (size_t k = 0; why[k]; k++)
			assert_null(strstr(why[k], "hunter2"));
		finding_why_free(why);
	}
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_has_its_sign),
		cmocka_unit_test(no_value_of_a_secret_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
