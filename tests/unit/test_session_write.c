/* Writing: whole and as planned, or not at all; the input is never changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "lib/opened.h"

/* test_path() that lasts. */
static const char *lasting_path(const char *name)
{
	static char paths[64][4200];
	static unsigned next;
	char *path = paths[next++ % 64];

	snprintf(path, sizeof(paths[0]), "%s", test_path(name));
	return path;
}

static struct session *open_fixed(const char *path)
{
	struct session *session = opened(path);
	struct err err = { 0 };

	if (session_fix_all(session, NULL, &err) < 0)
		fail_msg("%s", err.text);
	session_wait(session, true);
	assert_false(plan_is_empty(session_view(session)->plan));
	return session;
}

static void start_write(struct session *session, const struct write_request *request)
{
	struct err err = { 0 };

	if (session_write(session, request, &err) < 0)
		fail_msg("%s", err.text);
}

static const struct write_result *write_well(struct session *session,
					     const struct write_request *request)
{
	start_write(session, request);
	session_wait(session, true);
	if (session_view(session)->write != WRITE_DONE)
		fail_msg("%s", session_view(session)->write_error.text);
	return session_view(session)->written;
}

static void write_badly(struct session *session, const struct write_request *request,
			enum err_code code)
{
	start_write(session, request);
	session_wait(session, true);
	assert_int_equal(session_view(session)->write, WRITE_FAILED);
	if (session_view(session)->write_error.code != code)
		fail_msg("%s", session_view(session)->write_error.text);
	assert_true(strlen(session_view(session)->write_error.text) > 0);
	assert_null(strchr(session_view(session)->write_error.text, '\n'));
}

static size_t files_in(const char *folder)
{
	DIR *list = opendir(folder);
	size_t count = 0;

	assert_non_null(list);
	while (readdir(list))
		count++;
	closedir(list);
	return count - 2;
}

static void write_and_open_again(enum source_format from, const char *compression,
				 enum emit_mode mode, enum source_format to)
{
	static unsigned number;
	char name[40];
	const char *out;
	struct session *session, *again;
	const struct write_result *written;

	snprintf(name, sizeof(name), "in-%u", number);
	session = open_fixed(opened_store(name, from, compression, 10));
	snprintf(name, sizeof(name), "out-%u", number++);
	out = lasting_path(name);
	written = write_well(
		session, &(struct write_request){
				 .kind = WRITE_IMAGE, .mode = mode, .format = to, .path = out });
	assert_string_equal(written->path, out);
	assert_true(written->judged);
	assert_int_equal(written->by_severity[SEVERITY_ERROR], 0);
	assert_true(written->bytes > 0);
	assert_memory_equal(written->digest, "sha256:", 7);
	again = opened(out);
	assert_int_equal(session_view(again)->verify, VERIFY_DONE);
	assert_int_equal(session_view(again)->judgement->by_severity[SEVERITY_ERROR], 0);
	assert_int_equal(session_view(again)->layer_count, mode == EMIT_REWRITE ? 2 : 3);
	session_free(again);
	session_free(session);
}

static void every_format_is_written_and_judged_again(void **state)
{
	static const char *const compressions[] = { "none", "gzip", "zstd", "xz" };

	(void)state;
	for (enum source_format from = 0; from < SOURCE_FORMATS; from++) {
		for (enum source_format to = 0; to < SOURCE_FORMATS; to++) {
			write_and_open_again(from, compressions[(from + to) % 4], EMIT_REWRITE, to);
			write_and_open_again(from, compressions[(from + to + 1) % 4], EMIT_APPEND,
					     to);
		}
	}
}

/* In both layers; one is rewritten, so the other's is what is seen afterwards, or none. */
static void store_estargz(const char *path)
{
	static const char *const TABLE = EMIT_CONTENTS_NAME;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0:root:/root:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0, "root:x:0:\nusers:x:100:\n");
	tb_file(&tar, TABLE, 0444, 0, 0, "{\"version\":1}");
	tb_end(&tar);
	ib_layer(&image, &tar, "estargz", "RUN base");
	tb_free(&tar);
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, TABLE, 0444, 0, 0, "{\"version\":1,\"x\":1}");
	tb_end(&tar);
	ib_config(&image, "{\"WorkingDir\":\"/app\"}");
	ib_layer(&image, &tar, "estargz", "COPY app");
	tb_free(&tar);
	ib_oci_layout(&image, path, "tag");
	ib_free(&image);
}

