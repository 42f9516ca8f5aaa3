/* Opens the terminal, runs the loop, gives the terminal back. */
#include "screen_run.h"

#include <signal.h>

#include "app.h"
#include "loop.h"

enum { EXIT_USAGE = 2, EXIT_UNREADABLE = 3, EXIT_CANCELLED = 128 + SIGINT };

static void app_donep(struct app **app)
{
	if (*app)
		app_done(*app);
	free(*app);
}

int screen_run(struct session *session, const struct screen_options *options, struct err *err)
{
	CLEANUP(terminal_closep) struct terminal *terminal = NULL;
	CLEANUP(app_donep) struct app *app = calloc(1, sizeof(*app));

	if (!app) {
		err_nomem(err);
		return EXIT_UNREADABLE;
	}
	if (terminal_open(options->color, &terminal, err) < 0)
		return EXIT_USAGE;
	if (app_init(app, session, terminal, err) < 0 || loop_run(app, err) < 0)
		return err->code == ERR_CANCELLED ? EXIT_CANCELLED : EXIT_UNREADABLE;
	return app->exit_code;
}
