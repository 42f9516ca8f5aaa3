/*
 * Measures one opening of an image, as a user gets it: through a session. One
 * process is one run, so that the peak of memory is that opening's alone;
 * run.sh takes the medians. Prints "NAME VALUE" lines, times in seconds.
 *
 *	bench_open IMAGE             open, judge, verify, walk; then open again
 *	bench_open IMAGE cancel MS   stop after so many milliseconds
 *	bench_open IMAGE layers DIR  copy the stored layers to DIR
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "session/session.h"
#include "tree/tree_iter.h"

/* Seconds from the start; 0: did not get there. */
struct times {
	double tree, judged, verified;
};

struct walk_result {
	uint64_t nodes, bytes, readable;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double seconds(const struct timeval *time)
{
	return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static int fail(const char *what, const struct err *err)
{
	fprintf(stderr, "bench_open: %s: %s\n", what, err->text);
	return EXIT_FAILURE;
}

/* ---- Opening ---- */

static int start(const char *const *words, struct session **ret_session, struct err *err)
{
	const struct session_options options = {
		.profile = "modelarts-training",
		.argument = words[1],
		.fd = -1,
		.verify = true,
	};

	return session_new(&options, ret_session, err);
}

/* Take over what is new; at the latest after so many milliseconds, -1: whenever it comes. */
static void wait_for_news(struct session *session, int timeout)
{
	struct pollfd wake = { .fd = session_wake_fd(session), .events = POLLIN };

	poll(&wake, 1, timeout);
	session_poll(session);
}

static bool is_verified(const struct session_view *view)
{
	return view->verify > VERIFY_RUNNING;
}

/* Wait for all of it, and note when each part was there. */
static int follow(struct session *session, double begin, struct times *times, struct err *err)
{
	const struct session_view *view = session_view(session);

	*times = (struct times){ 0 };
	while (times->judged == 0 || times->verified == 0) {
		wait_for_news(session, -1);
		if (view->phase == SESSION_FAILED)
			return err_set(err, view->error.code, "%s", view->error.text);
		if (view->phase == SESSION_CHOOSING)
			return err_set(err, ERR_AMBIGUOUS, "several images: name one");
		if (view->tree && times->tree == 0)
			times->tree = now() - begin;
		if (view->phase == SESSION_READY && times->judged == 0)
			times->judged = now() - begin;
		if (is_verified(view) && times->verified == 0)
			times->verified = now() - begin;
	}
	return 0;
}

static int open_image(const char *const *words, struct times *times, struct session **ret_session,
		      struct err *err)
{
	CLEANUP(session_freep) struct session *session = NULL;
	double begin = now();
	int r = start(words, &session, err);

	if (r == 0)
		r = follow(session, begin, times, err);
	if (r < 0)
		return r;
	*ret_session = STEAL(session);
	return 0;
}

/* ---- What was opened ---- */

static void print_times(const char *name, const struct times *times)
{
	printf("%s.tree %.4f\n%s.judged %.4f\n%s.verified %.4f\n", name, times->tree, name,
	       times->judged, name, times->verified);
}

static void print_counts(const struct session_view *view)
{
	uint64_t entries = 0, stored = 0, decoded = 0, memory = tree_memory(view->tree);
	struct rusage usage = { 0 };

	for (size_t i = 0; i < view->layer_count; i++) {
		const struct layer_index *layer = view->layers[i];

		if (!layer)
			continue;
		entries += layer_entry_count(layer);
		stored += layer_stored_size(layer);
		decoded += layer_decoded_size(layer);
		memory += layer_memory(layer);
	}
	getrusage(RUSAGE_SELF, &usage);
	printf("layers %zu\nentries %" PRIu64 "\nnodes %zu\nstored %" PRIu64 "\ndecoded %" PRIu64
	       "\n",
	       view->layer_count, entries, tree_node_count(view->tree), stored, decoded);
	printf("memory %" PRIu64 "\npeak %" PRIu64 "\nfindings %zu\nverify %d\n", memory,
	       (uint64_t)usage.ru_maxrss * 1024, view->judgement->findings.count,
	       view->verify == VERIFY_DONE);
	printf("processor %.4f\n", seconds(&usage.ru_utime) + seconds(&usage.ru_stime));
}

/* ---- Judging, beside a walk that only looks ---- */

static struct walk_result walk(const struct judgement *judgement, bool with_access)
{
	const struct tree *tree = judgement->input.tree;
	struct walk_result result = { 0 };
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, tree, NODE_ROOT, judgement_at(judgement));
	while (tree_iter_next(&it, &node)) {
		struct tree_stat stat;
		unsigned bits = 0;

		if (!tree_stat(tree, node, judgement_at(judgement), &stat))
			continue;
		result.nodes++;
		result.bytes += stat.type == TAR_FILE ? stat.size : 0;
		if (with_access && access_map_get(judgement->map, node, &bits))
			result.readable += (bits & ACCESS_READ) != 0;
	}
	return result;
}

static int time_judging(const struct judgement *judgement, struct err *err)
{
	CLEANUP(access_map_freep) struct access_map *map = NULL;
	CLEANUP(judgement_freep) struct judgement *again = NULL;
	double begin = now();
	struct walk_result plain = walk(judgement, false);
	double walked = now();
	int r = access_map_build(judgement->input.tree, judgement_at(judgement),
				 &judgement->identity, NULL, &map, err);
	double mapped = now();

	if (r == 0)
		r = judge(&judgement->input, &again, err);
	if (r < 0)
		return r;
	printf("walk %.4f\naccess %.4f\njudge %.4f\n", walked - begin, mapped - walked,
	       now() - mapped);
	printf("there %" PRIu64 "\nbytes %" PRIu64 "\nreadable %" PRIu64 "\n", plain.nodes,
	       plain.bytes, walk(judgement, true).readable);
	return 0;
}

static int measure(const char *const *words, struct err *err)
{
	CLEANUP(session_freep) struct session *session = NULL;
	struct times times;
	int r = open_image(words, &times, &session, err);

	if (r < 0)
		return r;
	print_times("open", &times);
	print_counts(session_view(session));
	r = time_judging(session_view(session)->judgement, err);
	session_free(STEAL(session));
	if (r == 0)
		r = open_image(words, &times, &session, err);
	if (r < 0)
		return r;
	print_times("reopen", &times);
	return 0;
}

/* ---- Stopping ---- */

static int measure_cancel(const char *const *words, struct err *err)
{
	CLEANUP(session_freep) struct session *session = NULL;
	double begin = now(), until = begin + strtod(words[3], NULL) / 1000;
	int r = start(words, &session, err);

	if (r < 0)
		return r;
	while ((begin = now()) < until)
		wait_for_news(session, (int)((until - begin) * 1000) + 1);

	session_cancel(session);
	session_wait(session, false);
	printf("cancelled %d\n", session_view(session)->error.code == ERR_CANCELLED);
	printf("latency %.4f\n", now() - begin);
	return 0;
}

/* ---- The layers as files, for the tools beside ---- */

static int copy_span(const struct stream_span *span, const char *path, struct err *err)
{
	CLEANUP(closep) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	off_t from = (off_t)span->offset;
	uint64_t left = span->length;

	if (fd < 0)
		return err_errno(err, errno, "%s", path);
	while (left > 0) {
		ssize_t n = copy_file_range(span->fd, &from, fd, NULL, left, 0);

		if (n <= 0)
			return err_errno(err, n < 0 ? errno : EIO, "%s", path);
		left -= (uint64_t)n;
	}
	return 0;
}

static int copy_layers(const char *const *words, struct err *err)
{
	CLEANUP(session_freep) struct session *session = NULL;
	struct times times;
	int r = open_image(words, &times, &session, err);

	for (size_t i = 0; r == 0 && i < session_view(session)->layer_count; i++) {
		const struct session_view *view = session_view(session);
		char path[4096];

		if (!view->layers[i])
			continue;
		snprintf(path, sizeof(path), "%s/%03zu.%s", words[3], i + 1,
			 compression_name(layer_compression(view->layers[i])));
		r = copy_span(&image_layer(view->image, i)->blob.span, path, err);
	}
	return r;
}

int main(int argc, char **argv)
{
	const char *const *words = (const char *const *)argv;
	struct err err = { 0 };
	int r;

	if (argc == 2)
		r = measure(words, &err);
	else if (argc == 4 && strcmp(argv[2], "cancel") == 0)
		r = measure_cancel(words, &err);
	else if (argc == 4 && strcmp(argv[2], "layers") == 0)
		r = copy_layers(words, &err);
	else
		r = err_set(&err, ERR_INVALID, "IMAGE [cancel MS|layers DIR]");
	return r < 0 ? fail(argc > 1 ? argv[1] : "usage", &err) : EXIT_SUCCESS;
}
