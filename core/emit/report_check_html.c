/*
 * The findings of images as one page: what was judged, the findings by rule,
 * every rule with its answer, the layers with their sizes, what is odd.
 */
#include <inttypes.h>
#include <string.h>

#include "html.h"
#include "plan/fix.h"
#include "report_priv.h"
#include "rule/command_text.h"
#include "rule/finding_text.h"
#include "tree/tree_usage.h"

enum { FINDINGS_MOST = 200, PROBLEMS_MOST = 200, FIXES_MOST = 8, BARS_MOST = 130 };
enum { BAR_LEFT = 90, BAR_WIDTH = 800, BAR_STEP = 18, BAR_HEIGHT = 13, BAR_TEXT = 900 };

struct page {
	const struct judgement *judgement;
	const struct report_options *options;
	FILE *out;
};

static const char *image_of(const struct page *page)
{
	return source_name(image_source(page->judgement->input.image));
}

/* ---- what was judged ---- */

static void write_fact(const struct page *page, const char *name, const char *value)
{
	fputs("<tr>", page->out);
	html__element(page->out, "th", NULL, name);
	html__element(page->out, "td", NULL, value);
	fputs("</tr>\n", page->out);
}

static void write_counts(const struct page *page)
{
	const size_t *counts = page->judgement->by_severity;

	fputs("<p>", page->out);
	for (size_t i = 3; i-- > 0;) {
		const char *name = severity_name((enum severity)i);

		/* "info" has no plural. */
		if (counts[i])
			fprintf(page->out, "<span class=\"count %s\">%zu %s%s</span>\n", name,
				counts[i], name,
				i == SEVERITY_INFO ? "" : report__plural(counts[i]));
	}
	if (!counts[0] && !counts[1] && !counts[2])
		fputs("<span class=\"count pass\">no findings</span>\n", page->out);
	fputs("</p>\n", page->out);
}

static void write_summary(const struct page *page)
{
	const struct judgement *judgement = page->judgement;
	const struct image *image = judgement->input.image;
	const struct profile *profile = judgement->input.profile;
	char user[128], number[32], named[400];

	html__element(page->out, "h1", NULL, image_of(page));
	write_counts(page);
	fputs("<table>\n", page->out);
	if (strcmp(image_name(image), image_of(page)) != 0)
		write_fact(page, "Name", image_name(image));
	snprintf(named, sizeof(named), "%s (%s)", profile_name(profile), profile_title(profile));
	write_fact(page, "Profile", named);
	write_fact(page, "User", identity_text(&judgement->identity, user));
	snprintf(number, sizeof(number), "%zu", image_layer_count(image));
	write_fact(page, "Layers", number);
	fputs("</table>\n", page->out);
}

/* ---- findings ---- */

static int write_why(const struct page *page, const struct finding *finding, struct err *err)
{
	char **lines = finding_why(page->judgement, finding);

	if (!lines)
		return err_nomem(err);
	if (lines[0])
		fputs("<ul class=\"why\">\n", page->out);
	for (size_t i = 0; lines[i]; i++)
		html__element(page->out, "li", NULL, lines[i]);
	if (lines[0])
		fputs("</ul>\n", page->out);
	finding_why_free(lines);
	return 0;
}

static int write_fixes(const struct page *page, const struct finding *finding, struct err *err)
{
	const struct rule_fix *fixes[FIXES_MOST];
	size_t count = fix_options(page->judgement, finding, fixes, FIXES_MOST);
	int rc = 0;

	if (!count)
		return 0;
	fputs("<p class=\"note\">What mends it:</p>\n<ul>\n", page->out);
	for (size_t i = 0; rc == 0 && i < count && i < FIXES_MOST; i++)
		rc = html__element_take(page->out, "li", NULL,
					report__fix_words(page->judgement, finding, fixes[i]), err);
	fputs("</ul>\n", page->out);
	return rc;
}

static int write_finding(const struct page *page, const struct finding *finding, struct err *err)
{
	int rc;

	fprintf(page->out, "<div class=\"finding %s\">\n", severity_name(finding->severity));
	rc = html__element_take(page->out, "p", NULL, finding_message(page->judgement, finding),
				err);
	if (rc == 0)
		rc = write_why(page, finding, err);
	if (rc == 0)
		rc = write_fixes(page, finding, err);
	fputs("</div>\n", page->out);
	return rc;
}

