/*
 * Writing: emit into an output without a name, read it back with our own
 * reader, compare with the preview, then publish it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/io.h"
#include "emit/output.h"
#include "session_priv.h"
#include "tree/tree_compare.h"

struct write_job {
	struct write_request request; /* strings below */
	char *path, *tag;
	enum compression recompress;
	struct preview preview; /* of a copy of the plan; its own */
	struct write_result result;
};

/* An image that was written, opened again. */
struct written_image {
	struct source *source;
	struct image *image;
	struct layer_set layers;
	struct tree *tree;
};

static void written_image_done(struct written_image *written)
{
	tree_free(written->tree);
	layer_set_done(&written->layers);
	image_close(written->image);
	source_close(written->source);
}

void session__write_result_done(struct write_result *result)
{
	free(result->path);
	problem_list_done(&result->notes);
	*result = (struct write_result){ 0 };
}

void session__write_job_free(struct write_job *write)
{
	if (!write)
		return;
	preview_done(&write->preview);
	free(write->path);
	free(write->tag);
	session__write_result_done(&write->result);
	free(write);
}

static struct emit_input make_input(const struct session *session, const struct write_job *write,
				    struct job *job)
{
	return (struct emit_input){
		.image = session->image,
		.tree = session->tree,
		.plan = write->preview.plan,
		.preview = write->preview.result.tree,
		.config = write->preview.result.config,
		.created = session->created,
		.cancel = &job->cancel,
		.progress = &job->progress,
	};
}

/* Bytes that will be needed: all stored layers, and what appending adds. */
static int expected_size(const struct session *session, const struct emit_input *input,
			 const struct write_request *request, uint64_t *ret_bytes, struct err *err)
{
	uint64_t bytes = 0;
	int result = 0;

	if (request->kind == WRITE_LAYER || request->mode == EMIT_APPEND)
		result = emit_append_size(input, &bytes, err);
	for (size_t i = 0; request->kind == WRITE_IMAGE && i < session->layers.count; i++)
		bytes += image_layer(session->image, i)->size;
	*ret_bytes = bytes;
	return result;
}

/* What reading back takes, as far as the input tells: layers are read once, and plain ones again to
 * be hashed. */
static uint64_t stored_size(const struct session *session, bool only_plain)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < session->layers.count; i++) {
		const struct layer_index *index = session->layers.indexes[i];

		if (!only_plain || (index && layer_compression(index) == COMPRESSION_NONE))
			bytes += image_layer(session->image, i)->blob.span.length;
	}
	return bytes;
}

static int reopen(struct session *session, const struct write_job *write, struct output *output,
		  struct written_image *ret_written, struct err *err)
{
	const struct source_options options = { .spool_folder = session->spool_folder };
	int fd;

	/* A path that is there is never split at its colons. */
	if (write->request.format == SOURCE_OCI_LAYOUT)
		return source_open(output_reopen_path(output), &options, &ret_written->source, err);
	fd = fcntl(output_fd(output), F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return err_errno(err, errno, "cannot read the output back");
	return source_open_fd(fd, write->path, &options, &ret_written->source, err);
}

static int read_back(struct session *session, const struct write_job *write, struct output *output,
		     struct job *job, struct written_image *ret_written, struct err *err)
{
	CLEANUP(problem_list_done) struct problem_list problems = { 0 };
	const struct layer_set_options options = { .cancel = &job->cancel,
						   .progress = &job->progress };
	int result = reopen(session, write, output, ret_written, err);

