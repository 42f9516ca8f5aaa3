/*
 * A profile: a platform's rules as JSON data, with its target user and
 * parameters. Rules name predicates of core/rule/predicate.c and actions of
 * rule/action.h; nothing in a profile is code.
 */
#ifndef RULE_PROFILE_H
#define RULE_PROFILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };
enum certainty { CERTAINTY_EXACT, CERTAINTY_HEURISTIC, CERTAINTY_ASK };

const char *severity_name(enum severity severity); /* "info", "warning", "error" */
bool severity_find(const char *name, enum severity *ret_severity);
const char *certainty_name(enum certainty certainty);

/* What a rule is about. Only an image can be judged here; the others stay open without their document. */
enum rule_subject { SUBJECT_IMAGE, SUBJECT_REQUEST, SUBJECT_REGISTRY, SUBJECT_ASK };

const char *subject_name(enum rule_subject subject);

/* What could be done about a finding: an action of plan/fix.h with arguments. */
struct rule_fix {
	const char *id, *title, *action;
	const char *when; /* the case of the finding it fits; NULL: all */
	bool confirm;     /* never taken for all: only where somebody asks for it by name */
	const json_t *arguments;
};

/* The text of one case of a rule ("missing", "other-name", …), with {path}, {layer}, … in it. */
struct rule_case {
	const char *name;
	enum severity severity;
	const char *message;
};

struct rule {
	const char *id, *title, *source, *predicate;
	const char *command; /* decides an open rule, by rule/command_text.h; NULL: none */
	enum rule_subject subject;
	enum certainty certainty;
	const json_t *arguments; /* of the predicate; may be NULL */
	struct rule_case *cases;
	size_t case_count;
	struct rule_fix *fixes; /* the recommended one first */
	size_t fix_count;
};

/* How a finished image is tested or pushed, by rule/command_text.h. */
struct profile_command {
	const char *title, *source, *command;
};

struct profile;

/*
 * 'name' is a built-in profile or a file (it has a slash or ends in .json);
 * 'folders' (NULL-ended, may be NULL) are searched for NAME.json before the
 * built-in ones. ERR_NOT_FOUND lists what there is; ERR_FORMAT has file, line
 * and column, or the member and what is allowed; ERR_NOMEM.
 */
int profile_load(const char *name, const char *const *folders, struct profile **ret_profile,
		 struct err *err);
void profile_free(struct profile *profile);
void profile_freep(struct profile **profile);

const char *profile_name(const struct profile *profile);
const char *profile_title(const struct profile *profile);
size_t profile_rule_count(const struct profile *profile);
const struct rule *profile_rule(const struct profile *profile, size_t i);
size_t profile_command_count(const struct profile *profile);
const struct profile_command *profile_command(const struct profile *profile, size_t i);

/* Made to be included by others, not to be chosen. */
bool profile_is_library(const struct profile *profile);

/* Line i of what the profile is made from; NULL behind the last one. */
const char *profile_about(const struct profile *profile, size_t i);

/* A parameter, for people. */
struct profile_parameter {
	const char *name, *type, *help; /* help: "" if there is none */
	char value[1000];               /* a list with ", " between; cut at its end */
};
/* false: behind the last one. */
bool profile_parameter(const struct profile *profile, size_t i,
		       struct profile_parameter *ret_parameter);

/* "name=value" for a parameter that the profile declares, of its type. ERR_INVALID. */
int profile_set(struct profile *profile, const char *assignment, struct err *err);

/* Parameters, with their overrides; the default if there is none of that name and type. */
int64_t profile_int(const struct profile *profile, const char *name, int64_t otherwise);
bool profile_bool(const struct profile *profile, const char *name, bool otherwise);
const char *profile_string(const struct profile *profile, const char *name, const char *otherwise);
/* A string list ("scope", "expected-private", …); NULL-ended, never NULL. */
const char *const *profile_list(const struct profile *profile, const char *name);

/*
 * An argument of a rule or of a fix: its member 'name', where a string "$other"
 * stands for the parameter 'other' with its override. NULL: not there. Borrowed.
 */
const json_t *profile_argument(const struct profile *profile, const json_t *arguments,
			       const char *name);

/*
 * A document that is judged with the image: a request, or a model's
 * configuration ("request", "model-config"). Rules about one that is not there
 * stay open. ERR_NOT_FOUND, ERR_FORMAT (line and column, or no object), ERR_IO, ERR_NOMEM.
 */
int profile_read_document(struct profile *profile, const char *name, const char *path,
			  struct err *err);
/* The same from JSON, of which a reference is taken. ERR_NOMEM. */
int profile_set_document(struct profile *profile, const char *name, json_t *json, struct err *err);
/* NULL: not given. */
const json_t *profile_document(const struct profile *profile, const char *name);

/* uid and gid of the target user. */
int64_t profile_uid(const struct profile *profile);
int64_t profile_gid(const struct profile *profile);

#endif