static void write_heading(const struct page *page, const struct finding *finding)
{
	const struct rule *rule = finding->rule;
	const char *severity = severity_name(finding->severity);

	fprintf(page->out, "<h3 class=\"%s\">", severity);
	html__text(page->out, rule->id);
	fprintf(page->out, " (%s%s%s) ", severity, rule->certainty == CERTAINTY_EXACT ? "" : ", ",
		rule->certainty == CERTAINTY_EXACT ? "" : certainty_name(rule->certainty));
	html__text(page->out, rule->title);
	fputs("</h3>\n", page->out);
	html__element(page->out, "p", "source", rule->source);
}

static int write_findings(const struct page *page, struct err *err)
{
	const struct judgement *judgement = page->judgement;
	int rc = 0;

	if (judgement->findings.count)
		html__element(page->out, "h2", NULL, "Findings");
	for (size_t i = 0, size; rc == 0 && i < judgement->findings.count; i += size) {
		const struct finding *group = &judgement->findings.items[i];

		size = report__group_size(judgement, i);
		write_heading(page, group);
		for (size_t f = 0; rc == 0 && f < size && f < FINDINGS_MOST; f++)
			rc = write_finding(page, &group[f], err);
		if (size > FINDINGS_MOST)
			fprintf(page->out,
				"<p class=\"note\">and %zu more (--format json lists all)</p>\n",
				size - FINDINGS_MOST);
	}
	return rc;
}

/* ---- rules ---- */

static int write_rule(const struct page *page, size_t i, struct err *err)
{
	const struct rule *rule = profile_rule(page->judgement->input.profile, i);
	enum rule_status status = page->judgement->status[i];
	int rc = 0;

	fputs("<tr>\n", page->out);
	html__element(page->out, "td", NULL, rule->id);
	html__element(page->out, "td", report__status_name(status), report__status_name(status));
	html__element(page->out, "td", NULL, subject_name(rule->subject));
	fputs("<td>", page->out);
	html__text(page->out, rule->title);
	html__element(page->out, "p", "source", rule->source);
	if (status == RULE_OPEN && rule->command) {
		fputs("<p class=\"note\">This decides it:</p>\n", page->out);
		rc = html__element_take(page->out, "code", NULL,
					command_text(page->judgement, rule->command, NULL), err);
	}
	fputs("</td>\n</tr>\n", page->out);
	return rc;
}

static int write_rules(const struct page *page, struct err *err)
{
	int rc = 0;

	fputs("<h2>Rules</h2>\n<table>\n<tr><th>Rule</th><th>Answer</th><th>About</th>"
	      "<th>What it asks for</th></tr>\n",
	      page->out);
	for (size_t i = 0; rc == 0 && i < profile_rule_count(page->judgement->input.profile); i++)
		rc = write_rule(page, i, err);
	fputs("</table>\n", page->out);
	return rc;
}

/* ---- layers ---- */

static void write_size_cell(const struct page *page, uint64_t bytes)
{
	char size[16];

	html__element(page->out, "td", "number", text_size(size, sizeof(size), bytes));
}

static void write_layer(const struct page *page, size_t i, const struct tree_usage *usage)
{
	const struct image_layer *layer = image_layer(page->judgement->input.image, i);

	fprintf(page->out, "<tr>\n<td class=\"number\">%zu</td>\n", i + 1);
	if (layer->is_missing)
		fputs("<td>missing</td>\n", page->out);
	else
		write_size_cell(page, layer->size);
	write_size_cell(page, usage->written);
	write_size_cell(page, usage->hidden);
	fputs("<td><code>", page->out);
	html__text(page->out, layer->created_by);
	fputs("</code></td>\n</tr>\n", page->out);
}

static unsigned bar_length(uint64_t bytes, uint64_t most)
{
	return most ? (unsigned)((double)bytes / (double)most * BAR_WIDTH) : 0;
}

static void write_bar(const struct page *page, size_t i, const struct tree_usage *usage,
		      uint64_t most)
{
	unsigned y = (unsigned)i * BAR_STEP, all = bar_length(usage->written, most);
	unsigned hidden = bar_length(usage->hidden, most);
	char size[16];

	if (hidden > all)
		hidden = all;
	fprintf(page->out,
		"<text x=\"0\" y=\"%u\">layer %zu</text>\n"
		"<rect class=\"shown\" x=\"%d\" y=\"%u\" width=\"%u\" height=\"%d\"/>\n"
		"<rect class=\"hidden\" x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\"/>\n"
		"<text x=\"%d\" y=\"%u\">%s</text>\n",
		y + BAR_HEIGHT - 2, i + 1, BAR_LEFT, y, all - hidden, BAR_HEIGHT,
		BAR_LEFT + all - hidden, y, hidden, BAR_HEIGHT, BAR_TEXT, y + BAR_HEIGHT - 2,
		text_size(size, sizeof(size), usage->written));
}

