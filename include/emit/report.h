/* Reports for stdout: text for people, JSON for programs (docs: imgtui(1)). */
#ifndef EMIT_REPORT_H
#define EMIT_REPORT_H

#include <stdio.h>

#include "base/text.h"
#include "emit/forecast.h"
#include "emit/result_commands.h"
#include "image/image.h"
#include "plan/guide.h"
#include "plan/plan.h"
#include "rule/judge.h"

struct report_options {
	FILE *out;                                  /* borrowed */
	enum text_charset charset;                  /* for text */
	bool color;                                 /* for text */
	const struct problem_list *const *problems; /* NULL-ended: of source, image, layers, tree */
	/* Of nodes: */
	const struct access_map
		*map;       /* of the layer that is shown; NULL: the judgement's, at the top */
	const char *change; /* what a layer did to it, as "added"; NULL: not asked */
};

/* The findings of one image as text, grouped by rule. ERR_NOMEM; ERR_IO is left to the caller's
 * fflush(). */
int report_check_text(const struct judgement *judgement, const struct report_options *options,
		      struct err *err);

/* "imgtui.check/1", one object in one line. ERR_NOMEM. */
int report_check_json(const struct judgement *judgement, const struct report_options *options,
		      struct err *err);

/* The same object for an image that cannot be read: schema, image, error. ERR_NOMEM. */
int report_check_error_json(const char *image, const char *text,
			    const struct report_options *options, struct err *err);

/*
 * A page of HTML for people who were not at the terminal: the beginning, a
 * section for each image, the end. It needs nothing beside itself: no script,
 * no network, and its policy allows none. ERR_NOMEM.
 */
int report_html_begin(const struct report_options *options, struct err *err);
int report_check_html(const struct judgement *judgement, const struct report_options *options,
		      struct err *err);
int report_check_error_html(const char *image, const char *text,
			    const struct report_options *options, struct err *err);
void report_html_end(const struct report_options *options);

/* One node of "ls" as an object in one line. ERR_NOMEM. */
int report_node_json(const struct judgement *judgement, node_id node, unsigned at,
		     const struct report_options *options, struct err *err);

/* One node of "ls" as a line of text: access, mode, owner, size, path. ERR_NOMEM. */
int report_node_text(const struct judgement *judgement, node_id node, unsigned at,
		     const struct report_options *options, struct err *err);

/*
 * What the user may do with one absolute path, why, and the findings about it:
 * paragraphs, or an object in one line. ERR_NOMEM.
 */
int report_why_text(const struct judgement *judgement, const char *path,
		    const struct report_options *options, struct err *err);
int report_why_json(const struct judgement *judgement, const char *path,
		    const struct report_options *options, struct err *err);

/* Whether a command would start, step by step up to the obstacle. ERR_NOMEM. */
int report_start_text(const struct judgement *judgement, const struct start *start,
		      const struct report_options *options, struct err *err);
int report_start_json(const struct judgement *judgement, const struct start *start,
		      const struct report_options *options, struct err *err);

/*
 * What a plan does: its steps, then each path and each value of the config
 * before and after. Both judgements are of the image and of the plan's preview. ERR_NOMEM.
 */
int report_plan_text(const struct plan *plan, const struct judgement *before,
		     const struct judgement *after, const struct report_options *options,
		     struct err *err);

/* What each way of writing the plan costs. ERR_NOMEM. */
int report_forecast(const struct forecast *forecast, const struct report_options *options,
		    struct err *err);

/* The values of the config before and after, one line for each that changes. ERR_NOMEM. */
int report_plan_config(const struct judgement *before, const struct judgement *after,
		       const struct report_options *options, struct err *err);

/*
 * A question of the walkthrough: what is wrong, why, by which rule, and the
 * numbered fixes with what they do. ERR_NOMEM.
 */
int report_guide_question(const struct judgement *judgement, const struct guide_question *question,
			  const struct report_options *options, struct err *err);

/* What is not asked: mended by a build, or not at all, or not told by the image. Nothing, if there
 * is none. ERR_NOMEM. */
int report_guide_notes(const struct judgement *judgement, const struct report_options *options,
		       struct err *err);

/* The commands that load, test and push what was written. ERR_NOMEM. */
int report_guide_commands(const struct judgement *judgement, const struct result_file *file,
			  const struct report_options *options, struct err *err);

/* The rules of a profile with severity, source and fixes. ERR_NOMEM. */
int report_profile_text(const struct profile *profile, const struct report_options *options,
			struct err *err);

/* A line that stands out. */
void report_heading(const char *text, const struct report_options *options);

/* "3 errors, 2 warnings, 1 info", or "no findings"; coloured. */
void report_counts(const size_t by_severity[3], const struct report_options *options);

/* Manifest, config and layers as one JSON object. ERR_NOMEM. */
int report_inspect_json(const struct image *image, const struct layer_index *const *layers,
			const struct report_options *options, struct err *err);

#endif
