/*
 * Writing: emit into an output without a name, read it back (write_check.c),
 * then publish it.
 */
#include <string.h>

#include "base/io.h"
#include "rule/layer_limit.h"
#include "tree/tree_compare.h"
#include "write_priv.h"

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
	for (size_t i = 0; i < write->others.count; i++)
		session__write_job_free(write->others.items[i]);
	VEC_DONE(&write->others);
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
		.layer_limit = layer_limit(session->profile),
		.cancel = &job->cancel,
		.progress = &job->progress,
	};
}

static int open_output(const struct session *session, const struct write_job *write,
		       uint64_t expected, struct output **ret_output, struct err *err)
{
	const struct output_options options = {
		.folder = write->request.kind == WRITE_IMAGE &&
			  write->request.format == SOURCE_OCI_LAYOUT,
		.replace = write->request.replace,
		.input = session->source,
		.expected = expected,
	};

	return output_open(write->path, &options, ret_output, err);
}

static struct emit_image_options image_options(struct write_job *write)
{
	return (struct emit_image_options){
		.mode = write->request.mode,
		.format = write->request.format,
		.tag = write->tag,
		.recompress = write->request.recompress ? &write->recompress : NULL,
		.notes = &write->result.notes,
		.manifest = &write->manifest,
		.contents_left_out = &write->contents_left_out,
		.placed = write->hashes ? span_hashes_add : NULL,
		.context = write->hashes,
	};
}

static int write_in_place(struct session *session, struct write_job *write, struct job *job,
			  struct err *err)
{
	CLEANUP(layout_update_closep) struct layout_update *update = NULL;
	const struct emit_input input = make_input(session, write, job);
	struct emit_image_options options = image_options(write);
	uint64_t bytes;
	int result = layout_update_open(write->path, &update, err);

	if (result < 0 ||
	    (result = session__added_size(&input, write->request.mode, &bytes, err)) < 0 ||
	    (result = io_need_space(layout_update_fd(update), write->path, write->path, bytes,
				    err)) < 0)
		return result;
	session__expect_reading_back(session, &job->progress);
	options.update = update;
	if ((result = emit_image(&input, &options, layout_update_fd(update), err)) < 0 ||
	    (result = session__check_written(write, NULL, job, err)) < 0)
		return result;
	return layout_update_publish(update, err);
}

static int write_image(struct session *session, struct write_job *write, struct job *job,
		       struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	CLEANUP(span_hashes_freep) struct span_hashes *hashes = NULL;
	const struct emit_input input = make_input(session, write, job);
	struct emit_image_options options;
	uint64_t expected;
	int result = session__written_size(session, &input, &write->request, &expected, err);

	if (result < 0 || (result = open_output(session, write, expected, &output, err)) < 0 ||
	    (result = span_hashes_new(&job->cancel, &job->progress, &hashes, err)) < 0)
		return result;
	session__expect_reading_back(session, &job->progress);
	write->hashes = hashes;
	options = image_options(write);
	if ((result = emit_image(&input, &options, output_fd(output), err)) < 0 ||
	    (result = session__check_written(write, output, job, err)) < 0)
		return result;
	return output_publish(output, err);
}

/* The images of several sessions: all are written, then each is read back. */
static int write_images(struct session *session, struct write_job *write, struct job *job,
			struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	CLEANUP(span_hashes_freep) struct span_hashes *hashes = NULL;
	size_t count = write->others.count + 1;
	CLEANUP(freep) struct emit_input *inputs = calloc(count, sizeof(*inputs));
	CLEANUP(freep) struct emit_image_options *options = calloc(count, sizeof(*options));
	uint64_t expected = 0;
	int result = span_hashes_new(&job->cancel, &job->progress, &hashes, err);

	if (!inputs || !options)
		return err_nomem(err);
	for (size_t i = 0; result == 0 && i < count; i++) {
		struct write_job *one = i ? write->others.items[i - 1] : write;
		uint64_t bytes = 0;

		one->hashes = hashes;
		inputs[i] = make_input(one->session, one, job);
		options[i] = image_options(one);
		result = session__written_size(one->session, &inputs[i], &one->request, &bytes, err);
		expected += bytes;
		session__expect_reading_back(one->session, &job->progress);
	}
	if (result < 0 || (result = open_output(session, write, expected, &output, err)) < 0)
		return result;
	result = emit_images(inputs, options, count, output_fd(output), err);
	for (size_t i = 0; result == 0 && i < count; i++) {
		struct write_job *one = i ? write->others.items[i - 1] : write;

		result = session__check_written(one, output, job, err);
	}
	return result < 0 ? result : output_publish(output, err);
}

