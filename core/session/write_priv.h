/* A writing job: its making (session_write.c) and the proof of what it made (write_check.c). */
#ifndef WRITE_PRIV_H
#define WRITE_PRIV_H

#include "emit/output.h"
#include "session_priv.h"

struct write_job {
	struct session *session;
	struct write_request request; /* strings below */
	char *path, *tag;
	enum compression recompress;
	bool contents_left_out; /* of a layer that is eStargz */
	struct digest manifest; /* that was written, of OCI's formats */
	struct preview preview; /* of a copy of the plan; its own */
	struct write_result result;
	struct span_hashes *hashes; /* of the output, while it is written; borrowed, NULL: none */
	VEC(struct write_job *) others; /* into the same output */
};

/* Bytes that will be needed: all stored layers, and what appending adds. ERR_NOMEM. */
int session__written_size(const struct session *session, const struct emit_input *input,
			  const struct write_request *request, uint64_t *ret_bytes, struct err *err);

/* As much of it as comes to what is there in place: the changed layers. ERR_UNSUPPORTED, ERR_NOMEM. */
int session__added_size(const struct emit_input *input, enum emit_mode mode, uint64_t *ret_bytes,
			struct err *err);

/* Stored bytes of the image's layers, or of those that are not compressed. */
uint64_t session__stored_size(const struct session *session, bool only_plain);

/* What reading back takes, as far as the input tells: layers are read once, and plain ones again to
 * be hashed. What writing takes is expected by those who write. */
void session__expect_reading_back(const struct session *session, struct progress *progress);

/*
 * Read an image back from an output that has no name yet (NULL: in place) with
 * our own reader, compare it with the preview, and judge it again: the result gets what is
 * left. ERR_FORMAT, ERR_DIGEST, or what reading gives.
 */
int session__check_written(struct write_job *write, struct output *output, struct job *job,
			   struct err *err);

/* The same rules for the image with what a layer or a script changes: its files, not its config. */
int session__judge_files(struct write_job *write, struct job *job, struct err *err);

#endif
