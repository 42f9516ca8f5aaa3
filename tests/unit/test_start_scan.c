/* What one file of the start chain names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/start_files.h"
#include "lib/judged.h"

struct named {
	const struct tree *tree;
	char text[500];
	size_t len;
};

static void add(struct named *named, const char *before, const char *text, const char *after)
{
	named->len += (size_t)snprintf(named->text + named->len, sizeof(named->text) - named->len,
				       "%s%s%s ", before, text, after);
}

static int note_file(void *context, node_id node, bool is_sourced, struct err *err)
{
	struct named *named = context;
	char path[100];

	(void)err;
	tree_path(named->tree, node, path, sizeof(path));
	add(named, is_sourced ? "." : "", path, "");
	return 0;
}

static int note_code(void *context, const char *code, struct err *err)
{
	(void)err;
	add(context, "(", code, ")");
	return 0;
}

/* The file lies in /app, the working directory is /home/ma-user; '.' marks what a shell reads. */
static void check(enum start_file_kind kind, const char *bytes, const char *files,
		  const char *expected)
{
	const struct start_file file = { .bytes = bytes, .len = strlen(bytes), .kind = kind };
	struct arena arena = { 0 };
	struct named named = { 0 };
	struct judged judged;

	judged_open(&judged, &(struct judged_input){ .config = "{'Env':['PATH=/opt/bin:/bin']}",
						     .files = files });
	const struct rule_run run = { .tree = judged.tree,
				      .at = 2,
				      .config = judged.judgement->input.config };
	struct start_scan scan = { .run = &run,
				   .file = &file,
				   .beside = tree_find(judged.tree, "app"),
				   .folder = tree_find(judged.tree, "home/ma-user"),
				   .arena = &arena,
				   .context = &named,
				   .found = note_file,
				   .code = note_code };
	named.tree = judged.tree;
	assert_int_equal(rule__start_scan(&scan, NULL), 0);
	assert_string_equal(named.text, expected);
	arena_done(&arena);
	judged_done(&judged);
}

#define APP(files) "755 0:0 app/\n" files

static void words_of_a_shell_that_are_files_are_named(void **state)
{
	static const char FILES[] = APP("644 0:0 app/env = x\n644 0:0 app/b.sh = x\n"
					"644 0:0 app/a.conf = x\n644 0:0 home/ma-user/b.sh = x\n");

	(void)state;
	check(START_FILE_SHELL, ". /app/env; exec \"$HERE/b.sh\" >log", FILES,
	      "./app/env /home/ma-user/b.sh ");
	check(START_FILE_SHELL, "cd /app && b.sh --flag=a.conf # env", FILES,
	      "/app/b.sh /app/a.conf ");
	check(START_FILE_SHELL, "source env", FILES, "./app/env ");
	check(START_FILE_SHELL, "sh -c 'exec x'", FILES, "(exec x) ");
}

static void commands_are_looked_for_in_path(void **state)
{
	static const char FILES[] = "755 0:0 opt/\n755 0:0 opt/bin/\n"
				    "755 0:0 opt/bin/serve = #!/usr/bin/env python3|\n"
				    "755 0:0 bin/cat = \177ELF\n";

	(void)state;
	check(START_FILE_SHELL, "nohup env A=1 serve &", FILES, "/opt/bin/serve ");
	check(START_FILE_SHELL, "serve; cat x", FILES, "/opt/bin/serve ");
	check(START_FILE_SHELL, "echo serve", FILES, "");
}

static void servers_bring_their_configuration(void **state)
{
	static const char FILES[] =
		"755 0:0 etc/nginx/\n644 0:0 etc/nginx/nginx.conf = x\n"
		"755 0:0 etc/nginx/conf.d/\n644 0:0 etc/nginx/conf.d/a.conf = x\n"
		"644 0:0 etc/nginx/conf.d/a.bak = x\n644 0:0 etc/supervisord.conf = x\n"
		"755 0:0 home/ma-user/my/\n644 0:0 home/ma-user/my/app.py = x\n";

	(void)state;
	check(START_FILE_SHELL, "nginx && gunicorn -b :80 my.app:create", FILES,
	      "./etc/nginx/nginx.conf ./etc/nginx/conf.d/a.conf /home/ma-user/my/app.py ");
	check(START_FILE_SHELL, "supervisord -n", FILES, "./etc/supervisord.conf ");
}

static void imports_of_python_are_named(void **state)
{
	static const char FILES[] = APP("755 0:0 app/lib/\n644 0:0 app/lib/more.py = x\n"
					"755 0:0 app/pack/\n644 0:0 app/pack/__init__.py = x\n"
					"644 0:0 app/near.py = x\n644 0:0 up.py = x\n"
					"644 0:0 home/ma-user/work.py = x\n");

	(void)state;
	check(START_FILE_PYTHON, "import lib.more, none, work as w\n", FILES,
	      "/app/lib/more.py /home/ma-user/work.py ");
	check(START_FILE_PYTHON, "from . import near\nfrom .. import up\n", FILES,
	      "/app/near.py /up.py ");
	check(START_FILE_PYTHON, "from pack import (a, b)\n# import near\nx = 'import near'\n",
	      FILES, "/app/pack/__init__.py ");
	check(START_FILE_SHELL, "cd /app; python3 -m lib.more", FILES,
	      "/app/lib/more.py /app/lib/more.py ");
}

static void supervisor_names_commands(void **state)
{
	static const char FILES[] = APP("644 0:0 app/w.sh = x\n");

	(void)state;
	check(START_FILE_CONFIG, "[program:x]\ncommand=sh /app/w.sh\ndirectory=/app\n", FILES,
	      "/app/w.sh ");
	check(START_FILE_OTHER, "command=sh /app/w.sh\n", FILES, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_a_shell_that_are_files_are_named),
		cmocka_unit_test(commands_are_looked_for_in_path),
		cmocka_unit_test(servers_bring_their_configuration),
		cmocka_unit_test(imports_of_python_are_named),
		cmocka_unit_test(supervisor_names_commands),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
