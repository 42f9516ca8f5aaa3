/* Whether the user that a platform asks for is the one that engines make of it. */
#include "rule_priv.h"

#include <inttypes.h>
#include <string.h>

#include "access/access_diff.h"

/* The map of an identity: the judgement's if it is the same one, else *ret_own. */
static int find_map(struct rule_run *run, const struct identity *identity,
		    struct access_map **ret_own, const struct access_map **ret_map,
		    struct err *err)
{
	*ret_map = run->map;
	if (identity_same(identity, run->identity))
		return 0;

	int rc = access_map_build(run->tree, run->at, identity, run->cancel, ret_own, err);

	*ret_map = *ret_own;
	return rc;
}

static int compare(struct rule_run *run, const struct identity *wanted,
		   const struct identity *real, struct access_diff *ret_diff, struct err *err)
{
	CLEANUP(access_map_freep) struct access_map *own_wanted = NULL;
	CLEANUP(access_map_freep) struct access_map *own_real = NULL;
	const struct access_map *first = NULL, *second = NULL;
	int rc = find_map(run, wanted, &own_wanted, &first, err);

	if (rc == 0)
		rc = find_map(run, real, &own_real, &second, err);
	return rc < 0 ? rc
		      : access_diff(run->tree, run->at, first, second, run->cancel, ret_diff, err);
}

/* "1000:0: /opt/a, /opt/b, …" */
static const char *describe(struct rule_run *run, const struct identity *real,
			    const struct access_diff *diff)
{
	struct arena *arena = &run->judgement->arena;
	char user[128];
	const char *text = arena_printf(arena, "%s:", identity_text(real, user));

	for (size_t i = 0; text && i < diff->first_count; i++) {
		CLEANUP(freep) char *path = tree_path_new(run->tree, diff->first[i]);

		text = arena_printf(arena, "%s%s %s", text, i ? "," : "", path ? path : "?");
	}
	return text && diff->count > diff->first_count ? arena_printf(arena, "%s, …", text) : text;
}

/* A uid without a line in passwd gets group 0, one with a line its groups. */
static int identity_differs(struct rule_run *run, struct err *err)
{
	struct identity wanted, real;
	struct access_diff diff;
	struct finding draft = rule__draft();
	int64_t uid = rule__int(run, "uid", 1000);
	char spec[24];

	snprintf(spec, sizeof(spec), "%" PRId64, uid);
	identity_fixed(run->accounts, uid, rule__int(run, "gid", 100), &wanted);
	if (identity_resolve(run->accounts, spec, &real, NULL) < 0 || identity_same(&wanted, &real))
		return 0;

	int rc = compare(run, &wanted, &real, &diff, err);

	if (rc < 0 || diff.count == 0)
		return rc;
	draft.node = diff.first[0];
	draft.count = diff.count;
	draft.detail = describe(run, &real, &diff);
	return rule__report(run, "differs", &draft, err);
}

/* clang-format off */
const struct predicate rule__identity_predicates[] = {
	{ "identity-differs", identity_differs,
	  RULE_WORDS("differs"), RULE_WORDS("uid", "gid") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
