/* Opening: every format, in place or spooled, and what is none. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "source/source.h"
#include "tests/lib/blobs.h"

static int make_images(void **state)
{
	struct tb tar = { 0 };
	struct ib image = { 0 };

	(void)state;
	tb_file(&tar, "a", 0644, 0, 0, "text");
	tb_end(&tar);
	ib_config(&image, "{}");
	ib_layer(&image, &tar, "none", "COPY a");
	ib_docker(&image, test_path("docker.tar"), "name:tag");
	ib_oci_archive(&image, test_path("oci.tar"), "tag");
	ib_oci_layout(&image, test_path("layout"), "tag");
	test_write(test_path("layer.tar"), tar.bytes, tar.len);
	ib_free(&image);
	tb_free(&tar);
	return 0;
}

static struct source *opened(const char *argument)
{
	struct source *source = NULL;
	struct err err = { 0 };

	if (source_open(argument, NULL, &source, &err) < 0)
		fail_msg("%s", err.text);
	return source;
}

static void each_format_is_told_by_its_content(void **state)
{
	static const char *const NAMES[] = { "docker.tar", "oci.tar", "layout" };

	(void)state;
	for (int i = 0; i <= SOURCE_OCI_LAYOUT; i++) {
		CLEANUP(source_closep) struct source *source = opened(test_path(NAMES[i]));

		assert_int_equal(source_format(source), i);
		assert_int_equal(source_image_count(source), 1);
		assert_false(source_is_spooled(source));
		assert_string_equal(source_path(source), source_name(source));
		assert_int_equal(source_problems(source)->all.count, 0);
	}
}

static bool is(const struct source *source, const char *name)
{
	struct stat info;

	assert_int_equal(stat(test_path(name), &info), 0);
	return source_is(source, &info);
}

static void a_source_is_what_was_opened_and_what_has_its_path(void **state)
{
	CLEANUP(source_closep) struct source *folder = opened(test_path("layout"));
	CLEANUP(source_closep) struct source *file = NULL;

	(void)state;
	assert_true(is(folder, "layout"));
	assert_false(is(folder, "layout/blobs"));
	test_write(test_path("before"), "", 0);
	assert_int_equal(link(test_path("docker.tar"), test_path("copy.tar")), 0);
	file = opened(test_path("copy.tar"));
	assert_int_equal(rename(test_path("before"), test_path("copy.tar")), 0);
	assert_true(is(file, "docker.tar"));
	assert_true(is(file, "copy.tar"));
	assert_false(is(file, "layout"));
}

static void compressed_archives_are_spooled(void **state)
{
	static const char *const TOOLS[] = { "gzip", "xz", "zstd", "bzip2" };

	(void)state;
	for (size_t i = 0; i < sizeof(TOOLS) / sizeof(TOOLS[0]); i++) {
		const char *path = test_path("packed");
		char command[9000];

		snprintf(command, sizeof(command), "%s -c <'%s' >'%s' 2>/dev/null", TOOLS[i],
			 test_path("docker.tar"), path);
		if (system(command) != 0)
			continue; /* the tool is not here */
		CLEANUP(source_closep) struct source *source = opened(path);

		assert_int_equal(source_format(source), SOURCE_DOCKER_ARCHIVE);
		assert_true(source_is_spooled(source));
	}
}

/* A pipe with the whole file in it: small enough for the pipe's buffer. */
static int pipe_with(const char *name)
{
	int ends[2];
	size_t len;
	unsigned char *bytes = test_read(test_path(name), &len);

	assert_true(len <= 64 * 1024);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], bytes, len), len);
	close(ends[1]);
	free(bytes);
	return ends[0];
}

static void a_pipe_is_spooled(void **state)
{
	CLEANUP(source_closep) struct source *source = NULL;
	struct progress progress = { 0 };
	const struct source_options options = {
		.progress = &progress,
		.spool_folder = test_dir(),
	};

	(void)state;
	assert_int_equal(source_open_fd(pipe_with("oci.tar"), "the pipe", &options, &source, NULL),
			 0);
	assert_int_equal(source_format(source), SOURCE_OCI_ARCHIVE);
	assert_true(source_is_spooled(source));
	assert_null(source_path(source));
	assert_string_equal(source_name(source), "the pipe");
	assert_true(progress.done > 0);
}

static void a_spool_above_the_limit_is_refused(void **state)
{
	struct source *source = NULL;
	struct limits limits = *limits_default();
	const struct source_options options = { .limits = &limits };

	(void)state;
	limits.spool_bytes = 1000;
	assert_int_equal(source_open_fd(pipe_with("oci.tar"), "x", &options, &source, NULL),
			 -ERR_LIMIT);
}

static void a_transport_must_fit_the_content(void **state)
{
	struct source *source = NULL;
	struct err err = { 0 };
	char argument[5000];

	(void)state;
	snprintf(argument, sizeof(argument), "oci-archive:%s", test_path("docker.tar"));
	assert_int_equal(source_open(argument, NULL, &source, &err), -ERR_FORMAT);
	assert_non_null(strstr(err.text, "docker-archive, not oci-archive"));
}

