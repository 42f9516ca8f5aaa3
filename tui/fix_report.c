/* What "fix" prints; see tui/fix_report.h. */
#include "fix_report.h"

#include <inttypes.h>
#include <string.h>

#include "base/json.h"
#include "subcommand.h"

static void print_left(const size_t by_severity[3], const struct report_options *options)
{
	fputs("left: ", options->out);
	report_counts(by_severity, options);
	fputc('\n', options->out);
}

/* What a layer or a script cannot carry. */
static int print_by_hand(const struct image_run *run, const struct report_options *options,
			 struct err *err)
{
	const struct session_view *view = run->view;

	if ((run->cli->emit != WRITE_LAYER && run->cli->emit != WRITE_SCRIPT) ||
	    !plan_changes_config(view->plan))
		return 0;
	report_heading(run->cli->emit == WRITE_LAYER
			       ? "to be set by hand, as a layer has no config"
			       : "to be set by hand, as a script has no config",
		       options);
	return report_plan_config(view->judgement, view->preview, options, err);
}

int fix_report_plan(struct image_run *run, struct err *err)
{
	const struct report_options options = image_run_report(run);
	const struct session_view *view = run->view;
	int result = 0;

	if (plan_is_empty(view->plan))
		puts("nothing can be mended");
	else
		result =
			report_plan_text(view->plan, view->judgement, view->preview, &options, err);
	if (result == 0 && session_forecast(run->session) && !plan_needs_build(view->plan))
		result = report_forecast(session_forecast(run->session), &options, err);
	if (result == 0)
		result = print_by_hand(run, &options, err);
	if (result == 0)
		print_left(view->preview->by_severity, &options);
	if (result == 0 && run->cli->save_plan) {
		fputs("plan saved in ", stdout);
		text_visible_print(stdout, run->cli->save_plan, strlen(run->cli->save_plan),
				   options.charset);
		putchar('\n');
	}
	return result;
}

/* "1,204 paths, 3 with extended attributes, …": as many as before, or from how many. */
static void print_census(const struct tree_kept *kept)
{
	const struct {
		const char *what;
		uint64_t before, after;
	} ROWS[] = {
		{ "paths", kept->before.paths, kept->after.paths },
		{ "with extended attributes", kept->before.xattrs, kept->after.xattrs },
		{ "with capabilities", kept->before.capabilities, kept->after.capabilities },
		{ "setuid or setgid", kept->before.setid, kept->after.setid },
		{ "hard-linked", kept->before.hard_links, kept->after.hard_links },
	};

	fputs("kept:", stdout);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		printf("%s %" PRIu64, i ? "," : "", ROWS[i].before);
		if (ROWS[i].after != ROWS[i].before)
			printf(" -> %" PRIu64, ROWS[i].after);
		printf(" %s", ROWS[i].what);
	}
	putchar('\n');
}

/* Of the paths that are in both: how many differ, and in what. */
static void print_changes(const struct tree_kept *kept)
{
	const struct {
		const char *what;
		uint64_t count;
	} ROWS[] = {
		{ "new", kept->added },          { "gone", kept->removed },
		{ "owner", kept->owner },        { "mode", kept->mode },
		{ "size", kept->size },          { "time", kept->mtime },
		{ "attributes", kept->xattrs },  { "number of names", kept->links },
		{ "link target", kept->target }, { "type", kept->type },
	};
	bool any = false;

	fputs("changed:", stdout);
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		if (!ROWS[i].count)
			continue;
		printf("%s %" PRIu64 " %s", any ? "," : "", ROWS[i].count, ROWS[i].what);
		any = true;
	}
	puts(any ? "" : " no path");
}

static void print_kept(const struct write_result *written, const struct report_options *options)
{
	if (written->has_kept) {
		print_census(&written->kept);
		print_changes(&written->kept);
	}
	for (size_t i = 0; i < written->notes.all.count; i++) {
		const struct problem *note = &written->notes.all.items[i];
		const char *text = note->text;

		fputs(note->kind == PROBLEM_LEFT_OUT ? "left out: " : "note: ", stdout);
		text_visible_print(stdout, text, strlen(text), options->charset);
		putchar('\n');
	}
}

/* What the plan has, and the written does not carry. */
static void print_build(const struct image_run *run)
{
	size_t count;

	plan_packages(run->view->plan, &count);
	if (!count || run->cli->emit == WRITE_DOCKERFILE)
		return;
	puts("left out: packages, which need a build (--emit dockerfile)");
}

int fix_report_written(struct image_run *run, const size_t left[3], struct err *err)
{
	static const char *const MODES[] = {
		[EMIT_REWRITE] = "rewritten", [EMIT_APPEND] = "appended"
	};
	static const char *const KINDS[] = {
		[WRITE_LAYER] = "layer",
		[WRITE_SCRIPT] = "script",
		[WRITE_DOCKERFILE] = "Dockerfile",
	};
	const struct report_options options = image_run_report(run);
	const struct write_result *written = run->view->written;
	const struct cli *cli = run->cli;
	const char *how = plan_is_empty(run->view->plan) ? "as it is" : MODES[cli->mode];
	char size[16];
	int result;

	fputs("wrote ", stdout);
	text_visible_print(stdout, written->path, strlen(written->path), options.charset);
	if (cli->emit == WRITE_IMAGE)
		printf(" (%s, %s), %s\nconfig %s\n",
		       source_format_name(cli->to >= 0 ? (enum source_format)cli->to
						       : source_format(run->view->source)),
		       how, text_size(size, sizeof(size), written->bytes),
		       written->digest);
	else
		printf(" (%s), %s\n", KINDS[cli->emit],
		       text_size(size, sizeof(size), written->bytes));
	if (cli->emit == WRITE_LAYER) {
		printf("digest %s\ndiff ID %s\ndescriptor in ", written->digest, written->diff_id);
		text_visible_print(stdout, written->path, strlen(written->path), options.charset);
		puts(".json");
	}
	print_kept(written, &options);
	print_build(run);
	result = print_by_hand(run, &options, err);
	if (result == 0)
		print_left(left, &options);
	return result;
}

