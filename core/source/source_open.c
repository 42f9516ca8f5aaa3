/*
 * Opens a source: what the argument names, told apart by content. What cannot
 * be read in place (a pipe, a compressed archive) is decoded once into a file
 * without a name.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "core/source/source_priv.h"
#include "stream/spool.h"
#include "stream/stream_decode.h"
#include "stream/stream_limit.h"

static const struct source_options DEFAULTS = { 0 };

static int source_new(int fd, const char *name, const struct source_options *options,
		      struct source **ret_source, struct err *err)
{
	struct source *source = calloc(1, sizeof(*source));

	if (!source) {
		close(fd);
		return err_nomem(err);
	}
	source->fd = fd;
	source->wanted_index = SIZE_MAX;
	source->index = options->index ? options->index : "index.json";
	source->limits = options->limits ? *options->limits : *limits_default();
	source->name = arena_copy(&source->arena, name, strlen(name));
	if (!source->name) {
		source_close(source);
		return err_nomem(err);
	}
	*ret_source = source;
	return 0;
}

/* ---- into a file that can be read anywhere ---- */

static int spool(struct source *source, struct stream *in, const struct source_options *options,
		 struct err *err)
{
	const struct spool_options how = {
		.folder = options->spool_folder,
		.limits = &source->limits,
		.cancel = options->cancel,
		.progress = options->progress,
	};
	uint64_t length;
	int fd;
	int r = spool_stream(in, &how, &fd, &length, err);

	if (r < 0)
		return r;
	close(source->fd);
	source->fd = fd;
	source->length = length;
	source->is_spooled = true;
	return 0;
}

/* The bytes of a pipe may be compressed or not: one pass decodes and stores them. */
static int pipe_spool(struct source *source, const struct source_options *options, struct err *err)
{
	CLEANUP(stream_closep) struct stream *in = NULL;
	struct stream *pipe;
	int r = stream_pipe_open(source->fd, options->cancel, &pipe, err);

	if (r < 0)
		return r;
	r = stream_decode_open(pipe, &source->problems, NULL, &in, err);
	return r < 0 ? r : spool(source, in, options, err);
}

static int compressed_spool(struct source *source, const struct source_options *options,
			    struct err *err)
{
	const struct stream_span span = { .fd = source->fd, .length = source->length };
	struct limits limits = source->limits;
	CLEANUP(stream_closep) struct stream *in = NULL;
	struct stream *file, *decoded;
	int r = stream_file_open(&span, options->cancel, NULL, &file, err);

	if (r < 0)
		return r;
	r = stream_decode_open(file, &source->problems, NULL, &decoded, err);
	if (r < 0)
		return r;
	limits.layer_bytes = limits.spool_bytes;
	r = stream_limit_open(decoded, span.length, &limits, &in, err);
	return r < 0 ? r : spool(source, in, options, err);
}

static int file_prepare(struct source *source, const struct source_options *options,
			struct err *err)
{
	unsigned char start[COMPRESSION_SNIFF_BYTES];
	int64_t count = io_pread(source->fd, start, sizeof(start), 0, err);

	if (count < 0)
		return (int)count;
	if (compression_sniff(start, (size_t)count) == COMPRESSION_NONE)
		return 0;
	return compressed_spool(source, options, err);
}

/* ---- what it is ---- */

static bool has_member(const struct source *source, const char *name)
{
	const struct member *member;

	return outer_tar__find(&source->members, name, &member, NULL) == 0;
}

/* The first damage of the archive, which may be why a member is not there. */
static const struct problem *first_damage(const struct source *source)
{
	for (size_t i = 0; i < source->problems.all.count; i++)
		if (problem_is_damage(source->problems.all.items[i].kind))
			return &source->problems.all.items[i];
	return NULL;
}

/* The last one that could be read, at least its header; NULL: none. */
static const char *last_member(const struct source *source)
{
	const struct member *last = NULL;

	for (size_t i = 0; i < source->members.all.count; i++) {
		const struct member *member = &source->members.all.items[i];

		if (!last || member->offset > last->offset)
			last = member;
	}
	return last ? last->name : NULL;
}

static int damaged(const struct source *source, const struct problem *damage, struct err *err)
{
	/* Where skipping met the end is where it began; the end itself is known. */
	uint64_t byte = damage->kind == PROBLEM_TRUNCATED ? source->length : damage->offset;
	const char *member = last_member(source);

	return err_set(err, ERR_FORMAT,
		       "no image was found before the archive is damaged, at byte %" PRIu64
		       "%s%s%s: %s; copy or save it again",
		       byte, member ? " in '" : "", member ? member : "", member ? "'" : "",
		       damage->text);
}

static int no_image(const struct source *source, struct err *err)
{
	const struct problem *damage = first_damage(source);

	if (damage)
		return damaged(source, damage, err);
	if (has_member(source, "repositories"))
		return err_set(err, ERR_UNSUPPORTED,
			       "is a Docker archive without manifest.json, as before Docker 1.10: "
			       "load and save it with a current Docker");
	return err_set(err, ERR_FORMAT,
		       "is no container image: there is no manifest.json and no index.json");
}

static int oci_read(struct source *source, struct err *err)
{
	int r = oci_layout__check(source, err);

	if (r == 0)
		r = oci_index__read(source, &source->list, &source->problems, err);
	if (r == 0 && source->list.images.count == 0)
		r = err_set(err, ERR_FORMAT, "index.json: lists no image");
	return r;
}