static void tables_of_contents_are_left_out_and_said(void **state)
{
	static const enum compression PLAIN = COMPRESSION_NONE;
	static const struct {
		enum emit_mode mode;
		const enum compression *recompress;
		enum source_format to;
		size_t notes;
		bool there;
	} ROWS[] = {
		{ EMIT_REWRITE, NULL, SOURCE_OCI_ARCHIVE, 2, false },
		{ EMIT_REWRITE, NULL, SOURCE_DOCKER_ARCHIVE, 3, false }, /* and the tag alone */
		{ EMIT_APPEND, NULL, SOURCE_OCI_LAYOUT, 0, true },
		{ EMIT_APPEND, &PLAIN, SOURCE_OCI_LAYOUT, 2, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		struct session *session, *again;
		const struct write_result *written;
		char name[40];
		const char *out;

		snprintf(name, sizeof(name), "estargz-%zu", i);
		store_estargz(lasting_path(name));
		session = open_fixed(lasting_path(name));
		snprintf(name, sizeof(name), "plain-%zu", i);
		out = lasting_path(name);
		written = write_well(session,
				     &(struct write_request){ .kind = WRITE_IMAGE,
							      .mode = ROWS[i].mode,
							      .recompress = ROWS[i].recompress,
							      .format = ROWS[i].to,
							      .path = out });
		assert_int_equal(written->notes.all.count, ROWS[i].notes);
		again = opened(out);
		assert_int_equal(!node_is_none(tree_find(session_view(again)->tree,
							 EMIT_CONTENTS_NAME)),
				 ROWS[i].there);
		session_free(again);
		session_free(session);
	}
}

/* What was expected has passed by at the end, read back included: time left is no fiction. */
static void progress_ends_where_it_was_expected(void **state)
{
	static const char *const compressions[] = { "none", "gzip" };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		const char *path = opened_store("pace.tar", SOURCE_DOCKER_ARCHIVE,
						compressions[i % 2], 3000000);
		struct session *session = open_fixed(path);
		const struct progress *progress = session_view(session)->progress;
		uint64_t done, total;

		write_well(session,
			   &(struct write_request){ .kind = WRITE_IMAGE,
						    .mode = i < 2 ? EMIT_REWRITE : EMIT_APPEND,
						    .format = SOURCE_DOCKER_ARCHIVE,
						    .path = lasting_path("pace-out.tar"),
						    .replace = true });
		done = atomic_load(&progress->done);
		total = atomic_load(&progress->total);
		if (done + 8192 < total || done > total + 8192)
			fail_msg("%s: %llu of %llu", compressions[i % 2], (unsigned long long)done,
				 (unsigned long long)total);
		session_free(session);
	}
}

static void a_layer_is_written_with_its_descriptor(void **state)
{
	struct session *session =
		open_fixed(opened_store("layer-in", SOURCE_OCI_ARCHIVE, "gzip", 10));
	const char *out = lasting_path("layer-out");
	const struct write_request request = { .kind = WRITE_LAYER, .path = out };
	const struct write_result *written;
	unsigned char *bytes;
	uint64_t size = session_forecast(session)->append;
	size_t len;

	(void)state;
	written = write_well(session, &request);
	assert_int_equal(written->bytes, size);
	assert_string_equal(written->digest, written->diff_id);
	/* The config of the image stays, and with it what is wrong there. */
	assert_true(written->judged);
	assert_int_equal(written->by_severity[SEVERITY_ERROR], 1);
	bytes = test_read(out, &len);
	assert_int_equal(len, size);
	free(bytes);
	bytes = test_read(lasting_path("layer-out.json"), &len);
	assert_non_null(strstr((char *)bytes, written->digest));
	free(bytes);
	/* The descriptor alone is in the way, too: then there is no new layer either. */
	assert_int_equal(unlink(out), 0);
	write_badly(session, &request, ERR_EXISTS);
	assert_int_equal(access(out, F_OK), -1);
	session_free(session);
}

