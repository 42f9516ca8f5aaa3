/* From an argument to a judged image; choosing, failing, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>

#include "lib/opened.h"

static void everything_is_there_when_it_is_ready(void **state)
{
	struct session *session = opened(opened_store("a.tar", SOURCE_DOCKER_ARCHIVE, "none", 10));
	const struct session_view *view = session_view(session);

	(void)state;
	assert_non_null(view->source);
	assert_non_null(view->image);
	assert_int_equal(view->layer_count, 2);
	assert_non_null(view->layers[1]);
	assert_int_equal(view->layer_states[1], LAYER_READY);
	assert_int_equal(tree_layer_count(view->tree), 2);
	assert_true(view->judgement->by_severity[SEVERITY_ERROR] > 0);
	assert_ptr_equal(view->preview, view->judgement);
	assert_true(plan_is_empty(view->plan));
	assert_false(view->judging);
	assert_int_equal(view->verify, VERIFY_DONE);
	assert_false(session_is_damaged(session));
	assert_null(session_forecast(session));
	session_free(session);
}

static void phases_come_in_order(void **state)
{
	const struct session_options options =
		opened_options(opened_store("b.tar", SOURCE_OCI_ARCHIVE, "gzip", 300000));
	struct session *session = opened_start(&options);
	enum session_phase last = SESSION_OPENING;

	(void)state;
	while (session_view(session)->phase != SESSION_READY) {
		struct pollfd wake = { .fd = session_wake_fd(session), .events = POLLIN };

		assert_int_equal(poll(&wake, 1, 10000), 1);
		session_poll(session);
		assert_true(session_view(session)->phase >= last);
		assert_true(session_view(session)->phase <= SESSION_READY);
		last = session_view(session)->phase;
		/* Asked at any time. */
		assert_non_null(session_problems(session));
		assert_false(session_is_damaged(session));
	}
	session_free(session);
}

static void without_verification_nothing_is_hashed(void **state)
{
	struct session_options options =
		opened_options(opened_store("c.tar", SOURCE_DOCKER_ARCHIVE, "none", 10));
	struct session *session;

	(void)state;
	options.verify = false;
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_view(session)->verify, VERIFY_WAITING);
	session_free(session);
}

static void a_descriptor_is_as_good_as_a_name(void **state)
{
	const char *path = opened_store("d.tar", SOURCE_DOCKER_ARCHIVE, "gzip", 10);
	struct session_options options = opened_options(NULL);
	struct session *session;

	(void)state;
	options.fd = open(path, O_RDONLY | O_CLOEXEC);
	options.name = "demo";
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_view(session)->phase, SESSION_READY);
	assert_string_equal(source_name(session_view(session)->source), "demo");
	session_free(session);
}

/* ---- Choosing ---- */

/* A layout with two images, of these architectures. */
static const char *build_two(const char *name, const char *first, const char *second)
{
	const char *const architectures[] = { first, second };
	static char folder[4200];
	char index_path[4300], tag[16];
	json_t *all = json_array(), *index = NULL;
	char *text;

	snprintf(folder, sizeof(folder), "%s", test_path(name));
	snprintf(index_path, sizeof(index_path), "%s/index.json", folder);
	for (int i = 0; i < 2; i++) {
		struct ib image = { 0 };
		unsigned char *bytes;
		size_t len;

		opened_build(&image, "gzip", 10 + (size_t)i);
		image.architecture = (char *)(uintptr_t)architectures[i];
		snprintf(tag, sizeof(tag), "tag%d", i);
		ib_oci_layout(&image, folder, tag);
		image.architecture = NULL;
		ib_free(&image);
		bytes = test_read(index_path, &len);
		json_decref(index);
		index = json_loadb((char *)bytes, len, 0, NULL);
		free(bytes);
		json_t *item = json_array_get(json_object_get(index, "manifests"), 0);
		json_object_set_new(
			item, "platform",
			json_pack("{s:s, s:s}", "os", "linux", "architecture", architectures[i]));
		json_array_append(all, item);
	}
	json_object_set_new(index, "manifests", all);
	text = json_dumps(index, 0);
	test_write(index_path, text, strlen(text));
	free(text);
	json_decref(index);
	return folder;
}

static void of_several_images_one_is_chosen(void **state)
{
	/* Of platforms that no host of these tests is. */
	const struct session_options options = opened_options(build_two("two", "mips", "mips"));
	struct session *session = opened_start(&options);
	const struct session_view *view = session_view(session);

	(void)state;
	session_wait(session, true);
	assert_int_equal(view->phase, SESSION_CHOOSING);
	assert_int_equal(source_image_count(view->source), 2);
	assert_null(view->image);
	/* There is no such image. */
	session_choose(session, 2);
	session_wait(session, true);
	assert_int_equal(view->phase, SESSION_CHOOSING);
	session_choose(session, 1);
	session_wait(session, true);
	assert_int_equal(view->phase, SESSION_READY);
	assert_string_equal(image_name(view->image), "tag1");
	/* Too late. */
	session_choose(session, 0);
	session_wait(session, true);
	assert_string_equal(image_name(view->image), "tag1");
	session_free(session);
}