static json_t *counts_json(const size_t by_severity[3])
{
	return json_pack("{s:I, s:I, s:I}", "error", (json_int_t)by_severity[SEVERITY_ERROR],
			 "warning", (json_int_t)by_severity[SEVERITY_WARNING], "info",
			 (json_int_t)by_severity[SEVERITY_INFO]);
}

static json_t *census_json(const struct tree_census *census)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "paths", (json_int_t)census->paths, "xattrs",
			 (json_int_t)census->xattrs, "capabilities",
			 (json_int_t)census->capabilities, "setid", (json_int_t)census->setid,
			 "hard_links", (json_int_t)census->hard_links);
}

static json_t *kept_json(const struct tree_kept *kept)
{
	return json_pack("{s:o, s:o, s:{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}}",
			 "before", census_json(&kept->before), "after", census_json(&kept->after),
			 "changed", "added", (json_int_t)kept->added, "removed",
			 (json_int_t)kept->removed, "owner", (json_int_t)kept->owner, "mode",
			 (json_int_t)kept->mode, "size", (json_int_t)kept->size, "mtime",
			 (json_int_t)kept->mtime, "xattrs", (json_int_t)kept->xattrs, "links",
			 (json_int_t)kept->links, "target", (json_int_t)kept->target, "type",
			 (json_int_t)kept->type);
}

static json_t *notes_json(const struct problem_list *notes, bool left_out)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < notes->all.count; i++) {
		const char *text = notes->all.items[i].text;

		if ((notes->all.items[i].kind == PROBLEM_LEFT_OUT) == left_out)
			json_array_append_new(array, json_from_bytes(text, strlen(text)));
	}
	return array;
}

/* Members of what was written; null where nothing was. */
static json_t *written_json(const struct write_result *written)
{
	json_t *object;

	if (!written)
		return json_null();
	object = json_pack("{s:o, s:I}", "path",
			   json_from_bytes(written->path, strlen(written->path)), "bytes",
			   (json_int_t)written->bytes);
	if (object && written->digest[0])
		json_object_set_new(object, "digest", json_string(written->digest));
	if (object && written->diff_id[0])
		json_object_set_new(object, "diff_id", json_string(written->diff_id));
	if (object && written->has_kept)
		json_object_set_new(object, "kept", kept_json(&written->kept));
	if (object)
		json_object_set_new(object, "left_out", notes_json(&written->notes, true));
	if (object && written->notes.all.count)
		json_object_set_new(object, "notes", notes_json(&written->notes, false));
	return object;
}

static json_t *count_json(const struct forecast_layer *layer)
{
	const struct emit_rewrite_count *count = &layer->count;

	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "layer",
			 (json_int_t)layer->position, "mended", (json_int_t)count->mended,
			 "replaced", (json_int_t)count->replaced, "added",
			 (json_int_t)count->added, "removed", (json_int_t)count->dropped, "growth",
			 (json_int_t)count->growth, "stored", (json_int_t)layer->stored,
			 "rewritten", (json_int_t)layer->rewritten, "estimate", layer->is_estimate);
}

/* Each way with its bytes, or why it cannot be gone; null where nothing is planned. */
static json_t *forecast_json(const struct forecast *forecast)
{
	json_t *object, *layers = json_array();

	for (size_t i = 0; forecast && i < forecast->layer_count; i++)
		json_array_append_new(layers, count_json(&forecast->layers[i]));
	if (!forecast) {
		json_decref(layers);
		return json_null();
	}
	object = json_pack("{s:{s:o}, s:{s:I, s:I}, s:{s:I}, s:{s:I}}", "rewrite", "layers",
			   layers, "append", "bytes", (json_int_t)forecast->append, "layers",
			   (json_int_t)forecast->append_layers, "script", "bytes",
			   (json_int_t)forecast->append, "dockerfile", "bytes",
			   (json_int_t)forecast->build);
	for (int way = 0; object && way < FORECAST_WAYS; way++) {
		static const char *const NAMES[FORECAST_WAYS] = { "rewrite", "append", "script",
								  "dockerfile" };
		const struct err *failed = &forecast->failed[way];

		if (failed->code)
			json_object_set_new(object, NAMES[way],
					    json_pack("{s:o}", "error",
						      json_from_bytes(failed->text,
								      strlen(failed->text))));
	}
	return object;
}

int fix_report_json(struct image_run *run, const size_t left[3], struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = NULL;
	CLEANUP(freep) char *text = NULL;
	json_t *plan;
	int result = plan_to_json(run->view->plan, &plan, err);

	if (result < 0)
		return result;
	object = json_pack("{s:s, s:o, s:o, s:o, s:o, s:o}", "schema", "imgtui.fix/1", "image",
			   json_from_bytes(run->image, strlen(run->image)), "written",
			   written_json(run->view->written), "left", counts_json(left),
			   "forecast", forecast_json(session_forecast(run->session)), "plan", plan);
	/* ASCII alone: nothing of an image reaches a terminal as it is. */
	text = object ? json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
	if (!text)
		return err_nomem(err);
	puts(text);
	return 0;
}