static void the_transport_chooses_the_half_of_a_hybrid(void **state)
{
	char blob[BLOB_TEXT], text[2 * BLOB_TEXT], argument[5000];
	struct tb tar = { 0 };

	(void)state;
	image_put(&tar, "{}", blob);
	tb_file(&tar, "manifest.json", 0644, 0, 0, "[{\"Config\":\"c\",\"Layers\":[]}]");
	snprintf(text, sizeof(text), "{\"manifests\":[{%s}]}", blob);
	snprintf(argument, sizeof(argument), "oci-archive:%s", index_end(&tar, text, "hybrid.tar"));
	CLEANUP(source_closep) struct source *oci = opened(argument);
	snprintf(argument, sizeof(argument), "docker-archive:%s", test_path("hybrid.tar"));
	CLEANUP(source_closep) struct source *docker = opened(argument);
	CLEANUP(source_closep) struct source *both = opened(test_path("hybrid.tar"));

	assert_int_equal(source_format(oci), SOURCE_OCI_ARCHIVE);
	assert_int_equal(source_format(docker), SOURCE_DOCKER_ARCHIVE);
	assert_int_equal(source_format(both), SOURCE_HYBRID);
}

static void assert_refused(const char *name, int code, const char *says)
{
	struct source *source = NULL;
	struct err err = { 0 };

	assert_int_equal(source_open(test_path(name), NULL, &source, &err), -code);
	assert_null(source);
	if (!strstr(err.text, says) || !strstr(err.text, name))
		fail_msg("'%s' does not say '%s' of '%s'", err.text, says, name);
}

static void what_is_no_tar_is_refused(void **state)
{
	(void)state;
	test_write(test_path("empty"), "", 0);
	assert_refused("empty", ERR_FORMAT, "it is empty");
	test_write(test_path("text"), "hello\n", 6);
	assert_refused("text", ERR_FORMAT, "is no container image: not a tar");
	test_write(test_path("zip"), "PK\x03\x04 and more", 13);
	assert_refused("zip", ERR_FORMAT, "a zip file");
	test_write(test_path("cut.gz"), "\x1f\x8b\x08\0\0\0\0\0\0\3", 10);
	assert_refused("cut.gz", ERR_FORMAT, "cut.gz");
}

static void what_is_no_image_is_refused(void **state)
{
	struct tb tar = { 0 };

	(void)state;
	assert_refused("layer.tar", ERR_FORMAT, "no manifest.json and no index.json");
	assert_refused("nothing", ERR_NOT_FOUND, "no such file or folder");
	assert_int_equal(mkdir(test_path("folder"), 0755), 0);
	assert_refused("folder", ERR_FORMAT, "no index.json");
	tb_file(&tar, "repositories", 0644, 0, 0, "{}");
	tb_end(&tar);
	test_write(test_path("old.tar"), tar.bytes, tar.len);
	tb_free(&tar);
	assert_refused("old.tar", ERR_UNSUPPORTED, "before Docker 1.10");
}

static void an_archive_that_is_cut_before_its_manifest_says_so(void **state)
{
	size_t len;
	unsigned char *bytes = test_read(test_path("docker.tar"), &len);

	(void)state;
	test_write(test_path("cut.tar"), bytes, 700);
	free(bytes);
	assert_refused("cut.tar", ERR_FORMAT, "damaged, at byte ");
	assert_refused("cut.tar", ERR_FORMAT, "; copy or save it again");
}

static void waiting_for_the_writer_of_a_fifo_can_be_cancelled(void **state)
{
	struct source *source = NULL;
	struct cancel cancel = { 0 };
	const struct source_options options = { .cancel = &cancel };

	(void)state;
	assert_int_equal(mkfifo(test_path("fifo"), 0644), 0);
	cancel_request(&cancel);
	assert_int_equal(source_open(test_path("fifo"), &options, &source, NULL), -ERR_CANCELLED);
}

static void a_device_is_refused(void **state)
{
	struct source *source = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(source_open("/dev/null", NULL, &source, &err), -ERR_IO);
	assert_non_null(strstr(err.text, "neither a file"));
}

static void no_descriptor_is_left_open(void **state)
{
	int before = dup(STDOUT_FILENO);
	struct source *source = opened(test_path("docker.tar"));

	(void)state;
	close(before);
	source_close(source);
	source = NULL;
	assert_true(source_open(test_path("layer.tar"), NULL, &source, NULL) < 0);
	int after = dup(STDOUT_FILENO);

	assert_int_equal(before, after);
	close(after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_format_is_told_by_its_content),
		cmocka_unit_test(a_source_is_what_was_opened_and_what_has_its_path),
		cmocka_unit_test(compressed_archives_are_spooled),
		cmocka_unit_test(a_pipe_is_spooled),
		cmocka_unit_test(a_spool_above_the_limit_is_refused),
		cmocka_unit_test(a_transport_must_fit_the_content),
		cmocka_unit_test(the_transport_chooses_the_half_of_a_hybrid),
		cmocka_unit_test(what_is_no_tar_is_refused),
		cmocka_unit_test(what_is_no_image_is_refused),
		cmocka_unit_test(an_archive_that_is_cut_before_its_manifest_says_so),
		cmocka_unit_test(waiting_for_the_writer_of_a_fifo_can_be_cancelled),
		cmocka_unit_test(a_device_is_refused),
		cmocka_unit_test(no_descriptor_is_left_open),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_images, NULL);
}
