/* Paragraphs about a finding, a path or a layer; see tui/explain.h. */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "plan/fix.h"
#include "plan/open_path.h"
#include "rule/finding_text.h"
#include "severity.h"

enum { FIXES_MOST = 8 };

static void add_lines(struct page *page, char **lines, int indent)
{
	for (size_t i = 0; lines && lines[i]; i++)
		page_add(page, ROLE_TEXT, indent, "%s", lines[i]);
	finding_why_free(lines);
}

/* ---- a finding ---- */

static void add_fixes(const struct judgement *judgement, const struct finding *finding,
		      struct page *page)
{
	const struct rule_fix *fixes[FIXES_MOST];
	size_t count = fix_options(judgement, finding, fixes, FIXES_MOST);

	if (!count)
		page_add(page, ROLE_DIM, 0, "Nothing that could be mended from here.");
	for (size_t i = 0; i < count && i < FIXES_MOST; i++) {
		char size[16];
		uint64_t bytes;
		struct err err = { 0 };

		if (fix_cost(judgement, finding, fixes[i], &bytes, &err) < 0)
			page_add(page, ROLE_TEXT, 0, "%s %s (%s)",
				 i ? "or:    " : "f fix: ", fixes[i]->title, err.text);
		else
			page_add(page, ROLE_TEXT, 0,
				 "%s %s (+%s as a new layer; rewriting adds none)",
				 i ? "or:    " : "f fix: ", fixes[i]->title,
				 text_size(size, sizeof(size), bytes));
	}
}

static void add_message(const struct app *app, const struct finding *finding, struct page *page)
{
	CLEANUP(freep) char *message = finding_message(app_judgement(app), finding);

	page_add(page, severity_role(finding->severity), 0, "%s %s %s",
		 painter_glyph(&app->painter, severity_glyph(finding->severity)), finding->rule->id,
		 message ? message : finding->rule->title);
}

static void explain_finding(const struct app *app, struct page *page)
{
	const struct finding *finding = app_finding(app);
	const struct judgement *judgement = app_judgement(app);

	if (!judgement)
		return;
	if (!finding) {
		page_add(page, ROLE_GOOD, 0, "%s",
			 judgement->findings.count ? "The finding is mended by the plan."
						   : "No findings.");
		return;
	}
	add_message(app, finding, page);
	add_lines(page, finding_why(judgement, finding), 2);
	page_add(page, ROLE_TEXT, 0, "%s", "");
	add_fixes(judgement, finding, page);
	page_add(page, ROLE_TEXT, 0, "%s", "");
	page_add(page, ROLE_DIM, 0, "Rule %s: %s (%s, %s). %s", finding->rule->id,
		 finding->rule->title, severity_name(finding->severity),
		 certainty_name(finding->rule->certainty),
		 finding->rule->source ? finding->rule->source : "");
}

/* ---- a path ---- */

/* What is asked for: the first thing that is denied, else to read it. */
static unsigned wanted_bits(const struct tree_stat *stat, unsigned granted)
{
	if (!(granted & ACCESS_READ))
		return ACCESS_READ;
	if (stat->type == TAR_DIR && !(granted & ACCESS_EXECUTE))
		return ACCESS_EXECUTE;
	return granted & ACCESS_WRITE ? ACCESS_READ : ACCESS_WRITE;
}

/* The least change that would allow to use it; nothing where it is allowed. */
static void add_open(const struct judgement *judgement, const char *path, struct page *page)
{
	CLEANUP(freep) char *line = NULL;
	struct err err = { 0 };

	if (open_path_line(judgement, path, &line, &err) < 0)
		page_add(page, ROLE_ERROR, 0, "%s", err.text);
	else if (line)
		page_add(page, ROLE_TEXT, 0, "%s", line);
}

static void add_access(const struct judgement *judgement, node_id node, const char *path,
		       const struct tree_stat *stat, struct page *page)
{
	char user[128];
	unsigned bits = 0;

	identity_text(&judgement->identity, user);
	if (!access_map_get(judgement->map, node, &bits)) {
		page_add(page, ROLE_TEXT, 0, "Only the runtime knows what %s may do here.", user);
		return;
	}
	page_add(page, bits & ACCESS_READ ? ROLE_TEXT : ROLE_WARNING, 0, "%s may%s%s%s%s", user,
		 bits & ACCESS_READ ? " read" : "", bits & ACCESS_WRITE ? " write" : "",
		 bits & ACCESS_EXECUTE ? (stat->type == TAR_DIR ? " enter" : " execute") : "",
		 bits ? "" : " do nothing with it");
	add_lines(page, path_why(judgement, path, wanted_bits(stat, bits)), 2);
	add_open(judgement, path, page);
}

