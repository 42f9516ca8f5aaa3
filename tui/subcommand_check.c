/* imgtui check IMAGE...: the findings of each. */
#include "image_run.h"
#include "interrupt.h"
#include "platforms.h"
#include "subcommand.h"

static int (*const REPORTS[])(const struct judgement *, const struct report_options *,
			      struct err *) = {
	[FORMAT_TEXT] = report_check_text,
	[FORMAT_JSON] = report_check_json,
	[FORMAT_HTML] = report_check_html,
};

/* Where the report has a place for an image that cannot be read. */
static int (*const FAILURES[])(const char *, const char *, const struct report_options *,
			       struct err *) = {
	[FORMAT_TEXT] = NULL,
	[FORMAT_JSON] = report_check_error_json,
	[FORMAT_HTML] = report_check_error_html,
};

/* The place of the image among the others; what is wrong has been said to people. */
static int report_failure(const struct image_run *run, int code)
{
	const struct report_options options = { .out = stdout };
	const struct err *error = run->view ? &run->view->error : NULL;
	struct err err = { 0 };

	if (!FAILURES[run->cli->format] || !error || code >= EXIT_SIGNAL)
		return code;
	if (FAILURES[run->cli->format](run->image,
				       error->code ? error->text : "holds several images", &options,
				       &err) < 0)
		return EXIT_UNREADABLE;
	return code;
}

static int check(const struct cli *cli, const char *image)
{
	CLEANUP(image_run_done) struct image_run run;
	struct report_options options;
	struct err err = { 0 };
	int code = image_run_open(&run, cli, image, !cli->no_verify);

	if (code != EXIT_CLEAN)
		return report_failure(&run, code);
	options = image_run_report(&run);
	platforms_print(&run);
	if (REPORTS[cli->format](run.view->judgement, &options, &err) < 0) {
		image_run_say(&run, "%s", err.text);
		return EXIT_UNREADABLE;
	}
	/* The lines about damage come after the report, where they are seen. */
	fflush(stdout);
	code = image_run_damage(&run);
	return code != EXIT_CLEAN ? code
				  : exit_code_of_findings(cli, run.view->judgement->by_severity);
}

/* One image, or all its platforms. */
static int check_operand(const struct cli *cli, const char *image)
{
	CLEANUP(platforms_done) struct platforms platforms;
	int worst = platforms_list(&platforms, cli, image);

	for (size_t i = 0; i < platforms.count && !interrupt_signal(); i++) {
		int code;

		if (i && cli->format == FORMAT_TEXT)
			putchar('\n');
		code = check(cli, platforms_at(&platforms, i));
		if (code > worst)
			worst = code;
	}
	return worst;
}

static int check_all(const struct cli *cli)
{
	int worst = EXIT_CLEAN;

	for (size_t i = 0; i < cli->operands.count && !interrupt_signal(); i++) {
		int code;

		if (i && cli->format == FORMAT_TEXT)
			putchar('\n');
		code = check_operand(cli, cli->operands.items[i]);
		if (code > worst)
			worst = code;
	}
	return worst;
}

/* One page, whatever the number of images. */
static int check_page(const struct cli *cli)
{
	const struct report_options options = { .out = stdout };
	struct err err = { 0 };

	if (report_html_begin(&options, &err) < 0) {
		say(cli->environment->charset, "%s", err.text);
		return EXIT_UNREADABLE;
	}
	int code = check_all(cli);
	report_html_end(&options);
	return code;
}

int subcommand_check(const struct cli *cli)
{
	return cli->format == FORMAT_HTML ? check_page(cli) : check_all(cli);
}
