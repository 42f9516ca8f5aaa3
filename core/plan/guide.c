/*
 * Which question comes next. Findings with a fix are put in order of cause;
 * the first one with a fix that would change something is asked about. Marks
 * keep how far plan and skipped findings were before each answer.
 */
#include "plan/guide.h"

#include <string.h>

#include "guide_priv.h"
#include "rule/finding_key.h"

/* A fix of these comes in its stage, in this order; others by what they are about. */
static const struct {
	bool is_set;
	enum guide_stage stage;
	unsigned order;
} PLACES[ACTIONS] = {
	/* clang-format off */
	[ACTION_CLEAN_IDENTITY_FILE] = { true, GUIDE_ACCOUNTS, 0 },
	[ACTION_ADD_GROUP]           = { true, GUIDE_ACCOUNTS, 1 },
	[ACTION_ADD_USER]            = { true, GUIDE_ACCOUNTS, 2 },
	[ACTION_SET_USER_IDS]        = { true, GUIDE_ACCOUNTS, 2 },
	[ACTION_SET_PRIMARY_GROUP]   = { true, GUIDE_ACCOUNTS, 3 },
	[ACTION_SET_CONFIG_USER]     = { true, GUIDE_CONFIG, 0 },
	[ACTION_ADD_GROUP_ALIAS]     = { true, GUIDE_ACCOUNTS, 3 },
	[ACTION_SET_LOGIN_SHELL]     = { true, GUIDE_ACCOUNTS, 3 },
	[ACTION_CLEAR_CONFIG_USER]   = { true, GUIDE_CONFIG, 0 },
	[ACTION_NUMBER_CONFIG_USER]  = { true, GUIDE_CONFIG, 0 },
	[ACTION_SET_CONFIG_WORKDIR]  = { true, GUIDE_CONFIG, 1 },
	[ACTION_SET_CONFIG_ENV]      = { true, GUIDE_CONFIG, 1 },
	[ACTION_REMOVE_CONFIG_ENV]   = { true, GUIDE_CONFIG, 1 },
	[ACTION_PREPEND_CONFIG_PATH] = { true, GUIDE_CONFIG, 1 },
	[ACTION_WRITE_RUN_SCRIPT]    = { true, GUIDE_CONFIG, 1 },
	[ACTION_SET_CONFIG_ENTRYPOINT] = { true, GUIDE_CONFIG, 2 },
	[ACTION_SET_CONFIG_CMD]      = { true, GUIDE_CONFIG, 2 },
	[ACTION_EXPOSE_PORT]         = { true, GUIDE_CONFIG, 3 },
	[ACTION_CREATE_HOME]         = { true, GUIDE_DIRECTORIES, 0 },
	[ACTION_OWN_HOME]            = { true, GUIDE_DIRECTORIES, 0 },
	[ACTION_CHMOD_SEARCH]        = { true, GUIDE_DIRECTORIES, 1 },
	[ACTION_MAKE_DIRECTORY_MODE] = { true, GUIDE_DIRECTORIES, 1 },
	/* clang-format on */
};

const char *guide_stage_name(enum guide_stage stage)
{
	static const char *const NAMES[] = {
		[GUIDE_ACCOUNTS] = "users and groups",
		[GUIDE_CONFIG] = "config",
		[GUIDE_DIRECTORIES] = "directories",
		[GUIDE_FILES] = "files",
	};

	return NAMES[stage];
}

bool guide__place(enum action action, enum guide_stage *ret_stage)
{
	*ret_stage = PLACES[action].stage;
	return PLACES[action].is_set;
}

int guide_new(struct guide **ret_guide, struct err *err)
{
	struct guide *guide = calloc(1, sizeof(*guide));

	if (!guide)
		return err_nomem(err);
	*ret_guide = guide;
	return 0;
}

static void drop_skipped(struct guide *guide, size_t count)
{
	while (guide->skipped.count > count)
		free(guide->skipped.items[--guide->skipped.count]);
}

void guide_free(struct guide *guide)
{
	if (!guide)
		return;
	drop_skipped(guide, 0);
	VEC_DONE(&guide->skipped);
	VEC_DONE(&guide->marks);
	free(guide);
}

void guide_freep(struct guide **guide)
{
	guide_free(*guide);
}

/* ---- answers ---- */

int guide_mark(struct guide *guide, size_t steps, struct err *err)
{
	const struct guide_mark mark = { .steps = steps, .skipped = guide->skipped.count };

	return VEC_PUSH(&guide->marks, mark, err);
}

void guide_unmark(struct guide *guide)
{
	if (guide->marks.count)
		guide->marks.count--;
}

bool guide_back(struct guide *guide, size_t *ret_steps)
{
	if (!guide->marks.count)
		return false;
	const struct guide_mark *mark = &guide->marks.items[--guide->marks.count];

	drop_skipped(guide, mark->skipped);
	*ret_steps = mark->steps;
	return true;
}

