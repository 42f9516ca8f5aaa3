/* Images for the tests of the command line: mkimage KIND OUT. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "lib/elf.h"

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

/* Every mode of a folder and of a file in it, for every owner: by itself, and by a link. */
static void add_modes(struct tb *tar, long long uid, long long gid)
{
	char dir[64], name[80], target[64];

	snprintf(dir, sizeof(dir), "modes/%lld-%lld", uid, gid);
	tb_dir(tar, dir, 0755, 0, 0);
	for (unsigned mode = 0; mode <= 0777; mode++) {
		snprintf(name, sizeof(name), "%s/%03o", dir, mode);
		tb_dir(tar, name, mode | ((mode * 3) & 7) << 9, uid, gid);
		snprintf(name, sizeof(name), "%s/%03o/file", dir, mode);
		tb_file(tar, name, (mode << 3 | mode >> 6) & 0777, gid, uid, "");
		snprintf(name, sizeof(name), "%s/link%03o", dir, mode);
		snprintf(target, sizeof(target), "%03o/file", mode);
		tb_symlink(tar, name, target);
	}
}

/* The kernel follows 40. */
static void add_chain(struct tb *tar)
{
	char name[32], target[32];

	for (int i = 0; i < 45; i++) {
		snprintf(name, sizeof(name), "odd/chain%02d", i);
		snprintf(target, sizeof(target), "chain%02d", i + 1);
		tb_symlink(tar, name, target);
	}
	tb_symlink(tar, "odd/chain45", "../etc/passwd");
}

/* A component of one byte more than there may be, and one that fits. */
static void add_long(struct tb *tar)
{
	char target[300] = "../etc/../";

	memset(target + strlen(target), 'n', 256);
	tb_symlink(tar, "odd/long", target);
	target[strlen(target) - 1] = '\0';
	tb_symlink(tar, "odd/fits", target);
}

/* clang-format off */
static const struct tb_entry ODD[] = {
	{ "closed", '5', 0700, 0, 0, .link = "" },
	{ "closed/sub", '5', 0777, 0, 0, .link = "" },
	{ "closed/sub/file", '0', 0666, 0, 0, .link = "" },
	{ "closed/out", '2', 0777, 0, 0, .link = "../etc/passwd" },
	{ "tmp", '5', 01777, 0, 0, .link = "" },
	{ "tmp/file", '0', 0666, 7, 7, .link = "" },
	{ "tmp/of-root", '2', 0777, 0, 0, .link = "../etc/passwd" },
	{ "tmp/of-1000", '2', 0777, 1000, 100, .link = "../etc/passwd" },
	{ "tmp/of-7", '2', 0777, 7, 7, .link = "file" },
	{ "tmp/folder", '2', 0777, 7, 7, .link = "../etc" },
	{ "odd/abs", '2', 0777, 0, 0, .link = "/etc/passwd" },
	{ "odd/above", '2', 0777, 0, 0, .link = "../../../../etc/passwd" },
	{ "odd/self", '2', 0777, 0, 0, .link = "self" },
	{ "odd/ping", '2', 0777, 0, 0, .link = "pong" },
	{ "odd/pong", '2', 0777, 0, 0, .link = "ping" },
	{ "odd/gone", '2', 0777, 0, 0, .link = "nothing" },
	{ "odd/dot", '2', 0777, 0, 0, .link = "." },
	{ "odd/root", '2', 0777, 0, 0, .link = "/" },
	{ "odd/file-as-folder", '2', 0777, 0, 0, .link = "../etc/passwd/x" },
	{ "odd/file-slash", '2', 0777, 0, 0, .link = "../etc/passwd/" },
	{ "odd/file-dot", '2', 0777, 0, 0, .link = "../etc/passwd/." },
	{ "odd/file-up", '2', 0777, 0, 0, .link = "../etc/passwd/../passwd" },
	{ "odd/folder-slash", '2', 0777, 0, 0, .link = "..//etc//" },
	{ "odd/link-slash", '2', 0777, 0, 0, .link = "folder-slash/" },
	{ "odd/into-closed", '2', 0777, 0, 0, .link = "../closed/sub/file" },
	{ "odd/by-closed", '2', 0777, 0, 0, .link = "../closed/sub/../../etc/passwd" },
	{ "odd/closed-dots", '2', 0777, 0, 0, .link = "../closed/.." },
	{ "odd/out-of-closed", '2', 0777, 0, 0, .link = "../closed/out" },
	{ "odd/up-from-link", '2', 0777, 0, 0, .link = "../tmp/folder/../etc/group" },
	{ "odd/by-sticky", '2', 0777, 0, 0, .link = "../tmp/of-7" },
	{ "odd/by-runtime", '2', 0777, 0, 0, .link = "/proc/self/exe" },
	{ "odd/by-dev", '2', 0777, 0, 0, .link = "/dev/../etc/passwd" },
	/* With the owner and mode of its target: umoci takes those, the engines the link's. */
	{ "odd/hard", '1', 0666, 7, 7, .link = "tmp/file" },
	{ "odd/fifo", '6', 0620, 0, 100, .link = "" },
	{ "odd/char", '3', 0060, 0, 7, .link = "", .dev_major = 1, .dev_minor = 3 },
	{ "odd/bytes\xff\xc2", '0', 0604, 0, 0, .link = "" },
	{ "odd/line\nfeed", '0', 0640, 0, 7, .link = "" },
	{ "odd/by\xfe", '2', 0777, 0, 0, .link = "bytes\xff\xc2" },
};
/* clang-format on */

