/*
 * The walkthrough: one question at a time, in order of cause. Accounts come
 * first, then the config, then directories, then files, so that what an answer
 * mends on the way is never asked. A guide only chooses questions and keeps
 * what was skipped; the answers are steps of the plan, made by its owner.
 *
 *	guide_next(guide, judgement, &question, &err);   of the plan's preview
 *	guide_mark(guide, plan_step_count(plan), &err);  before each answer
 *	…                                                an answer, a new preview
 */
#ifndef PLAN_GUIDE_H
#define PLAN_GUIDE_H

#include <jansson.h>

#include "plan/fix_effect.h"

enum guide_stage { GUIDE_ACCOUNTS, GUIDE_CONFIG, GUIDE_DIRECTORIES, GUIDE_FILES };

/* "users and groups", "files", … */
const char *guide_stage_name(enum guide_stage stage);

enum { GUIDE_OPTIONS = 3 };

struct guide_option {
	const struct rule_fix *fix;
	struct fix_effect effect;
};

/* All borrowed from the judgement. */
struct guide_question {
	enum guide_stage stage;
	const struct finding *finding; /* the first of those that are alike */
	size_t alike; /* findings of the same rule, case and recommended fix, with this one */
	struct guide_option options[GUIDE_OPTIONS]; /* the recommended one first */
	size_t option_count;                        /* at least 1 */
	size_t number;                              /* from 1: answers so far, and this one */
	size_t left; /* questions like this that the judgement still has, with this one */
};

struct guide;

int guide_new(struct guide **ret_guide, struct err *err);
void guide_free(struct guide *guide);
void guide_freep(struct guide **guide);

/*
 * The next question about a judgement of the plan's preview. 1: there is one,
 * 0: nothing is left to ask. ERR_IO, ERR_NOMEM.
 */
int guide_next(const struct guide *guide, const struct judgement *judgement,
	       struct guide_question *ret_question, struct err *err);

/* An answer follows; the plan has so many steps before it. ERR_NOMEM. */
int guide_mark(struct guide *guide, size_t steps, struct err *err);

/* That answer changed nothing. */
void guide_unmark(struct guide *guide);

/* The finding is not asked for again; or all that are alike. As an answer: guide_mark() first.
 * ERR_NOMEM. */
int guide_skip(struct guide *guide, const struct judgement *judgement,
	       const struct guide_question *question, bool all_alike, struct err *err);

/* One answer back: how many steps the plan had before it. false: there was no answer. */
bool guide_back(struct guide *guide, size_t *ret_steps);

size_t guide_answer_count(const struct guide *guide);

/* Keys of what was skipped, for fix_choice.except; NULL-ended, borrowed until the next call. */
const char *const *guide_skipped(const struct guide *guide);

/* What cannot be mended from here, or cannot be told from the image. */
struct guide_note {
	const struct rule *rule;
	const struct finding *finding; /* the first one; NULL: the rule is open */
	size_t alike;                  /* findings of that rule and case */
	const struct rule_fix *fix;    /* that a build must do; NULL: there is none */
};

/* In the order of the judgement; at most 'room'; the count of all. */
size_t guide_notes(const struct judgement *judgement, struct guide_note *ret_notes, size_t room);

/*
 * A plan with the answers, as JSON: the object of plan_to_json() with a member
 * "guide" of profile and skipped findings. Reading takes that member alone;
 * 'steps' of the plan become answers. ERR_FORMAT names the member, ERR_NOMEM.
 */
int guide_to_json(const struct guide *guide, const struct plan *plan, const char *profile,
		  json_t **ret_json, struct err *err);
int guide_from_json(struct guide *guide, const json_t *json, size_t steps, struct err *err);

/* The profile of such an object, borrowed; NULL: it names none. */
const char *guide_json_profile(const json_t *json);

#endif
