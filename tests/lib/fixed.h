/*
 * An image of lib/judged.h and a plan over it, for tests of fixes.
 * To be included after <cmocka.h>.
 *
 *	struct fixed fixed;
 *	fixed_open(&fixed, &(struct judged_input){ .files = "700 0:0 opt/\n" });
 *	fixed_add(&fixed, "ACC-005", "hidden", "/opt", "open-directory");
 *	fixed_wants(&fixed, "opt 0701\n");
 *	fixed_done(&fixed);
 */
#ifndef TESTS_LIB_FIXED_H
#define TESTS_LIB_FIXED_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/judged.h"
#include "lib/trees.h"
#include "plan/fix.h"

struct fixed {
	struct judged judged;
	struct plan *plan;
	struct fix_result result; /* of fixed_all() */
};

static inline void fixed_open(struct fixed *fixed, const struct judged_input *input)
{
	*fixed = (struct fixed){ 0 };
	judged_open(&fixed->judged, input);
	assert_int_equal(
		plan_new(fixed->judged.tree, image_config(fixed->judged.image), &fixed->plan, NULL),
		0);
}

static inline void fixed_done(struct fixed *fixed)
{
	fix_result_done(&fixed->result);
	plan_free(fixed->plan);
	judged_done(&fixed->judged);
}

/* The fix of a finding by its id; NULL: not offered for the case. */
static inline const struct rule_fix *fixed_option(const struct fixed *fixed,
						  const struct finding *finding, const char *id)
{
	const struct rule_fix *fixes[16];
	size_t count = fix_options(fixed->judged.judgement, finding, fixes, 16);

	assert_true(count <= 16);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(fixes[i]->id, id))
			return fixes[i];
	}
	return NULL;
}

/* fix_add() of the finding's fix with this id: what it returns. */
static inline int fixed_try(struct fixed *fixed, const char *rule, const char *case_name,
			    const char *path, const char *id, struct err *err)
{
	const struct finding *finding = judged_find(&fixed->judged, rule, case_name, path);
	const struct rule_fix *fix = finding ? fixed_option(fixed, finding, id) : NULL;

	if (!fix) {
		char *text = judged_text(&fixed->judged);

		fail_msg("no %s %s %s %s in:\n%s", rule, case_name ? case_name : "-",
			 path ? path : "-", id, text);
	}
	return fix_add(fixed->plan, fixed->judged.judgement, finding, fix, err);
}

static inline void fixed_add(struct fixed *fixed, const char *rule, const char *case_name,
			     const char *path, const char *id)
{
	struct err err = { 0 };
	int result = fixed_try(fixed, rule, case_name, path, id, &err);

	if (result < 0)
		fail_msg("%s", err.text);
	assert_int_equal(result, 1);
}

static inline void fixed_all(struct fixed *fixed, const char *const *rules)
{
	const struct fix_choice choice = { .rules = rules };
	struct err err = { 0 };

	if (fix_all(fixed->plan, &fixed->judged.judgement->input, &choice, &fixed->result, &err) <
	    0)
		fail_msg("%s", err.text);
}

static inline void fixed_print_want(FILE *out, const struct tree_want *want)
{
	static const char letters[] = { [TAR_FILE] = '-', [TAR_SYMLINK] = 'l', [TAR_DIR] = 'd' };

	if (want->remove)
		fputs("- ", out);
	if (want->create)
		fprintf(out, "+%c ", letters[want->type]);
	fprintf(out, "%s", *want->path ? want->path : "/");
	if (want->set_mode)
		fprintf(out, " %04o", want->mode);
	if (want->set_uid)
		fprintf(out, " u%" PRId64, want->uid);
	if (want->set_gid)
		fprintf(out, " g%" PRId64, want->gid);
	if (want->body)
		fputs(" = ", out);
	for (size_t i = 0; want->body && i < want->body_len; i++)
		fputc(((const char *)want->body)[i] == '\n' ? '|' : ((const char *)want->body)[i],
		      out);
	fputc('\n', out);
}

/* One line per path: "+d" if it is made, mode, "u" uid, "g" gid, "= contents" with '|' for line
 * ends. */
static inline void fixed_wants(const struct fixed *fixed, const char *expected)
{
	struct tree_want *wants;
	char *text = NULL;
	size_t count, len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	assert_int_equal(plan_merge(fixed->plan, &wants, &count, NULL), 0);
	for (size_t i = 0; i < count; i++)
		fixed_print_want(out, &wants[i]);
	fclose(out);
	free(wants);
	assert_string_equal(text, expected);
	free(text);
}

/* Findings of the final preview that are as bad as this or worse, as judged_text(). free(). */
static inline char *fixed_left(const struct fixed *fixed, enum severity least)
{
	struct judged judged = fixed->judged;
	char *all, *kept = NULL, *rest;
	size_t len;
	FILE *out = open_memstream(&kept, &len);

	assert_non_null(out);
	judged.judgement = fixed->result.judgement;
	all = judged_text(&judged);
	rest = all;
	for (char *line; (line = strsep(&rest, "\n"));) {
		bool is_info = !strncmp(line, "info", 4), is_warning = !strncmp(line, "warning", 7);

		if (!*line || (least > SEVERITY_INFO && is_info) ||
		    (least > SEVERITY_WARNING && is_warning))
			continue;
		fprintf(out, "%s\n", line);
	}
	fclose(out);
	free(all);
	return kept;
}

/* The contents of a file of the final preview, with '|' for line ends. free(). */
static inline char *fixed_text(const struct fixed *fixed, const char *path)
{
	const struct content content = {
		.image = fixed->judged.image,
		.tree = fixed->result.tree,
		.at = (unsigned)tree_layer_count(fixed->result.tree),
	};
	struct err err = { 0 };
	char *text;
	size_t len;

	if (content_load_path(&content, path, 1 << 20, NULL, &text, &len, &err) < 0)
		fail_msg("%s: %s", path, err.text);
	for (char *at = text; (at = strchr(at, '\n'));)
		*at = '|';
	return text;
}

#endif
