/* Adding to a layout: whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/emit/emit_priv.h"
#include "lib/build.h"

static const char INDEX[] = "{\"schemaVersion\":2,\"manifests\":[],\"x\":1}";

static const char *path_in(const char *layout, const char *name)
{
	static char paths[4][600];
	static unsigned next;
	char *path = paths[next++ % 4];

	snprintf(path, sizeof(paths[0]), "%s/%s", layout, name);
	return path;
}

static const char *make_layout(const char *name)
{
	static char layout[500];

	snprintf(layout, sizeof(layout), "%s", test_path(name));
	assert_int_equal(mkdir(layout, 0755), 0);
	assert_int_equal(mkdir(path_in(layout, "blobs"), 0755), 0);
	assert_int_equal(mkdir(path_in(layout, "blobs/sha256"), 0755), 0);
	test_write(path_in(layout, "index.json"), INDEX, strlen(INDEX));
	test_write(path_in(layout, "blobs/sha256/old"), "old", 3);
	return layout;
}

static struct layout_update *open_update(const char *layout)
{
	struct layout_update *update;
	struct err err = { 0 };

	if (layout_update_open(layout, &update, &err) < 0)
		fail_msg("%s", err.text);
	return update;
}

/* A new blob, one that is there already, and the index. */
static void add(struct layout_update *update)
{
	struct emit_store *store;

	assert_int_equal(emit__store_new(layout_update_fd(update), true, 0, &store, NULL), 0);
	emit__store_set_update(store, update);
	assert_int_equal(emit__store_put(store, "blobs/sha256/new", "new", 3, NULL), 0);
	assert_int_equal(emit__store_put(store, "blobs/sha256/old", "other", 5, NULL), 0);
	assert_int_equal(emit__store_put(store, LAYOUT_UPDATE_INDEX, "{}", 2, NULL), 0);
	emit__store_free(store);
}

static void assert_file(const char *path, const char *expected)
{
	size_t len;
	unsigned char *bytes;

	if (!expected) {
		assert_int_not_equal(access(path, F_OK), 0);
		return;
	}
	bytes = test_read(path, &len);
	assert_int_equal(len, strlen(expected));
	assert_memory_equal(bytes, expected, len);
	free(bytes);
}

static void assert_layout(const char *layout, const char *index, const char *new)
{
	assert_file(path_in(layout, "index.json"), index);
	assert_file(path_in(layout, "blobs/sha256/old"), "old");
	assert_file(path_in(layout, "blobs/sha256/new"), new);
}

static void published_it_has_the_new_index_and_blobs(void **state)
{
	const char *layout = make_layout("published");
	struct layout_update *update;
	struct stat info;

	(void)state;
	assert_int_equal(chmod(path_in(layout, "index.json"), 0640), 0);
	update = open_update(layout);
	assert_int_equal(json_integer_value(json_object_get(layout_update_index(update), "x")), 1);
	add(update);
	assert_file(path_in(layout, "index.json"), INDEX);
	assert_int_equal(layout_update_publish(update, NULL), 0);
	layout_update_close(update);
	assert_layout(layout, "{}", "new");
	assert_int_equal(stat(path_in(layout, "index.json"), &info), 0);
	assert_int_equal(info.st_mode & 0777, 0640);
	assert_file(path_in(layout, LAYOUT_UPDATE_INDEX), NULL);
	assert_file(path_in(layout, EMIT_UNNAMED), NULL);
}

static void closed_it_is_as_it_was(void **state)
{
	const char *layout = make_layout("closed");
	struct layout_update *update = open_update(layout);

	(void)state;
	add(update);
	layout_update_close(update);
	assert_layout(layout, INDEX, NULL);
	assert_file(path_in(layout, LAYOUT_UPDATE_INDEX), NULL);
	assert_file(path_in(layout, EMIT_UNNAMED), NULL);
}

static void killed_it_shows_what_it_did_and_can_be_tried_again(void **state)
{
	const char *layout = make_layout("killed");
	struct layout_update *update;
	int status;
	pid_t child = fork();

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		add(open_update(layout));
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WTERMSIG(status), SIGKILL);
	assert_layout(layout, INDEX, "new"); /* a blob that nothing refers to, but whole */
	update = open_update(layout);
	add(update);
	assert_int_equal(layout_update_publish(update, NULL), 0);
	layout_update_close(update);
	assert_layout(layout, "{}", "new");
}

static void two_at_a_time_are_refused(void **state)
{
	const char *layout = make_layout("locked");
	struct layout_update *update = open_update(layout), *second;

	(void)state;
	test_write(path_in(layout, LAYOUT_UPDATE_INDEX), "{}", 2);
	assert_int_equal(layout_update_open(layout, &second, NULL), -ERR_EXISTS);
	assert_file(path_in(layout, LAYOUT_UPDATE_INDEX), "{}"); /* it is the first one's */
	layout_update_close(update);
	layout_update_close(open_update(layout));
}

static void links_are_not_followed_out_of_it(void **state)
{
	const char *layout = make_layout("links");
	struct layout_update *update;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(rename(path_in(layout, "index.json"), path_in(layout, "other")), 0);
	assert_int_equal(symlink("other", path_in(layout, "index.json")), 0);
	assert_int_equal(layout_update_open(layout, &update, &err), -ERR_INVALID);
	assert_int_equal(rename(path_in(layout, "other"), path_in(layout, "index.json")), 0);
	assert_int_equal(rename(path_in(layout, "blobs"), path_in(layout, "elsewhere")), 0);
	assert_int_equal(symlink("elsewhere", path_in(layout, "blobs")), 0);
	err_clear(&err);
	assert_int_equal(layout_update_open(layout, &update, &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, "'blobs' is a link"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_it_has_the_new_index_and_blobs),
		cmocka_unit_test(closed_it_is_as_it_was),
		cmocka_unit_test(killed_it_shows_what_it_did_and_can_be_tried_again),
		cmocka_unit_test(two_at_a_time_are_refused),
		cmocka_unit_test(links_are_not_followed_out_of_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
