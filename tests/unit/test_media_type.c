/* The table of media types. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oci/media_type.h"

static void known_types_are_found(void **state)
{
	const struct media_type *type =
		media_type_find("application/vnd.oci.image.layer.v1.tar+zstd");

	(void)state;
	assert_non_null(type);
	assert_int_equal(type->kind, MEDIA_LAYER);
	assert_int_equal(type->family, FAMILY_OCI);
	assert_int_equal(type->compression, COMPRESSION_ZSTD);
}

static void unknown_and_missing_types_are_not_found(void **state)
{
	(void)state;
	assert_null(media_type_find(NULL));
	assert_null(media_type_find(""));
	assert_null(media_type_find("application/vnd.oci.image.layer.v1.tar+gzip "));
}

static void every_written_type_is_found_again(void **state)
{
	(void)state;
	for (int kind = MEDIA_INDEX; kind <= MEDIA_FOREIGN_LAYER; kind++) {
		for (int family = FAMILY_OCI; family <= FAMILY_DOCKER; family++) {
			for (int c = COMPRESSION_NONE; c < COMPRESSIONS; c++) {
				const char *name = media_type_name((enum media_kind)kind,
								   (enum media_family)family,
								   (enum compression)c);
				const struct media_type *type = media_type_find(name);

				if (!name)
					continue;
				assert_non_null(type);
				assert_int_equal(type->kind, kind);
				assert_int_equal(type->family, family);
				assert_int_equal(type->compression, c);
			}
		}
	}
}

static void docker_has_no_zstd_layer(void **state)
{
	(void)state;
	assert_null(media_type_name(MEDIA_LAYER, FAMILY_DOCKER, COMPRESSION_ZSTD));
	assert_string_equal(media_type_name(MEDIA_LAYER, FAMILY_DOCKER, COMPRESSION_GZIP),
			    "application/vnd.docker.image.rootfs.diff.tar.gzip");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_types_are_found),
		cmocka_unit_test(unknown_and_missing_types_are_not_found),
		cmocka_unit_test(every_written_type_is_found_again),
		cmocka_unit_test(docker_has_no_zstd_layer),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
