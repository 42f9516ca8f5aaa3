/* Manifest, config and layers as an object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

static void layers_are_numbered_from_the_base(void **state)
{
	struct judged judged;
	const struct layer_index *indexes[JUDGED_LAYERS];

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "644 0:0 a = y\n" });
	for (size_t i = 0; i < JUDGED_LAYERS; i++)
		indexes[i] = judged.layers[i];
	json_t *json = REPORTED_JSON(PLAINLY, report_inspect_json, judged.image, indexes);
	json_t *layers = json_object_get(json, "layers");
	assert_int_equal(json_array_size(layers), 2);
	json_t *top = json_array_get(layers, 1);
	assert_int_equal(json_integer_value(json_object_get(top, "layer")), 2);
	assert_int_equal(json_integer_value(json_object_get(top, "entries")), 1);
	assert_string_equal(member(top, "created_by"), "RUN step 2");
	assert_non_null(member(top, "compression"));
	assert_non_null(member(top, "diff_id"));
	json_decref(json);
	judged_done(&judged);
}

static void a_docker_archive_has_no_manifest_but_tags_and_config(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	json_t *json = REPORTED_JSON(PLAINLY, report_inspect_json, judged.image, NULL);
	assert_string_equal(member(json, "format"), "docker-archive");
	assert_true(json_is_null(json_object_get(json, "manifest")));
	assert_true(json_is_object(json_object_get(json, "config")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "tags"), 0)),
			    "judged:1");
	assert_int_equal(strncmp(member(json, "config_digest"), "sha256:", 7), 0);
	json_decref(json);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers_are_numbered_from_the_base),
		cmocka_unit_test(a_docker_archive_has_no_manifest_but_tags_and_config),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
