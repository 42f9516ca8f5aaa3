/* Contents that are worth their cost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/read_budget.h"
#include "lib/judged.h"

struct fixture {
	struct judged judged;
	struct content content;
	struct rule_run run;
	struct read_budget budget;
};

static void open_fixture(struct fixture *f)
{
	judged_open(&f->judged, &(struct judged_input){ .files = "644 0:0 home/x = 12345\n" });
	f->content = (struct content){ f->judged.image, f->judged.tree, 2, NULL };
	f->run = (struct rule_run){ .tree = f->judged.tree, .at = 2, .content = &f->content };
	assert_int_equal(rule__budget_init(&f->budget, &f->run, NULL), 0);
}

static void close_fixture(struct fixture *f)
{
	rule__budget_done(&f->budget);
	judged_done(&f->judged);
}

static bool is_read(struct fixture *f, const char *path, size_t most, size_t *ret_len)
{
	node_id node = tree_find(f->judged.tree, path);
	char bytes[100];
	bool is_read;

	*ret_len = 0;
	assert_int_equal(rule__budget_read(&f->budget, node, bytes, most, ret_len, &is_read, NULL),
			 0);
	assert_memory_equal(bytes, "12345", *ret_len);
	return is_read;
}

static void what_is_read_is_taken_off(void **state)
{
	struct fixture f;
	size_t len;

	(void)state;
	open_fixture(&f);
	uint64_t before = f.budget.read_left;
	assert_true(is_read(&f, "home/x", 100, &len));
	assert_int_equal(len, 5);
	assert_int_equal(f.budget.read_left, before - 5);
	assert_true(is_read(&f, "home/x", 2, &len));
	assert_int_equal(len, 2);
	close_fixture(&f);
}

static void nothing_is_read_when_nothing_is_left(void **state)
{
	struct fixture f;
	size_t len;

	(void)state;
	open_fixture(&f);
	f.budget.read_left = 1;
	assert_true(is_read(&f, "home/x", 100, &len));
	assert_int_equal(f.budget.read_left, 0);
	assert_false(is_read(&f, "home/x", 100, &len));
	close_fixture(&f);
}

static void what_cannot_be_read_is_no_failure(void **state)
{
	struct fixture f;
	size_t len;

	(void)state;
	open_fixture(&f);
	assert_false(is_read(&f, "home", 100, &len));
	close_fixture(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_taken_off),
		cmocka_unit_test(nothing_is_read_when_nothing_is_left),
		cmocka_unit_test(what_cannot_be_read_is_no_failure),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
