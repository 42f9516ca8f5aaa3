/* What the files of the reports know of each other. */
#ifndef REPORT_PRIV_H
#define REPORT_PRIV_H

#include "emit/report.h"

enum { REPORT_COLUMNS = 80 };

/* How a piece of text looks where colour was asked for. */
enum report_role {
	REPORT_PLAIN,
	REPORT_STRONG,
	REPORT_DIM,
	REPORT_INFO,
	REPORT_WARNING,
	REPORT_ERROR
};

void report__begin(const struct report_options *options, enum report_role role);
void report__end(const struct report_options *options, enum report_role role);

/* The colour of a severity, and its mark: never colour alone. */
enum report_role report__severity_role(enum severity severity);
const char *report__severity_mark(const struct report_options *options, enum severity severity);

/*
 * Raw text from column 'column', where the cursor stands, to a line end: made
 * visible, broken between words, further lines indented. ERR_NOMEM.
 */
int report__paragraph(const struct report_options *options, size_t column, size_t indent,
		      const char *raw, struct err *err);

/* The same in a role, which ends before the line end. */
int report__paragraph_in(const struct report_options *options, enum report_role role, size_t column,
			 size_t indent, const char *raw, struct err *err);

/* 'text' is freed; NULL is ERR_NOMEM. For texts that were just made. */
int report__paragraph_take(const struct report_options *options, size_t column, size_t indent,
			   char *text, struct err *err);

/* Raw bytes of an image, made visible, in the line. */
void report__text(const struct report_options *options, const char *raw);

/* What a fix does and costs; raw. NULL: out of memory. free(). */
char *report__fix_words(const struct judgement *judgement, const struct finding *finding,
			const struct rule_fix *fix);

/* Findings from 'first' on of one rule and severity. */
size_t report__group_size(const struct judgement *judgement, size_t first);

/* The words of enum rule_status: "pass", "fail", "open". */
const char *report__status_name(enum rule_status status);

/* The "s" of so many. */
const char *report__plural(size_t count);

/* What a type is called in listings: 'd', "dir". */
char report__type_letter(enum tar_type type);
const char *report__type_name(enum tar_type type);

/* "root:root", numbers where there are no names; raw. NULL: out of memory. free(). */
char *report__owner(const struct judgement *judgement, const struct tree_stat *stat);

/* "r-x"; returns 'out'. */
const char *report__bits(unsigned bits, char out[4]);

/* The owner's members of an object: uid, gid, user, group. ERR_NOMEM. */
int report__set_owner(json_t *object, const struct judgement *judgement,
		      const struct tree_stat *stat, struct err *err);

/* The problems of all lists as an array; NULL: out of memory. */
json_t *report__problems_json(const struct report_options *options);

/* A string of an image, or null for NULL; NULL: out of memory. */
json_t *report__string_json(const char *text);

/* Lines of raw text as an array; NULL: out of memory. */
json_t *report__lines_json(char *const *lines);

/* A member of an object. 'value' is taken; NULL is ERR_NOMEM. */
int report__set(json_t *object, const char *key, json_t *value, struct err *err);

/* One object in one line; it is released, and NULL is ERR_NOMEM. */
int report__write_json(const struct report_options *options, json_t *json, struct err *err);

#endif
