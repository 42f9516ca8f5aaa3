/* What the files of the source stage share: the source itself, and who fills which part. */
#ifndef CORE_SOURCE_SOURCE_PRIV_H
#define CORE_SOURCE_SOURCE_PRIV_H

#include <jansson.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/vec.h"
#include "oci/manifest.h"
#include "source/source.h"

/* A member of the outer archive that is a file or a link. */
struct member {
	const char *name;   /* normalised */
	const char *target; /* of a link: normalised, from the top of the archive; NULL: a file */
	uint64_t offset, length;
	bool is_sparse; /* its bytes do not lie in one piece */
};

/* Sorted by name, each name once. */
struct member_table {
	VEC(struct member) all;
};

struct image_list {
	VEC(struct source_image) images;
	VEC(struct manifest) indexes; /* own the JSON that the images borrow from */
};

/* A file of a layout folder that stays open, because blobs borrow its descriptor. */
struct open_file {
	const char *name;
	int fd;
	uint64_t length;
};

struct source {
	enum source_format format;
	bool is_spooled;
	int fd; /* the archive, its spooled copy, or the folder */
	struct stat origin; /* of what was opened: another file than fd, where that is spooled */
	uint64_t length;
	const char *name;
	const char *path;    /* NULL: stdin or memory */
	const char *index;   /* the name of index.json; of the one who opens it, and only then read */
	const char *wanted;  /* the tag behind the path; NULL: none */
	size_t wanted_index; /* the index behind the path; SIZE_MAX: none */
	struct limits limits;
	struct member_table members;
	VEC(struct open_file) files;
	struct image_list list;
	json_t *manifest_json; /* manifest.json, which Docker's images borrow from */
	struct problem_list problems;
	struct arena arena;
};

/* [transport:]PATH[:TAG|@INDEX], split. */
struct source_argument {
	bool has_format;
	enum source_format format;
	char *path;   /* owned */
	char *wanted; /* owned; NULL: none */
	size_t index; /* SIZE_MAX: none */
};

/* ERR_NOT_FOUND, ERR_UNSUPPORTED (a transport that is not read), ERR_NOMEM. */
int source_argument__split(const char *text, struct source_argument *ret_argument, struct err *err);
void source_argument__done(struct source_argument *argument);

/* Fill source->members from the tar in source->fd. Errors as tar_reader_next(). */
int outer_tar__read(struct source *source, const struct cancel *cancel, struct err *err);
void outer_tar__done(struct member_table *table);

/* Links followed; 'name' is normalised. ERR_NOT_FOUND, ERR_FORMAT (a circle). */
int outer_tar__find(const struct member_table *table, const char *name,
		    const struct member **ret_member, struct err *err);

/* "a zip file", "compressed by lzip": what the bytes are that are no tar; NULL: not known. */
const char *foreign__name(int fd);

/* Fill source->list from manifest.json, and compare it with index.json where there is one. */
int docker_archive__read(struct source *source, struct err *err);

/* Check the version of the layout; ERR_FORMAT, ERR_UNSUPPORTED, and as source__document(). */
int oci_layout__check(struct source *source, struct err *err);

/* A file below the folder, which no link may leave. ERR_NOT_FOUND, ERR_FORMAT, ERR_IO. */
int oci_layout__open(int folder, const char *name, int *ret_fd, uint64_t *ret_length,
		     struct err *err);

/* The images of index.json, nested indexes flattened. ERR_FORMAT, ERR_LIMIT, ERR_NOMEM. */
int oci_index__read(struct source *source, struct image_list *list, struct problem_list *problems,
		    struct err *err);
void image_list__done(struct image_list *list);

/*
 * A whole small member or file. Nothing stays open. Free with free().
 * ERR_NOT_FOUND, ERR_LIMIT, ERR_FORMAT, ERR_IO, ERR_NOMEM.
 */
int source__document(struct source *source, const char *name, char **ret_bytes, size_t *ret_len,
		     struct err *err);

/* The same for a blob; *ret_good tells whether size and digest are as described. */
int source__described(struct source *source, const struct descriptor *descriptor, char **ret_bytes,
		      size_t *ret_len, bool *ret_good, struct err *err);

#endif
