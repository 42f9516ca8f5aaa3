/*
 * xz on the way down, by libarchive's raw writer; the format has no place for a
 * time. On one thread: with more, each takes some 150 MiB.
 */
#include "core/stream/sink_priv.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdbool.h>

struct xz_sink {
	struct sink base;
	struct sink *below;
	struct archive *archive;
	struct err failed; /* what the sink below said; nothing passes on after it */
};

/* Never fails for libarchive: its writer loses the memory of the filter after a failure. */
static la_ssize_t xz_pass_on(struct archive *archive, void *data, const void *bytes, size_t len)
{
	struct xz_sink *self = data;

	(void)archive;
	if (self->failed.code == ERR_NONE)
		sink_write(self->below, bytes, len, &self->failed);
	return (la_ssize_t)len;
}

static int xz_failure(const struct xz_sink *self, struct err *err)
{
	const char *text = archive_error_string(self->archive);

	if (self->failed.code != ERR_NONE)
		return err_set(err, self->failed.code, "%s", self->failed.text);
	if (archive_errno(self->archive) == ENOMEM)
		return err_nomem(err);
	return err_set(err, ERR_IO, "xz cannot be written: %s", text ? text : "unknown reason");
}

static int xz_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	struct xz_sink *self = (struct xz_sink *)sink;

	if (archive_write_data(self->archive, bytes, len) != (la_ssize_t)len ||
	    self->failed.code != ERR_NONE)
		return xz_failure(self, err);
	return 0;
}

static int xz_finish(struct sink *sink, struct err *err)
{
	struct xz_sink *self = (struct xz_sink *)sink;

	if (archive_write_close(self->archive) != ARCHIVE_OK || self->failed.code != ERR_NONE)
		return xz_failure(self, err);
	return sink_finish(self->below, err);
}

static void xz_close(struct sink *sink)
{
	struct xz_sink *self = (struct xz_sink *)sink;

	/* Where nobody has finished the output, the rest of it goes nowhere. */
	err_set(&self->failed, ERR_CANCELLED, "closed");
	archive_write_free(self->archive);
	sink_close(self->below);
	free(self);
}

static const struct sink_ops XZ_OPS = {
	.write = xz_write,
	.finish = xz_finish,
	.close = xz_close,
};

/* One entry that is a plain file: all that the raw format wants to know. */
static bool xz_begin(struct xz_sink *self)
{
	struct archive_entry *entry = archive_entry_new();
	struct archive *archive = self->archive;
	bool done;

	if (!entry)
		return false;
	archive_entry_set_filetype(entry, AE_IFREG);
	done = archive_write_set_format_raw(archive) == ARCHIVE_OK &&
	       archive_write_add_filter_xz(archive) == ARCHIVE_OK &&
	       archive_write_set_bytes_per_block(archive, ENCODE_BUFFER_BYTES) == ARCHIVE_OK &&
	       /* No padding of the last block. */
	       archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
	       archive_write_open(archive, self, NULL, xz_pass_on, NULL) == ARCHIVE_OK &&
	       archive_write_header(archive, entry) == ARCHIVE_OK;
	archive_entry_free(entry);
	return done;
}

int sink__xz_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err)
{
	struct xz_sink *self = calloc(1, sizeof(*self));

	(void)threads;
	if (!self) {
		sink_close(below);
		return err_nomem(err);
	}
	self->base.ops = &XZ_OPS;
	self->below = below;
	self->archive = archive_write_new();
	if (!self->archive || !xz_begin(self)) {
		int code = self->archive ? xz_failure(self, err) : err_nomem(err);

		xz_close(&self->base);
		return code;
	}
	*ret_sink = &self->base;
	return 0;
}
