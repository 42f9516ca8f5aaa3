/*
 * Writes the demo image: a small docker-archive with the faults that its users
 * meet. No user 1000, no group 100, a Python below /root that the start command
 * needs, a script and a model folder that only root can use, a chown layer that
 * repeats its files.
 *
 *	mkdemo OUT.tar
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "oci/digest.h"
#include "stream/sink.h"
#include "tar/tar_writer.h"

enum { LAYERS = 5, MTIME = 1700000000, WEIGHTS = 8192 };

static void require(int result, const struct err *err)
{
	if (result >= 0)
		return;
	fprintf(stderr, "mkdemo: %s\n", err->text);
	exit(1);
}

struct item {
	const char *path;
	enum tar_type type;
	uint32_t mode;
	int64_t uid, gid;
	const char *text; /* contents, or the target of a symlink; "ELF", "WEIGHTS": made up */
};

#define DIR(path, mode) { path, TAR_DIR, mode, 0, 0, "" }
#define FILE_OF_ROOT(path, mode, text) { path, TAR_FILE, mode, 0, 0, text }
#define LINK(path, target) { path, TAR_SYMLINK, 0777, 0, 0, target }

/* clang-format off */
static const struct item BASE[] = {
	LINK("bin", "usr/bin"),
	DIR("dev", 0755),
	DIR("etc", 0755),
	FILE_OF_ROOT("etc/group", 0644, "root:x:0:\nshadow:x:42:\nnogroup:x:65534:\n"),
	FILE_OF_ROOT("etc/os-release", 0644, "ID=debian\nVERSION_ID=12\nPRETTY_NAME=\"imgtui demo\"\n"),
	FILE_OF_ROOT("etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n"
					 "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"),
	{ "etc/shadow", TAR_FILE, 0640, 0, 42, "root:*:19700:0:99999:7:::\n" },
	DIR("home", 0755),
	DIR("opt", 0755),
	DIR("proc", 0755),
	DIR("root", 0700),
	FILE_OF_ROOT("root/.profile", 0644, "umask 022\n"),
	DIR("sys", 0755),
	DIR("tmp", 01777),
	DIR("usr", 0755),
	DIR("usr/bin", 0755),
	FILE_OF_ROOT("usr/bin/env", 0755, "ELF"),
	FILE_OF_ROOT("usr/bin/sh", 0755, "ELF"),
	FILE_OF_ROOT("usr/bin/su", 04755, "ELF"),
	DIR("var", 0755),
	DIR("var/tmp", 01777),
};

static const struct item MINICONDA[] = {
	DIR("root", 0700),
	DIR("root/miniconda3", 0755),
	DIR("root/miniconda3/bin", 0755),
	LINK("root/miniconda3/bin/python", "python3.11"),
	FILE_OF_ROOT("root/miniconda3/bin/python3.11", 0755, "ELF"),
	DIR("root/miniconda3/lib", 0755),
	DIR("root/miniconda3/lib/python3.11", 0755),
	FILE_OF_ROOT("root/miniconda3/lib/python3.11/os.py", 0644, "import sys\n"),
	DIR("root/miniconda3/lib/python3.11/site-packages", 0755),
	FILE_OF_ROOT("root/miniconda3/lib/python3.11/site-packages/tqdm.py", 0644, "import sys\n"),
};

static const struct item APP[] = {
	DIR("opt", 0755),
	DIR("opt/app", 0755),
	DIR("opt/app/data", 0755),
	FILE_OF_ROOT("opt/app/data/train.bin", 0644, "WEIGHTS"),
	FILE_OF_ROOT("opt/app/data/valid.bin", 0644, "WEIGHTS"),
	DIR("opt/app/models", 0700),
	FILE_OF_ROOT("opt/app/models/weights.bin", 0644, "WEIGHTS"),
	FILE_OF_ROOT("opt/app/prepare.sh", 0700, "#!/bin/sh\nexec python train.py\n"),
	FILE_OF_ROOT("opt/app/settings.yml", 0600, "epochs: 3\n"),
	FILE_OF_ROOT("opt/app/train.py", 0644, "print('training')\n"),
	DIR("opt/app/wheels", 0755),
	FILE_OF_ROOT("opt/app/wheels/old.whl", 0644, "WEIGHTS"),
};

