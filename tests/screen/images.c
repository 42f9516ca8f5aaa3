/* Small images with known faults; see tests/screen/images.h. */
#include "images.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "lib/build.h"
#include "lib/elf.h"

static void add_base(struct ib *image)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0:root:/root:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0, "root:x:0:\n");
	tb_dir(&tar, "home", 0755, 0, 0);
	tb_dir(&tar, "root", 0700, 0, 0);
	tb_file(&tar, "root/secret", 0644, 0, 0, "x");
	tb_dir(&tar, "tmp", 01777, 0, 0);
	tb_dir(&tar, "usr", 0755, 0, 0);
	tb_dir(&tar, "usr/bin", 0755, 0, 0);
	tb_elf(&tar, "usr/bin/python", 0755, &(struct elf_spec){ 0 });
	tb_elf(&tar, "usr/bin/sh", 0755, &(struct elf_spec){ 0 });
	tb_elf(&tar, "usr/bin/train", 0644, &(struct elf_spec){ 0 });
	tb_elf(&tar, "usr/bin/serve", 0644, &(struct elf_spec){ 0 });
	tb_symlink(&tar, "bin", "usr/bin");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "ADD rootfs.tar /");
	tb_free(&tar);
}

static void add_app(struct ib *image)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "opt", 0755, 0, 0);
	tb_dir(&tar, "opt/app", 0755, 0, 0);
	tb_dir(&tar, "opt/app/models", 0700, 0, 0);
	tb_file(&tar, "opt/app/models/weights.bin", 0644, 0, 0, "weights");
	tb_file(&tar, "opt/app/prepare.sh", 0700, 0, 0, "#!/bin/sh\n");
	tb_file(&tar, "opt/app/train.py", 0644, 0, 0, "print()\n");
	tb_end(&tar);
	ib_layer(image, &tar, "gzip", "COPY app /opt/app");
	tb_free(&tar);
}

static void add_chown(struct ib *image)
{
	struct tb tar = { 0 };

	tb_file(&tar, "opt/app/train.py", 0644, 1000, 1000, "print()\n");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "RUN chown 1000:1000 /opt/app/train.py");
	tb_free(&tar);
}

static void configure(struct ib *image)
{
	ib_config(image, "{\"Cmd\":[\"/usr/bin/python\",\"/opt/app/train.py\"],"
			 "\"WorkingDir\":\"/opt/app\"}");
}

const char *image_faulty(void)
{
	static const char name[] = "faulty.tar";
	struct ib image = { 0 };

	add_base(&image);
	add_app(&image);
	add_chown(&image);
	configure(&image);
	ib_docker(&image, test_path(name), "faulty:1");
	ib_free(&image);
	return name;
}

const char *image_unprepared(void)
{
	static const char name[] = "unprepared.tar";
	struct ib image = { 0 };
	struct tb tar = { 0 };

	add_base(&image);
	add_app(&image);
	tb_whiteout(&tar, "tmp");
	tb_dir(&tar, "data", 0777, 0, 0);
	tb_file(&tar, "data/c.cfg", 0600, 0, 0, "c\n");
	tb_file(&tar, "data/d.cfg", 0600, 0, 0, "d\n");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN rm -rf /tmp");
	tb_free(&tar);
	configure(&image);
	ib_docker(&image, test_path(name), "unprepared:1");
	ib_free(&image);
	return name;
}

/* ESC, BEL, a newline, a right-to-left override, C1, bytes that are no UTF-8. */
static void add_hostile(struct ib *image)
{
	struct tb tar = { 0 };

	tb_dir(&tar, "opt", 0755, 0, 0);
	tb_dir(&tar, "opt/\033]0;owned\007", 0700, 0, 0);
	tb_file(&tar, "opt/\033[2Jclear", 0600, 0, 0, "x");
	tb_file(&tar, "opt/line\nbreak", 0600, 0, 0, "x");
	tb_file(&tar,
		"opt/rlo\xe2\x80\xae"
		"gnp.exe",
		0600, 0, 0, "x");
	tb_file(&tar,
		"opt/c1\xc2\x9b"
		"31m",
		0600, 0, 0, "x");
	tb_file(&tar, "opt/latin\xe9", 0600, 0, 0, "x");
	tb_symlink(&tar, "opt/link", "/\033[31mred");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "RUN printf '\033[5mblink'");
	tb_free(&tar);
}

const char *image_hostile(void)
{
	static const char name[] = "hostile.tar";
	struct ib image = { 0 };

	add_base(&image);
	add_hostile(&image);
	configure(&image);
	ib_docker(&image, test_path(name), "hostile:1");
	ib_free(&image);
	return name;
}

/* Below /opt, all in one another. */
static void add_deep(struct ib *image, unsigned levels, const char *name)
{
	struct tb tar = { 0 };
	char path[4096] = "opt";
	size_t len = strlen(path);

	tb_dir(&tar, path, 0755, 0, 0);
	for (unsigned i = 0; i < levels; i++) {
		len += (size_t)snprintf(path + len, sizeof(path) - len, "/%s", name);
		tb_dir(&tar, path, 0755, 0, 0);
	}
	snprintf(path + len, sizeof(path) - len, "/bottom");
	tb_file(&tar, path, 0600, 0, 0, "x");
	tb_end(&tar);
	ib_layer(image, &tar, "none", "RUN mkdir -p");
	tb_free(&tar);
}

static const char *image_of_depth(const char *file, unsigned levels, const char *name)
{
	struct ib image = { 0 };

	add_base(&image);
	add_deep(&image, levels, name);
	configure(&image);
	ib_docker(&image, test_path(file), "deep:1");
	ib_free(&image);
	return file;
}

const char *image_deep(void)
{
	return image_of_depth("deep.tar", 60, "d");
}

const char *image_long(void)
{
	return image_of_depth("long.tar", 15,
			      "a-name-of-eighty-bytes-that-is-there-to-make-a-path-very-"
			      "much-longer-than-usual-ones");
}

const char *image_damaged(void)
{
	static const char name[] = "damaged.tar";
	size_t len;
	unsigned char *bytes = test_read(test_path(image_faulty()), &len);
	unsigned char *body = memmem(bytes, len, "\177ELF", 4);

	assert_non_null(body);
	body[0] = 'x';
	test_write(test_path(name), bytes, len);
	free(bytes);
	return name;
}

static void write_layout(const char *folder, const char *tag, const char *config)
{
	struct ib image = { 0 };

	add_base(&image);
	ib_config(&image, config);
	ib_oci_layout(&image, folder, tag);
	ib_free(&image);
}

/* The second one is written into the first one's folder; the index gets both. */
const char *image_pair(void)
{
	const char *folder = test_path("pair"), *index = test_path("pair/index.json");
	json_t *first, *both;

	write_layout(folder, "first", "{\"User\":\"1000\"}");
	first = json_load_file(index, 0, NULL);
	write_layout(folder, "second", "{\"User\":\"0\"}");
	both = json_load_file(index, 0, NULL);
	assert_int_equal(json_array_insert(json_object_get(both, "manifests"), 0,
					   json_array_get(json_object_get(first, "manifests"), 0)),
			 0);
	assert_int_equal(json_dump_file(both, index, JSON_COMPACT), 0);
	json_decref(first);
	json_decref(both);
	return "pair";
}
