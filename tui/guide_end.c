/* The end of the walkthrough: what will differ, writing, and what to do with the result. */
#include <string.h>

#include "fix_report.h"
#include "fix_write.h"
#include "guide_run.h"
#include "subcommand.h"
#include "write_name.h"

static int print_notes(struct guide_run *run)
{
	const struct report_options options = image_run_report(&run->image);
	struct err err = { 0 };

	return report_guide_notes(run->image.view->preview, &options, &err) < 0
		       ? guide_run_fail(run, &err)
		       : EXIT_CLEAN;
}

/* Steps, before and after, what writing does, what is left. */
static int print_preview(struct guide_run *run)
{
	struct err err = { 0 };

	putchar('\n');
	return fix_report_plan(&run->image, &err) < 0 ? guide_run_fail(run, &err) : EXIT_CLEAN;
}

int guide_run_end(struct guide_run *run)
{
	bool is_empty = plan_is_empty(run->image.view->plan);
	int code;

	putchar('\n');
	if ((code = print_notes(run)) != EXIT_CLEAN || (code = print_preview(run)) != EXIT_CLEAN)
		return code;
	putchar('\n');
	if (is_empty && !guide_answer_count(run->guide)) {
		run->turn = TURN_LEAVE;
		return EXIT_CLEAN;
	}
	if (!guide_run_ask(run, is_empty ? "b) back  q) leave [q] "
					 : "w) write it  b) back  q) leave [w] "))
		return EXIT_CLEAN;
	if (strcmp(run->line, "b") == 0)
		return guide_run_back(run);
	if (strcmp(run->line, "q") == 0 || (is_empty && !*run->line))
		run->turn = TURN_LEAVE;
	else if (!is_empty && (strcmp(run->line, "w") == 0 || !*run->line))
		run->turn = TURN_WRITE;
	return EXIT_CLEAN;
}

/* ---- writing ---- */

/* The name of -o, or one that is asked for until it will do. */
static bool ask_output(struct guide_run *run, char path[GUIDE_LINE])
{
	const struct source *source = run->image.view->source;
	const char *from = source_path(source) ? source_path(source) : source_name(source);
	char name[GUIDE_LINE / 2], prompt[GUIDE_LINE];
	bool is_folder = fix_write_format(&run->image) == SOURCE_OCI_LAYOUT;

	write_name(from, is_folder ? "-fixed" : "-fixed.tar", name, sizeof(name));
	snprintf(prompt, sizeof(prompt), "Write to [%s] ", name);
	do {
		if (!guide_run_ask(run, prompt))
			return false;
		snprintf(path, GUIDE_LINE, "%s", *run->line ? run->line : name);
	} while (fix_write_check(&run->image, path) != EXIT_CLEAN);
	return true;
}

static int print_written(struct guide_run *run)
{
	const struct report_options options = image_run_report(&run->image);
	const struct session_view *view = run->image.view;
	const struct result_file file = {
		.path = view->written->path,
		.format = fix_write_format(&run->image),
		.tag = run->cli.tag,
	};
	struct err err = { 0 };

	if (fix_report_written(&run->image, fix_write_left(&run->image), &err) < 0)
		return guide_run_fail(run, &err);
	puts("verified: read back and judged again, it is what the plan promised\n");
	return report_guide_commands(view->preview, &file, &options, &err) < 0
		       ? guide_run_fail(run, &err)
		       : EXIT_CLEAN;
}

int guide_run_write(struct guide_run *run)
{
	char path[GUIDE_LINE];
	int code;

	if (run->cli.output)
		snprintf(path, sizeof(path), "%s", run->cli.output);
	else if (!ask_output(run, path))
		return EXIT_CLEAN;
	code = fix_write(&run->image, path);
	if (code == EXIT_CLEAN)
		code = print_written(run);
	run->turn = TURN_LEAVE;
	return code;
}
