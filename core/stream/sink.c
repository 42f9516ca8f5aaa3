/*
 * What all push streams share, and the plain ones: a file, memory, nowhere.
 * Hashes are in sink_hash.c, compression in sink_encode.c.
 */
#include "stream/sink.h"

#include <string.h>

#include "base/io.h"
#include "base/vec.h"

int sink_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	int code = len > 0 ? sink->ops->write(sink, bytes, len, err) : 0;

	if (code < 0)
		return code;
	sink->written += len;
	return 0;
}

int sink_finish(struct sink *sink, struct err *err)
{
	return sink->ops->finish(sink, err);
}

void sink_close(struct sink *sink)
{
	if (sink)
		sink->ops->close(sink);
}

void sink_closep(struct sink **sink)
{
	sink_close(*sink);
}

/* ---- a file: small pieces are gathered, so that a header is no system call ---- */

enum { FILE_GATHER_BYTES = 256 * 1024 };

struct file_sink {
	struct sink base;
	int fd;
	uint64_t offset; /* where the gathered bytes go */
	size_t held;
	unsigned char gathered[FILE_GATHER_BYTES];
};

static int file_put(struct file_sink *file, const void *bytes, size_t len, struct err *err)
{
	if (io_pwrite(file->fd, bytes, len, file->offset, err) < 0)
		return -(int)ERR_IO;
	file->offset += len;
	return 0;
}

static int file_flush(struct file_sink *file, struct err *err)
{
	if (file->held > 0 && file_put(file, file->gathered, file->held, err) < 0)
		return -(int)ERR_IO;
	file->held = 0;
	return 0;
}

static int file_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	struct file_sink *file = (struct file_sink *)sink;

	if (len > sizeof(file->gathered) - file->held && file_flush(file, err) < 0)
		return -(int)ERR_IO;
	if (len >= sizeof(file->gathered))
		return file_put(file, bytes, len, err);
	memcpy(file->gathered + file->held, bytes, len);
	file->held += len;
	return 0;
}

static int file_finish(struct sink *sink, struct err *err)
{
	return file_flush((struct file_sink *)sink, err);
}

static void plain_close(struct sink *sink)
{
	free(sink);
}

static const struct sink_ops FILE_OPS = {
	.write = file_write,
	.finish = file_finish,
	.close = plain_close,
};

int sink_file_open(int fd, uint64_t offset, struct sink **ret_sink, struct err *err)
{
	struct file_sink *file = malloc(sizeof(*file));

	if (!file)
		return err_nomem(err);
	file->base = (struct sink){ .ops = &FILE_OPS };
	file->fd = fd;
	file->offset = offset;
	file->held = 0;
	*ret_sink = &file->base;
	return 0;
}

/* ---- memory ---- */

struct memory_sink {
	struct sink base;
	VEC(unsigned char) bytes;
};

static int memory_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	struct memory_sink *memory = (struct memory_sink *)sink;

	if (VEC_RESERVE(&memory->bytes, len, err) < 0)
		return -(int)ERR_NOMEM;
	memcpy(memory->bytes.items + memory->bytes.count, bytes, len);
	memory->bytes.count += len;
	return 0;
}

static int nothing_to_finish(struct sink *sink, struct err *err)
{
	(void)sink;
	(void)err;
	return 0;
}

static void memory_close(struct sink *sink)
{
	struct memory_sink *memory = (struct memory_sink *)sink;

	VEC_DONE(&memory->bytes);
	free(memory);
}

static const struct sink_ops MEMORY_OPS = {
	.write = memory_write,
	.finish = nothing_to_finish,
	.close = memory_close,
};

int sink_memory_open(struct sink **ret_sink, struct err *err)
{
	struct memory_sink *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return err_nomem(err);
	memory->base.ops = &MEMORY_OPS;
	*ret_sink = &memory->base;
	return 0;
}

const void *sink_memory_bytes(const struct sink *sink, size_t *ret_len)
{
	const struct memory_sink *memory = (const struct memory_sink *)sink;

	*ret_len = memory->bytes.count;
	return memory->bytes.items;
}

/* ---- nowhere ---- */

static int null_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	(void)sink;
	(void)bytes;
	(void)len;
	(void)err;
	return 0;
}

static const struct sink_ops NULL_OPS = {
	.write = null_write,
	.finish = nothing_to_finish,
	.close = plain_close,
};

int sink_null_open(struct sink **ret_sink, struct err *err)
{
	struct sink *sink = calloc(1, sizeof(*sink));

	if (!sink)
		return err_nomem(err);
	sink->ops = &NULL_OPS;
	*ret_sink = sink;
	return 0;
}
