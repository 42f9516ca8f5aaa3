/*
 * The recommended fix of every finding, in rounds: each round is judged anew on
 * the preview of the one before, since a fix may show what it hid.
 */
#include <string.h>

#include "fix_priv.h"
#include "rule/finding_key.h"

/* Opening one directory may show the next one: a path has not that many. */
enum { MOST_ROUNDS = 64, FIXES_TRIED = 8 };

_Static_assert(ACTIONS <= 64, "each action has a bit in 'done'");

struct round {
	struct plan *plan;
	const struct judgement *judgement;
	const struct fix_choice *choice;
	uint64_t *done; /* per node or inode: a bit for each action that was taken in this round */
	bool changed;
	bool accounts_edited;
};

void fix_result_done(struct fix_result *result)
{
	judgement_free(result->judgement);
	tree_free(result->tree);
	config_free(result->config);
	*result = (struct fix_result){ 0 };
}

static bool is_among(const char *const *rules, const char *id)
{
	for (; *rules; rules++) {
		if (strcmp(*rules, id) == 0)
			return true;
	}
	return false;
}

/* The ways to take, the recommended one first; none: the finding is to be left as it is. */
static size_t chosen_fixes(const struct round *round, const struct finding *finding,
			   const struct rule_fix *ret_fixes[FIXES_TRIED])
{
	const struct fix_choice *choice = round->choice;
	size_t count = 0, used = 0;

	if (choice->rules && !is_among(choice->rules, finding->rule->id))
		return 0;
	/* Without memory it stays, too. */
	if (finding_key_among(choice->except, round->judgement, finding) != 0)
		return 0;
	if (choice->alike) {
		ret_fixes[0] = choice->alike->fix;
		return choice->alike->rule_case == finding->rule_case;
	}
	count = fix_options(round->judgement, finding, ret_fixes, FIXES_TRIED);
	for (size_t i = 0; i < count && i < FIXES_TRIED; i++) {
		if (!ret_fixes[i]->confirm || choice->rules)
			ret_fixes[used++] = ret_fixes[i];
		else if (i == 0)
			return 0;
	}
	return used;
}

/* Two findings may ask for the same: once a round is enough. */
static bool was_done(struct round *round, const struct finding *finding, enum action action)
{
	const struct tree *tree = round->judgement->input.tree;
	node_id node = node_is_none(finding->blocker) ? finding->node : finding->blocker;
	struct tree_stat stat;
	size_t at = node.v;
	bool done;

	if (node_is_none(node))
		return false;
	/* All names of a file change together. */
	if (tree_stat(tree, node, judgement_at(round->judgement), &stat) && stat.links > 1)
		at = tree_node_count(tree) + stat.inode.v;
	done = round->done[at] >> action & 1;
	round->done[at] |= (uint64_t)1 << action;
	return done;
}

/* 1: changed, or done already; 0: nothing to do, or not by this way. */
static int take_way(struct round *round, const struct finding *finding, const struct rule_fix *fix,
		    enum action action, struct err *err)
{
	struct err failure = { 0 };
	int result;

	if (was_done(round, finding, action))
		return 1;
	/* The text of an account file is of the judgement: one edit, then judge again. */
	if ((fix__edits_accounts(action) || fix__reads_accounts(action)) && round->accounts_edited)
		return 0;
	result = fix_add(round->plan, round->judgement, finding, fix, &failure);
	if (result == -(int)ERR_UNSUPPORTED)
		return 0;
	if (result < 0)
		return err_set(err, failure.code, "%s", failure.text);
	if (result > 0) {
		round->changed = true;
		round->accounts_edited |= fix__edits_accounts(action);
	}
	return result;
}

static int fix_finding(struct round *round, const struct finding *finding, struct err *err)
{
	const struct rule_fix *fixes[FIXES_TRIED];
	size_t count = chosen_fixes(round, finding, fixes);
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++) {
		enum action action;

		if (!action_find(fixes[i]->action, &action))
			return 0;
		result = take_way(round, finding, fixes[i], action, err);
		/* A group that the user is not in, or whose bits do not decide, helps nobody. */
		if (action != ACTION_GIVE_GROUP)
			break;
	}
	return result < 0 ? result : 0;
}

static int do_round(struct round *round, struct err *err)
{
	const struct judgement *judgement = round->judgement;
	const struct tree *tree = judgement->input.tree;
	int result = 0;

	round->done =
		calloc(tree_node_count(tree) + tree_inode_count(tree) + 1, sizeof(*round->done));
	if (!round->done)
		return err_nomem(err);
	for (size_t i = 0; result == 0 && i < judgement->findings.count; i++) {
		result = cancel_check(round->choice->cancel, err);
		if (result == 0)
			result = fix_finding(round, &judgement->findings.items[i], err);
	}
	free(round->done);
	return result;
}

static int judge_preview(const struct plan *plan, const struct judge_input *input,
			 struct fix_result *ret_result, struct err *err)
{
	CLEANUP(fix_result_done) struct fix_result next = { 0 };
	struct judge_input changed = *input;
	int result = plan_preview(plan, &next.tree, &next.config, err);

	if (result < 0)
		return result;
	changed.tree = next.tree;
	changed.config = next.config;
	result = judge(&changed, &next.judgement, err);
	if (result < 0)
		return result;
	*ret_result = next;
	next = (struct fix_result){ 0 };
	return 0;
}

int fix_all(struct plan *plan, const struct judge_input *input, const struct fix_choice *choice,
	    struct fix_result *ret_result, struct err *err)
{
	CLEANUP(fix_result_done) struct fix_result state = { 0 };
	int result = judge_preview(plan, input, &state, err);

	for (unsigned i = 0; result == 0 && i < MOST_ROUNDS; i++) {
		struct round round = { .plan = plan,
				       .judgement = state.judgement,
				       .choice = choice };
		struct fix_result next;

		result = do_round(&round, err);
		if (result < 0 || !round.changed)
			break;
		result = judge_preview(plan, input, &next, err);
		if (result < 0)
			break;
		fix_result_done(&state);
		state = next;
	}
	if (result < 0)
		return result;
	*ret_result = state;
	state = (struct fix_result){ 0 };
	return 0;
}
