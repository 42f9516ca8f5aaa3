/*
 * Named blobs in an archive or a folder. In an archive a block is kept free
 * before each blob and its header written when name and size are known; in a
 * folder a blob has a temporary name until then.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/vec.h"
#include "emit_priv.h"
#include "tar/tar_member.h"

enum { COPY_STEP = 64 << 20 };

struct emit_store {
	int fd;
	bool is_folder;
	int64_t mtime;
	uint64_t end; /* of the archive so far: where the next member begins */
	struct stream_span last; /* blob of the archive; no bytes: there is none, or it was dropped */
	int blob_fd;  /* of a folder: the blob being written; -1: none */
	struct layout_update *update; /* of a folder: it is added to; NULL: it is new */
	VEC(char *) names;
};

int emit__store_new(int fd, bool is_folder, int64_t mtime, struct emit_store **ret_store,
		    struct err *err)
{
	struct emit_store *store = calloc(1, sizeof(*store));

	if (!store)
		return err_nomem(err);
	store->fd = fd;
	store->is_folder = is_folder;
	store->mtime = mtime;
	store->blob_fd = -1;
	if (is_folder && ((mkdirat(fd, "blobs", 0777) < 0 && errno != EEXIST) ||
			  (mkdirat(fd, "blobs/sha256", 0777) < 0 && errno != EEXIST))) {
		free(store);
		return err_errno(err, errno, "cannot make 'blobs/sha256'");
	}
	*ret_store = store;
	return 0;
}

void emit__store_set_update(struct emit_store *store, struct layout_update *update)
{
	store->update = update;
}

void emit__store_free(struct emit_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->names.count; i++)
		free(store->names.items[i]);
	VEC_DONE(&store->names);
	closep(&store->blob_fd);
	free(store);
}

void emit__store_freep(struct emit_store **store)
{
	emit__store_free(*store);
}

static bool has_name(const struct emit_store *store, const char *name)
{
	for (size_t i = 0; i < store->names.count; i++) {
		if (strcmp(store->names.items[i], name) == 0)
			return true;
	}
	return store->update && emit__update_has(store->update, name);
}

static int note_name(struct emit_store *store, const char *name, struct err *err)
{
	char *copy = strdup(name);

	if (!copy || VEC_PUSH(&store->names, copy, err) < 0) {
		free(copy);
		return err_nomem(err);
	}
	return 0;
}

int emit__store_begin(struct emit_store *store, struct sink **ret_sink, struct err *err)
{
	if (!store->is_folder)
		return sink_file_open(store->fd, store->end + TAR_BLOCK, ret_sink, err);
	closep(&store->blob_fd);
	unlinkat(store->fd, EMIT_UNNAMED, 0); /* of a program that was killed */
	store->blob_fd = openat(store->fd, EMIT_UNNAMED,
				O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (store->blob_fd < 0)
		return err_errno(err, errno, "cannot write a blob");
	return sink_file_open(store->blob_fd, 0, ret_sink, err);
}

/* Header before, zeros behind: the blob at 'end' becomes a member. */
static int end_member(struct emit_store *store, const char *name, uint64_t size, struct err *err)
{
	static const unsigned char zeros[TAR_BLOCK];
	unsigned char header[TAR_BLOCK];
	uint64_t data = store->end + TAR_BLOCK;
	size_t padding = (size_t)(-size % TAR_BLOCK);

	if (tar_member_header(name, size, store->mtime, header, err) < 0)
		return -ERR_INVALID;
	if (io_pwrite(store->fd, header, sizeof(header), store->end, err) < 0 ||
	    io_pwrite(store->fd, zeros, padding, data + size, err) < 0)
		return -ERR_IO;
	store->end = data + size + padding;
	store->last = (struct stream_span){ .fd = store->fd, .offset = data, .length = size };
	return 0;
}

static int end_file(struct emit_store *store, const char *name, struct err *err)
{
	if (fsync(store->blob_fd) < 0 || close(steal_fd(&store->blob_fd)) < 0 ||
	    renameat(store->fd, EMIT_UNNAMED, store->fd, name) < 0)
		return err_errno(err, errno, "cannot write '%s'", name);
	return store->update ? emit__update_note(store->update, name, err) : 0;
}

int emit__store_end(struct emit_store *store, const char *name, uint64_t size, struct err *err)
{
	int result;

	store->last = (struct stream_span){ 0 };
	if (has_name(store, name))
		return 0; /* the same bytes: the next member goes over these, or the name over that
			     file */
	result = store->is_folder ? end_file(store, name, err) : end_member(store, name, size, err);
	return result < 0 ? result : note_name(store, name, err);
}

bool emit__store_place(const struct emit_store *store, struct stream_span *ret_span)
{
	*ret_span = store->last;
	return store->last.length > 0;
}

int emit__store_copy(struct emit_store *store, const struct stream_span *span, const char *name,
		     struct progress *progress, const struct cancel *cancel, struct err *err)
{
	CLEANUP(sink_closep) struct sink *sink = NULL;
	uint64_t at = 0, start = store->is_folder ? 0 : store->end + TAR_BLOCK;
	int result;

	if (has_name(store, name))
		return emit__store_end(store, name, span->length, err);
	result = emit__store_begin(store, &sink, err);
	while (result == 0 && at < span->length) {
		uint64_t step = span->length - at < COPY_STEP ? span->length - at : COPY_STEP;

		result = cancel_check(cancel, err);
		if (result == 0)
			result = io_copy(span->fd, span->offset + at,
					 store->is_folder ? store->blob_fd : store->fd, start + at,
					 step, err);
		progress_add(progress, step);
		at += step;
	}
	return result < 0 ? result : emit__store_end(store, name, span->length, err);
}

int emit__store_put(struct emit_store *store, const char *name, const void *bytes, size_t len,
		    struct err *err)
{
	CLEANUP(sink_closep) struct sink *sink = NULL;
	int result = emit__store_begin(store, &sink, err);

	if (result < 0 || (result = sink_write(sink, bytes, len, err)) < 0 ||
	    (result = sink_finish(sink, err)) < 0)
		return result;
	return emit__store_end(store, name, len, err);
}

int emit__sync_folder(int fd, const char *name, struct err *err)
{
	CLEANUP(closep) int folder = openat(fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return folder < 0 || fsync(folder) < 0 ? err_errno(err, errno, "cannot write '%s'", name)
					       : 0;
}

/* The layout's own folder is synced by who gives it its name. */
static int finish_folder(struct emit_store *store, struct err *err)
{
	int result;

	unlinkat(store->fd, EMIT_UNNAMED, 0);
	result = emit__sync_folder(store->fd, "blobs/sha256", err);
	return result < 0 ? result : emit__sync_folder(store->fd, "blobs", err);
}

int emit__store_finish(struct emit_store *store, struct err *err)
{
	static const unsigned char zeros[2 * TAR_BLOCK];

	if (store->is_folder)
		return finish_folder(store, err);
	if (io_pwrite(store->fd, zeros, sizeof(zeros), store->end, err) < 0)
		return -ERR_IO;
	/* A blob that was dropped may have reached further. */
	if (ftruncate(store->fd, (off_t)(store->end + sizeof(zeros))) < 0)
		return err_errno(err, errno, "cannot write");
	return 0;
}
