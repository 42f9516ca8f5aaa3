/* imgtui fix IMAGE: plan, show or write, and say what is left. */
#include <stdlib.h>
#include <string.h>

#include "fix_report.h"
#include "fix_write.h"
#include "image_run.h"
#include "plan_file.h"
#include "platforms.h"
#include "subcommand.h"

/* ---- before anything is done ---- */

static int check_usage(const struct cli *cli)
{
	const char *what = NULL;

	if (cli->all + (cli->rules.count > 0) + (cli->plan != NULL) != 1)
		what = "fix: say what to mend: one of --all, --rule ID and --plan FILE";
	else if (!cli->output && !cli->in_place && !cli->dry_run && !cli->save_plan)
		what = "fix: say where to write: -o OUT (--dry-run only shows the plan)";
	else if (cli->in_place && (cli->output || cli->to >= 0 || cli->emit != WRITE_IMAGE))
		what = "fix: --in-place writes an image into the layout that it is in: not with -o, "
		       "--to or --emit";
	else if (cli->all_platforms &&
		 (cli->emit != WRITE_IMAGE || cli->in_place || cli->save_plan))
		what = "fix: --platform all writes one image of all: not with --emit, --in-place or "
		       "--save-plan";
	else if (cli->all_platforms &&
		 (cli->to == SOURCE_DOCKER_ARCHIVE || cli->to == SOURCE_HYBRID))
		what = "fix: --platform all needs an index of platforms, which a docker-archive has "
		       "not: --to oci-archive or oci";
	else if (cli->output && strcmp(cli->output, "-") == 0)
		what = "fix: -o needs the name of a file, not '-'";
	else if (cli->emit != WRITE_IMAGE && (cli->to >= 0 || cli->tag || cli->recompress >= 0))
		what = "fix: --to, --tag and --recompress are for an image: not with --emit layer, script or "
		       "dockerfile";
	else if (cli->emit == WRITE_LAYER && cli->has_mode && cli->mode != EMIT_APPEND)
		what = "fix: --emit layer writes a new layer: not with --mode rewrite";
	else if (cli->emit != WRITE_IMAGE && cli->emit != WRITE_LAYER && cli->has_mode)
		what = "fix: --mode is for an image: not with --emit script or dockerfile";
	if (what)
		say(cli->environment->charset, "%s", what);
	return what ? EXIT_USAGE : EXIT_CLEAN;
}

static int check_rules(const struct image_run *run)
{
	const struct profile *profile = session_profile(run->session);

	for (size_t r = 0; r < run->cli->rules.count; r++) {
		size_t i = 0;

		while (i < profile_rule_count(profile) &&
		       strcmp(profile_rule(profile, i)->id, run->cli->rules.items[r]) != 0)
			i++;
		if (i < profile_rule_count(profile))
			continue;
		say(run->cli->environment->charset, "--rule: profile '%s' has no rule '%s'",
		    profile_name(profile), run->cli->rules.items[r]);
		return EXIT_USAGE;
	}
	return EXIT_CLEAN;
}

/* What is wrong with OUT is said before the work, and where there is nothing to write too. */
static int check_output(const struct image_run *run)
{
	if (run->cli->in_place && source_format(run->view->source) != SOURCE_OCI_LAYOUT) {
		image_run_say(run, "--in-place is for OCI layout folders: name an output by -o");
		return EXIT_USAGE;
	}
	if (run->cli->all_platforms && fix_write_format(run) != SOURCE_OCI_ARCHIVE &&
	    fix_write_format(run) != SOURCE_OCI_LAYOUT) {
		image_run_say(run, "--platform all is for the platforms of an OCI archive or "
				   "layout: this is a %s",
			      source_format_name(source_format(run->view->source)));
		return EXIT_USAGE;
	}
	if (!run->cli->output || run->cli->dry_run)
		return EXIT_CLEAN;
	return fix_write_check(run, run->cli->output);
}

/* ---- the plan ---- */

static int load_plan(struct image_run *run, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	int result = plan_file_read(run->cli->plan, &json, err);

	return result < 0 ? result : session_load_plan(run->session, json, err);
}

static int make_plan(struct image_run *run)
{
	const struct cli *cli = run->cli;
	struct err err = { 0 };
	int code;

	if (cli->plan
		    ? load_plan(run, &err) < 0
		    : session_fix_all(run->session, cli->all ? NULL : cli->rules.items, &err) < 0) {
		image_run_say(run, "%s%s", cli->plan ? "--plan: " : "", err.text);
		return cli->plan && err.code != ERR_NOMEM ? EXIT_USAGE : EXIT_UNREADABLE;
	}
	code = image_run_wait(run, false);
	if (code != EXIT_CLEAN || !run->view->judge_error.code)
		return code;
	image_run_say(run, "%s", run->view->judge_error.text);
	return EXIT_UNREADABLE;
}

