/* The files of the start chain, found by reading. */
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

/* "DEPTH KIND PATH" of each file but the command, joined by "; ". */
static void describe(const struct judged *judged, const struct start_files *files, char *out,
		     size_t room)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < files->count; i++) {
		const struct start_file *file = &files->items[i];
		char path[200];

		if (node_is_none(file->node))
			continue;
		tree_path(judged->tree, file->node, path, sizeof(path));
		used += (size_t)snprintf(out + used, room - used, "%s%u %s %s", used ? "; " : "",
					 file->depth, rule__start_kind_name(file->kind), path);
	}
}

static void open_files(const struct judged_input *input, struct judged *judged,
		       const struct start_files **ret_files)
{
	struct content content;

	judged_open(judged, input);
	content = (struct content){ .image = judged->image,
				    .tree = judged->tree,
				    .at = judgement_at(judged->judgement) };
	struct rule_run run = { .judgement = judged->judgement,
				.tree = judged->tree,
				.at = content.at,
				.config = judged->judgement->input.config,
				.profile = judged->profile,
				.content = &content };
	assert_int_equal(rule__start_files(&run, ret_files, NULL), 0);
}

static void check(const char *config, const char *files, const char *expected)
{
	const struct judged_input input = { .config = config, .files = files };
	const struct start_files *found;
	struct judged judged;
	char text[1000];

	open_files(&input, &judged, &found);
	describe(&judged, found, text, sizeof(text));
	assert_string_equal(text, expected);
	judged_done(&judged);
}

static void scripts_lead_to_scripts(void **state)
{
	(void)state;
	check("{'Cmd':['/bin/sh','/app/run.sh']}",
	      "755 0:0 app/\n"
	      "755 0:0 app/run.sh = . /app/env|cd /app && exec \"$HERE/b.sh\" >log|\n"
	      "644 0:0 app/env = A=1|\n"
	      "755 0:0 app/b.sh = python3 -u serve.py &|/bin/cat /etc/passwd|\n"
	      "644 0:0 app/serve.py = x|\n",
	      "1 shell /app/run.sh; 2 shell /app/env; 2 shell /app/b.sh; 3 python /app/serve.py");
}

static void a_shell_line_is_read_too(void **state)
{
	(void)state;
	check("{'Cmd':['/bin/sh','-c','cd /app; nohup ./x --flag=a.conf'],'Entrypoint':null}",
	      "755 0:0 app/\n755 0:0 app/x = #!/bin/sh|\n644 0:0 app/a.conf = x|\n",
	      "1 shell /app/x; 1 config /app/a.conf");
}

static void each_file_is_read_by_its_kind(void **state)
{
	(void)state;
	check("{'Entrypoint':['serve'],'Env':['PATH=/opt/bin:/bin'],'Cmd':null}",
	      "755 0:0 opt/\n755 0:0 opt/bin/\n"
	      "755 0:0 opt/bin/serve = #!/usr/bin/env python3|import lib.more, none|from . import "
	      "near|\n"
	      "755 0:0 opt/bin/lib/\n644 0:0 opt/bin/lib/more.py = from .. import up|\n"
	      "644 0:0 opt/bin/near.py = x\n644 0:0 opt/bin/up.py = x\n"
	      "755 0:0 opt/bin/prog = \177ELF\n",
	      "1 python /opt/bin/serve; 2 python /opt/bin/lib/more.py; 2 python "
	      "/opt/bin/near.py; 3 python /opt/bin/up.py");
	check("{'Cmd':['supervisord','-n']}",
	      "755 0:0 etc/\n644 0:0 etc/supervisord.conf = [program:x]|command=sh /home/w.sh|\n"
	      "644 0:0 home/w.sh = x|\n",
	      "1 config /etc/supervisord.conf; 2 shell /home/w.sh");
}

static void circles_and_depth_are_bounded(void **state)
{
	(void)state;
	check("{'Cmd':['/bin/sh','/a.sh']}",
	      "644 0:0 a.sh = . ./a.sh; sh /b.sh|\n644 0:0 b.sh = sh /a.sh; sh /c.sh|\n"
	      "644 0:0 c.sh = sh /d.sh|\n644 0:0 d.sh = x|\n",
	      "1 shell /a.sh; 2 shell /b.sh; 3 shell /c.sh");
}

static void programs_are_left_out(void **state)
{
	(void)state;
	check("{'Cmd':['/app/tool']}", "755 0:0 app/\n755 0:0 app/tool = \177ELF\n", "");
}

static void too_many_files_are_counted(void **state)
{
	static char files[20000];
	size_t used = (size_t)snprintf(files, sizeof(files), "644 0:0 a.sh = x");
	const struct judged_input input = { .config = "{'Cmd':['/bin/sh','/a.sh']}",
					    .files = files };
	const struct start_files *found;
	struct judged judged;

	(void)state;
	for (int i = 0; i < 70; i++)
		used += (size_t)snprintf(files + used, sizeof(files) - used, "|sh /f%d.sh", i);
	for (int i = 0; i < 70; i++)
		used += (size_t)snprintf(files + used, sizeof(files) - used,
					 "\n644 0:0 f%d.sh = x|", i);
	open_files(&input, &judged, &found);
	assert_int_equal(found->count, 65); /* and the command */
	assert_int_equal(found->left_out, 7);
	judged_done(&judged);
}

static void lines_are_trimmed_and_numbered(void **state)
{
	static const char TEXT[] = "# no\n  a \\\n b\n\n\tc\n#d \\\ne";
	const struct start_file file = { .bytes = TEXT, .len = strlen(TEXT) };
	struct start_line line = { .file = &file };
	char all[100] = "";
	size_t used = 0;

	(void)state;
	while (rule__start_line_next(&line))
		used += (size_t)snprintf(all + used, sizeof(all) - used, "%u:%.*s;", line.number,
					 (int)line.len, line.text);
	assert_string_equal(all, "2:a \\\n b;5:c;7:e;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(scripts_lead_to_scripts),
		cmocka_unit_test(a_shell_line_is_read_too),
		cmocka_unit_test(each_file_is_read_by_its_kind),
		cmocka_unit_test(circles_and_depth_are_bounded),
		cmocka_unit_test(programs_are_left_out),
		cmocka_unit_test(too_many_files_are_counted),
		cmocka_unit_test(lines_are_trimmed_and_numbered),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