static void scripts_and_dockerfiles_are_written(void **state)
{
	struct session *session =
		open_fixed(opened_store("text-in", SOURCE_DOCKER_ARCHIVE, "gzip", 10));
	const char *script = lasting_path("fix.sh"), *dockerfile = lasting_path("Dockerfile");
	const struct write_result *written;
	unsigned char *bytes;
	size_t len;

	(void)state;
	written = write_well(session,
			     &(struct write_request){ .kind = WRITE_SCRIPT, .path = script });
	assert_true(written->judged);
	assert_int_equal(written->by_severity[SEVERITY_ERROR], 1);
	assert_string_equal(written->digest, "");
	bytes = test_read(script, &len);
	assert_int_equal(len, written->bytes);
	assert_memory_equal(bytes, "#!/bin/sh\n", 10);
	free(bytes);
	write_well(session,
		   &(struct write_request){ .kind = WRITE_DOCKERFILE, .path = dockerfile });
	bytes = test_read(dockerfile, &len);
	assert_non_null(memmem(bytes, len, "\nFROM host/name:tag\n", 20));
	free(bytes);
	session_free(session);
}

static void a_layer_without_files_is_refused(void **state)
{
	static const char *const rules[] = { "MAT-CFG-001", NULL };
	const char *out = lasting_path("no-layer");
	struct session *session =
		opened(opened_store("config-in", SOURCE_DOCKER_ARCHIVE, "gzip", 10));
	const struct write_request request = { .kind = WRITE_LAYER, .path = out };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(session_fix_all(session, rules, &err), 0);
	session_wait(session, true);
	assert_true(plan_changes_config(session_view(session)->plan));
	assert_int_equal(session_write(session, &request, &err), -ERR_INVALID);
	assert_non_null(strstr(err.text, "changes a file"));
	assert_int_equal(access(out, F_OK), -1);
	session_free(session);
}

static void without_a_plan_an_image_is_written_as_it_is_and_nothing_else(void **state)
{
	static const enum source_format FORMATS[] = { SOURCE_DOCKER_ARCHIVE, SOURCE_OCI_ARCHIVE };
	const char *out = lasting_path("as-it-is");
	struct session *session =
		opened(opened_store("empty-in", SOURCE_DOCKER_ARCHIVE, "gzip", 10));
	const struct write_request script = { .kind = WRITE_SCRIPT, .path = out };
	char digest[DIGEST_TEXT];

	(void)state;
	assert_int_equal(session_write(session, &script, NULL), -ERR_INVALID);
	digest_text(image_config_digest(session_view(session)->image), digest);
	for (size_t i = 0; i < sizeof(FORMATS) / sizeof(*FORMATS); i++) {
		const struct write_result *written =
			write_well(session, &(struct write_request){ .format = FORMATS[i],
								     .path = out,
								     .replace = true });

		assert_string_equal(written->digest, digest);
	}
	session_free(session);
}

static void an_existing_file_needs_replace(void **state)
{
	struct session *session =
		open_fixed(opened_store("exists-in", SOURCE_DOCKER_ARCHIVE, "gzip", 10));
	struct write_request request = { .kind = WRITE_IMAGE, .path = lasting_path("exists-out") };
	unsigned char *bytes;
	size_t len;

	(void)state;
	test_write(request.path, "precious", 8);
	write_badly(session, &request, ERR_EXISTS);
	bytes = test_read(request.path, &len);
	assert_int_equal(len, 8);
	free(bytes);
	request.replace = true;
	write_well(session, &request);
	session_free(session);
}