static const struct item CHOWN[] = {
	DIR("opt", 0755),
	DIR("opt/app", 0755),
	{ "opt/app/data", TAR_DIR, 0755, 1000, 1000, "" },
	{ "opt/app/data/train.bin", TAR_FILE, 0644, 1000, 1000, "WEIGHTS" },
	{ "opt/app/data/valid.bin", TAR_FILE, 0644, 1000, 1000, "WEIGHTS" },
};

static const struct item CLEAN[] = {
	DIR("opt", 0755),
	DIR("opt/app", 0755),
	FILE_OF_ROOT("opt/app/.wh.wheels", 0, ""),
};

#define LAYER(items, command) { items, sizeof(items) / sizeof(*items), command }

static const struct {
	const struct item *items;
	size_t count;
	const char *command;
} CONTENTS[LAYERS] = {
	LAYER(BASE, "ADD rootfs.tar.xz / # buildkit"),
	LAYER(MINICONDA, "RUN /bin/sh -c sh Miniconda3-Linux-x86_64.sh -b # buildkit"),
	LAYER(APP, "COPY app /opt/app # buildkit"),
	LAYER(CHOWN, "RUN /bin/sh -c chown -R 1000:1000 /opt/app/data # buildkit"),
	LAYER(CLEAN, "RUN /bin/sh -c rm -rf /opt/app/wheels # buildkit"),
};
/* clang-format on */

/* The smallest x86-64 program there is: it exits with 0. */
static const unsigned char ELF[] = {
	0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 62, 0, 1, 0, 0, 0,
	0x78, 0, 0x40, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 64, 0, 56, 0, 1, 0, 64, 0, 0, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0,
	0x81, 0, 0, 0, 0, 0, 0, 0, 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0,
	0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05,
};

static const void *contents(const struct item *item, size_t *ret_len)
{
	static const unsigned char weights[WEIGHTS] = { 1, 2, 3 };

	if (strcmp(item->text, "ELF") == 0) {
		*ret_len = sizeof(ELF);
		return ELF;
	}
	if (strcmp(item->text, "WEIGHTS") == 0) {
		*ret_len = sizeof(weights);
		return weights;
	}
	*ret_len = strlen(item->text);
	return item->text;
}

static void write_file(struct tar_writer *tar, const char *path, uint32_t mode, const void *bytes,
		       size_t len)
{
	struct tar_entry entry = { .path = path, .path_len = strlen(path), .type = TAR_FILE,
				   .link = "", .mode = mode, .size = len, .mtime = MTIME };
	struct err err = { 0 };

	require(tar_writer_entry(tar, &entry, &err), &err);
	require(tar_writer_data(tar, bytes, len, &err), &err);
}

static void write_item(struct tar_writer *tar, const struct item *item)
{
	struct tar_entry entry = { .path = item->path, .path_len = strlen(item->path),
				   .type = item->type, .link = "", .mode = item->mode,
				   .uid = item->uid, .gid = item->gid, .mtime = MTIME };
	struct err err = { 0 };
	const void *bytes = "";
	size_t len = 0;

	if (item->type == TAR_SYMLINK) {
		entry.link = item->text;
		entry.link_len = strlen(item->text);
	} else if (item->type == TAR_FILE) {
		bytes = contents(item, &len);
		entry.size = len;
	}
	require(tar_writer_entry(tar, &entry, &err), &err);
	if (len)
		require(tar_writer_data(tar, bytes, len, &err), &err);
}

static struct sink *make_layer(const struct item *items, size_t count)
{
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	struct err err = { 0 };
	struct sink *out;