static int save_plan(struct image_run *run)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	const struct cli *cli = run->cli;
	struct err err = { 0 };

	if (plan_to_json(run->view->plan, &json, &err) == 0 &&
	    plan_file_write(run, cli->save_plan, json, cli->force, &err) == 0)
		return EXIT_CLEAN;
	image_run_say(run, "--save-plan: %s", err.text);
	return EXIT_UNREADABLE;
}

/* ---- writing ---- */

struct fix {
	const struct cli *cli;
	struct platforms platforms;
	struct image_run *runs; /* of each platform */
};

static void fix_done(struct fix *fix)
{
	for (size_t i = 0; fix->runs && i < fix->platforms.count; i++)
		image_run_done(&fix->runs[i]);
	free(fix->runs);
	platforms_done(&fix->platforms);
}

/* Whether all plans are so. */
static bool all(const struct fix *fix, bool (*is_so)(const struct plan *))
{
	for (size_t i = 0; i < fix->platforms.count; i++) {
		if (!is_so(fix->runs[i].view->plan))
			return false;
	}
	return true;
}

/* What the user asked to have done with the plan. */
static int carry_out(struct fix *fix)
{
	const struct cli *cli = fix->cli;
	struct image_run *first = fix->runs;
	int code = EXIT_CLEAN;

	if (cli->save_plan && (code = save_plan(first)) != EXIT_CLEAN)
		return code;
	if ((!cli->output && !cli->in_place) || cli->dry_run)
		return code;
	if (all(fix, plan_is_empty) && (cli->emit != WRITE_IMAGE || cli->in_place))
		image_run_say(first, "there is nothing to mend, so nothing is written");
	else if (all(fix, plan_needs_build) && cli->emit != WRITE_DOCKERFILE)
		image_run_say(first, "all that is planned needs a build, so nothing is "
				     "written: use --emit dockerfile");
	else
		code = fix_write_all(first, fix->platforms.count, cli->output);
	return code;
}

static int report(struct image_run *run)
{
	struct err err = { 0 };
	int result;

	if (run->cli->format == FORMAT_JSON)
		result = fix_report_json(run, fix_write_left(run), &err);
	else if (run->view->written)
		result = fix_report_written(run, fix_write_left(run), &err);
	else
		result = fix_report_plan(run, &err);
	if (result == 0)
		return exit_code_of_findings(run->cli, fix_write_left(run));
	image_run_say(run, "%s", err.text);
	return EXIT_UNREADABLE;
}

static int report_all(struct fix *fix)
{
	int worst = EXIT_CLEAN;

	for (size_t i = 0; i < fix->platforms.count; i++) {
		int code;

		if (i && fix->cli->format == FORMAT_TEXT)
			putchar('\n');
		platforms_print(&fix->runs[i]);
		code = report(&fix->runs[i]);
		if (code > worst)
			worst = code;
	}
	return worst;
}

static int prepare(struct image_run *run, const struct cli *cli, const char *image)
{
	int code = image_run_open(run, cli, image, true);

	if (code == EXIT_CLEAN)
		code = image_run_damage(run);
	if (code == EXIT_CLEAN)
		image_run_disagreements(run);
	if (code == EXIT_CLEAN)
		code = check_rules(run);
	if (code == EXIT_CLEAN)
		code = check_output(run);
	return code == EXIT_CLEAN ? make_plan(run) : code;
}

int subcommand_fix(const struct cli *cli)
{
	CLEANUP(fix_done) struct fix fix = { .cli = cli };
	int code = check_usage(cli);

	if (code == EXIT_CLEAN)
		code = platforms_list(&fix.platforms, cli, cli->operands.items[0]);
	if (code != EXIT_CLEAN)
		return code;
	fix.runs = calloc(fix.platforms.count, sizeof(*fix.runs));
	if (!fix.runs) {
		say(cli->environment->charset, "out of memory");
		return EXIT_UNREADABLE;
	}
	for (size_t i = 0; code == EXIT_CLEAN && i < fix.platforms.count; i++)
		code = prepare(&fix.runs[i], cli, platforms_at(&fix.platforms, i));
	if (code == EXIT_CLEAN)
		code = carry_out(&fix);
	return code == EXIT_CLEAN ? report_all(&fix) : code;
}