static void the_input_is_never_written_over(void **state)
{
	const char *in = lasting_path("self-in"), *link = lasting_path("self-link");
	struct session *session;
	unsigned char *before, *after;
	size_t a, b;

	(void)state;
	opened_store("self-in", SOURCE_DOCKER_ARCHIVE, "gzip", 10);
	before = test_read(in, &a);
	assert_int_equal(symlink("self-in", link), 0);
	session = open_fixed(in);
	write_badly(session, &(struct write_request){ .path = in, .replace = true }, ERR_INVALID);
	write_badly(session, &(struct write_request){ .path = link, .replace = true }, ERR_INVALID);
	write_well(session, &(struct write_request){ .path = lasting_path("self-out"),
						     .mode = EMIT_APPEND });
	session_free(session);
	after = test_read(in, &b);
	assert_int_equal(a, b);
	assert_memory_equal(before, after, a);
	free(before);
	free(after);
}

static void a_layout_with_a_colon_in_its_name_is_read_back(void **state)
{
	struct session *session =
		open_fixed(opened_store("colon-in", SOURCE_DOCKER_ARCHIVE, "gzip", 10));

	(void)state;
	write_well(session, &(struct write_request){ .format = SOURCE_OCI_LAYOUT,
						     .path = lasting_path("out:v1@2") });
	session_free(session);
}

static void damaged_input_is_refused(void **state)
{
	const char *in = lasting_path("damaged-in"), *folder = lasting_path("damaged-out");
	unsigned char *bytes, *body;
	struct session *session;
	size_t len;
	char out[4300];

	(void)state;
	opened_store("damaged-in", SOURCE_DOCKER_ARCHIVE, "none", 2000);
	bytes = test_read(in, &len);
	body = memmem(bytes, len, "xxxxxxxx", 8);
	assert_non_null(body);
	*body = 'y';
	test_write(in, bytes, len);
	free(bytes);
	session = open_fixed(in);
	assert_int_equal(mkdir(folder, 0755), 0);
	snprintf(out, sizeof(out), "%s/out", folder);
	for (enum write_kind kind = WRITE_IMAGE; kind <= WRITE_DOCKERFILE; kind++)
		write_badly(session, &(struct write_request){ .kind = kind, .path = out },
			    ERR_DIGEST);
	assert_int_equal(files_in(folder), 0);
	session_free(session);
}

static void verification_comes_first_even_if_nobody_asked(void **state)
{
	struct session_options options =
		opened_options(opened_store("unverified-in", SOURCE_DOCKER_ARCHIVE, "none", 10));
	struct session *session;

	(void)state;
	options.verify = false;
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_wait(session, true);
	assert_int_equal(session_view(session)->verify, VERIFY_WAITING);
	write_well(session, &(struct write_request){ .path = lasting_path("unverified-out") });
	assert_int_equal(session_view(session)->verify, VERIFY_DONE);
	session_free(session);
}

static void cancelled_it_leaves_nothing(void **state)
{
	enum { BIG = 24 << 20 };
	const char *folder = lasting_path("cancel-out");
	struct session *session;
	char out[4300];

	(void)state;
	session = open_fixed(opened_store("cancel-in", SOURCE_DOCKER_ARCHIVE, "none", BIG));
	assert_int_equal(mkdir(folder, 0755), 0);
	snprintf(out, sizeof(out), "%s/out", folder);
	for (int when = 0; when < 2; when++) {
		for (enum source_format to = SOURCE_OCI_ARCHIVE; to <= SOURCE_OCI_LAYOUT; to++) {
			start_write(session, &(struct write_request){ .format = to, .path = out });
			if (when == 1)
				session_poll(session);
			session_cancel(session);
			session_wait(session, true);
			assert_int_equal(session_view(session)->write, WRITE_FAILED);
			assert_int_equal(session_view(session)->write_error.code, ERR_CANCELLED);
			assert_int_equal(files_in(folder), 0);
		}
	}
	/* Freed in the middle. */
	start_write(session, &(struct write_request){ .format = SOURCE_OCI_LAYOUT, .path = out });
	session_poll(session);
	session_free(session);
	assert_int_equal(files_in(folder), 0);
}

