/* What a fix would do, told before it is chosen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"
#include "plan/fix_effect.h"

static const struct judged_input INPUT = {
	.config = "{'User':'root','Cmd':['/nowhere']}",
	.files = "755 0:0 app/\n600 0:0 app/a = x\n4755 0:0 app/suid = x\n--\n"
		 "700 0:0 app/d/\n600 0:0 app/d/b = x\n",
};

/* The effect and its words of one fix, found by its id. */
static struct fix_effect effect_of(const struct fixed *fixed, const char *rule,
				   const char *case_name, const char *path, const char *id,
				   const char *words)
{
	const struct finding *finding = judged_find(&fixed->judged, rule, case_name, path);
	const struct rule_fix *fix = finding ? fixed_option(fixed, finding, id) : NULL;
	struct fix_effect effect;
	struct err err = { 0 };

	if (!fix)
		fail_msg("no %s %s", rule, id);
	if (fix_effect(fixed->judged.judgement, finding, fix, &effect, &err) < 0)
		fail_msg("%s", err.text);
	char *told = fix_effect_words(&effect);
	assert_string_equal(told, words);
	free(told);
	return effect;
}

static void it_tells_paths_bytes_and_the_layer(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &INPUT);
	struct fix_effect effect =
		effect_of(&fixed, "ACC-004", "unreadable", "/app/a", "own-file",
			  "1 path: +1.0 KB as a new layer, or +0 B rewritten, which gives layer 2 "
			  "a new digest");
	assert_int_equal(effect.outcome, FIX_CHANGES);
	assert_int_equal(effect.paths, 1);
	assert_int_equal(effect.bytes, 1024);
	assert_int_equal(effect.layer_count, 1);
	assert_false(effect.config);
	fixed_done(&fixed);
}

static void the_config_has_no_layer(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &INPUT);
	struct fix_effect effect =
		effect_of(&fixed, "MAT-CFG-001", "other", NULL, "set-user",
			  "changes the config alone: all layers keep their digests");
	assert_true(effect.config);
	assert_int_equal(effect.paths, 0);
	fixed_done(&fixed);
}

static void several_layers_are_named(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed,
		   &(struct judged_input){
			   .files = "755 0:0 app/\n700 0:0 app/d/\n600 0:0 app/d/a = x\n--\n"
				    "600 0:0 app/d/b = x\n" });
	struct fix_effect effect =
		effect_of(&fixed, "ACC-004", "unreadable-directory", "/app/d", "own-directory",
			  "3 paths: +2.6 KB as a new layer, or +0 B rewritten, which gives layers "
			  "2 and 3 new digests");
	assert_int_equal(effect.layer_count, 2);
	assert_int_equal(effect.layers[0], 2);
	assert_int_equal(effect.layers[1], 3);
	fixed_done(&fixed);
}

static void what_is_new_goes_into_the_top_layer(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &(struct judged_input){ .files = "x tmp\n" });
	struct fix_effect effect =
		effect_of(&fixed, "ACC-006", "missing", "/tmp", "create",
			  "1 path: +512 B as a new layer, or +0 B rewritten, which gives layer 2 a "
			  "new digest");
	assert_int_equal(effect.layers[0], 2);
	fixed_done(&fixed);
}

static void a_build_is_told_apart(void **state)
{
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &INPUT);
	struct fix_effect effect = effect_of(&fixed, "ACC-001", "not-found", NULL, "rebuild",
					     "needs a build: not from here");
	assert_int_equal(effect.outcome, FIX_NEEDS_BUILD);
	fixed_done(&fixed);
}

/* What is planned already lies in no layer: the image's layer counts. */
static void planned_paths_are_looked_up_in_the_image(void **state)
{
	static const char *const groups[] = { "MAT-CFG-001", NULL };
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &INPUT);
	fixed_all(&fixed, groups);
	struct judgement *own = fixed.judged.judgement;
	fixed.judged.judgement = fixed.result.judgement;
	effect_of(&fixed, "ACC-004", "unreadable", "/app/a", "own-file",
		  "1 path: +1.0 KB as a new layer, or +0 B rewritten, which gives layer 2 a new "
		  "digest");
	fixed.judged.judgement = own;
	fixed_done(&fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_tells_paths_bytes_and_the_layer),
		cmocka_unit_test(the_config_has_no_layer),
		cmocka_unit_test(several_layers_are_named),
		cmocka_unit_test(what_is_new_goes_into_the_top_layer),
		cmocka_unit_test(a_build_is_told_apart),
		cmocka_unit_test(planned_paths_are_looked_up_in_the_image),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