static void write_chart(const struct page *page, const struct tree_usage *usage, size_t count)
{
	size_t bars = count < BARS_MOST ? count : BARS_MOST;
	uint64_t most = 0;

	for (size_t i = 0; i < bars; i++)
		most = usage[i].written > most ? usage[i].written : most;
	fprintf(page->out,
		"<svg role=\"img\" viewBox=\"0 0 1000 %zu\" xmlns=\"http://www.w3.org/2000/svg\">\n"
		"<title>bytes of files by layer; what later layers hide is at the end of a bar"
		"</title>\n",
		bars * BAR_STEP);
	for (size_t i = 0; i < bars; i++)
		write_bar(page, i, &usage[i], most);
	fputs("</svg>\n", page->out);
}

static int write_layers(const struct page *page, struct err *err)
{
	size_t count = image_layer_count(page->judgement->input.image);
	CLEANUP(freep) struct tree_usage *usage = calloc(count + 1, sizeof(*usage));

	if (!usage)
		return err_nomem(err);
	if (tree_layer_count(page->judgement->input.tree) == count &&
	    tree_usage(page->judgement->input.tree, usage, err) < 0)
		return -(int)ERR_NOMEM;
	fputs("<h2>Layers</h2>\n<p class=\"note\">Hidden bytes are those of files that a later layer "
	      "replaced or removed: they are shipped all the same.</p>\n",
	      page->out);
	write_chart(page, usage, count);
	fputs("<table>\n<tr><th>Layer</th><th>Stored</th><th>Files</th><th>Hidden</th>"
	      "<th>Instruction</th></tr>\n",
	      page->out);
	for (size_t i = 0; i < count; i++)
		write_layer(page, i, &usage[i]);
	fputs("</table>\n", page->out);
	return 0;
}

/* ---- problems ---- */

static void write_problem(const struct page *page, const struct problem *problem)
{
	fprintf(page->out, "<li><span class=\"%s\">%s</span> ",
		problem_is_damage(problem->kind) ? "fail" : "open", problem_name(problem->kind));
	html__text(page->out, problem->text);
	fputs("</li>\n", page->out);
}

static void write_problems(const struct page *page)
{
	uint64_t count = 0;

	for (size_t l = 0; page->options->problems && page->options->problems[l]; l++) {
		const struct problem_list *list = page->options->problems[l];

		for (size_t i = 0; i < list->all.count; i++, count++) {
			if (!count)
				fputs("<h2>Odd about this image</h2>\n<ul>\n", page->out);
			if (count < PROBLEMS_MOST)
				write_problem(page, &list->all.items[i]);
		}
		count += list->dropped;
	}
	if (count > PROBLEMS_MOST)
		fprintf(page->out, "<li>and %" PRIu64 " more</li>\n", count - PROBLEMS_MOST);
	if (count)
		fputs("</ul>\n", page->out);
}

/* ---- the page ---- */

int report_html_begin(const struct report_options *options, struct err *err)
{
	return html__page_begin(options->out, "imgtui check", err);
}

void report_html_end(const struct report_options *options)
{
	html__page_end(options->out);
}

int report_check_html(const struct judgement *judgement, const struct report_options *options,
		      struct err *err)
{
	const struct page page = { judgement, options, options->out };
	int rc;

	fputs("<section class=\"image\">\n", page.out);
	write_summary(&page);
	rc = write_findings(&page, err);
	if (rc == 0)
		rc = write_rules(&page, err);
	if (rc == 0)
		rc = write_layers(&page, err);
	if (rc == 0)
		write_problems(&page);
	fputs("</section>\n", page.out);
	return rc;
}

int report_check_error_html(const char *image, const char *text,
			    const struct report_options *options, struct err *err)
{
	(void)err;
	fputs("<section class=\"image\">\n", options->out);
	html__element(options->out, "h1", NULL, image);
	html__element(options->out, "p", "fail", text);
	fputs("</section>\n", options->out);
	return 0;
}
