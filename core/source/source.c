/*
 * A source once it is open: its images, which one is meant, and where blobs
 * and members lie. See source/source.h; source_open.c makes it.
 */
#include "source/source.h"

#include <inttypes.h>
#include <string.h>

#include "base/io.h"
#include "base/path.h"
#include "core/source/source_priv.h"
#include "oci/reference.h"

static const char *const FORMATS[SOURCE_FORMATS] = {
	[SOURCE_DOCKER_ARCHIVE] = "docker-archive",
	[SOURCE_OCI_ARCHIVE] = "oci-archive",
	[SOURCE_OCI_LAYOUT] = "oci",
	[SOURCE_HYBRID] = "hybrid",
};

const char *source_format_name(enum source_format format)
{
	return FORMATS[format];
}

bool source_format_find(const char *name, enum source_format *ret_format)
{
	for (int i = 0; i < SOURCE_FORMATS; i++) {
		if (strcmp(FORMATS[i], name) == 0) {
			*ret_format = (enum source_format)i;
			return true;
		}
	}
	return false;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	for (size_t i = 0; i < source->files.count; i++)
		close(source->files.items[i].fd);
	VEC_DONE(&source->files);
	image_list__done(&source->list);
	outer_tar__done(&source->members);
	json_decref(source->manifest_json);
	problem_list_done(&source->problems);
	arena_done(&source->arena);
	closep(&source->fd);
	free(source);
}

void source_closep(struct source **source)
{
	source_close(*source);
}

enum source_format source_format(const struct source *source)
{
	return source->format;
}

const char *source_name(const struct source *source)
{
	return source->name;
}

