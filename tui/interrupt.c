/* Signals of commands; see tui/interrupt.h. */
#include "interrupt.h"

#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

/* The second one does not wait for anything. */
static void on_signal(int number)
{
	if (caught)
		_exit(128 + number);
	caught = number;
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
