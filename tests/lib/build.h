/*
 * Images for tests, built in memory and code: a tar from entries, an image
 * from tars, as docker-archive, OCI archive or OCI layout. Failing asserts
 * stop the test. Independent of the product's own writer.
 *
 *	struct tb tar = {0};
 *	tb_dir(&tar, "etc", 0755, 0, 0);
 *	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0:root:/root:/bin/sh\n");
 *	tb_end(&tar);
 *	struct ib image = {0};
 *	ib_config(&image, "{\"User\":\"1000\"}");
 *	ib_layer(&image, &tar, "none", "RUN something");
 *	ib_docker(&image, "x.tar", "name:tag");
 */
#ifndef TESTS_LIB_BUILD_H
#define TESTS_LIB_BUILD_H

#include <stddef.h>
#include <stdint.h>

struct tb {
	unsigned char *bytes;
	size_t len, room;
};

struct tb_xattr {
	const char *name;
	const void *value;
	size_t len;
};

struct tb_entry {
	const char *path;
	char type;               /* '0' file, '1' hard link, '2' symlink, '3' '4' '5' '6' … */
	unsigned mode;
	long long uid, gid;
	const void *body;
	size_t size;
	long long mtime;
	const char *link;
	const char *const *pax;  /* "key=value" strings, NULL-ended; NULL: none */
	const struct tb_xattr *xattrs; /* the last one's name is NULL; NULL: none */
	unsigned dev_major, dev_minor;
};

void tb_add(struct tb *tar, const struct tb_entry *entry);
void tb_dir(struct tb *tar, const char *path, unsigned mode, long long uid, long long gid);
void tb_file(struct tb *tar, const char *path, unsigned mode, long long uid, long long gid,
	     const char *text);
void tb_symlink(struct tb *tar, const char *path, const char *target);
void tb_hardlink(struct tb *tar, const char *path, const char *target);
void tb_whiteout(struct tb *tar, const char *path); /* "a/b" writes a/.wh.b */
void tb_opaque(struct tb *tar, const char *dir);
void tb_raw(struct tb *tar, const void *bytes, size_t len);
void tb_end(struct tb *tar);
void tb_free(struct tb *tar);

enum { IB_LAYERS = 64 };

struct ib {
	char *config;   /* the inner "config" object, as text; NULL: {} */
	char *os, *architecture;
	size_t count;
	struct ib_layer {
		unsigned char *plain, *blob;
		size_t plain_len, blob_len;
		char compression[8];
		char *created_by;
		char diff_id[72], digest[72];
	} layers[IB_LAYERS];
};

/* "none", "gzip", "zstd", "xz"; "members" (many of gzip), "estargz", "chunked" (zstd:chunked); the tar is copied. created_by NULL: no history at all. */
void ib_layer(struct ib *image, const struct tb *tar, const char *compression,
	      const char *created_by);
void ib_config(struct ib *image, const char *json);
void ib_docker(const struct ib *image, const char *file, const char *tag);
void ib_oci_archive(const struct ib *image, const char *file, const char *tag);
void ib_oci_layout(const struct ib *image, const char *folder, const char *tag);
void ib_free(struct ib *image);

/* A fresh folder for this test program, removed at exit; and a path in it (static buffers, 8 of them). */
const char *test_dir(void);
const char *test_path(const char *name);
void test_write(const char *path, const void *bytes, size_t len);
unsigned char *test_read(const char *path, size_t *ret_len);

#endif