static void a_session_that_waits_for_a_choice_can_be_freed(void **state)
{
	const struct session_options options =
		opened_options(build_two("two-free", "mips", "mips"));
	struct session *session = opened_start(&options);

	(void)state;
	session_wait(session, false);
	assert_int_equal(session_view(session)->phase, SESSION_CHOOSING);
	assert_non_null(session_problems(session));
	assert_false(session_undo(session));
	assert_int_equal(session_fix_all(session, NULL, NULL), -ERR_INVALID);
	session_free(session);
}

static void the_platform_decides(void **state)
{
	struct session_options options = opened_options(build_two("platforms", "arm64", "amd64"));
	struct platform platform = { 0 };
	struct session *session;

	(void)state;
	snprintf(platform.os, sizeof(platform.os), "linux");
	snprintf(platform.architecture, sizeof(platform.architecture), "arm64");
	options.platform = &platform;
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_view(session)->phase, SESSION_READY);
	assert_string_equal(image_config(session_view(session)->image)->platform.architecture,
			    "arm64");
	session_free(session);
	snprintf(platform.architecture, sizeof(platform.architecture), "s390x");
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_view(session)->phase, SESSION_FAILED);
	assert_int_equal(session_view(session)->error.code, ERR_NOT_FOUND);
	session_free(session);
}

/* ---- Failing ---- */

static enum err_code open_failure(const char *path)
{
	const struct session_options options = opened_options(path);
	struct session *session = opened_start(&options);
	enum err_code code;

	session_wait(session, true);
	assert_int_equal(session_view(session)->phase, SESSION_FAILED);
	assert_true(strlen(session_view(session)->error.text) > 0);
	code = session_view(session)->error.code;
	assert_int_equal(session_fix_all(session, NULL, NULL), -ERR_INVALID);
	session_free(session);
	return code;
}

static void what_cannot_be_opened_says_why(void **state)
{
	(void)state;
	assert_int_equal(open_failure(test_path("nothing-here")), ERR_NOT_FOUND);
	test_write(test_path("text"), "no image", 8);
	assert_int_equal(open_failure(test_path("text")), ERR_FORMAT);
}

static void an_unknown_user_fails(void **state)
{
	struct session_options options =
		opened_options(opened_store("user.tar", SOURCE_DOCKER_ARCHIVE, "none", 10));
	struct session *session;

	(void)state;
	options.user = "nobody-here";
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_view(session)->phase, SESSION_FAILED);
	assert_int_equal(session_view(session)->error.code, ERR_NOT_FOUND);
	session_free(session);
}

static void an_unknown_profile_or_setting_fails_at_once(void **state)
{
	static const char *const bad[] = { "no-such=1", NULL };
	struct session_options options = opened_options("x");
	struct session *session = NULL;
	struct err err = { 0 };

	(void)state;
	options.profile = "no-such-profile";
	options.fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(session_new(&options, &session, &err), -ERR_NOT_FOUND);
	assert_null(session);
	/* The descriptor was taken. */
	assert_int_equal(fcntl(options.fd, F_GETFD), -1);
	options = opened_options("x");
	options.settings = bad;
	assert_int_equal(session_new(&options, &session, NULL), -ERR_INVALID);
}

/* ---- Stopping ---- */

static const char *build_many(void)
{
	const char *path = test_path("many.tar");
	struct ib image = { 0 };
	struct tb tar = { 0 };

	for (int i = 0; i < 5000; i++) {
		char name[40];

		snprintf(name, sizeof(name), "folder%d/file%d", i % 50, i);
		tb_file(&tar, name, 0644, 0, 0, "x");
	}
	tb_end(&tar);
	ib_layer(&image, &tar, "gzip", "RUN many");
	tb_free(&tar);
	ib_docker(&image, path, "many:1");
	ib_free(&image);
	return path;
}

static void opening_can_be_cancelled(void **state)
{
	const struct session_options options = opened_options(build_many());
	struct session *session = opened_start(&options);

	(void)state;
	session_cancel(session);
	session_wait(session, true);
	assert_int_equal(session_view(session)->phase, SESSION_FAILED);
	assert_int_equal(session_view(session)->error.code, ERR_CANCELLED);
	session_free(session);
}

static void a_session_can_be_freed_at_any_moment(void **state)
{
	char path[4200];

	(void)state;
	snprintf(path, sizeof(path), "%s", build_many());
	for (unsigned i = 0; i < 25; i++) {
		const struct session_options options = opened_options(path);
		struct session *session = opened_start(&options);

		usleep(i * i * 30);
		if (i % 2)
			session_poll(session);
		if (i % 3 == 2)
			session_poll(session);
		session_free(session);
	}
	session_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_is_there_when_it_is_ready),
		cmocka_unit_test(phases_come_in_order),
		cmocka_unit_test(without_verification_nothing_is_hashed),
		cmocka_unit_test(a_descriptor_is_as_good_as_a_name),
		cmocka_unit_test(of_several_images_one_is_chosen),
		cmocka_unit_test(a_session_that_waits_for_a_choice_can_be_freed),
		cmocka_unit_test(the_platform_decides),
		cmocka_unit_test(what_cannot_be_opened_says_why),
		cmocka_unit_test(an_unknown_user_fails),
		cmocka_unit_test(an_unknown_profile_or_setting_fails_at_once),
		cmocka_unit_test(opening_can_be_cancelled),
		cmocka_unit_test(a_session_can_be_freed_at_any_moment),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
