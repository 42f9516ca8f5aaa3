/* Signals of commands; see tui/interrupt.h. */
#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

enum { SAME_SECONDS = 2 };

static volatile sig_atomic_t caught;
static struct timespec first; /* when it came */

/*
 * The second one does not wait for anything; but what comes at once is the same
 * gesture, as when timeout(1) signals a program and its group.
 */
static void on_signal(int number)
{
	int error = errno;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!caught)
		first = now;
	else if (now.tv_sec - first.tv_sec >= SAME_SECONDS)
		_exit(128 + number);
	caught = number;
	errno = error;
}

void interrupt_catch(void)
{
	/* Without SA_RESTART: a call that waits returns, and its caller looks at the mark. */
	struct sigaction action = { .sa_handler = on_signal }, before;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* nohup(1) ignores it, and means it. */
	if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* A file that may not grow is an error of write(), which cleans up. */
	signal(SIGXFSZ, SIG_IGN);
}

int interrupt_signal(void)
{
	return caught;
}