	if (result < 0 ||
	    (result = image_open(ret_written->source, 0, NULL, &ret_written->image, err)) < 0 ||
	    (result = layer_set_init(&ret_written->layers, ret_written->image, err)) < 0)
		return result;
	/* From here on the layers themselves say what they take. */
	progress_forget(&job->progress, stored_size(session, false));
	result = layer_set_index(&ret_written->layers, &options, err);
	progress_forget(&job->progress, stored_size(session, true));
	if (result < 0 || (result = layer_set_verify(&ret_written->layers, &job->cancel,
						     &job->progress, &problems, err)) < 0)
		return result;
	if (problems.damaged)
		return err_set(err, ERR_DIGEST, "%s", problems.all.items[0].text);
	if (ret_written->layers.problems.damaged)
		return err_set(err, ERR_FORMAT, "%s",
			       ret_written->layers.problems.all.items[0].text);
	return tree_build((const struct layer_index *const *)ret_written->layers.indexes,
			  ret_written->layers.count, &job->cancel, &ret_written->tree, err);
}

static int compare_configs(const struct config *wanted, const struct config *have, struct err *err)
{
	if (strcmp(wanted->user, have->user) == 0 &&
	    strcmp(wanted->working_dir, have->working_dir) == 0 &&
	    config_same_words(wanted->env, have->env) &&
	    config_same_words(wanted->entrypoint, have->entrypoint) &&
	    config_same_words(wanted->cmd, have->cmd) &&
	    config_same_words(wanted->exposed_ports, have->exposed_ports))
		return 0;
	return err_set(err, ERR_FORMAT, "the config is not the planned one");
}

/* The same rules for what was written as for the image. */
static int judge_written(struct session *session, const struct written_image *written,
			 struct job *job, struct write_result *result, struct err *err)
{
	CLEANUP(judgement_freep) struct judgement *judgement = NULL;
	const struct judge_input input = {
		.image = written->image,
		.config = image_config(written->image),
		.tree = written->tree,
		.profile = session->profile,
		.user = session->user,
		.cancel = &job->cancel,
	};
	int judged = judge(&input, &judgement, err);

	if (judged < 0)
		return judged;
	memcpy(result->by_severity, judgement->by_severity, sizeof(result->by_severity));
	result->judged = true;
	digest_text(image_config_digest(written->image), result->digest);
	for (size_t i = 0; i < written->layers.count; i++)
		result->bytes += image_layer(written->image, i)->size;
	return 0;
}

/* The same rules for the image with what a layer or a script changes: its files, not its config. */
static int judge_files(struct session *session, const struct write_job *write, struct job *job,
		       struct write_result *result, struct err *err)
{
	CLEANUP(judgement_freep) struct judgement *judgement = NULL;
	const struct judge_input input = {
		.image = session->image,
		.config = image_config(session->image),
		.tree = write->preview.result.tree,
		.profile = session->profile,
		.user = session->user,
		.cancel = &job->cancel,
	};
	int judged = judge(&input, &judgement, err);

	if (judged < 0)
		return judged;
	memcpy(result->by_severity, judgement->by_severity, sizeof(result->by_severity));
	result->judged = true;
	return 0;
}

static int check_image(struct session *session, struct write_job *write, struct output *output,
		       struct job *job, struct err *err)
{
	CLEANUP(written_image_done) struct written_image written = { 0 };
	int result = read_back(session, write, output, job, &written, err);