/* What a user may do, in every way that the kernel decides it without ACLs. */
static void make_access(struct ib *image, const char *out)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0,
		"root:x:0:0::/root:/bin/sh\ndev:x:1000:50::/:/bin/sh\napp:x:7:7::/:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0,
		"root:x:0:\nusers:x:100:root,dev\nextra:x:7:dev\nmore:x:8:app\n");
	tb_dir(&tar, "modes", 0755, 0, 0);
	add_modes(&tar, 0, 0);
	add_modes(&tar, 1000, 7);
	add_modes(&tar, 7, 100);
	add_modes(&tar, 8, 65534);
	tb_dir(&tar, "odd", 0755, 0, 0);
	for (size_t i = 0; i < sizeof(ODD) / sizeof(*ODD); i++)
		tb_add(&tar, &ODD[i]);
	add_chain(&tar);
	add_long(&tar);
	tb_end(&tar);
	ib_layer(image, &tar, "none", "ADD modes /");
	tb_free(&tar);
	ib_docker(image, out, "test/access:1");
}

/* Something for every profile to mend: accounts, config, directories, files. */
static void make_faulty(struct ib *image, const char *out)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0:root:/root:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0, "root:x:0:\r\n");
	tb_dir(&tar, "home", 0755, 0, 0);
	tb_dir(&tar, "bin", 0755, 0, 0);
	tb_elf(&tar, "bin/sh", 0755, &(struct elf_spec){ 0 });
	tb_elf(&tar, "bin/train", 0644, &(struct elf_spec){ 0 });
	tb_elf(&tar, "bin/serve", 0644, &(struct elf_spec){ 0 });
	tb_end(&tar);
	ib_layer(image, &tar, "gzip", "ADD base /");
	tb_free(&tar);
	tar = (struct tb){ 0 };
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, "app/train.py", 0600, 0, 0, "print()\n");
	tb_file(&tar, "app/a.cfg", 0600, 0, 0, "a\n");
	tb_file(&tar, "app/b.cfg", 0600, 0, 0, "b\n");
	tb_dir(&tar, "data", 0777, 0, 0);
	tb_file(&tar, "data/c.cfg", 0600, 0, 0, "c\n");
	tb_file(&tar, "data/d.cfg", 0600, 0, 0, "d\n");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "COPY app /app");
	tb_free(&tar);
	ib_config(image, "{\"Cmd\":[\"/bin/sh\",\"/app/train.py\"],\"WorkingDir\":\"/app\"}");
	ib_docker(image, out, "test/faulty:1");
}

/* Hard links to nothing, in two directories: a problem of the tree each. */
static void make_dangling(struct ib *image, const char *out)
{
	struct tb tar = { 0 };
	char name[32];

	add_accounts(&tar);
	tb_dir(&tar, "a", 0755, 0, 0);
	tb_hardlink(&tar, "a/one\033[31m", "nothing");
	tb_dir(&tar, "b", 0755, 0, 0);
	for (int i = 0; i < 24; i++) {
		snprintf(name, sizeof(name), "b/link%02d", i);
		tb_hardlink(&tar, name, "nothing");
	}
	tb_end(&tar);
	ib_layer(image, &tar, "none", "COPY a b /");
	tb_free(&tar);
	ib_docker(image, out, "test/dangling:1");
}

/* A moment's work to write: two layers of noise, a few MB each. */
static void make_big(struct ib *image, const char *out)
{
	enum { FILES = 10, BYTES = 300000 };
	static char noise[BYTES + 1];
	uint32_t next = 1;

	for (int layer = 0; layer < 2; layer++) {
		struct tb tar = { 0 };

		add_accounts(&tar);
		tb_dir(&tar, layer ? "opt" : "app", 0700, 0, 0);
		for (int i = 0; i < FILES; i++) {
			char name[32];

			for (int at = 0; at < BYTES; at++, next = next * 1664525 + 1013904223)
				noise[at] = (char)(next >> 25 | 1);
			snprintf(name, sizeof(name), "%s/file%d", layer ? "opt" : "app", i);
			tb_file(&tar, name, 0600, 0, 0, noise);
		}
		tb_end(&tar);
		ib_layer(image, &tar, layer ? "gzip" : "none", "COPY app /app");
		tb_free(&tar);
	}
	ib_docker(image, out, "test/big:1");
}

static void make_empty(struct ib *image, const char *out)
{
	ib_docker(image, out, "test/empty:1");
}

static const struct {
	const char *name;
	void (*make)(struct ib *image, const char *out);
} KINDS[] = {
	{ "plain", make_plain },       { "oci", make_oci },         { "other-oci", make_other_oci },
	{ "damaged", make_damaged },   { "hostile", make_hostile }, { "many", make_many },
	{ "empty", make_empty },       { "access", make_access },   { "faulty", make_faulty },
	{ "dangling", make_dangling }, { "big", make_big },
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