/* The first header is bad. What the bytes are says more than that, where it is known. */
static int not_a_tar(const struct source *source, struct err *err)
{
	const char *what = foreign__name(source->fd);

	if (what) {
		err_clear(err);
		return err_set(err, ERR_FORMAT, "is no container image: it is %s", what);
	}
	err_wrap(err, "is no container image");
	return -ERR_FORMAT;
}

/* 'argument' may ask for the other half of an archive that has both; NULL: content decides. */
static int archive_read(struct source *source, const struct source_argument *argument,
			const struct cancel *cancel, struct err *err)
{
	int r;

	if (source->length == 0)
		return err_set(err, ERR_FORMAT, "is no container image: it is empty");
	r = outer_tar__read(source, cancel, err);
	if (r == -ERR_FORMAT)
		return not_a_tar(source, err);
	if (r < 0)
		return r;
	bool docker = has_member(source, "manifest.json"), oci = has_member(source, "index.json");
	bool is_asked = argument && argument->has_format;

	if (!docker && !oci)
		return no_image(source, err);
	if (docker && oci && is_asked)
		docker = argument->format != SOURCE_OCI_ARCHIVE;
	source->format = !docker            ? SOURCE_OCI_ARCHIVE
			 : oci && !is_asked ? SOURCE_HYBRID
					    : SOURCE_DOCKER_ARCHIVE;
	return docker ? docker_archive__read(source, err) : oci_read(source, err);
}

static int folder_read(struct source *source, struct err *err)
{
	source->format = SOURCE_OCI_LAYOUT;
	if (faccessat(source->fd, "index.json", F_OK, AT_SYMLINK_NOFOLLOW) < 0 && errno == ENOENT)
		return err_set(err, ERR_FORMAT,
			       "is no container image: the folder has no index.json");
	return oci_read(source, err);
}

static int source_read(struct source *source, const struct source_argument *argument,
		       const struct source_options *options, struct err *err)
{
	const struct stat *origin = &source->origin;
	int r = 0;

	if (fstat(source->fd, &source->origin) < 0)
		return err_errno(err, errno, "cannot read");
	if (S_ISDIR(origin->st_mode)) {
		r = folder_read(source, err);
	} else if (S_ISREG(origin->st_mode)) {
		source->length = (uint64_t)origin->st_size;
		r = file_prepare(source, options, err);
	} else if (S_ISFIFO(origin->st_mode) || S_ISSOCK(origin->st_mode)) {
		r = pipe_spool(source, options, err);
	} else {
		return err_set(err, ERR_IO, "is neither a file, a folder nor a pipe");
	}
	if (r == 0 && !S_ISDIR(origin->st_mode))
		r = archive_read(source, argument, options->cancel, err);
	if (r < 0)
		return r;
	if (argument && argument->has_format && argument->format != source->format)
		return err_set(err, ERR_FORMAT, "is of the format %s, not %s",
			       source_format_name(source->format),
			       source_format_name(argument->format));
	return 0;
}

static int source_make(int fd, const char *name, const struct source_argument *argument,
		       const struct source_options *options, struct source **ret_source,
		       struct err *err)
{
	CLEANUP(source_closep) struct source *source = NULL;
	int r;

	if (!options)
		options = &DEFAULTS;
	r = source_new(fd, name, options, &source, err);
	if (r < 0)
		return r;
	r = source_read(source, argument, options, err);
	if (r < 0) {
		err_wrap(err, "%s", name);
		return r;
	}
	*ret_source = STEAL(source);
	return 0;
}

int source_open_fd(int fd, const char *name, const struct source_options *options,
		   struct source **ret_source, struct err *err)
{
	return source_make(fd, name, NULL, options, ret_source, err);
}

/* ---- what the user wrote ---- */

/* Standard input under a descriptor of its own, so that closing the source is harmless. */
static int stdin_open(struct err *err)
{
	if (isatty(STDIN_FILENO))
		return err_set(
			err, ERR_IO,
			"standard input is a terminal: give a file, or pipe an image into it");
	int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);

	return fd < 0 ? err_errno(err, errno, "standard input cannot be read") : fd;
}

static int path_open(const char *path, struct err *err)
{
	/* Waiting for the writer of a FIFO is done by its reader, which can be cancelled. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	return fd < 0 ? err_errno(err, errno, "cannot be opened") : fd;
}

/* What the argument says beside the path moves into the source. */
static int choice_keep(struct source *source, const struct source_argument *argument,
		       struct err *err)
{
	bool is_stdin = strcmp(argument->path, "-") == 0;

	source->wanted_index = argument->index;
	if (argument->wanted) {
		source->wanted =
			arena_copy(&source->arena, argument->wanted, strlen(argument->wanted));
		if (!source->wanted)
			return err_nomem(err);
	}
	if (!is_stdin) {
		source->path = arena_copy(&source->arena, argument->path, strlen(argument->path));
		if (!source->path)
			return err_nomem(err);
	}
	return 0;
}

int source_open(const char *argument, const struct source_options *options,
		struct source **ret_source, struct err *err)
{
	CLEANUP(source_argument__done) struct source_argument split = { 0 };
	CLEANUP(source_closep) struct source *source = NULL;
	int r = source_argument__split(argument, &split, err);

	if (r < 0) {
		err_wrap(err, "%s", argument);
		return r;
	}
	int fd = strcmp(split.path, "-") == 0 ? stdin_open(err) : path_open(split.path, err);

	if (fd < 0) {
		err_wrap(err, "%s", argument);
		return fd;
	}
	r = source_make(fd, argument, &split, options, &source, err);
	if (r == 0)
		r = choice_keep(source, &split, err);
	if (r == 0)
		*ret_source = STEAL(source);
	return r;
}