size_t guide_answer_count(const struct guide *guide)
{
	return guide->marks.count;
}

int guide__add_skipped(struct guide *guide, char *key, struct err *err)
{
	/* One more than there are: the list is NULL-ended. */
	if (!key || VEC_RESERVE(&guide->skipped, 2, err) < 0) {
		free(key);
		return err_nomem(err);
	}
	guide->skipped.items[guide->skipped.count++] = key;
	return 0;
}

int guide_skip(struct guide *guide, const struct judgement *judgement,
	       const struct guide_question *question, bool all_alike, struct err *err)
{
	return guide__add_skipped(guide,
				  all_alike ? finding_kind_key(question->finding)
					    : finding_key(judgement, question->finding),
				  err);
}

const char *const *guide_skipped(const struct guide *guide)
{
	static const char *const none[] = { NULL };

	if (!guide->skipped.count)
		return none;
	guide->skipped.items[guide->skipped.count] = NULL;
	return (const char *const *)guide->skipped.items;
}

/* ---- kinds of findings ---- */

/*
 * Trying a fix costs much more than counting a finding. Of those of one case
 * few are tried: where so many stay as they are, the others do, too.
 */
enum { KINDS_MOST = 256, TRIES_MOST = 32 };

struct kinds {
	struct kind {
		const struct rule_case *rule_case;
		size_t tries;
	} items[KINDS_MOST];
	size_t count;
};

/* NULL: there are too many. */
static struct kind *find_kind(struct kinds *kinds, const struct rule_case *rule_case)
{
	size_t i = 0;

	while (i < kinds->count && kinds->items[i].rule_case != rule_case)
		i++;
	if (i == KINDS_MOST)
		return NULL;
	if (i == kinds->count)
		kinds->items[kinds->count++] = (struct kind){ .rule_case = rule_case };
	return &kinds->items[i];
}

static bool may_try(struct kinds *kinds, const struct rule_case *rule_case)
{
	struct kind *kind = find_kind(kinds, rule_case);

	return kind && kind->tries++ < TRIES_MOST;
}

/* ---- the order of causes ---- */

struct candidate {
	const struct finding *finding;
	enum guide_stage stage;
	unsigned order;
};

static bool is_about_directory(const struct judgement *judgement, const struct finding *finding)
{
	node_id node = node_is_none(finding->blocker) ? finding->node : finding->blocker;
	struct tree_stat stat;

	return !node_is_none(node) &&
	       tree_stat(judgement->input.tree, node, judgement_at(judgement), &stat) &&
	       stat.type == TAR_DIR;
}

/* false: nothing that could be done from here. */
static bool place(const struct judgement *judgement, const struct finding *finding,
		  struct candidate *ret_candidate)
{
	const struct rule_fix *fixes[GUIDE_FIXES];
	size_t count = fix_options(judgement, finding, fixes, GUIDE_FIXES);

	for (size_t i = 0; i < count && i < GUIDE_FIXES; i++) {
		struct candidate candidate = { .finding = finding };
		enum guide_stage stage;
		enum action action;

		if (!action_find(fixes[i]->action, &action) || action_needs_build(action) ||
		    fixes[i]->confirm)
			continue;
		candidate.stage =
			is_about_directory(judgement, finding) ? GUIDE_DIRECTORIES : GUIDE_FILES;
		candidate.order = 2;
		if (guide__place(action, &stage)) {
			candidate.stage = stage;
			candidate.order = PLACES[action].order;
		}
		*ret_candidate = candidate;
		return true;
	}
	return false;
}

/* Findings are in one array, the worst first, then by rule and path. */
static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a, *right = b;

	if (left->stage != right->stage)
		return left->stage < right->stage ? -1 : 1;
	if (left->order != right->order)
		return left->order < right->order ? -1 : 1;
	return (left->finding > right->finding) - (left->finding < right->finding);
}

struct candidates {
	struct candidate *items;
	size_t count;
};

static void candidates_done(struct candidates *all)
{
	free(all->items);
}

static int find_candidates(const struct guide *guide, const struct judgement *judgement,
			   struct candidates *ret_all, struct err *err)
{
	const char *const *skipped = guide_skipped(guide);
	struct candidates all = { .items = calloc(judgement->findings.count + 1,
						  sizeof(*all.items)) };

	if (!all.items)
		return err_nomem(err);
	for (size_t i = 0; i < judgement->findings.count; i++) {
		const struct finding *finding = &judgement->findings.items[i];
		int among;

		if (!place(judgement, finding, &all.items[all.count]))
			continue;
		among = finding_key_among(skipped, judgement, finding);
		if (among < 0) {
			candidates_done(&all);
			return err_nomem(err);
		}
		all.count += !among;
	}
	qsort(all.items, all.count, sizeof(*all.items), compare_candidates);
	*ret_all = all;
	return 0;
}

/* ---- the question ---- */

