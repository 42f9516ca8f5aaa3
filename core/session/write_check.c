/* What was written is opened again and must be what was planned; see write_priv.h. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "tree/tree_compare.h"
#include "write_priv.h"

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

/* output: NULL: in place. */
static int reopen(struct session *session, const struct write_job *write, struct output *output,
		  struct written_image *ret_written, struct err *err)
{
	const struct source_options options = {
		.spool_folder = session->spool_folder,
		.index = output ? NULL : LAYOUT_UPDATE_INDEX,
	};
	int fd;

	if (!output)
		return source_open(source_path(session->source), &options, &ret_written->source,
				   err);
	/* A path that is there is never split at its colons. */
	if (write->request.format == SOURCE_OCI_LAYOUT)
		return source_open(output_reopen_path(output), &options, &ret_written->source, err);
	fd = fcntl(output_fd(output), F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return err_errno(err, errno, "%s", write->path);
	return source_open_fd(fd, write->path, &options, &ret_written->source, err);
}

/* Which image of an output was written: there may be others. */
static size_t written_index(const struct write_job *write, const struct source *source)
{
	size_t i = 0;

	while (i + 1 < source_image_count(source) &&
	       !digest_equal(&source_image(source, i)->manifest.digest, &write->manifest))
		i++;
	return i;
}

/* The first damage, as an error of that code; or ERR_IO, where nothing could be read. */
static int tell_damage(const struct problem_list *problems, enum err_code code, struct err *err)
{
	const struct problem *problem;
	size_t i = 0;

	if (!problems->damaged)
		return 0;
	if (!problems->all.count)
		return err_nomem(err); /* it was only counted */
	while (i + 1 < problems->all.count && !problem_is_damage(problems->all.items[i].kind))
		i++;
	problem = &problems->all.items[i];
	return err_set(err, problem->kind == PROBLEM_MISSING_BLOB ? ERR_IO : code, "%s",
		       problem->text);
}

static int read_back(struct session *session, const struct write_job *write, struct output *output,
		     struct job *job, struct written_image *ret_written, struct err *err)
{
	CLEANUP(problem_list_done) struct problem_list problems = { 0 };
	const struct layer_set_options options = { .cancel = &job->cancel,
						   .progress = &job->progress,
						   .hashes = write->hashes };
	int result = reopen(session, write, output, ret_written, err);

	if (result < 0 ||
	    (result = image_open(ret_written->source, written_index(write, ret_written->source), NULL,
				 &ret_written->image, err)) < 0 ||
	    (result = layer_set_init(&ret_written->layers, ret_written->image, err)) < 0)
		return result;
	/* From here on the layers themselves say what they take. */
	progress_forget(&job->progress, session__stored_size(session, false));
	result = layer_set_index(&ret_written->layers, &options, err);
	progress_forget(&job->progress, session__stored_size(session, true));
	if (write->hashes)
		progress_expect(&job->progress, span_hashes_take_bytes(write->hashes));
	if (result < 0 ||
	    (result = layer_set_verify(&ret_written->layers, &options, &problems, err)) < 0)
		return result;
	if ((result = tell_damage(&problems, ERR_DIGEST, err)) < 0 ||
	    (result = tell_damage(&ret_written->layers.problems, ERR_FORMAT, err)) < 0)
		return result;
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

/* A failure to read says nothing of what was written. */
static int tell_failure(int result, struct err *err)
{
	if (result == -(int)ERR_FORMAT || result == -(int)ERR_DIGEST)
		err_wrap(err, "what was written is not what was planned, so it was removed");
	else
		err_wrap(err, "cannot read the output back");
	return result;
}

int session__check_written(struct write_job *write, struct output *output, struct job *job,
			   struct err *err)
{
	struct session *session = write->session;
	CLEANUP(written_image_done) struct written_image written = { 0 };
	int result = read_back(session, write, output, job, &written, err);

	if (result == 0)
		result = tree_compare_except(write->preview.result.tree, written.tree,
					     write->contents_left_out ? EMIT_CONTENTS_NAME : NULL,
					     err);
	if (result == 0)
		result = compare_configs(write->preview.result.config, image_config(written.image),
					 err);
	if (result < 0)
		return tell_failure(result, err);
	write->result.has_kept = true;
	if (tree_kept_count(session->tree, written.tree, &write->result.kept, err) < 0)
		return -(int)ERR_NOMEM;
	return judge_written(session, &written, job, &write->result, err);
}

int session__judge_files(struct write_job *write, struct job *job, struct err *err)
{
	const struct session *session = write->session;
	struct write_result *result = &write->result;
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
