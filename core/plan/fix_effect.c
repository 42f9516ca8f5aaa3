/* A fix tried on an empty plan over the preview, and what came of it. */
#include "plan/fix_effect.h"

#include <string.h>

#include "base/text.h"

/* Whose headers and bodies are rewritten: the image's, below what is planned already. */
static const struct tree *image_tree(const struct judgement *judgement)
{
	const struct tree *base = tree_base(judgement->input.tree);

	return base ? base : judgement->input.tree;
}

static void mark(bool *layers, unsigned layer, unsigned top)
{
	layers[layer ? layer : top] = true;
}

/* As emit_rewritten_layer() does it: headers and bodies where they are, all else on top. */
static void mark_want(const struct tree *tree, const struct tree_want *want, bool *layers)
{
	unsigned top = (unsigned)tree_layer_count(tree);
	node_id node = tree_find(tree, want->path);
	struct tree_stat stat;

	if (node_is_none(node) || !tree_stat(tree, node, top, &stat)) {
		mark(layers, top, top);
		return;
	}
	if (want->body || want->remove)
		mark(layers, stat.body_layer, top);
	if (want->remove || want->set_mode || want->set_uid || want->set_gid)
		mark(layers, stat.head_layer, top);
}

static int find_layers(const struct judgement *judgement, const struct tree_want *wants,
		       size_t count, struct fix_effect *effect, struct err *err)
{
	const struct tree *tree = image_tree(judgement);
	size_t layer_count = tree_layer_count(tree);
	CLEANUP(freep) bool *layers = calloc(layer_count + 1, sizeof(*layers));

	if (!layers)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++)
		mark_want(tree, &wants[i], layers);
	for (size_t i = 1; i <= layer_count; i++) {
		if (!layers[i])
			continue;
		if (effect->layer_count < FIX_EFFECT_LAYERS)
			effect->layers[effect->layer_count] = (unsigned)i;
		effect->layer_count++;
	}
	return 0;
}

int fix_effect(const struct judgement *judgement, const struct finding *finding,
	       const struct rule_fix *fix, struct fix_effect *ret_effect, struct err *err)
{
	CLEANUP(plan_freep) struct plan *plan = NULL;
	CLEANUP(freep) struct tree_want *wants = NULL;
	struct fix_effect effect = { 0 };
	struct err failure = { 0 };
	int result = plan_new(judgement->input.tree, judgement->input.config, &plan, err);

	if (result < 0)
		return result;
	result = fix_add(plan, judgement, finding, fix, &failure);
	if (result == -(int)ERR_UNSUPPORTED || result == 0) {
		effect.outcome = result == 0 ? FIX_NOTHING : FIX_NEEDS_BUILD;
		*ret_effect = effect;
		return 0;
	}
	if (result < 0)
		return err_set(err, failure.code, "%s", failure.text);
	if (plan_needs_build(plan)) {
		*ret_effect = (struct fix_effect){ .outcome = FIX_IN_BUILD };
		return 0;
	}
	if ((result = plan_merge(plan, &wants, &effect.paths, err)) < 0 ||
	    (result = find_layers(judgement, wants, effect.paths, &effect, err)) < 0 ||
	    (result = fix_cost(judgement, finding, fix, &effect.bytes, err)) < 0)
		return result;
	effect.config = plan_changes_config(plan);
	*ret_effect = effect;
	return 0;
}

/* ---- in words ---- */

/* "gives layer 3 a new digest", "gives layers 1, 3 and 4 more new digests". */
static void write_layers(FILE *out, const struct fix_effect *effect)
{
	size_t shown =
		effect->layer_count < FIX_EFFECT_LAYERS ? effect->layer_count : FIX_EFFECT_LAYERS;

	if (effect->layer_count == 1) {
		fprintf(out, "gives layer %u a new digest", effect->layers[0]);
		return;
	}
	fputs("gives layers ", out);
	for (size_t i = 0; i < shown; i++)
		fprintf(out, "%s%u",
			i == 0                        ? ""
			: i + 1 < effect->layer_count ? ", "
						      : " and ",
			effect->layers[i]);
	if (effect->layer_count > shown)
		fprintf(out, " and %zu more", effect->layer_count - shown);
	fputs(" new digests", out);
}

static void write_changes(FILE *out, const struct fix_effect *effect)
{
	char size[16];

	if (effect->paths) {
		fprintf(out, "%zu path%s: +%s as a new layer, or +0 B rewritten, which ",
			effect->paths, effect->paths == 1 ? "" : "s",
			text_size(size, sizeof(size), effect->bytes));
		write_layers(out, effect);
	}
	if (effect->config)
		fputs(effect->paths ? "; changes the config too"
				    : "changes the config alone: all layers keep their digests",
		      out);
}

char *fix_effect_words(const struct fix_effect *effect)
{
	char *words = NULL;
	size_t len;
	FILE *out = open_memstream(&words, &len);

	if (!out)
		return NULL;
	if (effect->outcome == FIX_NEEDS_BUILD)
		fputs("needs a build: not from here", out);
	else if (effect->outcome == FIX_IN_BUILD)
		fputs("needs a build: a line of the Dockerfile that can be written", out);
	else if (effect->outcome == FIX_NOTHING)
		fputs("would change nothing: what stays its owner's is not touched", out);
	else
		write_changes(out, effect);
	return fclose(out) == 0 ? words : NULL;
}
