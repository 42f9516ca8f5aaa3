/*
 * Where an image lies: a docker-archive, an OCI archive or an OCI layout
 * folder, told apart by content. A source lists its images and finds raw blobs
 * by digest or member name; it decodes no layer.
 */
#ifndef SOURCE_SOURCE_H
#define SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/progress.h"
#include "oci/descriptor.h"
#include "stream/stream_file.h"

struct stat;

enum source_format {
	SOURCE_DOCKER_ARCHIVE,
	SOURCE_OCI_ARCHIVE,
	SOURCE_OCI_LAYOUT,
	SOURCE_HYBRID, /* an OCI archive with manifest.json, as Docker 25 and later save */
	SOURCE_FORMATS
};

/* "docker-archive", "oci-archive", "oci", as in containers-transports(5); and "hybrid". */
const char *source_format_name(enum source_format format);
bool source_format_find(const char *name, enum source_format *ret_format);

struct source;

/* Where the bytes of a blob are, as they are stored. */
struct blob {
	struct stream_span span;
	const char *name; /* member or file, for messages; borrowed from the source */
};

/* One image that could be opened. Strings are borrowed from the source. */
struct source_image {
	const char *const *tags;  /* NULL-ended, may be empty */
	struct platform platform; /* "" where only the config knows */
	bool is_attestation;      /* no image: listed, never chosen by itself */
	/* Docker's way: */
	const char *config_member;        /* NULL: OCI's way */
	const char *const *layer_members; /* NULL-ended; a null Layers list is empty */
	/* OCI's way: */
	struct descriptor manifest;
};

struct source_options {
	const struct limits *limits;  /* NULL: limits_default() */
	const struct cancel *cancel;  /* NULL: never */
	struct progress *progress;    /* NULL; counts bytes spooled */
	const char *spool_folder;     /* NULL: /tmp; for stdin and compressed archives */
	const char *index;            /* of a layout, in place of "index.json"; NULL: that */
};

/*
 * argument  [transport:]PATH[:TAG|@INDEX], transport one of docker-archive,
 *           oci-archive, oci; "-" is standard input. PATH as it stands is tried
 *           first, then split at ":" or "@" (or ":@"); INDEX counts from 0.
 * Errors begin with the argument.
 * ERR_IO (cannot be read), ERR_FORMAT ("is no container image: …", truncated,
 * which member or byte), ERR_NOT_FOUND (no such file), ERR_LIMIT,
 * ERR_CANCELLED, ERR_UNSUPPORTED, ERR_NOMEM.
 */
int source_open(const char *argument, const struct source_options *options,
		struct source **ret_source, struct err *err);

/* The same from an open file (the demo image); fd is taken, also on failure. 'name' is for messages. */
int source_open_fd(int fd, const char *name, const struct source_options *options,
		   struct source **ret_source, struct err *err);
void source_close(struct source *source);
void source_closep(struct source **source);

enum source_format source_format(const struct source *source);
const char *source_name(const struct source *source);  /* as the user wrote it */
const char *source_path(const struct source *source);  /* NULL: stdin or memory */
/* Whether this is what the image is read from: what was opened (also as standard input), or what its
 * path leads to by now. */
bool source_is(const struct source *source, const struct stat *file);
bool source_is_spooled(const struct source *source);
const struct problem_list *source_problems(const struct source *source);

/* The images in the order of the index; nested indexes are flattened. */
size_t source_image_count(const struct source *source);
const struct source_image *source_image(const struct source *source, size_t i);

/*
 * The image to open: the argument's tag or index decides, then the platform
 * (NULL: the host's, and any if there is only one), then being the only one.
 * ERR_AMBIGUOUS (several: list them by source_image()), ERR_NOT_FOUND.
 */
int source_choose(const struct source *source, const struct platform *platform, size_t *ret_i,
		  struct err *err);

/* Whether the argument's tag or index means this image, whatever its platform; without one, all are meant. */
bool source_means(const struct source *source, size_t i);

/* ERR_NOT_FOUND names the digest or member. Links between members are followed, inside only. */
int source_blob(struct source *source, const struct digest *digest, struct blob *ret_blob,
		struct err *err);
int source_member(struct source *source, const char *member, struct blob *ret_blob,
		  struct err *err);

/* A whole small blob (JSON), NUL added; ERR_LIMIT above limits->json_bytes. Free with free(). */
int blob_read(const struct blob *blob, uint64_t most, char **ret_bytes, size_t *ret_len,
	      struct err *err);

#endif
