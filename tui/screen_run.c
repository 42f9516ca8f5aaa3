/* Opens the terminal, runs the loop, gives the terminal back. */
#include "screen_run.h"

#include <signal.h>

#include "app.h"
#include "loop.h"
#include "view_guide.h"

enum { EXIT_USAGE = 2, EXIT_UNREADABLE = 3, EXIT_CANCELLED = 128 + SIGINT };

static void app_donep(struct app **app)
{
	if (*app)
		app_done(*app);
	free(*app);
}

/* A plan that could not be read, or not yet, stays as it is. */
static void give_plan(struct app *app, const struct screen_options *options)
{
	if (app->keeps_plan && !app->first_plan && app->shown->plan)
		(void)!view_guide_to_json(app, options->ret_plan, NULL);
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
	app->first_plan = options->plan;
	app->keeps_plan = options->ret_plan;
	if (app_init(app, session, terminal, err) < 0 || loop_run(app, err) < 0)
		return err->code == ERR_CANCELLED ? EXIT_CANCELLED : EXIT_UNREADABLE;
	give_plan(app, options);
	return app->exit_code;
}