static void a_write_that_waits_for_verification_can_be_cancelled(void **state)
{
	struct session_options options =
		opened_options(opened_store("pending-in", SOURCE_DOCKER_ARCHIVE, "none", 10));
	struct session *session;

	(void)state;
	options.verify = false;
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_wait(session, true);
	start_write(session, &(struct write_request){ .path = lasting_path("pending-out") });
	assert_int_equal(session_write(session, &(struct write_request){ .path = "x" }, NULL),
			 -ERR_INVALID);
	session_cancel(session);
	session_wait(session, true);
	assert_int_equal(session_view(session)->write, WRITE_FAILED);
	assert_int_equal(session_view(session)->write_error.code, ERR_CANCELLED);
	assert_int_equal(access(lasting_path("pending-out"), F_OK), -1);
	/* And then it is done after all. */
	write_well(session, &(struct write_request){ .path = lasting_path("pending-out") });
	session_free(session);
}

/* ---- A full file system ---- */

/* A file system of 'size'; false: this test may not mount. */
static bool mount_small(const char *folder, const char *size)
{
	char options[64];

	assert_int_equal(mkdir(folder, 0755), 0);
	snprintf(options, sizeof(options), "size=%s", size);
	if (mount("tmpfs", folder, "tmpfs", 0, options) == 0)
		return true;
	print_message("# SKIP: cannot mount a small file system: %s\n", strerror(errno));
	return false;
}

static void what_does_not_fit_is_said_before(void **state)
{
	const char *folder = lasting_path("full");
	struct session *session;
	char out[4300];

	(void)state;
	if (!mount_small(folder, "64k"))
		return;
	session = open_fixed(opened_store("full-in", SOURCE_DOCKER_ARCHIVE, "none", 1 << 20));
	snprintf(out, sizeof(out), "%s/out", folder);
	write_badly(session, &(struct write_request){ .path = out }, ERR_IO);
	assert_non_null(strstr(session_view(session)->write_error.text, "needs"));
	assert_int_equal(files_in(folder), 0);
	session_free(session);
	assert_int_equal(umount2(folder, MNT_DETACH), 0);
}

static void a_file_system_that_fills_up_leaves_nothing(void **state)
{
	const char *folder = lasting_path("fills"), *in = lasting_path("fills-in");
	struct session *session;
	unsigned char *before, *after;
	size_t a, b;
	char out[4300];

	(void)state;
	/* The stored layers would fit, but not what goes with them. */
	if (!mount_small(folder, "4k"))
		return;
	opened_store("fills-in", SOURCE_DOCKER_ARCHIVE, "gzip", 1 << 20);
	before = test_read(in, &a);
	session = open_fixed(in);
	snprintf(out, sizeof(out), "%s/out", folder);
	for (enum source_format to = 0; to < SOURCE_FORMATS; to++) {
		write_badly(session, &(struct write_request){ .path = out, .format = to }, ERR_IO);
		assert_non_null(strstr(session_view(session)->write_error.text, strerror(ENOSPC)));
		assert_int_equal(files_in(folder), 0);
	}
	session_free(session);
	after = test_read(in, &b);
	assert_int_equal(a, b);
	assert_memory_equal(before, after, a);
	free(before);
	free(after);
	assert_int_equal(umount2(folder, MNT_DETACH), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_written_and_judged_again),
		cmocka_unit_test(tables_of_contents_are_left_out_and_said),
		cmocka_unit_test(progress_ends_where_it_was_expected),
		cmocka_unit_test(a_layer_is_written_with_its_descriptor),
		cmocka_unit_test(scripts_and_dockerfiles_are_written),
		cmocka_unit_test(a_layer_without_files_is_refused),
		cmocka_unit_test(without_a_plan_an_image_is_written_as_it_is_and_nothing_else),
		cmocka_unit_test(an_existing_file_needs_replace),
		cmocka_unit_test(the_input_is_never_written_over),
		cmocka_unit_test(a_layout_with_a_colon_in_its_name_is_read_back),
		cmocka_unit_test(damaged_input_is_refused),
		cmocka_unit_test(verification_comes_first_even_if_nobody_asked),
		cmocka_unit_test(cancelled_it_leaves_nothing),
		cmocka_unit_test(a_write_that_waits_for_verification_can_be_cancelled),
		cmocka_unit_test(what_does_not_fit_is_said_before),
		cmocka_unit_test(a_file_system_that_fills_up_leaves_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