	require(sink_memory_open(&out, &err), &err);
	require(tar_writer_new(out, &tar, &err), &err);
	for (size_t i = 0; i < count; i++)
		write_item(tar, &items[i]);
	require(tar_writer_finish(tar, &err), &err);
	return out;
}

static size_t make_config(char *text, size_t room, const struct digest *diff_ids)
{
	char hex[DIGEST_TEXT];
	size_t len = (size_t)snprintf(
		text, room,
		"{\"architecture\":\"amd64\",\"os\":\"linux\",\"created\":\"2023-11-14T22:13:20Z\","
		"\"config\":{\"Env\":[\"PATH=/root/miniconda3/bin:/usr/bin:/bin\"],"
		"\"Entrypoint\":[\"/root/miniconda3/bin/python\",\"/opt/app/train.py\"],"
		"\"WorkingDir\":\"/opt/app\"},\"history\":[");

	for (size_t i = 0; i < LAYERS; i++)
		len += (size_t)snprintf(text + len, room - len,
					"%s{\"created\":\"2023-11-14T22:13:20Z\",\"created_by\":\"%s\"}",
					i ? "," : "", CONTENTS[i].command);
	len += (size_t)snprintf(text + len, room - len, "],\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[");
	for (size_t i = 0; i < LAYERS; i++)
		len += (size_t)snprintf(text + len, room - len, "%s\"%s\"", i ? "," : "",
					digest_text(&diff_ids[i], hex));
	return len + (size_t)snprintf(text + len, room - len, "]}}");
}

int main(int argc, char **argv)
{
	CLEANUP(sink_closep) struct sink *out = NULL;
	CLEANUP(tar_writer_freep) struct tar_writer *tar = NULL;
	char config[8192], manifest[4096], name[DIGEST_TEXT + 16], hex[DIGEST_TEXT];
	struct digest diff_ids[LAYERS], config_digest;
	struct sink *layers[LAYERS];
	struct err err = { 0 };
	size_t len, used;
	int fd;

	if (argc != 2) {
		fputs("usage: mkdemo OUT.tar\n", stderr);
		return 2;
	}
	fd = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0) {
		perror(argv[1]);
		return 1;
	}
	require(sink_file_open(fd, 0, &out, &err), &err);
	require(tar_writer_new(out, &tar, &err), &err);
	for (size_t i = 0; i < LAYERS; i++) {
		const void *bytes;

		layers[i] = make_layer(CONTENTS[i].items, CONTENTS[i].count);
		bytes = sink_memory_bytes(layers[i], &len);
		require(digest_of(bytes, len, &diff_ids[i], &err), &err);
		snprintf(name, sizeof(name), "%s/layer.tar", digest_hex(&diff_ids[i], hex));
		write_file(tar, name, 0644, bytes, len);
	}
	len = make_config(config, sizeof(config), diff_ids);
	require(digest_of(config, len, &config_digest, &err), &err);
	snprintf(name, sizeof(name), "%s.json", digest_hex(&config_digest, hex));
	write_file(tar, name, 0644, config, len);

	used = (size_t)snprintf(manifest, sizeof(manifest),
				"[{\"Config\":\"%s\",\"RepoTags\":[\"demo/train:faulty\"],\"Layers\":[", name);
	for (size_t i = 0; i < LAYERS; i++) {
		used += (size_t)snprintf(manifest + used, sizeof(manifest) - used, "%s\"%s/layer.tar\"",
					 i ? "," : "", digest_hex(&diff_ids[i], hex));
		sink_close(layers[i]);
	}
	used += (size_t)snprintf(manifest + used, sizeof(manifest) - used, "]}]");
	write_file(tar, "manifest.json", 0644, manifest, used);
	require(tar_writer_finish(tar, &err), &err);
	require(sink_finish(out, &err), &err);
	return close(fd) == 0 ? 0 : 1;
}