const char *source_path(const struct source *source)
{
	return source->path;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool source_is(const struct source *source, const struct stat *file)
{
	struct stat now;

	return same_file(file, &source->origin) ||
	       (source->path && stat(source->path, &now) == 0 && same_file(file, &now));
}

bool source_is_spooled(const struct source *source)
{
	return source->is_spooled;
}

const struct problem_list *source_problems(const struct source *source)
{
	return &source->problems;
}

size_t source_image_count(const struct source *source)
{
	return source->list.images.count;
}

const struct source_image *source_image(const struct source *source, size_t i)
{
	return &source->list.images.items[i];
}

/* ---- which image ---- */

enum match { MATCH_NAME, MATCH_MEANING, MATCH_ANY };

static bool image_matches(const struct source_image *image, const char *wanted, enum match match)
{
	if (match == MATCH_ANY)
		return !image->is_attestation;
	for (size_t i = 0; image->tags[i]; i++)
		if (match == MATCH_NAME ? strcmp(image->tags[i], wanted) == 0
					: reference_matches(image->tags[i], wanted))
			return true;
	return false;
}

/* Whether two entries lead to the same image, so that it does not matter which is taken. */
static bool is_same_image(const struct source_image *a, const struct source_image *b)
{
	if (!a->config_member && !b->config_member)
		return digest_equal(&a->manifest.digest, &b->manifest.digest);
	if (!a->config_member || !b->config_member ||
	    strcmp(a->config_member, b->config_member) != 0)
		return false;
	for (size_t i = 0;; i++) {
		if (!a->layer_members[i] || !b->layer_members[i])
			return a->layer_members[i] == b->layer_members[i];
		if (strcmp(a->layer_members[i], b->layer_members[i]) != 0)
			return false;
	}
}

/* A platform that only the config knows fits any. */
static bool platform_passes(const struct platform *platform, const struct source_image *image)
{
	return !platform || !image->platform.os[0] || platform_fits(platform, &image->platform);
}

/* How many different images fit; *ret_i is the first. */
static size_t fits_count(const struct source *source, enum match match,
			 const struct platform *platform, size_t *ret_i)
{
	size_t count = 0;

	for (size_t i = 0; i < source->list.images.count; i++) {
		const struct source_image *image = &source->list.images.items[i];

		if (!image_matches(image, source->wanted, match) ||
		    !platform_passes(platform, image))
			continue;
		if (count > 0 && is_same_image(image, &source->list.images.items[*ret_i]))
			continue;
		if (count++ == 0)
			*ret_i = i;
	}
	return count;
}

static int index_choose(const struct source *source, size_t *ret_i, struct err *err)
{
	size_t count = source->list.images.count;

	if (source->wanted_index >= count)
		return err_set(err, ERR_NOT_FOUND, "there is no image @%zu: the last one is @%zu",
			       source->wanted_index, count - 1);
	*ret_i = source->wanted_index;
	return 0;
}

static int none_fits(const struct source *source, const struct platform *platform, size_t fit,
		     struct err *err)
{
	char text[100];

	if (fit > 0 && platform)
		return err_set(err, ERR_NOT_FOUND, "there is no image for the platform %s",
			       platform_text(platform, text));
	if (source->wanted)
		return err_set(err, ERR_NOT_FOUND, "there is no image with the tag '%s'",
			       source->wanted);
	return err_set(err, ERR_NOT_FOUND, "there is no image among the %zu artifacts of the index",
		       source->list.images.count);
}

int source_choose(const struct source *source, const struct platform *platform, size_t *ret_i,
		  struct err *err)
{
	enum match match = source->wanted ? MATCH_NAME : MATCH_ANY;
	struct platform host;
	size_t found = 0, any, fit;

	if (source->wanted_index != SIZE_MAX)
		return index_choose(source, ret_i, err);
	any = fits_count(source, match, NULL, &found);
	if (any == 0 && source->wanted) {
		match = MATCH_MEANING;
		any = fits_count(source, match, NULL, &found);
	}
	fit = any;
	if (platform || any > 1) {
		platform_host(&host);
		fit = fits_count(source, match, platform ? platform : &host, &found);
	}
	if (any == 0 || (fit == 0 && platform))
		return none_fits(source, platform, any, err);
	if (fit != 1)
		return err_set(
			err, ERR_AMBIGUOUS,
			"holds %zu images: choose one by PATH:TAG, PATH@NUMBER or a platform",
			fit ? fit : any);
	*ret_i = found;
	return 0;
}

bool source_means(const struct source *source, size_t i)
{
	const struct source_image *image = source_image(source, i);
	size_t found;

	if (source->wanted_index != SIZE_MAX)
		return i == source->wanted_index;
	if (!source->wanted)
		return !image->is_attestation;
	return !image->is_attestation &&
	       image_matches(image, source->wanted,
			     fits_count(source, MATCH_NAME, NULL, &found) ? MATCH_NAME
									  : MATCH_MEANING);
}

/* ---- where bytes are ---- */

/* A normalised copy on the heap, or NULL. */
static char *plain_name(const char *name)
{
	char *plain = strdup(name);

	if (plain)
		plain[path_normalise(plain, strlen(plain), NULL)] = '\0';
	return plain;
}

static int file_find(struct source *source, const char *name, struct blob *ret_blob,
		     struct err *err)
{
	struct open_file file = { .fd = -1 };

	for (size_t i = 0; i < source->files.count && !file.name; i++)
		if (strcmp(source->files.items[i].name, name) == 0)
			file = source->files.items[i];
	if (!file.name) {
		int r = VEC_RESERVE(&source->files, 1, err);

		if (r < 0)
			return r;
		file.name = arena_copy(&source->arena, name, strlen(name));
		if (!file.name)
			return err_nomem(err);
		r = oci_layout__open(source->fd, name, &file.fd, &file.length, err);
		if (r < 0)
			return r;
		source->files.items[source->files.count++] = file;
	}
	*ret_blob = (struct blob){
		.span = { .fd = file.fd, .length = file.length },
		.name = file.name,
	};
	return 0;
}

static int member_find(const struct source *source, const char *name, struct blob *ret_blob,
		       struct err *err)
{
	const struct member *member;
	int r = outer_tar__find(&source->members, name, &member, err);

	if (r < 0)
		return r;
	if (member->is_sparse)
		return err_set(err, ERR_UNSUPPORTED,
			       "'%s' is a sparse member: repack the archive without --sparse",
			       name);
	*ret_blob = (struct blob){
		.span = { .fd = source->fd, .offset = member->offset, .length = member->length },
		.name = member->name,
	};
	return 0;
}

int source_member(struct source *source, const char *member, struct blob *ret_blob, struct err *err)
{
	CLEANUP(freep) char *name = plain_name(member);

	if (!name)
		return err_nomem(err);
	if (source->format == SOURCE_OCI_LAYOUT)
		return file_find(source, name, ret_blob, err);
	return member_find(source, name, ret_blob, err);
}

int source_blob(struct source *source, const struct digest *digest, struct blob *ret_blob,
		struct err *err)
{
	char path[DIGEST_PATH];

	return source_member(source, digest_path(digest, path), ret_blob, err);
}

int blob_read(const struct blob *blob, uint64_t most, char **ret_bytes, size_t *ret_len,
	      struct err *err)
{
	uint64_t length = blob->span.length;

	if (limits_check(length, most, blob->name, err) < 0)
		return -ERR_LIMIT;
	CLEANUP(freep) char *bytes = malloc(length + 1);

	if (!bytes)
		return err_nomem(err);
	int64_t count = io_pread(blob->span.fd, bytes, length, blob->span.offset, err);

	if (count < 0) {
		err_wrap(err, "%s", blob->name);
		return (int)count;
	}
	if ((uint64_t)count < length)
		return err_set(err, ERR_FORMAT,
			       "%s: ends early: %" PRIu64 " bytes are missing at byte %" PRIu64,
			       blob->name, length - (uint64_t)count,
			       blob->span.offset + (uint64_t)count);
	bytes[length] = '\0';
	*ret_bytes = STEAL(bytes);
	*ret_len = length;
	return 0;
}

int source__document(struct source *source, const char *name, char **ret_bytes, size_t *ret_len,
		     struct err *err)
{
	CLEANUP(closep) int fd = -1;
	struct blob blob = { .name = name };
	int r;

	if (source->format == SOURCE_OCI_LAYOUT) {
		r = oci_layout__open(source->fd, name, &fd, &blob.span.length, err);
		blob.span.fd = fd;
	} else {
		r = member_find(source, name, &blob, err);
	}
	return r < 0 ? r : blob_read(&blob, source->limits.json_bytes, ret_bytes, ret_len, err);
}

int source__described(struct source *source, const struct descriptor *descriptor, char **ret_bytes,
		      size_t *ret_len, bool *ret_good, struct err *err)
{
	char path[DIGEST_PATH];
	CLEANUP(freep) char *bytes = NULL;
	size_t len;
	struct digest found;
	int r = source__document(source, digest_path(&descriptor->digest, path), &bytes, &len, err);

	if (r < 0)
		return r;
	if (digest_of_as(descriptor->digest.algorithm, bytes, len, &found, err) < 0)
		return -ERR_NOMEM;
	*ret_good = digest_equal(&found, &descriptor->digest) && len == descriptor->size;
	*ret_bytes = STEAL(bytes);
	*ret_len = len;
	return 0;
}
