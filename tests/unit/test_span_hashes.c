/* Hashing what is written while the rest still is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "core/session/session_priv.h"
#include "lib/build.h"

static int open_text(const char *text)
{
	const char *path = test_path("spans");
	int fd;

	test_write(path, text, strlen(text));
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static struct span_hashes *new_hashes(const struct cancel *cancel, struct progress *progress)
{
	struct span_hashes *hashes = NULL;

	assert_int_equal(span_hashes_new(cancel, progress, &hashes, NULL), 0);
	return hashes;
}

static void each_span_is_read_from_the_file(void **state)
{
	CLEANUP(closep) int fd = open_text("onetwo");
	CLEANUP(closep) int again = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	struct progress progress = { 0 };
	CLEANUP(span_hashes_freep) struct span_hashes *hashes = new_hashes(NULL, &progress);
	unsigned char value[HASH_MAX_BYTES];
	struct digest wanted;

	(void)state;
	for (uint64_t at = 0; at < 6; at += 3)
		span_hashes_add(hashes, &(struct stream_span){ fd, at, 3 });
	assert_int_equal(span_hashes_take_bytes(hashes), 6);
	assert_int_equal(span_hashes_take_bytes(hashes), 0);
	/* Who reads it back has another descriptor. */
	assert_true(span_hashes_find(hashes, &(struct stream_span){ again, 3, 3 }, value));
	assert_int_equal(digest_of("two", 3, &wanted, NULL), 0);
	assert_memory_equal(value, wanted.bytes, hash_size(HASH_SHA256));
	assert_true(span_hashes_find(hashes, &(struct stream_span){ again, 0, 3 }, value));
	assert_int_equal(digest_of("one", 3, &wanted, NULL), 0);
	assert_memory_equal(value, wanted.bytes, hash_size(HASH_SHA256));
	assert_int_equal(progress.done, 6);
}

static void other_spans_are_not_known(void **state)
{
	CLEANUP(closep) int fd = open_text("onetwo");
	CLEANUP(span_hashes_freep) struct span_hashes *hashes = new_hashes(NULL, NULL);
	unsigned char value[HASH_MAX_BYTES];

	(void)state;
	assert_false(span_hashes_find(NULL, &(struct stream_span){ fd, 0, 3 }, value));
	assert_false(span_hashes_find(hashes, &(struct stream_span){ fd, 0, 3 }, value));
	span_hashes_add(hashes, &(struct stream_span){ fd, 0, 3 });
	assert_false(span_hashes_find(hashes, &(struct stream_span){ fd, 0, 4 }, value));
	assert_false(span_hashes_find(hashes, &(struct stream_span){ fd, 1, 3 }, value));
}

static void what_cannot_be_read_is_not_known(void **state)
{
	CLEANUP(closep) int fd = open_text("one");
	struct cancel cancel = { 0 };
	CLEANUP(span_hashes_freep) struct span_hashes *hashes = new_hashes(&cancel, NULL);
	const struct stream_span longer = { fd, 0, 4 }, all = { fd, 0, 3 };
	unsigned char value[HASH_MAX_BYTES];

	(void)state;
	span_hashes_add(hashes, &longer);
	assert_false(span_hashes_find(hashes, &longer, value));
	cancel_request(&cancel);
	span_hashes_add(hashes, &all);
	assert_false(span_hashes_find(hashes, &all, value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_span_is_read_from_the_file),
		cmocka_unit_test(other_spans_are_not_known),
		cmocka_unit_test(what_cannot_be_read_is_not_known),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
