/* Attributes as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/attributed.h"

static void assert_json(const char *path, const char *expected)
{
	struct attributed attributed;
	struct tree_stat stat;
	struct err err = { 0 };
	json_t *object = json_object();

	attributed_open(&attributed);
	assert_true(tree_stat(attributed.tf.tree, tree_find(attributed.tf.tree, path), 1, &stat));
	assert_int_equal(attributes_add_json(object, &ATTRIBUTED_ACCOUNTS, attributed.tf.tree,
					     &stat, &err),
			 0);

	char *text = json_dumps(object, JSON_COMPACT);

	assert_string_equal(text, expected);
	free(text);
	json_decref(object);
	attributed_done(&attributed);
}

static void acls_are_arrays_of_entries(void **state)
{
	(void)state;
	assert_json(
		"acl",
		"{\"acl\":[{\"tag\":\"user\",\"perm\":\"rw-\"},"
		"{\"tag\":\"user\",\"id\":1000,\"name\":\"ma-user\",\"perm\":\"rwx\","
		"\"effective\":\"r--\"},{\"tag\":\"user\",\"id\":7,\"perm\":\"r--\"},"
		"{\"tag\":\"group\",\"perm\":\"r--\"},"
		"{\"tag\":\"group\",\"id\":44,\"name\":\"video\",\"perm\":\"-w-\","
		"\"effective\":\"---\"},{\"tag\":\"mask\",\"perm\":\"r--\"},"
		"{\"tag\":\"other\",\"perm\":\"---\"}],"
		"\"default_acl\":[{\"tag\":\"user\",\"perm\":\"rwx\"},"
		"{\"tag\":\"user\",\"id\":1000,\"name\":\"ma-user\",\"perm\":\"rwx\","
		"\"effective\":\"rw-\"},{\"tag\":\"user\",\"id\":7,\"perm\":\"r--\"},"
		"{\"tag\":\"group\",\"perm\":\"r--\"},"
		"{\"tag\":\"group\",\"id\":44,\"name\":\"video\",\"perm\":\"-w-\"},"
		"{\"tag\":\"mask\",\"perm\":\"rw-\"},{\"tag\":\"other\",\"perm\":\"r-x\"}]}");
}

static void each_kind_has_its_member(void **state)
{
	(void)state;
	assert_json("all",
		    "{\"special\":[\"setuid\",\"setgid\"],"
		    "\"capabilities\":{\"permitted\":[\"cap_net_raw\"],\"inheritable\":[],"
		    "\"effective\":true},\"selinux\":\"system_u:object_r:bin_t:s0\","
		    "\"acl_text\":\"user::rwx\",\"xattrs\":[\"user.note\"]}");
	assert_json("dir", "{\"special\":[\"setgid\",\"sticky\"]}");
}

static void malformed_ones_are_null_and_most_files_have_nothing(void **state)
{
	(void)state;
	assert_json("bad", "{\"acl\":null,\"capabilities\":null}");
	assert_json("plain", "{}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acls_are_arrays_of_entries),
		cmocka_unit_test(each_kind_has_its_member),
		cmocka_unit_test(malformed_ones_are_null_and_most_files_have_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