static void add_findings_at(const struct app *app, node_id node, struct page *page)
{
	const struct judgement *judgement = app_judgement(app);

	for (size_t i = 0; i < judgement->findings.count; i++) {
		if (judgement->findings.items[i].node.v == node.v)
			add_message(app, &judgement->findings.items[i], page);
	}
}

static void add_history(const struct app *app, const struct tree *tree, node_id node,
			struct page *page)
{
	static const char *const WORDS[] = {
		[CHANGE_NONE] = NULL,
		[CHANGE_ADDED] = "added",
		[CHANGE_REMOVED] = "removed",
		[CHANGE_REPLACED] = "replaced",
		[CHANGE_OWNER] = "given other owner or mode",
		[CHANGE_REPEATED] = "written again as it was",
	};

	for (unsigned i = 1; i <= app->shown->layer_count; i++) {
		enum tree_change change = tree_change(tree, node, i);
		CLEANUP(freep)
		char *layer = WORDS[change] ? layer_words(app->shown->image, i) : NULL;

		if (layer)
			page_add(page, i > app->at ? ROLE_DIM : ROLE_TEXT, 0, "%s by %s",
				 WORDS[change], layer);
	}
}

static void explain_path(const struct app *app, struct page *page)
{
	unsigned at;
	const struct tree *tree = app_tree(app, &at);
	CLEANUP(freep) char *path = tree ? tree_path_new(tree, app->node) : NULL;
	struct tree_stat stat;
	char size[16];

	if (!path)
		return;
	page_add(page, ROLE_STRONG, 0, "%s", path);
	if (tree_stat(tree, app->node, at, &stat)) {
		page_add(page, ROLE_TEXT, 0,
			 "mode %04" PRIo32 ", owner %" PRId64 ":%" PRId64 ", %s%s", stat.mode,
			 stat.uid, stat.gid, text_size(size, sizeof(size), stat.size),
			 stat.flags & TREE_PLANNED   ? ", changed by the plan"
			 : stat.flags & TREE_IMPLIED ? ", no layer has a header for it"
						     : "");
		if (stat.links > 1)
			page_add(page, ROLE_TEXT, 0, "one of %" PRIu32 " names of the same file",
				 stat.links);
		if (app_is_at_top(app) && app_judgement(app)) {
			add_findings_at(app, app->node, page);
			add_access(app_judgement(app), app->node, path, &stat, page);
		}
	}
	if (app->node.v < tree_node_count(app->shown->tree))
		add_history(app, app->shown->tree, app->node, page);
}

/* ---- a layer ---- */

static void add_problems(const struct problem_list *list, struct page *page)
{
	for (size_t i = 0; list && i < list->all.count; i++) {
		const struct problem *problem = &list->all.items[i];

		page_add(page, problem_is_damage(problem->kind) ? ROLE_ERROR : ROLE_WARNING, 0,
			 "%s: %s", problem_name(problem->kind), problem->text);
	}
	if (list && list->dropped)
		page_add(page, ROLE_DIM, 0, "and %" PRIu64 " more", list->dropped);
}

static void explain_layer(const struct app *app, struct page *page)
{
	size_t i = app->at - 1;
	const struct image_layer *layer = image_layer(app->shown->image, i);
	const struct layer_index *index = app->shown->layers[i];
	char digest[DIGEST_TEXT], stored[16], decoded[16];

	page_add(page, ROLE_STRONG, 0, "Layer %u: %s", app->at,
		 layer->created_by[0] ? layer->created_by : "no history");
	if (layer->has_digest)
		page_add(page, ROLE_TEXT, 0, "digest %s", digest_text(&layer->digest, digest));
	if (layer->has_diff_id)
		page_add(page, ROLE_TEXT, 0, "diff ID %s", digest_text(&layer->diff_id, digest));
	if (index)
		page_add(page, ROLE_TEXT, 0, "%zu entries, %s stored, %s decoded, compression %s",
			 layer_entry_count(index),
			 text_size(stored, sizeof(stored), layer_stored_size(index)),
			 text_size(decoded, sizeof(decoded), layer_decoded_size(index)),
			 compression_name(layer_compression(index)));
	else if (app->shown->layer_states[i] == LAYER_UNREADABLE)
		page_add(page, ROLE_ERROR, 0, "cannot be read");
	add_problems(index ? layer_problems(index) : NULL, page);
	add_problems(app->shown->verify_problems, page);
	add_problems(image_problems(app->shown->image), page);
}

void explain(const struct app *app, struct page *page)
{
	if (!app->shown->image)
		return;
	if (app->subject == SUBJECT_FINDING)
		explain_finding(app, page);
	else if (app->subject == SUBJECT_PATH)
		explain_path(app, page);
	else if (app->at)
		explain_layer(app, page);
}
