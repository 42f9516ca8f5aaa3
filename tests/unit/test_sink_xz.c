/* The xz that is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/mman.h>
#include <unistd.h>

#include "lib/encoded.h"
#include "stream/sink.h"

static void it_is_one_stream_without_padding(void **state)
{
	CLEANUP(encoded_done) struct encoded made = encode_all(COMPRESSION_XZ, "hello", 5);

	(void)state;
	assert_memory_equal(made.bytes,
			    "\xfd"
			    "7zXZ\0",
			    6);
	assert_memory_equal(made.bytes + made.len - 2, "YZ", 2);
}

static void an_unfinished_one_writes_nothing_more_on_close(void **state)
{
	CLEANUP(closep) int fd = memfd_create("out", MFD_CLOEXEC);
	struct sink *file, *sink;
	CLEANUP(freep) char *zeros = calloc(1, 300000);

	(void)state;
	assert_int_equal(sink_file_open(fd, 0, &file, NULL), 0);
	assert_int_equal(sink_encode_open(file, COMPRESSION_XZ, &sink, NULL), 0);
	assert_int_equal(sink_write(sink, zeros, 300000, NULL), 0);
	sink_close(sink);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_one_stream_without_padding),
		cmocka_unit_test(an_unfinished_one_writes_nothing_more_on_close),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
