/* Commands for a written image, by its format. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emit/result_commands.h"
#include "lib/judged.h"

static void check_load(const struct judged *judged, const struct result_file *file,
		       const char *expected)
{
	struct result_commands commands;

	assert_int_equal(result_commands_make(judged->judgement, file, &commands, NULL), 0);
	assert_string_equal(commands.items[0].text, expected);
	result_commands_done(&commands);
}

static void each_format_has_its_way_into_an_engine(void **state)
{
	struct judged judged;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	check_load(&judged, &(struct result_file){ "a.tar", SOURCE_DOCKER_ARCHIVE, NULL },
		   "docker load -i a.tar");
	check_load(&judged, &(struct result_file){ "a.tar", SOURCE_OCI_ARCHIVE, NULL },
		   "skopeo copy oci-archive:a.tar docker-daemon:judged:1");
	check_load(&judged, &(struct result_file){ "a b", SOURCE_OCI_LAYOUT, "team/x:2" },
		   "skopeo copy oci:'a b' docker-daemon:team/x:2");
	judged_done(&judged);
}

static void the_profiles_commands_stand_between_load_and_push(void **state)
{
	static const struct result_file file = { "a.tar", SOURCE_DOCKER_ARCHIVE, "team/x:2" };
	struct judged judged;
	struct result_commands commands;

	(void)state;
	judged_open(&judged, &(struct judged_input){ 0 });
	assert_int_equal(result_commands_make(judged.judgement, &file, &commands, NULL), 0);
	assert_int_equal(commands.count, profile_command_count(judged.profile) + 2);
	for (size_t i = 1; i + 1 < commands.count; i++) {
		assert_string_equal(commands.items[i].title,
				    profile_command(judged.profile, i - 1)->title);
		assert_non_null(strstr(commands.items[i].text, "team/x:2"));
	}
	assert_string_equal(commands.items[commands.count - 1].text, "docker push team/x:2");
	result_commands_done(&commands);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_has_its_way_into_an_engine),
		cmocka_unit_test(the_profiles_commands_stand_between_load_and_push),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
