/*
 * How large an image and its layers are. What platforms count is the sum of
 * the uncompressed layers; the other two sizes that people see are told too.
 * "GB" is not defined by them: between 10^9 and 2^30 a limit is ambiguous.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "image/image.h"
#include "rule_priv.h"
#include "tree/tree_usage.h"

enum { SIZE_ROOM = 16 };
static const uint64_t GB = 1000000000, GIB = (uint64_t)1 << 30;

struct sizes {
	uint64_t decoded; /* all layer tars */
	uint64_t stored;  /* all blobs */
	uint64_t seen;    /* files after the last layer */
	uint64_t hidden;  /* files that a later layer replaced or removed */
};

static uint64_t decoded_size(const struct rule_run *run, unsigned layer)
{
	const struct layer_index *index = tree_layer(run->tree, layer);

	return index ? layer_decoded_size(index) : 0;
}

static int measure(const struct rule_run *run, struct sizes *ret_sizes, struct err *err)
{
	size_t count = tree_layer_count(run->tree);
	const struct image *image = run->judgement->input.image;
	CLEANUP(freep) struct tree_usage *usage = calloc(count + 1, sizeof(*usage));
	int rc = usage ? tree_usage(run->tree, usage, err) : err_nomem(err);
	struct sizes sizes = { 0 };

	for (size_t i = 0; rc == 0 && i < count; i++) {
		sizes.decoded += decoded_size(run, (unsigned)i + 1);
		sizes.seen += usage[i].written - usage[i].hidden;
		sizes.hidden += usage[i].hidden;
	}
	for (size_t i = 0; i < image_layer_count(image); i++)
		sizes.stored += image_layer(image, i)->size;
	if (rc == 0)
		*ret_sizes = sizes;
	return rc;
}

/* "2.6 GB in layers, 0.9 GB compressed, 2.4 GB of files, 120 MB of them hidden by later layers". */
static const char *size_words(struct rule_run *run, const struct sizes *sizes)
{
	char decoded[SIZE_ROOM], stored[SIZE_ROOM], seen[SIZE_ROOM], hidden[SIZE_ROOM];
	char text[200];

	snprintf(text, sizeof(text),
		 "%s in layers, %s as stored, %s of files that are seen, %s that later layers hide",
		 text_size(decoded, sizeof(decoded), sizes->decoded),
		 text_size(stored, sizeof(stored), sizes->stored),
		 text_size(seen, sizeof(seen), sizes->seen),
		 text_size(hidden, sizeof(hidden), sizes->hidden));
	return rule__keep(run, text);
}

static int image_size(struct rule_run *run, struct err *err)
{
	uint64_t most = (uint64_t)rule__int(run, "error-gb", 0);
	uint64_t best = (uint64_t)rule__int(run, "warn-gb", 0);
	struct finding draft = rule__draft();
	struct sizes sizes = { 0 };
	int rc = measure(run, &sizes, err);

	if (rc < 0)
		return rc;
	draft.detail = size_words(run, &sizes);
	draft.bytes = sizes.decoded;
	if (sizes.decoded > most * GIB)
		return rule__report(run, "larger", &draft, err);
	if (sizes.decoded > most * GB)
		return rule__report(run, "ambiguous", &draft, err);
	return best && sizes.decoded > best * GB ? rule__report(run, "large", &draft, err) : 0;
}

static int layer_size(struct rule_run *run, struct err *err)
{
	const struct image *image = run->judgement->input.image;
	uint64_t most = (uint64_t)rule__int(run, "error-gb", 0) * GB;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < image_layer_count(image); i++) {
		struct finding draft = rule__draft();
		uint64_t decoded = decoded_size(run, (unsigned)i + 1);
		uint64_t stored = image_layer(image, i)->size;

		draft.layer = (unsigned)i + 1;
		draft.bytes = stored > most ? stored : decoded;
		if (stored > most)
			rc = rule__report(run, "larger", &draft, err);
		else if (decoded > most)
			rc = rule__report(run, "large-unpacked", &draft, err);
	}
	return rc;
}

/* clang-format off */
const struct predicate rule__size_predicates[] = {
	{ "image-size", image_size,
	  RULE_WORDS("larger", "ambiguous", "large"), RULE_WORDS("error-gb", "warn-gb") },
	{ "layer-size", layer_size,
	  RULE_WORDS("larger", "large-unpacked"), RULE_WORDS("error-gb") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
