/* What the files of the start chain say: text, port, signals, logs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"

#define CHECK(rows) judged_check(rows, sizeof(rows) / sizeof(*(rows)))
#define RUN "{'Cmd':['/bin/sh','/home/run.sh']}"
#define RUN_8080 "{'Cmd':['/bin/sh','/home/run.sh'],'ExposedPorts':{'8080/tcp':{}}}"
#define SCRIPT(text) "755 0:0 home/run.sh = " text "\n"
#define TRAINING(id) .rule = (id), .config = RUN
#define SAGEMAKER                                                                                  \
	.profile = "sagemaker-inference", .rule = "SMI-002",                                       \
	.config = "{'User':null,'Entrypoint':['/bin/sh','/home/run.sh']}"
#define INFERENCE(id) .profile = "modelarts-inference", .rule = (id), .config = RUN

static void logs_in_files_are_found(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ TRAINING("MAT-LOG-001"), .files = SCRIPT("a|python x.py >> /var/log/x.log 2>&1|"),
		  .case_name = "found", .path = "/home/run.sh", .severity = SEVERITY_WARNING,
		  .detail = "line 2 of /home/run.sh: python x.py >> /var/log/x.log 2>&1" },
		{ TRAINING("MAT-LOG-001"), .files = SCRIPT("python x.py >\"$LOG_DIR/train.log\"|"),
		  .case_name = "found", .path = "/home/run.sh", .severity = SEVERITY_WARNING },
		{ TRAINING("MAT-LOG-001"), .files = SCRIPT("python x.py >/dev/null 2>&1; tee log.txt|# > x.log|") },
		{ TRAINING("MAT-LOG-001"), .files = SCRIPT("python x.py > /var/log/x.log|")
		  "l var/log/x.log -> /dev/stdout\n" },
		{ TRAINING("MAT-LOG-001"), .files = SCRIPT("python /home/x.py|")
		  "644 0:0 home/x.py = h = logging.FileHandler('/tmp/x.log')|\n",
		  .case_name = "found", .path = "/home/x.py", .severity = SEVERITY_WARNING },
		{ TRAINING("MAT-LOG-001"), .files = SCRIPT("supervisord -c /home/s.conf|")
		  "644 0:0 home/s.conf = stdout_logfile=/var/log/x|stdout_logfile=/dev/stdout|\n",
		  .case_name = "found", .path = "/home/s.conf", .severity = SEVERITY_WARNING },
		{ INFERENCE("MAI-LOG-001"), .files = SCRIPT("gunicorn --access-logfile - --error-logfile /e a:b|"),
		  .case_name = "found", .path = "/home/run.sh", .severity = SEVERITY_WARNING },
		{ INFERENCE("MAI-LOG-001"), .files = SCRIPT("gunicorn --access-logfile - a:b|") },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void what_a_platform_does_not_do_is_found(void **state)
{
	static const struct judged_row ROWS[] = {
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("cd /home/work/x|"),
		  .case_name = "found", .path = "/home/run.sh", .severity = SEVERITY_WARNING },
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("cd /home/workspace|") },
		{ TRAINING("MAT-LN-001"), .files = SCRIPT("cd /x && ln -s a b|"),
		  .case_name = "found", .path = "/home/run.sh", .severity = SEVERITY_INFO },
		{ TRAINING("MAT-LN-001"), .files = SCRIPT("echo ln; # ln -s a b|") },
		{ TRAINING("MAT-NET-001"), .files = SCRIPT("pip3 install -r x.txt|"),
		  .case_name = "found", .path = "/home/run.sh", .severity = SEVERITY_INFO },
		{ TRAINING("MAT-NET-001"), .files = SCRIPT("pip list|") },
	};

	(void)state;
	CHECK(ROWS);
}

static void text_in_the_users_folders_is_searched_too(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("true|")
		  "755 0:0 app/\n644 0:0 app/conf.yml = a: 1|out: /home/work/out|\n",
		  .case_name = "found", .path = "/app/conf.yml", .severity = SEVERITY_WARNING,
		  .detail = "line 2 of /app/conf.yml: out: /home/work/out" },
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("true|")
		  "644 1000:100 home/ma-user/train.py = n = os.environ['DLS_TASK_NUMBER']|\n",
		  .case_name = "found", .path = "/home/ma-user/train.py", .severity = SEVERITY_WARNING },
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("true|")
		  "755 0:0 app/\n644 0:0 app/conf.yml = out: /home/ma-user/out|\n" },
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("true|")
		  "755 0:0 app/\n644 0:0 app/notes = /home/work|\n644 0:0 app/x.sh = # /home/work|\n" },
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("true|")
		  "755 0:0 app/\n755 0:0 app/site-packages/\n644 0:0 app/site-packages/x.py = '/home/work'|\n" },
		{ TRAINING("MAT-LEG-001"), .files = SCRIPT("true|") "755 0:0 srv/\n644 0:0 srv/x.py = '/home/work'|\n" },
		{ TRAINING("MAT-NET-001"), .files = SCRIPT("true|")
		  "755 0:0 app/\n644 0:0 app/x.sh = pip3 install x|\n" },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void the_command_line_is_searched_too(void **state)
{
	static const struct judged_row ROWS[] = {
		{ .rule = "MAT-NET-001",
		  .config = "{'Cmd':['/bin/sh','-c','pip install x && python y.py']}",
		  .case_name = "found",
		  .severity = SEVERITY_INFO },
	};

	(void)state;
	CHECK(ROWS);
}

static void the_port_has_a_ladder_of_evidence(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ INFERENCE("MAI-PRT-001"), .files = SCRIPT("serve|"),
		  .case_name = "none", .severity = SEVERITY_WARNING },
		{ .profile = "modelarts-inference", .rule = "MAI-PRT-001", .config = RUN_8080,
		  .files = SCRIPT("serve|"), .case_name = "only-exposed", .severity = SEVERITY_INFO },
		{ .profile = "modelarts-inference", .rule = "MAI-PRT-001", .config = RUN_8080,
		  .files = SCRIPT("serve --port 8080|") },
		{ .profile = "modelarts-inference", .rule = "MAI-PRT-001",
		  .config = "{'Env':['PORT=8080'],'ExposedPorts':{'8080':{}}}" },
		{ INFERENCE("MAI-PRT-001"), .files = SCRIPT("serve --port 8080|"),
		  .case_name = "not-exposed", .severity = SEVERITY_INFO },
		{ INFERENCE("MAI-PRT-001"), .files = SCRIPT("serve --port 18080 -p 80801|"),
		  .case_name = "other", .path = "/home/run.sh", .severity = SEVERITY_WARNING },
		{ INFERENCE("MAI-PRT-001"), .files = SCRIPT("uvicorn --host 127.0.0.1 --port 8080 a:b|"),
		  .case_name = "local", .path = "/home/run.sh", .severity = SEVERITY_WARNING },
		{ .profile = "modelarts-inference", .rule = "MAI-PRT-001", .config = RUN_8080,
		  .files = SCRIPT("nginx|gunicorn -b 127.0.0.1:8000 a:b|")
		  "755 0:0 etc/nginx/\n644 0:0 etc/nginx/nginx.conf = listen 8080;|\n" },
		{ INFERENCE("MAI-PRT-001"), .files = SCRIPT("serve --port 90|"), .set = "port=90",
		  .case_name = "not-exposed", .severity = SEVERITY_INFO },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void what_must_be_said_is_looked_for(void **state)
{
	/* clang-format off */
	static const struct judged_row ROWS[] = {
		{ INFERENCE("MAI-HLT-001"), .files = SCRIPT("serve|"),
		  .case_name = "missing", .severity = SEVERITY_WARNING },
		{ INFERENCE("MAI-HLT-001"), .files = SCRIPT("python3 -m app|") "755 0:0 home/ma-user/\n"
		  "644 0:0 home/ma-user/app.py = @app.get('/health')|\n" },
		{ .profile = "modelarts-inference", .rule = "MAI-HLT-001",
		  .config = "{'Cmd':['/bin/sh','/home/run.sh'],'Healthcheck':{'Test':['NONE']}}",
		  .files = SCRIPT("/health|"), .case_name = "note", .severity = SEVERITY_INFO },
		{ SAGEMAKER, .files = SCRIPT("serve /ping /invocations --port 8080|") },
		{ SAGEMAKER, .files = SCRIPT("serve /ping /invocations --port 9000|"),
		  .case_name = "missing", .severity = SEVERITY_WARNING, .detail = "8080" },
		{ SAGEMAKER, .files = SCRIPT("serve /ping /invocations --port 9000|"), .set = "port=9000" },
		{ SAGEMAKER, .files = SCRIPT("serve /ping /invocations --port 8080|"), .set = "port=9000",
		  .case_name = "missing", .severity = SEVERITY_WARNING, .detail = "9000" },
		{ INFERENCE("MAI-KA-001"), .files = SCRIPT("serve|"),
		  .case_name = "missing", .severity = SEVERITY_INFO },
		{ INFERENCE("MAI-KA-001"), .files = SCRIPT("serve --keep-alive 200|") },
		{ INFERENCE("MAI-SIG-001"), .files = SCRIPT("serve|"),
		  .case_name = "missing", .severity = SEVERITY_INFO },
		{ INFERENCE("MAI-SIG-001"), .files = SCRIPT("exec serve|") },
		{ .profile = "modelarts-inference", .rule = "MAI-SIG-001",
		  .config = "{'Cmd':['/bin/sh','-c','sh /home/run.sh']}",
		  .case_name = "shell", .severity = SEVERITY_WARNING },
	};
	/* clang-format on */

	(void)state;
	CHECK(ROWS);
}

