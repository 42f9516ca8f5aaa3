/*
 * Sessions for tests. To be included after <cmocka.h>.
 *
 *	struct session *session = opened(path);
 *	… session_view(session) …
 *	session_free(session);
 */
#ifndef TESTS_LIB_OPENED_H
#define TESTS_LIB_OPENED_H

#include <stdlib.h>
#include <string.h>

#include "lib/build.h"
#include "lib/elf.h"
#include "session/session.h"

enum { OPENED_TIME = 1700000000 };

static inline struct session_options opened_options(const char *path)
{
	return (struct session_options){
		.argument = path,
		.fd = -1,
		.profile = "modelarts-training",
		.created = OPENED_TIME,
		.verify = true,
	};
}

static inline struct session *opened_start(const struct session_options *options)
{
	struct session *session = NULL;
	struct err err = { 0 };

	if (session_new(options, &session, &err) < 0)
		fail_msg("%s", err.text);
	return session;
}

/* Opened, judged and verified. */
static inline struct session *opened(const char *path)
{
	const struct session_options options = opened_options(path);
	struct session *session = opened_start(&options);

	session_wait(session, true);
	if (session_view(session)->phase != SESSION_READY)
		fail_msg("%s", session_view(session)->error.text);
	return session;
}

/*
 * An image in want of mending: root's application, no user 1000. 'bytes' is the
 * size of one more file in the lower layer.
 */
static inline void opened_build(struct ib *image, const char *compression, size_t bytes)
{
	char *filler = calloc(1, bytes + 1);
	struct tb tar = { 0 };

	assert_non_null(filler);
	memset(filler, 'x', bytes);
	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0:root:/root:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0, "root:x:0:\nusers:x:100:\n");
	tb_dir(&tar, "bin", 0755, 0, 0);
	tb_elf(&tar, "bin/sh", 0755, &(struct elf_spec){ 0 });
	tb_dir(&tar, "tmp", 01777, 0, 0);
	tb_file(&tar, "filler", 0644, 0, 0, filler);
	tb_end(&tar);
	ib_config(image, "{\"Cmd\":[\"/bin/sh\",\"/app/run.sh\"],\"WorkingDir\":\"/app\"}");
	ib_layer(image, &tar, compression, "RUN base");
	tb_free(&tar);
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, "app/run.sh", 0600, 0, 0, "#!/bin/sh\n");
	tb_end(&tar);
	ib_layer(image, &tar, compression, "COPY app");
	tb_free(&tar);
	free(filler);
}

static inline const char *opened_store(const char *name, enum source_format format,
				       const char *compression, size_t bytes)
{
	const char *path = test_path(name);
	struct ib image = { 0 };

	opened_build(&image, compression, bytes);
	if (format == SOURCE_DOCKER_ARCHIVE)
		ib_docker(&image, path, "host/name:tag");
	else if (format == SOURCE_OCI_ARCHIVE)
		ib_oci_archive(&image, path, "tag");
	else
		ib_oci_layout(&image, path, "tag");
	ib_free(&image);
	return path;
}

#endif
