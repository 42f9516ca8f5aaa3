/*
 * One image of a command: a session that is waited for, with progress on
 * stderr, and what goes wrong said there in lines "imgtui: IMAGE: …".
 */
#ifndef TUI_IMAGE_RUN_H
#define TUI_IMAGE_RUN_H

#include "base/pace.h"
#include "cli.h"
#include "emit/report.h"
#include "session/session.h"

struct image_run {
	const struct cli *cli; /* borrowed */
	const char *image;     /* as the user wrote it */
	struct session *session;
	const struct session_view *view; /* of the session */
	bool shows_progress;             /* a line of it is on the terminal */
	struct pace_watch pace;          /* of the job that it tells of */
};

/*
 * Start opening the operand 'image' (CLI_DEMO: the built-in one). Returns an
 * exit code; unless it is EXIT_CLEAN the reason has been said. Free with
 * image_run_done() in any case.
 */
int image_run_start(struct image_run *run, const struct cli *cli, const char *image, bool verify);

/* Wait for the jobs, and for the verification if asked. An exit code: EXIT_CLEAN, or of a signal.
 */
int image_run_wait(struct image_run *run, bool verified);

/* Start, wait, and say why there is no judgement: an exit code. */
int image_run_open(struct image_run *run, const struct cli *cli, const char *image, bool verify);
void image_run_done(struct image_run *run);

/* Say why the session is SESSION_FAILED, naming the image once: an exit code. */
int image_run_failure(const struct image_run *run);

/* EXIT_UNREADABLE if the image is damaged, with a line for each damage; else EXIT_CLEAN. */
int image_run_damage(struct image_run *run);

/* Say on standard error where engines would show another tree: a plan is made for one. */
void image_run_disagreements(struct image_run *run);

/* How reports are to be written on stdout. */
struct report_options image_run_report(struct image_run *run);

/* "imgtui: IMAGE: …" on stderr. */
void image_run_say(const struct image_run *run, const char *format, ...) PRINTF_LIKE(2, 3);

/* "imgtui: …" on stderr, visible whatever the text is made of. */
void say(enum text_charset charset, const char *format, ...) PRINTF_LIKE(2, 3);

/* The exit code for an error that was said: EXIT_USAGE for ERR_INVALID, else EXIT_UNREADABLE. */
int exit_code_of(const struct err *err);

/* 1 if any of the counts from --fail-on upwards is not 0, else 0. */
int exit_code_of_findings(const struct cli *cli, const size_t by_severity[3]);

#endif