static void nothing_to_read_is_an_open_question(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ .profile = "modelarts-inference",
						     .config = "{'Cmd':['/bin/sh']}" });
	assert_int_equal(judged_status(&judged, "MAI-HLT-001"), RULE_OPEN);
	assert_int_equal(judged_status(&judged, "MAI-LOG-001"), RULE_PASS);
	judged_done(&judged);
}

static void many_lines_are_one_finding_at_the_end(void **state)
{
	char files[600];
	size_t len = (size_t)snprintf(files, sizeof(files), "755 0:0 home/run.sh = ");
	struct judged judged;

	(void)state;
	for (int i = 0; i < 25; i++)
		len += (size_t)snprintf(files + len, sizeof(files) - len, "pip install x|");
	snprintf(files + len, sizeof(files) - len, "\n");
	judged_open(&judged, &(struct judged_input){ .config = RUN, .files = files });
	assert_int_equal(judged_count(&judged, "MAT-NET-001"), 21);
	assert_int_equal(judged_find(&judged, "MAT-NET-001", "more", NULL)->count, 5);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_in_files_are_found),
		cmocka_unit_test(what_a_platform_does_not_do_is_found),
		cmocka_unit_test(text_in_the_users_folders_is_searched_too),
		cmocka_unit_test(the_command_line_is_searched_too),
		cmocka_unit_test(the_port_has_a_ladder_of_evidence),
		cmocka_unit_test(what_must_be_said_is_looked_for),
		cmocka_unit_test(nothing_to_read_is_an_open_question),
		cmocka_unit_test(many_lines_are_one_finding_at_the_end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
