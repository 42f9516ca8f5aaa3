/*
 * Measures one writing of an image with a plan, apart from its opening. One
 * process is one run; write.sh takes the medians. Prints "NAME VALUE" lines,
 * times in seconds.
 *
 *	bench_write IMAGE PLAN OUT [none|gzip|zstd|xz]
 *
 * write     layers and documents, to a file without a name beside OUT
 * job       the same to OUT, as a user gets it: read back, compared, judged, on the disk
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/io.h"
#include "base/json.h"
#include "session/session.h"

struct wanted {
	const char *image, *plan, *out;
	const enum compression *recompress; /* NULL: as it is */
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int open_image(const struct wanted *wanted, struct session **ret_session, struct err *err)
{
	const struct session_options options = {
		.profile = "modelarts-training",
		.argument = wanted->image,
		.fd = -1,
		.verify = true,
		.created = 1,
	};
	int r = session_new(&options, ret_session, err);

	if (r < 0)
		return r;
	session_wait(*ret_session, true);
	if (session_view(*ret_session)->phase != SESSION_READY)
		return err_set(err, ERR_FORMAT, "%s: %s", wanted->image,
			       session_view(*ret_session)->error.text);
	return 0;
}

static int load_plan(const struct wanted *wanted, struct session *session, struct err *err)
{
	CLEANUP(json_decrefp) json_t *json = NULL;
	CLEANUP(freep) char *text = NULL;
	size_t len;
	int r = io_read_file(wanted->plan, 1 << 30, &text, &len, err);

	if (r < 0)
		return r;
	json = json_loadb(text, len, 0, NULL);
	if (!json)
		return err_set(err, ERR_FORMAT, "%s: not JSON", wanted->plan);
	if ((r = session_load_plan(session, json, err)) < 0)
		return r;
	session_wait(session, true);
	return 0;
}

static int write_only(const struct wanted *wanted, struct session *session, struct err *err)
{
	const struct session_view *view = session_view(session);
	CLEANUP(problem_list_done) struct problem_list notes = { 0 };
	const struct emit_input input = {
		.image = view->image,
		.tree = view->tree,
		.plan = view->plan,
		.preview = view->preview->input.tree,
		.config = view->preview->input.config,
		.created = 1,
	};
	const struct emit_image_options options = {
		.mode = EMIT_REWRITE,
		.format = source_format(view->source),
		.recompress = wanted->recompress,
		.notes = &notes,
	};
	CLEANUP(closep) int fd = open(wanted->out, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return err_errno(err, errno, "%s", wanted->out);
	unlink(wanted->out);
	return emit_image(&input, &options, fd, err);
}

static int write_job(const struct wanted *wanted, struct session *session, struct err *err)
{
	const struct session_view *view = session_view(session);
	const struct write_request request = {
		.kind = WRITE_IMAGE,
		.mode = EMIT_REWRITE,
		.format = source_format(view->source),
		.path = wanted->out,
		.recompress = wanted->recompress,
	};
	int r = session_write(session, &request, err);

	if (r < 0)
		return r;
	session_wait(session, true);
	if (view->write != WRITE_DONE)
		return err_set(err, view->write_error.code, "%s", view->write_error.text);
	return 0;
}

static void print_memory(const struct session_view *view)
{
	uint64_t memory = tree_memory(view->tree);
	struct rusage usage = { 0 };

	for (size_t i = 0; i < view->layer_count; i++)
		memory += view->layers[i] ? layer_memory(view->layers[i]) : 0;
	getrusage(RUSAGE_SELF, &usage);
	printf("memory %" PRIu64 "\npeak %" PRIu64 "\n", memory, (uint64_t)usage.ru_maxrss * 1024);
}

static int measure(const struct wanted *wanted, struct err *err)
{
	CLEANUP(session_freep) struct session *session = NULL;
	struct rusage usage = { 0 };
	double begin = now(), opened, planned, written, done;
	int r;

	if ((r = open_image(wanted, &session, err)) < 0)
		return r;
	opened = now();
	if ((r = load_plan(wanted, session, err)) < 0)
		return r;
	planned = now();
	getrusage(RUSAGE_SELF, &usage);
	if ((r = write_only(wanted, session, err)) < 0)
		return r;
	written = now();
	if ((r = write_job(wanted, session, err)) < 0)
		return r;
	done = now();
	printf("open %.4f\nplan %.4f\nwrite %.4f\njob %.4f\n", opened - begin, planned - opened,
	       written - planned, done - written);
	printf("before %" PRIu64 "\n", (uint64_t)usage.ru_maxrss * 1024);
	print_memory(session_view(session));
	return 0;
}

int main(int argc, char **argv)
{
	enum compression compression;
	struct wanted wanted = { 0 };
	struct err err = { 0 };
	int r;

	if (argc < 4 || argc > 5 || (argc == 5 && !compression_find(argv[4], &compression))) {
		fputs("usage: bench_write IMAGE PLAN OUT [none|gzip|zstd|xz]\n", stderr);
		return EXIT_FAILURE;
	}
	wanted = (struct wanted){ .image = argv[1], .plan = argv[2], .out = argv[3] };
	if (argc == 5)
		wanted.recompress = &compression;
	r = measure(&wanted, &err);
	if (r < 0)
		fprintf(stderr, "bench_write: %s\n", err.text);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
