/* Images for the tests of the command line: mkimage KIND OUT. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"

static const char CONFIG[] = "{\"Cmd\":[\"/bin/sh\"],\"WorkingDir\":\"/\"}";

static void add_accounts(struct tb *tar)
{
	tb_dir(tar, "etc", 0755, 0, 0);
	tb_file(tar, "etc/passwd", 0644, 0, 0, "root:x:0:0:root:/root:/bin/sh\n");
	tb_file(tar, "etc/group", 0644, 0, 0, "root:x:0:\nusers:x:100:\n");
}

static void make_layers(struct ib *image)
{
	struct tb tar = { 0 };

	add_accounts(&tar);
	tb_dir(&tar, "data", 0700, 0, 0);
	tb_file(&tar, "data/secret", 0644, 0, 0, "secret\n");
	tb_file(&tar, "gone", 0644, 0, 0, "");
	tb_symlink(&tar, "link", "data/secret");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "ADD base /");
	tb_free(&tar);
	tar = (struct tb){ 0 };
	tb_whiteout(&tar, "gone");
	tb_file(&tar, "new", 0640, 1000, 100, "hello\n");
	tb_end(&tar);
	ib_layer(image, &tar, "gzip", "RUN second");
	tb_free(&tar);
}

static void make_plain(struct ib *image, const char *out)
{
	make_layers(image);
	ib_docker(image, out, "test/plain:1");
}

static void make_oci(struct ib *image, const char *out)
{
	make_layers(image);
	ib_oci_layout(image, out, "one");
}

/* A diff ID that the layer has not. */
static void make_damaged(struct ib *image, const char *out)
{
	make_layers(image);
	memset(strchr(image->layers[0].diff_id, ':') + 1, '0', 64);
	ib_docker(image, out, "test/damaged:1");
}

/* Names that would move the cursor, colour the screen, or turn text round. */
static void make_hostile(struct ib *image, const char *out)
{
	struct tb tar = { 0 };

	add_accounts(&tar);
	tb_file(&tar, "a\033[31mred\007", 0644, 0, 0, "");
	tb_file(&tar, "line\nfeed\r", 0600, 0, 0, "");
	tb_file(&tar, "bad\xff\xc2\x9butf8\x7f", 0600, 0, 0, "");
	tb_file(&tar, "bidi\xe2\x80\xaetxt", 0600, 0, 0, "");
	tb_dir(&tar, "app", 0755, 0, 0);
	tb_file(&tar, "app/\033]0;title\007.py", 0600, 0, 0, "");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "RUN echo \033[2J");
	tb_free(&tar);
	ib_docker(image, out, "test/hostile:1");
}

static void make_many_layers(struct ib *image)
{
	struct tb tar = { 0 };
	char name[32];

	add_accounts(&tar);
	tb_dir(&tar, "app", 0755, 0, 0);
	for (int i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "app/file%02d", i);
		tb_file(&tar, name, 0600, 0, 0, "x");
	}
	tb_end(&tar);
	ib_layer(image, &tar, "none", "COPY app /app");
	tb_free(&tar);
}

static void make_many(struct ib *image, const char *out)
{
	make_many_layers(image);
	ib_docker(image, out, "test/many:1");
}

static void make_other_oci(struct ib *image, const char *out)
{
	make_many_layers(image);
	ib_oci_layout(image, out, "other");
}

static void make_empty(struct ib *image, const char *out)
{
	ib_docker(image, out, "test/empty:1");
}

static const struct {
	const char *name;
	void (*make)(struct ib *image, const char *out);
} KINDS[] = {
	{ "plain", make_plain },     { "oci", make_oci },         { "other-oci", make_other_oci },
	{ "damaged", make_damaged }, { "hostile", make_hostile }, { "many", make_many },
	{ "empty", make_empty },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 3 && i < sizeof(KINDS) / sizeof(*KINDS); i++) {
		struct ib image = { 0 };

		if (strcmp(KINDS[i].name, argv[1]) != 0)
			continue;
		ib_config(&image, CONFIG);
		KINDS[i].make(&image, argv[2]);
		ib_free(&image);
		return 0;
	}
	fputs("usage: mkimage KIND OUT\n", stderr);
	return 2;
}
