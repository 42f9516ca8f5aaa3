/* poll() over terminal, session and signals; see tui/loop.h. */
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "actions.h"
#include "frame.h"

enum { PROGRESS_MS = 250, KEYS_PER_TURN = 64 };

/* Signals become bytes in a pipe: any thread may be interrupted, only the main one reads. */
static volatile sig_atomic_t signal_pipe = -1;

static const int SIGNALS[] = { SIGINT, SIGTERM, SIGHUP, SIGWINCH };

enum { SIGNAL_COUNT = sizeof(SIGNALS) / sizeof(*SIGNALS) };

struct signals {
	int pipe[2];
	struct sigaction before[SIGNAL_COUNT];
	bool caught;
};

static void on_signal(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;

	(void)!write((int)signal_pipe, &byte, 1);
	errno = saved;
}

static int signals_catch(struct signals *signals, struct err *err)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (pipe2(signals->pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_errno(err, errno, "cannot make a pipe");
	signal_pipe = signals->pipe[1];
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(SIGNALS[i], &action, &signals->before[i]);
	signals->caught = true;
	return 0;
}

static void signals_done(struct signals *signals)
{
	if (!signals->caught)
		return;
	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		sigaction(SIGNALS[i], &signals->before[i], NULL);
	close(signals->pipe[0]);
	close(signals->pipe[1]);
}

static unsigned take_signals(struct app *app, struct signals *signals)
{
	unsigned char number;
	unsigned stale = STALE_NONE;

	while (read(signals->pipe[0], &number, 1) == 1) {
		if (number == SIGWINCH) {
			terminal_resize(app->terminal);
			stale |= STALE_LAYOUT | STALE_PAINT;
		} else {
			app->quit = true;
			app->exit_code = 128 + number;
		}
	}
	return stale;
}

/* ---- keys ---- */

static unsigned prompt_turn(struct app *app, key_code key)
{
	enum prompt_result result = prompt_key(&app->prompt, key);

	if (result != PROMPT_GOES_ON)
		prompt_close(&app->prompt);
	if (result == PROMPT_ACCEPTED)
		return STALE_PAINT | app->prompt.accept(app, app->prompt.text);
	return STALE_PAINT;
}

static unsigned take_key(struct app *app, key_code key)
{
	const struct ui_action *action;
	bool asked = app->quit_asked;
	unsigned stale;

	if (key == K_RESIZE)
		return STALE_LAYOUT | STALE_PAINT;
	app->message[0] = '\0';
	if (prompt_is_open(&app->prompt))
		return prompt_turn(app, key);
	app->key = key;
	action = actions_find(key, app_front(app));
	stale = action ? action->run(app) : STALE_NONE;
	if (asked)
		app->quit_asked = false;
	return stale | STALE_PAINT;
}

static bool take_keys(struct app *app)
{
	key_code key;
	int count = 0;

	while (!app->quit && count < KEYS_PER_TURN && terminal_key(app->terminal, &key)) {
		app_settle(app, take_key(app, key));
		count++;
	}
	return count > 0;
}

/* ---- waiting ---- */

enum { POLL_TERMINAL, POLL_SESSION, POLL_SIGNAL, POLLS };

static int timeout_ms(const struct app *app, bool more_work)
{
	if (more_work)
		return 0;
	return app_job(app) || app->shown->verify == VERIFY_RUNNING || app->shown->judging
		       ? PROGRESS_MS
		       : -1;
}

/* The terminal went away: there is nobody left. */
static bool is_gone(const struct pollfd *terminal, bool had_keys)
{
	return (terminal->revents & (POLLHUP | POLLERR | POLLNVAL)) && !had_keys;
}

static bool take_session(struct app *app, struct err *err)
{
	if (session_poll(app->session))
		app_refresh(app);
	if (app->shown->phase != SESSION_FAILED)
		return true;
	if (err)
		*err = app->shown->error;
	return false;
}

static int turns(struct app *app, struct signals *signals, struct err *err)
{
	struct pollfd fds[POLLS] = {
		[POLL_TERMINAL] = { .fd = terminal_fd(app->terminal), .events = POLLIN },
		[POLL_SESSION] = { .fd = session_wake_fd(app->session), .events = POLLIN },
		[POLL_SIGNAL] = { .fd = signals->pipe[0], .events = POLLIN },
	};
	for (;;) {
		bool had_keys = take_keys(app);
		unsigned resized = take_signals(app, signals);

		app_settle(app, resized);
		if (!take_session(app, err))
			return -(int)app->shown->error.code;
		if (app->quit || is_gone(&fds[POLL_TERMINAL], had_keys))
			return 0;
		bool more = app_work(app);

		frame_draw(app);
		if (poll(fds, POLLS, had_keys ? 0 : timeout_ms(app, more)) < 0 && errno != EINTR)
			return err_errno(err, errno, "cannot wait for keys");
	}
}

int loop_run(struct app *app, struct err *err)
{
	CLEANUP(signals_done) struct signals signals = { 0 };

	int result = signals_catch(&signals, err);

	if (result < 0)
		return result;
	return turns(app, &signals, err);
}
