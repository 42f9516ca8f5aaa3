/* The configuration of an image, read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oci/config.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int parse(const char *text, struct config **config, struct err *err)
{
	return config_parse(text, strlen(text), "config", NULL, NULL, config, err);
}

static void all_members_are_read(void **state)
{
	CLEANUP(config_freep) struct config *config = NULL;

	(void)state;
	assert_int_equal(
		parse("{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"User\":\"1000\","
		      "\"WorkingDir\":\"/home\",\"Env\":[\"A=1\",\"B=2\"],\"Entrypoint\":[\"sh\"],"
		      "\"Cmd\":[\"-c\",\"true\"],\"Volumes\":{\"/data\":{}}},\"rootfs\":{\"type\":"
		      "\"layers\",\"diff_ids\":[\"sha256:" HEX64
		      "\"]},\"history\":[{\"created_by\":"
		      "\"COPY\",\"comment\":\"x\"},{\"empty_layer\":true}]}",
		      &config, NULL),
		0);
	assert_string_equal(config->platform.architecture, "amd64");
	assert_string_equal(config->user, "1000");
	assert_string_equal(config->working_dir, "/home");
	assert_string_equal(config->env[1], "B=2");
	assert_null(config->env[2]);
	assert_string_equal(config->entrypoint[0], "sh");
	assert_string_equal(config->cmd[1], "true");
	assert_string_equal(config->volumes[0], "/data");
	assert_null(config->volumes[1]);
	assert_int_equal(config->diff_id_count, 1);
	assert_int_equal(config->history_count, 2);
	assert_string_equal(config->history[0].created_by, "COPY");
	assert_string_equal(config->history[0].comment, "x");
	assert_string_equal(config->history[1].created_by, "");
	assert_true(config->history[1].empty_layer);
}

static void null_and_absent_members_are_empty(void **state)
{
	static const char *const TEXTS[] = {
		"{}",
		"{\"config\":null,\"rootfs\":null,\"history\":null}",
		("{\"config\":{\"User\":null,\"Env\":null,\"Entrypoint\":null,\"Cmd\":null,"
		 "\"Volumes\":null},\"rootfs\":{\"diff_ids\":null}}"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(TEXTS) / sizeof(TEXTS[0]); i++) {
		CLEANUP(config_freep) struct config *config = NULL;

		assert_int_equal(parse(TEXTS[i], &config, NULL), 0);
		assert_string_equal(config->user, "");
		assert_string_equal(config->working_dir, "");
		assert_null(config->env[0]);
		assert_null(config->entrypoint[0]);
		assert_null(config->cmd[0]);
		assert_null(config->volumes[0]);
		assert_int_equal(config->diff_id_count, 0);
		assert_int_equal(config->history_count, 0);
	}
}

static void a_member_of_another_type_is_named(void **state)
{
	static const struct {
		const char *text, *says;
	} CASES[] = {
		{ "[]", "object is expected" },
		{ "null", "config" },
		{ "{\"config\":[]}", "'config'" },
		{ "{\"config\":{\"User\":7}}", "'User'" },
		{ "{\"config\":{\"Env\":\"A=1\"}}", "'Env'" },
		{ "{\"config\":{\"Env\":[1]}}", "'Env'" },
		{ "{\"config\":{\"Cmd\":{}}}", "'Cmd'" },
		{ "{\"config\":{\"Volumes\":[]}}", "'Volumes'" },
		{ "{\"history\":{}}", "'history'" },
		{ "{\"rootfs\":{\"diff_ids\":[null]}}", "diff_ids[0]" },
		{ "{\"rootfs\":{\"diff_ids\":[\"sha256:..\"]}}", "diff_ids[0]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		struct config *config = NULL;
		struct err err = { 0 };

		assert_int_equal(parse(CASES[i].text, &config, &err), -ERR_FORMAT);
		assert_non_null(strstr(err.text, CASES[i].says));
		assert_null(config);
	}
}

static void a_command_may_be_one_string(void **state)
{
	CLEANUP(config_freep) struct config *config = NULL;

	(void)state;
	assert_int_equal(parse("{\"config\":{\"Cmd\":\"/bin/sh\"}}", &config, NULL), 0);
	assert_string_equal(config->cmd[0], "/bin/sh");
	assert_null(config->cmd[1]);
}

static void the_last_environment_value_wins(void **state)
{
	CLEANUP(config_freep) struct config *config = NULL;

	(void)state;
	assert_int_equal(parse("{\"config\":{\"Env\":[\"A=1\",\"AB=2\",\"A=3\",\"C=\",\"D\"]}}",
			       &config, NULL),
			 0);
	assert_string_equal(config_env(config, "A"), "3");
	assert_string_equal(config_env(config, "C"), "");
	assert_null(config_env(config, "D"));
	assert_null(config_env(config, "E"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_members_are_read),
		cmocka_unit_test(null_and_absent_members_are_empty),
		cmocka_unit_test(a_member_of_another_type_is_named),
		cmocka_unit_test(a_command_may_be_one_string),
		cmocka_unit_test(the_last_environment_value_wins),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