/* A layer alone is one file. */
static int check_single(const struct emit_input *input, struct err *err)
{
	size_t count;
	int result = emit_append_count(input, NULL, &count, err);

	if (result < 0 || count == 1)
		return result;
	return err_set(err, ERR_INVALID,
		       "the platform's limit makes %zu layers of it: write an image "
		       "(--emit image --mode append)",
		       count);
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

char *session_descriptor_path(const char *path)
{
	char *beside;

	return asprintf(&beside, "%s.json", path) < 0 ? NULL : beside;
}

static int open_descriptor(const struct session *session, const struct write_job *write,
			   struct output **ret_output, struct err *err)
{
	CLEANUP(freep) char *path = session_descriptor_path(write->path);
	struct write_job beside = *write;

	beside.path = path;
	return path ? open_output(session, &beside, 0, ret_output, err) : err_nomem(err);
}

/* The descriptor, with the diff ID that a config needs beside it. */
static int put_descriptor(const struct write_job *write, uint64_t size, struct output *output,
			  struct err *err)
{
	CLEANUP(freep) char *text = NULL;
	CLEANUP(json_decrefp) json_t *json = NULL;
	int result;

	json = json_pack("{s:s, s:s, s:I, s:{s:s}}", "mediaType",
			 "application/vnd.oci.image.layer.v1.tar", "digest", write->result.digest,
			 "size", (json_int_t)size, "annotations", "imgtui.diff-id",
			 write->result.diff_id);
	text = json ? json_dumps(json, JSON_INDENT(2)) : NULL;
	if (!text)
		return err_nomem(err);
	result = io_write(output_fd(output), text, strlen(text), err);
	return result < 0 ? result : io_write(output_fd(output), "\n", 1, err);
}

static int emit_to_file(const struct emit_input *input, int fd, struct digest *ret_digest,
			uint64_t *ret_size, struct err *err)
{
	CLEANUP(sink_closep) struct sink *out = NULL;
	struct sink *file;
	int result = sink_file_open(fd, 0, &file, err);

	if (result < 0 || (result = sink_hash_open(file, HASH_SHA256, &out, err)) < 0 ||
	    (result = emit_append_layer(input, 0, out, err)) < 0 ||
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
	int result = check_single(&input, err);

	if (result < 0 ||
	    (result = session__written_size(session, &input, &write->request, &expected, err)) < 0 ||
	    (result = open_output(session, write, expected, &output, err)) < 0 ||
	    (result = open_descriptor(session, write, &descriptor, err)) < 0)
		return result;
	progress_expect(&job->progress, expected);
	span.fd = output_fd(output);
	if ((result = emit_to_file(&input, span.fd, &digest, &span.length, err)) < 0 ||
	    (result = check_layer(session, write, &span, job, err)) < 0)
		return result;
	write->result.bytes = span.length;
	digest_text(&digest, write->result.digest);
	digest_text(&digest, write->result.diff_id); /* it is not compressed */
	if ((result = session__judge_files(write, job, err)) < 0 ||
	    (result = put_descriptor(write, span.length, descriptor, err)) < 0 ||
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
		result = session__judge_files(write, job, err);
		if (result == 0)
			result = emit_script(&input, out, err);
	} else {
		result = emit_dockerfile(&input, image_reference(session->image), out, NULL, err);
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

static int make_preview(struct write_job *write, struct err *err)
{
	struct fix_result *preview = &write->preview.result;

	return plan_preview(write->preview.plan, &preview->tree, &preview->config, err);
}

static int write_run(struct session *session, struct job *job, struct err *err)
{
	struct write_job *write = job->argument;
	int result = make_preview(write, err);

	for (size_t i = 0; result == 0 && i < write->others.count; i++)
		result = make_preview(write->others.items[i], err);
	if (result < 0)
		return result;
	if (write->others.count)
		return write_images(session, write, job, err);
	return write->request.in_place ? write_in_place(session, write, job, err)
				       : WRITERS[write->request.kind](session, write, job, err);
}

static void publish_result(struct write_job *write)
{
	struct session *session = write->session;

	session->view.write = WRITE_DONE;
	session__write_result_done(&session->written);
	session->written = write->result;
	session->written.path = STEAL(write->path);
	write->result = (struct write_result){ 0 };
	session->view.written = &session->written;
}

static void write_take(struct session *session, struct job *job)
{
	struct write_job *write = job->argument;
	struct session_view *view = &session->view;

	if (job->result < 0) {
		view->write = WRITE_FAILED;
		view->write_error = job->err;
	} else {
		publish_result(write);
		for (size_t i = 0; i < write->others.count; i++)
			publish_result(write->others.items[i]);
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

/* What is wrong with asking; 0: nothing. */
static int check_request(const struct session *session, const struct write_request *request,
			 struct err *err)
{
	size_t wants;

	/* An image is written as it is: in another form, or for what comes after in a pipeline. */
	if (plan_is_empty(session->plan) && !request->others &&
	    (request->kind != WRITE_IMAGE || request->in_place))
		return err_set(err, ERR_INVALID, "nothing is planned");
	if (plan_needs_build(session->plan) && request->kind != WRITE_DOCKERFILE &&
	    !request->others)
		return err_set(err, ERR_INVALID,
			       "packages are all that is planned, and need a build: write a "
			       "Dockerfile");
	if (request->in_place && (request->kind != WRITE_IMAGE ||
				  source_format(session->source) != SOURCE_OCI_LAYOUT))
		return err_set(err, ERR_INVALID, "only an OCI layout can be written to in place");
	if (request->others && (request->kind != WRITE_IMAGE || request->in_place ||
				(request->format != SOURCE_OCI_ARCHIVE &&
				 request->format != SOURCE_OCI_LAYOUT)))
		return err_set(err, ERR_INVALID,
			       "several platforms are an OCI archive or layout: --to oci-archive");
	plan_wants(session->plan, &wants);
	if (request->kind == WRITE_LAYER && wants == 0)
		return err_set(err, ERR_INVALID,
			       "nothing in the plan changes a file, so there is no layer to write");
	return 0;
}

static int write_job_new(struct session *session, const struct write_request *request,
			 struct write_job **ret_write, struct err *err)
{
	const char *path = request->in_place ? source_path(session->source) : request->path;
	struct write_job *write = calloc(1, sizeof(*write));

	if (!write)
		return err_nomem(err);
	write->session = session;
	write->request = *request;
	if (request->recompress)
		write->recompress = *request->recompress;
	write->path = strdup(path);
	write->tag = request->tag ? strdup(request->tag) : NULL;
	if (!write->path || (request->tag && !write->tag) ||
	    plan_copy(session->plan, &write->preview.plan, err) < 0) {
		session__write_job_free(write);
		return err_nomem(err);
	}
	*ret_write = write;
	return 0;
}

static bool is_idle(const struct session *session)
{
	return !job_is_running(&session->front) && session->phase == SESSION_READY &&
	       !session->pending_write;
}

static int add_other(struct write_job *write, struct session *session,
		     const struct write_request *request, struct err *err)
{
	struct write_job *other;
	int result = check_request(session, request, err);

	if (result == 0 && (!is_idle(session) || session->view.verify != VERIFY_DONE ||
			    session_is_damaged(session)))
		result = err_set(err, ERR_INVALID, "one of the images is not ready");
	if (result == 0)
		result = write_job_new(session, request, &other, err);
	if (result == 0 && VEC_PUSH(&write->others, other, err) < 0) {
		session__write_job_free(other);
		return -ERR_NOMEM;
	}
	return result;
}

int session_write(struct session *session, const struct write_request *request, struct err *err)
{
	struct write_job *write;
	int result;

	if (!is_idle(session))
		return err_set(err, ERR_INVALID, "wait until the job in hand is done");
	result = check_request(session, request, err);
	if (result == 0)
		result = write_job_new(session, request, &write, err);
	if (result < 0)
		return result;
	for (size_t i = 0; result == 0 && request->others && request->others[i]; i++)
		result = add_other(write, request->others[i], request, err);
	if (result < 0) {
		session__write_job_free(write);
		return result;
	}
	session->pending_write = write;
	atomic_store(&session->pending_cancel.requested, false);
	session->view.write = WRITE_RUNNING;
	err_clear(&session->view.write_error);
	session__wake(session);
	return 0;
}
