/* Changed copies of a config keep what they do not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "oci/config.h"

#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct config *config_of(const char *text)
{
	struct config *config = NULL;

	assert_int_equal(config_parse(text, strlen(text), "config", NULL, NULL, &config, NULL), 0);
	return config;
}

static void assert_json(const json_t *json, const char *expected)
{
	CLEANUP(freep) char *text = json_dumps(json, JSON_COMPACT);

	assert_string_equal(text, expected);
}

static void edited_members_change_and_others_stay(void **state)
{
	CLEANUP(config_freep)
	struct config *config = config_of(
		"{\"x\":1,\"config\":{\"Shell\":[\"s\"],\"User\":\"root\",\"Cmd\":[\"a\"]}}");
	CLEANUP(config_freep) struct config *edited = NULL;
	const struct config_edit edit = { .user = "1000:100", .working_dir = "/w" };

	(void)state;
	assert_int_equal(config_edit(config, &edit, &edited, NULL), 0);
	assert_string_equal(edited->user, "1000:100");
	assert_string_equal(edited->cmd[0], "a");
	assert_string_equal(config->user, "root");
	assert_json(edited->json, "{\"x\":1,\"config\":{\"Shell\":[\"s\"],\"User\":\"1000:100\","
				  "\"Cmd\":[\"a\"],\"WorkingDir\":\"/w\"}}");
}

static void environment_is_set_replaced_and_removed(void **state)
{
	CLEANUP(config_freep)
	struct config *config =
		config_of("{\"config\":{\"Env\":[\"A=1\",\"AB=2\",\"A=3\",\"C=4\"]}}");
	CLEANUP(config_freep) struct config *edited = NULL;
	const char *const env[] = { "A=x=y", "C", "D=5", NULL };
	const struct config_edit edit = { .env = env };

	(void)state;
	assert_int_equal(config_edit(config, &edit, &edited, NULL), 0);
	assert_json(edited->json, "{\"config\":{\"Env\":[\"A=x=y\",\"AB=2\",\"D=5\"]}}");
}

static void a_missing_inner_object_is_made(void **state)
{
	CLEANUP(config_freep) struct config *config = config_of("{\"config\":null}");
	CLEANUP(config_freep) struct config *edited = NULL;
	const char *const run[] = { "sh", NULL };
	const char *const env[] = { "A=1", NULL };
	const struct config_edit edit = { .entrypoint = run, .cmd = run, .env = env };

	(void)state;
	assert_int_equal(config_edit(config, &edit, &edited, NULL), 0);
	assert_json(edited->json, "{\"config\":{\"Env\":[\"A=1\"],\"Entrypoint\":[\"sh\"],"
				  "\"Cmd\":[\"sh\"]}}");
}

static void ports_are_added_to_the_set(void **state)
{
	CLEANUP(config_freep)
	struct config *config = config_of("{\"config\":{\"ExposedPorts\":{\"80\":{\"x\":1}}}}");
	CLEANUP(config_freep) struct config *edited = NULL;
	const char *const ports[] = { "8080/tcp", "80", NULL };
	const struct config_edit edit = { .expose = ports };

	(void)state;
	assert_int_equal(config_edit(config, &edit, &edited, NULL), 0);
	assert_json(edited->json,
		    "{\"config\":{\"ExposedPorts\":{\"80\":{\"x\":1},\"8080/tcp\":{}}}}");
	assert_true(config_same_words(edited->exposed_ports,
				      (const char *const[]){ "80", "8080/tcp", NULL }));
	assert_false(config_same_words(edited->exposed_ports, ports));
}

static struct digest some_digest(void)
{
	struct digest digest;

	assert_int_equal(digest_parse("sha256:" HEX64, &digest, NULL), 0);
	return digest;
}

static void diff_ids_are_replaced_and_history_grows(void **state)
{
	CLEANUP(config_freep)
	struct config *config = config_of(
		"{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},\"history\":[{\"z\":1}]}");
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct digest digest = some_digest();
	const struct config_layers layers = { .diff_ids = &digest,
					      .count = 1,
					      .created = "2020-01-01T00:00:00Z",
					      .created_by = "imgtui" };

	(void)state;
	assert_int_equal(config_to_json(config, &layers, &json, NULL), 0);
	assert_json(json, "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:" HEX64 "\"]},"
			  "\"history\":[{\"z\":1},{\"created\":\"2020-01-01T00:00:00Z\","
			  "\"created_by\":\"imgtui\",\"empty_layer\":true}]}");
}

static void each_new_layer_has_its_line_of_history(void **state)
{
	CLEANUP(config_freep)
	struct config *config = config_of("{\"history\":[{\"created_by\":\"base\"}]}");
	CLEANUP(json_decrefp) json_t *json = NULL;
	const struct config_layers layers = { .created_by = "x", .new_layers = 2 };

	(void)state;
	assert_int_equal(config_to_json(config, &layers, &json, NULL), 0);
	assert_json(json_object_get(json, "history"),
		    "[{\"created_by\":\"base\"},{\"created_by\":\"x\"},{\"created_by\":\"x\"}]");
}

static void a_config_without_history_stays_without(void **state)
{
	CLEANUP(config_freep) struct config *config = config_of("{}");
	CLEANUP(json_decrefp) json_t *json = NULL;
	struct digest digest = some_digest();
	const struct config_layers layers = { .diff_ids = &digest, .count = 1, .created_by = "x" };

	(void)state;
	assert_int_equal(config_to_json(config, &layers, &json, NULL), 0);
	assert_json(json, "{\"rootfs\":{\"diff_ids\":[\"sha256:" HEX64 "\"],\"type\":\"layers\"}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edited_members_change_and_others_stay),
		cmocka_unit_test(environment_is_set_replaced_and_removed),
		cmocka_unit_test(a_missing_inner_object_is_made),
		cmocka_unit_test(ports_are_added_to_the_set),
		cmocka_unit_test(diff_ids_are_replaced_and_history_grows),
		cmocka_unit_test(each_new_layer_has_its_line_of_history),
		cmocka_unit_test(a_config_without_history_stays_without),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
