/* A session for the command line; see tui/image_run.h. */
#include "image_run.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>

#include "demo.h"
#include "interrupt.h"
#include "subcommand.h"

enum { TURN_MS = 100, PROBLEMS_MOST = 5 };

/* ---- what is said ---- */

static void say_text(enum text_charset charset, const char *image, const char *text)
{
	fputs("imgtui: ", stderr);
	if (image) {
		text_visible_print(stderr, image, strlen(image), charset);
		fputs(": ", stderr);
	}
	text_visible_print(stderr, text, strlen(text), charset);
	fputc('\n', stderr);
}

void say(enum text_charset charset, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say_text(charset, NULL, text);
}

void image_run_say(const struct image_run *run, const char *format, ...)
{
	char text[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	say_text(run->cli->environment->charset, run->image, text);
}

int exit_code_of(const struct err *err)
{
	return err->code == ERR_INVALID ? EXIT_USAGE : EXIT_UNREADABLE;
}

int exit_code_of_findings(const struct cli *cli, const size_t by_severity[3])
{
	for (int i = cli->fail_on; i <= SEVERITY_ERROR; i++) {
		if (by_severity[i])
			return EXIT_FINDINGS;
	}
	return EXIT_CLEAN;
}

/* ---- progress ---- */

/* What is waited for; NULL: nothing. */
static const char *job_of(const struct session_view *view, bool verified)
{
	static const char *const PHASES[] = {
		[SESSION_OPENING] = "reading",
		[SESSION_CHOOSING] = NULL,
		[SESSION_INDEXING] = "indexing layers",
		[SESSION_MERGING] = "merging layers",
		[SESSION_JUDGING] = "judging",
		[SESSION_READY] = NULL,
		[SESSION_FAILED] = NULL,
	};

	if (view->phase == SESSION_CHOOSING || view->phase == SESSION_FAILED)
		return NULL;
	if (PHASES[view->phase])
		return PHASES[view->phase];
	if (view->judging)
		return "judging";
	if (view->verify == VERIFY_RUNNING && (verified || view->write == WRITE_RUNNING))
		return "verifying";
	return view->write == WRITE_RUNNING ? "writing" : NULL;
}

static void show_progress(struct image_run *run, const char *job)
{
	const struct session_view *view = run->view;
	const struct progress *progress =
		view->phase == SESSION_READY && view->verify == VERIFY_RUNNING
			? view->verify_progress
			: view->progress;
	uint64_t done = atomic_load(&progress->done), total = atomic_load(&progress->total);
	int64_t elapsed_ms = pace_watch(&run->pace, job, done, environment_now_ms());
	char size[16], text[PACE_TEXT];
	struct pace pace;

	if (!environment_is_terminal(STDERR_FILENO) || run->cli->quiet)
		return;
	run->shows_progress = true;
	fprintf(stderr, "\r\033[K%s", job);
	if (total)
		fprintf(stderr, " %" PRIu64 "%%", done >= total ? 100 : done * 100 / total);
	else if (done)
		fprintf(stderr, " %s", text_size(size, sizeof(size), done));
	if (pace_of(done, total, elapsed_ms, &pace))
		fprintf(stderr, ", %s", pace_text(&pace, text));
	fflush(stderr);
}

static void erase_progress(struct image_run *run)
{
	if (run->shows_progress)
		fputs("\r\033[K", stderr);
	run->shows_progress = false;
}

/* ---- waiting ---- */

/*
 * What was spooled has no name, and nothing else is on disk before a write
 * begins; but a thread may be waiting for more of stdin, and would for ever.
 */
static int stop(struct image_run *run)
{
	int code = EXIT_SIGNAL + interrupt_signal();

	erase_progress(run);
	if (run->view->phase == SESSION_OPENING) {
		fflush(stderr);
		_exit(code);
	}
	session_cancel(run->session);
	return code;
}

int image_run_wait(struct image_run *run, bool verified)
{
	const char *job;

	session_poll(run->session);
	while ((job = job_of(run->view, verified))) {
		struct pollfd wake = { .fd = session_wake_fd(run->session), .events = POLLIN };

		if (interrupt_signal())
			return stop(run);
		if (poll(&wake, 1, TURN_MS) == 0)
			show_progress(run, job);
		session_poll(run->session);
	}
	erase_progress(run);
	return interrupt_signal() ? stop(run) : EXIT_CLEAN;
}

int image_run_start(struct image_run *run, const struct cli *cli, const char *image, bool verify)
{
	const struct environment *environment = cli->environment;
	const enum compression recompress = (enum compression)cli->recompress;
	struct session_options options = {
		.argument = image,
		.fd = -1,
		.profile = cli->profile,
		.profile_folders = (const char *const *)environment->profile_folders,
		.settings = cli->settings.items,
		.request = cli->request,
		.model_config = cli->model_config,
		.user = cli->user,
		.platform = cli->has_platform ? &cli->platform : NULL,
		.recompress = cli->recompress >= 0 ? &recompress : NULL,
		.spool_folder = environment->spool_folder,
		.created = environment->created,
		.verify = verify,
	};
	struct err err = { 0 };

	*run = (struct image_run){ .cli = cli, .image = image };
	if (image == CLI_DEMO) {
		options.argument = NULL;
		options.name = image;
		if (demo_open(&options.fd, &err) < 0)
			return say(environment->charset, "%s", err.text), EXIT_UNREADABLE;
	}
	if (session_new(&options, &run->session, &err) < 0) {
		say(environment->charset, "%s", err.text);
		return err.code == ERR_IO || err.code == ERR_NOMEM ? EXIT_UNREADABLE : EXIT_USAGE;
	}
	run->view = session_view(run->session);
	return EXIT_CLEAN;
}

void image_run_done(struct image_run *run)
{
	session_free(run->session);
	run->session = NULL;
}

/* ---- what there is instead of a judgement ---- */

static void list_image(const struct image_run *run, size_t i)
{
	const struct source_image *image = source_image(run->view->source, i);
	enum text_charset charset = run->cli->environment->charset;
	char platform[100];

	fprintf(stderr, "  @%zu ", i);
	for (size_t t = 0; image->tags[t]; t++) {
		fputc(' ', stderr);
		text_visible_print(stderr, image->tags[t], strlen(image->tags[t]), charset);
	}
	if (image->platform.os[0]) {
		platform_text(&image->platform, platform);
		fputs("  ", stderr);
		text_visible_print(stderr, platform, strlen(platform), charset);
	}
	fputs(image->is_attestation ? "  (an attestation, no image)\n" : "\n", stderr);
}

static int list_images(const struct image_run *run)
{
	size_t count = source_image_count(run->view->source);

	image_run_say(run, "holds %zu images: choose one by PATH:TAG, PATH@NUMBER or --platform",
		      count);
	for (size_t i = 0; i < count; i++)
		list_image(run, i);
	return EXIT_USAGE;
}

/* Whether the text says already which image it is about. */
static bool names_image(const char *text, const char *image)
{
	size_t len = strlen(image);
	const char *quote = strchr(text, '\'');

	if (strncmp(text, image, len) == 0 && text[len] == ':')
		return true;
	return quote && strncmp(quote + 1, image, len) == 0 && quote[1 + len] == '\'';
}

int image_run_failure(const struct image_run *run)
{
	const struct session_view *view = run->view;

	if (names_image(view->error.text, run->image))
		say(run->cli->environment->charset, "%s", view->error.text);
	else
		image_run_say(run, "%s", view->error.text);
	/* Everything could be read, but there is no such user. */
	if (view->tree && (view->error.code == ERR_NOT_FOUND || view->error.code == ERR_INVALID))
		return EXIT_USAGE;
	return EXIT_UNREADABLE;
}

int image_run_open(struct image_run *run, const struct cli *cli, const char *image, bool verify)
{
	int code = image_run_start(run, cli, image, verify);

	if (code == EXIT_CLEAN)
		code = image_run_wait(run, verify);
	if (code != EXIT_CLEAN)
		return code;
	if (run->view->phase == SESSION_CHOOSING)
		return list_images(run);
	return run->view->phase == SESSION_FAILED ? image_run_failure(run) : EXIT_CLEAN;
}

/* The problems of such kinds, the first of them on a line each. Returns how many there are. */
static size_t tell(struct image_run *run, bool (*is_meant)(enum problem_kind kind))
{
	const struct problem_list *const *lists = session_problems(run->session);
	size_t count = 0;

	for (size_t l = 0; lists[l]; l++) {
		for (size_t i = 0; i < lists[l]->all.count; i++) {
			const struct problem *problem = &lists[l]->all.items[i];

			if (is_meant(problem->kind) && count++ < PROBLEMS_MOST)
				image_run_say(run, "%s: %s", problem_name(problem->kind),
					      problem->text);
		}
	}
	if (count > PROBLEMS_MOST)
		image_run_say(run, "and %zu more of this kind", count - PROBLEMS_MOST);
	return count;
}

int image_run_damage(struct image_run *run)
{
	bool is_damaged = session_is_damaged(run->session);
	bool cannot = run->view->verify == VERIFY_FAILED;
	size_t count;

	if (cannot)
		image_run_say(run, "%s", run->view->verify_error.text);
	count = tell(run, problem_is_damage);
	if (!count && is_damaged)
		image_run_say(run, "out of memory");
	return count || cannot || is_damaged ? EXIT_UNREADABLE : EXIT_CLEAN;
}

static bool is_disagreement(enum problem_kind kind)
{
	return kind == PROBLEM_ENGINES_DISAGREE;
}

void image_run_disagreements(struct image_run *run)
{
	if (!run->cli->quiet)
		tell(run, is_disagreement);
}

struct report_options image_run_report(struct image_run *run)
{
	return (struct report_options){
		.out = stdout,
		.charset = run->cli->environment->charset,
		.color = environment_color((enum color_choice)run->cli->color, STDOUT_FILENO),
		.problems = session_problems(run->session),
	};
}
