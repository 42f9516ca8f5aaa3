/*
 * zstd on the way down: level 3, with a checksum of the contents. Its own
 * threads work on jobs of one size, so that the bytes do not depend on how many
 * there are; a library without threads gives others.
 */
#include "core/stream/sink_priv.h"

#ifdef HAVE_ZSTD

#include <zstd.h>

#include "base/workq.h"

/* Each thread holds a few jobs: what bounds the memory, whatever the machine. */
enum { ZSTD_LEVEL = 3, JOB_BYTES = 2 << 20, MOST_THREADS = 16 };

struct zstd_sink {
	struct sink base;
	struct sink *below;
	ZSTD_CCtx *context;
	unsigned char out[ENCODE_BUFFER_BYTES];
};

static int zstd_put(struct zstd_sink *self, const void *bytes, size_t len, ZSTD_EndDirective mode,
		    struct err *err)
{
	ZSTD_inBuffer from = { .src = bytes, .size = len };
	size_t left;

	do {
		ZSTD_outBuffer to = { .dst = self->out, .size = sizeof(self->out) };

		left = ZSTD_compressStream2(self->context, &to, &from, mode);
		if (ZSTD_isError(left))
			return err_nomem(err); /* nothing else can fail with good arguments */

		int code = sink_write(self->below, self->out, to.pos, err);

		if (code < 0)
			return code;
	} while (mode == ZSTD_e_end ? left > 0 : from.pos < from.size);
	return 0;
}

static int zstd_write(struct sink *sink, const void *bytes, size_t len, struct err *err)
{
	return zstd_put((struct zstd_sink *)sink, bytes, len, ZSTD_e_continue, err);
}

static int zstd_finish(struct sink *sink, struct err *err)
{
	struct zstd_sink *self = (struct zstd_sink *)sink;
	int code = zstd_put(self, NULL, 0, ZSTD_e_end, err);

	return code < 0 ? code : sink_finish(self->below, err);
}

static void zstd_close(struct sink *sink)
{
	struct zstd_sink *self = (struct zstd_sink *)sink;

	sink_close(self->below);
	ZSTD_freeCCtx(self->context);
	free(self);
}

static const struct sink_ops ZSTD_OPS = {
	.write = zstd_write,
	.finish = zstd_finish,
	.close = zstd_close,
};

int sink__zstd_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err)
{
	struct zstd_sink *self = calloc(1, sizeof(*self));

	if (threads == 0)
		threads = workq_processors();
	if (self)
		self->context = ZSTD_createCCtx();
	if (!self || !self->context) {
		free(self);
		sink_close(below);
		return err_nomem(err);
	}
	ZSTD_CCtx_setParameter(self->context, ZSTD_c_compressionLevel, ZSTD_LEVEL);
	ZSTD_CCtx_setParameter(self->context, ZSTD_c_checksumFlag, 1);
	ZSTD_CCtx_setParameter(self->context, ZSTD_c_nbWorkers,
			       (int)(threads < MOST_THREADS ? threads : MOST_THREADS));
	ZSTD_CCtx_setParameter(self->context, ZSTD_c_jobSize, JOB_BYTES);
	self->base.ops = &ZSTD_OPS;
	self->below = below;
	*ret_sink = &self->base;
	return 0;
}

#else

int sink__zstd_open(struct sink *below, size_t threads, struct sink **ret_sink, struct err *err)
{
	(void)threads;
	(void)ret_sink;
	sink_close(below);
	return err_set(err, ERR_UNSUPPORTED, "this build cannot write zstd");
}

#endif
