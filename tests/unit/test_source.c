/* A source: which image is meant, where blobs are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "source/source.h"
#include "tests/lib/blobs.h"

#define LINUX(arch) "\"platform\":{\"os\":\"linux\",\"architecture\":\"" arch "\"}"
#define NAMED(name) "\"annotations\":{\"io.containerd.image.name\":\"" name "\"}"

/* Two tags: the first for two platforms, neither of them this machine's. */
static int make_archives(void **state)
{
	char a[BLOB_TEXT], b[BLOB_TEXT], c[BLOB_TEXT], text[5 * BLOB_TEXT];
	struct tb tar = { 0 };

	(void)state;
	image_put(&tar, "{\"x\":1}", a);
	image_put(&tar, "{\"x\":2}", b);
	image_put(&tar, "{\"x\":3}", c);
	snprintf(text, sizeof(text),
		 "{\"manifests\":[{%s," LINUX("s390x") "," NAMED(
			 "host/x:1") "},"
				     "{%s," LINUX("mips") "," NAMED(
					     "host/x:1") "},"
							 "{%s," NAMED("host/y:2") "},{%s," NAMED(
								 "host/y:2") "}]}",
		 a, b, c, c);
	index_end(&tar, text, "many.tar");
	image_put(&tar, "{}", a);
	snprintf(text, sizeof(text), "{\"manifests\":[{%s," LINUX("s390x") "}]}", a);
	index_end(&tar, text, "one.tar");
	return 0;
}

/* The number of the image, or an error. */
static int choose(const char *name, const char *choice, const char *platform, struct err *err)
{
	CLEANUP(source_closep) struct source *source = NULL;
	struct platform want;
	char argument[5000];
	size_t i = 0;

	snprintf(argument, sizeof(argument), "%s%s", test_path(name), choice);
	if (platform)
		assert_int_equal(platform_parse(platform, &want, NULL), 0);
	assert_int_equal(source_open(argument, NULL, &source, err), 0);
	int r = source_choose(source, platform ? &want : NULL, &i, err);

	return r < 0 ? r : (int)i;
}

static void the_only_image_is_chosen_for_any_host(void **state)
{
	(void)state;
	assert_int_equal(choose("one.tar", "", NULL, NULL), 0);
	assert_int_equal(choose("one.tar", "", "linux/s390x", NULL), 0);
}

static void an_asked_platform_must_be_there(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(choose("one.tar", "", "linux/riscv64", &err), -ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "linux/riscv64"));
}

static void tag_then_platform_decide(void **state)
{
	(void)state;
	assert_int_equal(choose("many.tar", ":host/x:1", "linux/mips", NULL), 1);
	assert_int_equal(choose("many.tar", ":1", "linux/s390x", NULL), 0);
	assert_int_equal(choose("many.tar", "@1", NULL, NULL), 1);
	assert_int_equal(choose("many.tar", ":@3", NULL, NULL), 3);
}

/* A letter for each image that is meant. */
static void a_tag_means_all_its_platforms(void **state)
{
	static const struct {
		const char *choice, *meant;
	} ROWS[] = {
		{ "", "0123" }, { ":host/x:1", "01" }, { ":2", "23" }, { "@1", "1" }, { ":no", "" },
	};

	(void)state;
	for (size_t r = 0; r < sizeof(ROWS) / sizeof(*ROWS); r++) {
		CLEANUP(source_closep) struct source *source = NULL;
		char argument[5000], meant[8] = "";

		snprintf(argument, sizeof(argument), "%s%s", test_path("many.tar"), ROWS[r].choice);
		assert_int_equal(source_open(argument, NULL, &source, NULL), 0);
		for (size_t i = 0, n = 0; i < source_image_count(source); i++)
			if (source_means(source, i))
				meant[n++] = (char)('0' + i);
		assert_string_equal(meant, ROWS[r].meant);
	}
}

static void several_entries_of_one_image_are_no_choice(void **state)
{
	(void)state;
	assert_int_equal(choose("many.tar", ":host/y:2", NULL, NULL), 2);
}

static void several_images_are_ambiguous(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(choose("many.tar", ":1", NULL, &err), -ERR_AMBIGUOUS);
	assert_non_null(strstr(err.text, "2 images"));
}

static void what_is_not_there_is_not_found(void **state)
{
	struct err tag = { 0 }, number = { 0 };

	(void)state;
	assert_int_equal(choose("many.tar", ":z", NULL, &tag), -ERR_NOT_FOUND);
	assert_non_null(strstr(tag.text, "'z'"));
	assert_int_equal(choose("many.tar", "@4", NULL, &number), -ERR_NOT_FOUND);
	assert_non_null(strstr(number.text, "@3"));
}

static void blobs_and_members_are_found_and_read(void **state)
{
	CLEANUP(source_closep) struct source *source = NULL;
	CLEANUP(freep) char *bytes = NULL;
	struct digest digest;
	struct blob blob;
	size_t len;

	(void)state;
	assert_int_equal(source_open(test_path("one.tar"), NULL, &source, NULL), 0);
	assert_int_equal(digest_of("{}", 2, &digest, NULL), 0);
	assert_int_equal(source_blob(source, &digest, &blob, NULL), 0);
	assert_int_equal(blob_read(&blob, 2, &bytes, &len, NULL), 0);
	assert_string_equal(bytes, "{}");
	assert_int_equal(len, 2);
	assert_int_equal(source_member(source, "./oci-layout", &blob, NULL), 0);
	assert_string_equal(blob.name, "oci-layout");
}

static void reading_is_limited_and_a_short_file_is_an_error(void **state)
{
	CLEANUP(source_closep) struct source *source = NULL;
	struct blob blob;
	char *bytes;
	size_t len;

	(void)state;
	assert_int_equal(source_open(test_path("one.tar"), NULL, &source, NULL), 0);
	assert_int_equal(source_member(source, "oci-layout", &blob, NULL), 0);
	assert_int_equal(blob_read(&blob, 5, &bytes, &len, NULL), -ERR_LIMIT);
	blob.span.length = 1000000;
	assert_int_equal(blob_read(&blob, 1000000, &bytes, &len, NULL), -ERR_FORMAT);
}

static void a_missing_blob_is_named(void **state)
{
	CLEANUP(source_closep) struct source *source = NULL;
	const struct digest digest = { 0 };
	struct err err = { 0 };
	struct blob blob;

	(void)state;
	assert_int_equal(source_open(test_path("one.tar"), NULL, &source, NULL), 0);
	assert_int_equal(source_blob(source, &digest, &blob, &err), -ERR_NOT_FOUND);
	assert_non_null(strstr(err.text, "blobs/sha256/0000"));
}

static void formats_have_names(void **state)
{
	enum source_format format;

	(void)state;
	for (int i = 0; i < SOURCE_FORMATS; i++) {
		assert_true(source_format_find(source_format_name((enum source_format)i), &format));
		assert_int_equal(format, i);
	}
	assert_false(source_format_find("docker", &format));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_only_image_is_chosen_for_any_host),
		cmocka_unit_test(an_asked_platform_must_be_there),
		cmocka_unit_test(tag_then_platform_decide),
		cmocka_unit_test(a_tag_means_all_its_platforms),
		cmocka_unit_test(several_entries_of_one_image_are_no_choice),
		cmocka_unit_test(several_images_are_ambiguous),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(blobs_and_members_are_found_and_read),
		cmocka_unit_test(reading_is_limited_and_a_short_file_is_an_error),
		cmocka_unit_test(a_missing_blob_is_named),
		cmocka_unit_test(formats_have_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_archives, NULL);
}