	if (result == 0)
		result = tree_compare(write->preview.result.tree, written.tree, err);
	if (result == 0)
		result = compare_configs(write->preview.result.config, image_config(written.image),
					 err);
	if (result < 0)
		return err_wrap(err, "what was written is not what was planned, so it was removed"),
		       result;
	write->result.has_kept = true;
	if (tree_kept_count(session->tree, written.tree, &write->result.kept, err) < 0)
		return -(int)ERR_NOMEM;
	return judge_written(session, &written, job, &write->result, err);
}

static int open_output(const struct session *session, const struct write_job *write,
		       uint64_t expected, struct output **ret_output, struct err *err)
{
	const struct output_options options = {
		.folder = write->request.kind == WRITE_IMAGE &&
			  write->request.format == SOURCE_OCI_LAYOUT,
		.replace = write->request.replace,
		.input = source_path(session->source),
		.expected = expected,
	};

	return output_open(write->path, &options, ret_output, err);
}

static int write_image(struct session *session, struct write_job *write, struct job *job,
		       struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	const struct emit_input input = make_input(session, write, job);
	const struct emit_image_options options = {
		.mode = write->request.mode,
		.format = write->request.format,
		.tag = write->tag,
		.recompress = write->request.recompress ? &write->recompress : NULL,
		.notes = &write->result.notes,
	};
	uint64_t expected;
	int result = expected_size(session, &input, &write->request, &expected, err);

	if (result < 0 || (result = open_output(session, write, expected, &output, err)) < 0)
		return result;
	progress_expect(&job->progress, stored_size(session, false));
	progress_expect(&job->progress, stored_size(session, true));
	if ((result = emit_image(&input, &options, output_fd(output), err)) < 0 ||
	    (result = check_image(session, write, output, job, err)) < 0)
		return result;
	return output_publish(output, err);
}

/* The layers of the image with the written one on top must show the preview. */
static int check_layer(struct session *session, const struct write_job *write,
		       const struct stream_span *span, struct job *job, struct err *err)
{
	CLEANUP(layer_index_freep) struct layer_index *index = NULL;
	CLEANUP(tree_freep) struct tree *tree = NULL;
	CLEANUP(freep)
	const struct layer_index **indexes = calloc(session->layers.count + 1, sizeof(*indexes));
	const struct layer_options options = { .cancel = &job->cancel };
	int result;

	if (!indexes)
		return err_nomem(err);
	for (size_t i = 0; i < session->layers.count; i++)
		indexes[i] = session->layers.indexes[i];
	if ((result = layer_index_build(span, &options, &index, err)) < 0)
		return result;
	indexes[session->layers.count] = index;
	result = tree_build(indexes, session->layers.count + 1, &job->cancel, &tree, err);
	return result < 0 ? result : tree_compare(write->preview.result.tree, tree, err);
}

/* PATH.json, not yet published: the descriptor, with the diff ID that a config needs beside it. */
static int make_descriptor(const struct session *session, const struct write_job *write,
			   uint64_t size, struct output **ret_output, struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	CLEANUP(freep) char *path = NULL, *text = NULL;
	struct write_job beside = *write;
	CLEANUP(json_decrefp) json_t *json = NULL;
	int result;

	json = json_pack("{s:s, s:s, s:I, s:{s:s}}", "mediaType",
			 "application/vnd.oci.image.layer.v1.tar", "digest", write->result.digest,
			 "size", (json_int_t)size, "annotations", "imgtui.diff-id",
			 write->result.diff_id);
	text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
	if (!text || asprintf(&path, "%s.json", write->path) < 0) {
		path = NULL;
		return err_nomem(err);
	}
	beside.path = path;
	result = open_output(session, &beside, 0, &output, err);
	if (result < 0 || (result = io_write(output_fd(output), text, strlen(text), err)) < 0 ||
	    (result = io_write(output_fd(output), "\n", 1, err)) < 0)
		return result;
	*ret_output = STEAL(output);
	return 0;
}

static int emit_to_file(const struct emit_input *input, int fd, struct digest *ret_digest,
			uint64_t *ret_size, struct err *err)
{
	CLEANUP(sink_closep) struct sink *out = NULL;
	struct sink *file;
	int result = sink_file_open(fd, 0, &file, err);

	if (result < 0 || (result = sink_hash_open(file, HASH_SHA256, &out, err)) < 0 ||
	    (result = emit_append_layer(input, out, err)) < 0 ||
	    (result = sink_finish(out, err)) < 0)
		return result;
	*ret_digest = (struct digest){ .algorithm = HASH_SHA256 };
	sink_hash_value(out, ret_digest->bytes);
	*ret_size = out->written;
	return 0;
}

static int write_layer(struct session *session, struct write_job *write, struct job *job,
		       struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL, *descriptor = NULL;
	const struct emit_input input = make_input(session, write, job);
	struct stream_span span = { 0 };
	struct digest digest;
	uint64_t expected;
	int result = expected_size(session, &input, &write->request, &expected, err);

	if (result < 0 || (result = open_output(session, write, expected, &output, err)) < 0)
		return result;
	progress_expect(&job->progress, expected);
	span.fd = output_fd(output);
	if ((result = emit_to_file(&input, span.fd, &digest, &span.length, err)) < 0 ||
	    (result = check_layer(session, write, &span, job, err)) < 0)
		return result;
	write->result.bytes = span.length;
	digest_text(&digest, write->result.digest);
	digest_text(&digest, write->result.diff_id); /* it is not compressed */
	if ((result = judge_files(session, write, job, &write->result, err)) < 0 ||
	    (result = make_descriptor(session, write, span.length, &descriptor, err)) < 0 ||
	    (result = output_publish(output, err)) < 0)
		return result;
	return output_publish(descriptor, err);
}

/* A script or a Dockerfile: made in memory, and then whole. */
static int write_text(struct session *session, struct write_job *write, struct job *job,
		      struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	CLEANUP(sink_closep) struct sink *out = NULL;
	const struct emit_input input = make_input(session, write, job);
	const void *bytes;
	size_t len;
	int result = sink_memory_open(&out, err);

	if (result < 0)
		return result;
	if (write->request.kind == WRITE_SCRIPT) {
		result = judge_files(session, write, job, &write->result, err);
		if (result == 0)
			result = emit_script(&input, out, err);
	} else {
		result = emit_dockerfile(&input, image_name(session->image), out, err);
	}
	if (result < 0 || (result = sink_finish(out, err)) < 0 ||
	    (result = open_output(session, write, 0, &output, err)) < 0)
		return result;
	bytes = sink_memory_bytes(out, &len);
	write->result.bytes = len;
	result = io_write(output_fd(output), bytes, len, err);
	return result < 0 ? result : output_publish(output, err);
}

static int (*const WRITERS[])(struct session *, struct write_job *, struct job *, struct err *) = {
	[WRITE_IMAGE] = write_image,
	[WRITE_LAYER] = write_layer,
	[WRITE_SCRIPT] = write_text,
	[WRITE_DOCKERFILE] = write_text,
};

static int write_run(struct session *session, struct job *job, struct err *err)
{
	struct write_job *write = job->argument;
	struct fix_result *preview = &write->preview.result;
	int result = plan_preview(write->preview.plan, &preview->tree, &preview->config, err);

	return result < 0 ? result : WRITERS[write->request.kind](session, write, job, err);
}

static void write_take(struct session *session, struct job *job)
{
	struct write_job *write = job->argument;
	struct session_view *view = &session->view;

	if (job->result < 0) {
		view->write = WRITE_FAILED;
		view->write_error = job->err;
	} else {
		view->write = WRITE_DONE;
		session__write_result_done(&session->written);
		session->written = write->result;
		session->written.path = STEAL(write->path);
		write->result = (struct write_result){ 0 };
		view->written = &session->written;
	}
	session__write_job_free(write);
}

void session__start_write(struct session *session)
{
	struct write_job *write = STEAL(session->pending_write);
	struct session_view *view = &session->view;

	if (session_is_damaged(session)) {
		view->write = WRITE_FAILED;
		err_clear(&view->write_error);
		err_set(&view->write_error, ERR_DIGEST,
			"the image is damaged, so nothing is written from it");
		session__write_job_free(write);
		return;
	}
	if (view->verify == VERIFY_FAILED) {
		view->write = WRITE_FAILED;
		view->write_error = view->verify_error;
		session__write_job_free(write);
		return;
	}
	job_start(&session->front, session, write_run, write_take, write);
}

int session_write(struct session *session, const struct write_request *request, struct err *err)
{
	struct write_job *write;
	size_t wants;

	if (job_is_running(&session->front) || session->phase != SESSION_READY ||
	    session->pending_write)
		return err_set(err, ERR_INVALID, "wait until the job in hand is done");
	if (plan_is_empty(session->plan))
		return err_set(err, ERR_INVALID, "nothing is planned");
	if (plan_needs_build(session->plan) && request->kind != WRITE_DOCKERFILE)
		return err_set(err, ERR_INVALID,
			       "packages are all that is planned, and need a build: write a "
			       "Dockerfile");
	plan_wants(session->plan, &wants);
	if (request->kind == WRITE_LAYER && wants == 0)
		return err_set(err, ERR_INVALID,
			       "nothing in the plan changes a file, so there is no layer to write");
	write = calloc(1, sizeof(*write));
	if (!write)
		return err_nomem(err);
	write->request = *request;
	if (request->recompress)
		write->recompress = *request->recompress;
	write->path = strdup(request->path);
	write->tag = request->tag ? strdup(request->tag) : NULL;
	if (!write->path || (request->tag && !write->tag) ||
	    plan_copy(session->plan, &write->preview.plan, err) < 0) {
		session__write_job_free(write);
		return err_nomem(err);
	}
	session->pending_write = write;
	atomic_store(&session->pending_cancel.requested, false);
	session->view.write = WRITE_RUNNING;
	err_clear(&session->view.write_error);
	session__wake(session);
	return 0;
}
