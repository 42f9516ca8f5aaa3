/*
 * A small image and an empty plan over it, for tests of plans.
 * To be included after <cmocka.h>.
 */
#ifndef TESTS_LIB_PLANNED_H
#define TESTS_LIB_PLANNED_H

#include <string.h>

#include "lib/trees.h"
#include "plan/plan.h"

struct planned {
	struct tf tf;
	struct config *config;
	struct plan *plan;
};

static inline void planned_open(struct planned *planned)
{
	static const char CONFIG[] = "{\"config\":{\"User\":\"root\",\"WorkingDir\":\"/\","
				     "\"Env\":[\"PATH=/bin\",\"LANG=C\"],\"Cmd\":[\"sh\"]},"
				     "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}";
	struct tb tar = { 0 };

	*planned = (struct planned){ 0 };
	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0::/:/bin/sh\n");
	tb_dir(&tar, "opt", 0700, 0, 0);
	tf_layer(&planned->tf, &tar);
	tf_build(&planned->tf);
	assert_int_equal(
		config_parse(CONFIG, strlen(CONFIG), "config", NULL, NULL, &planned->config, NULL),
		0);
	assert_int_equal(plan_new(planned->tf.tree, planned->config, &planned->plan, NULL), 0);
}

static inline void planned_done(struct planned *planned)
{
	plan_free(planned->plan);
	config_free(planned->config);
	tf_done(&planned->tf);
}

/* One step with one want or one edit; each may be NULL. */
static inline void planned_step(struct plan *plan, const char *rule, const struct tree_want *want,
				const struct config_edit *edit)
{
	assert_int_equal(plan_begin_step(plan, rule, "a title", NULL), 0);
	if (want)
		assert_int_equal(plan_want(plan, want, NULL), 0);
	if (edit)
		assert_int_equal(plan_edit_config(plan, edit, NULL), 0);
	assert_true(plan_end_step(plan));
}

#endif
