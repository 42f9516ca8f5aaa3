/* The default limits; see base/limits.h. */
#include "base/limits.h"

#include <inttypes.h>

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

static const struct limits DEFAULTS = {
	.outer_members = 1000 * 1000,
	.layers = 10000,
	.entries = 20 * 1000 * 1000,
	.layer_bytes = 64 * GIB,
	.expansion = 1000,
	.expansion_free = GIB,
	.json_bytes = 8 * MIB,
	.json_depth = 64,
	.tar_extension = MIB,
	.kept_body = MIB,
	.identity_file = 8 * MIB,
	.index_depth = 8,
	.images = 10000,
	.spool_bytes = 256 * GIB,
};

const struct limits *limits_default(void)
{
	return &DEFAULTS;
}

int limits_check(uint64_t value, uint64_t limit, const char *what, struct err *err)
{
	if (value <= limit)
		return 0;
	return err_set(err, ERR_LIMIT, "%s: %" PRIu64 " is above the limit of %" PRIu64, what,
		       value, limit);
}
