/* Whiteouts, opaque marks and metadata are told by name. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "core/layer/layer_priv.h"

static const struct path_case {
	const char *path;
	enum layer_path_kind kind;
	const char *folder, *name;
} CASES[] = {
	/* clang-format off */
	{ "",                     LAYER_PATH_NODE,     "",    "" },
	{ "a",                    LAYER_PATH_NODE,     "",    "a" },
	{ "a/b/c",                LAYER_PATH_NODE,     "a/b", "c" },
	{ "a/.whx",               LAYER_PATH_NODE,     "a",   ".whx" },
	{ ".wh.d/z",              LAYER_PATH_NODE,     ".wh.d", "z" },
	{ ".wh.a",                LAYER_PATH_WHITEOUT, "",    "a" },
	{ "a/b/.wh.c",            LAYER_PATH_WHITEOUT, "a/b", "c" },
	{ "a/.wh....",            LAYER_PATH_WHITEOUT, "a",   "..." },
	{ ".wh..wh..opq",         LAYER_PATH_OPAQUE,   "",    "" },
	{ "a/.wh..wh..opq",       LAYER_PATH_OPAQUE,   "",    "a" },
	{ "a/b/.wh..wh..opq",     LAYER_PATH_OPAQUE,   "a",   "b" },
	{ ".wh..wh.plnk",         LAYER_PATH_AUFS,     "",    ".wh..wh.plnk" },
	{ ".wh..wh.plnk/1.2",     LAYER_PATH_AUFS,     ".wh..wh.plnk", "1.2" },
	{ "a/.wh..wh.x/.wh.b",    LAYER_PATH_AUFS,     "a/.wh..wh.x", ".wh.b" },
	{ ".wh..wh.f",            LAYER_PATH_AUFS,     "",    ".wh..wh.f" },
	{ ".wh.",                 LAYER_PATH_INVALID,  "",    ".wh." },
	{ "d/.wh..",              LAYER_PATH_INVALID,  "d",   ".wh.." },
	{ "d/.wh...",             LAYER_PATH_INVALID,  "d",   ".wh..." },
	/* clang-format on */
};

static void assert_bytes(const char *bytes, size_t len, const char *expected, const char *path)
{
	if (len != strlen(expected) || memcmp(bytes, expected, len) != 0)
		fail_msg("%s: got '%.*s', wanted '%s'", path, (int)len, bytes, expected);
}

static void every_path_has_its_kind_and_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(CASES) / sizeof(*CASES); i++) {
		const struct path_case *c = &CASES[i];
		struct layer_path path;

		if (layer__read_path(c->path, strlen(c->path), &path) != c->kind)
			fail_msg("%s: of another kind", c->path);
		assert_bytes(path.folder, path.folder_len, c->folder, c->path);
		assert_bytes(path.name, path.name_len, c->name, c->path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_path_has_its_kind_and_parts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