/* The fixes of a finding that would change something. */
static int find_options(const struct judgement *judgement, const struct finding *finding,
			struct guide_question *question, struct err *err)
{
	const struct rule_fix *fixes[GUIDE_FIXES];
	size_t count = fix_options(judgement, finding, fixes, GUIDE_FIXES);

	question->option_count = 0;
	for (size_t i = 0; i < count && i < GUIDE_FIXES && question->option_count < GUIDE_OPTIONS;
	     i++) {
		struct guide_option *option = &question->options[question->option_count];
		int result = fix_effect(judgement, finding, fixes[i], &option->effect, err);

		if (result < 0)
			return result;
		option->fix = fixes[i];
		question->option_count += option->effect.outcome == FIX_CHANGES;
	}
	return 0;
}

/* Cases among the candidates: so many questions, if all alike are answered at once. */
static size_t count_kinds(const struct candidates *all)
{
	struct kinds kinds = { .count = 0 };

	for (size_t i = 0; i < all->count; i++)
		find_kind(&kinds, all->items[i].finding->rule_case);
	return kinds.count;
}

static size_t count_alike(const struct candidates *all, const struct finding *finding)
{
	size_t count = 0;

	for (size_t i = 0; i < all->count; i++)
		count += all->items[i].finding->rule_case == finding->rule_case;
	return count;
}

int guide_next(const struct guide *guide, const struct judgement *judgement,
	       struct guide_question *ret_question, struct err *err)
{
	CLEANUP(candidates_done) struct candidates all = { 0 };
	struct guide_question question = { .number = guide->marks.count + 1 };
	struct kinds kinds = { .count = 0 };
	int result = find_candidates(guide, judgement, &all, err);

	for (size_t i = 0; result == 0 && i < all.count; i++) {
		if (!may_try(&kinds, all.items[i].finding->rule_case))
			continue;
		result = find_options(judgement, all.items[i].finding, &question, err);
		if (result < 0 || !question.option_count)
			continue;
		question.stage = all.items[i].stage;
		question.finding = all.items[i].finding;
		question.alike = count_alike(&all, question.finding);
		question.left = count_kinds(&all);
		*ret_question = question;
		return 1;
	}
	return result;
}

/* ---- what is not asked ---- */

struct notes {
	struct guide_note *items; /* the caller's, of 'room' */
	size_t room, count;
	struct kinds kinds;
};

static void add_note(struct notes *notes, const struct guide_note *note)
{
	if (notes->count < notes->room)
		notes->items[notes->count] = *note;
	notes->count++;
}

/* What of a finding is not from here: no fix, one that a build must do, or none that changes it. */
static bool is_note(const struct judgement *judgement, const struct finding *finding,
		    struct kinds *kinds)
{
	struct guide_question question = { 0 };
	struct candidate candidate;

	if (!place(judgement, finding, &candidate))
		return true;
	return may_try(kinds, finding->rule_case) &&
	       find_options(judgement, finding, &question, NULL) == 0 && !question.option_count;
}

static struct guide_note *note_like(const struct notes *notes, const struct finding *finding)
{
	for (size_t i = 0; i < notes->count && i < notes->room; i++) {
		if (notes->items[i].finding &&
		    notes->items[i].finding->rule_case == finding->rule_case)
			return &notes->items[i];
	}
	return NULL;
}

/* NULL: no build is said to mend it either. */
static const struct rule_fix *build_fix(const struct judgement *judgement,
					const struct finding *finding)
{
	const struct rule_fix *fixes[GUIDE_FIXES];
	size_t count = fix_options(judgement, finding, fixes, GUIDE_FIXES);
	enum action action;

	for (size_t i = 0; i < count && i < GUIDE_FIXES; i++) {
		if (action_find(fixes[i]->action, &action) && action_needs_build(action))
			return fixes[i];
	}
	return NULL;
}

static void note_finding(const struct judgement *judgement, const struct finding *finding,
			 struct notes *notes)
{
	struct guide_note note = { .rule = finding->rule, .finding = finding, .alike = 1 };
	struct guide_note *like;

	if (!is_note(judgement, finding, &notes->kinds))
		return;
	note.fix = build_fix(judgement, finding);
	like = note_like(notes, finding);
	if (like)
		like->alike++;
	else
		add_note(notes, &note);
}

size_t guide_notes(const struct judgement *judgement, struct guide_note *ret_notes, size_t room)
{
	const struct profile *profile = judgement->input.profile;
	struct notes notes = { .items = ret_notes, .room = room, .kinds = { .count = 0 } };

	for (size_t i = 0; i < judgement->findings.count; i++)
		note_finding(judgement, &judgement->findings.items[i], &notes);
	for (size_t i = 0; i < profile_rule_count(profile); i++) {
		const struct guide_note note = { .rule = profile_rule(profile, i) };

		if (judgement->status[i] == RULE_OPEN)
			add_note(&notes, &note);
	}
	return notes.count;
}
