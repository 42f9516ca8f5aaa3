/*
 * The state of the screen, of the main thread alone: what is shown, where the
 * keys go, what is selected. It reads session_view() and changes nothing but
 * through session_ calls.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "base/pace.h"
#include "by_hand.h"
#include "prompt.h"
#include "session/session.h"
#include "terminal.h"
#include "view.h"

enum { APP_OVERLAYS = 4, APP_SLICE_MS = 4 };

/* What "Why" explains. */
enum subject { SUBJECT_NOTHING, SUBJECT_LAYER, SUBJECT_PATH, SUBJECT_FINDING };

/* A finding that can be found again in the next judgement. */
struct finding_key {
	const struct rule *rule; /* NULL: none */
	const struct rule_case *rule_case;
	node_id node;
	char path[512], detail[256];
};

struct app {
	struct session *session;          /* borrowed */
	const struct session_view *shown; /* its view */
	struct terminal *terminal;        /* borrowed */
	struct painter painter;
	struct layout layout;
	struct view views[VIEWS];

	enum pane focus;
	bool focus_chosen;                   /* by the user; else it follows what is there to see */
	enum view_id overlays[APP_OVERLAYS]; /* the last one lies on top */
	size_t overlay_count;

	enum subject subject;
	struct finding_key finding; /* the selected one */
	node_id node;               /* the selected path of Files */
	unsigned at;                /* Files shows the image after this layer; 0: not yet */
	bool at_chosen;             /* by the user; else the top is followed */

	struct by_hand by_hand;
	struct pace_watch pace; /* of app_job() */
	int64_t job_ms;         /* that it takes so far */
	key_code key; /* the last one */
	struct prompt prompt;
	struct pattern *pattern; /* of the last search; NULL */
	char message[512];       /* instead of the state of things, until the next key */
	enum role message_role;
	const json_t *first_plan; /* to be taken up when the image is judged; NULL: none, or done */
	bool keeps_plan;          /* the caller takes the plan at the end */
	size_t plan_steps;
	size_t steps_written; /* plan_steps when writing began */
	bool quit_asked;      /* 'q' again leaves an unwritten plan behind */
	bool quit;
	int exit_code;
};

/* 'app' is zeroed but for the plan's members. -ERR_NOMEM. Session and terminal are borrowed. Free
 * with app_done(), which is fine for {0}. */
int app_init(struct app *app, struct session *session, struct terminal *terminal, struct err *err);
void app_done(struct app *app);

/* The snapshot may be another one: everything that depends on it. */
void app_refresh(struct app *app);

/* Do what a STALE_ value asks for, but drawing. */
void app_settle(struct app *app, unsigned stale);

/* Where the panes are, after another size or focus. */
void app_layout(struct app *app);

/* The view that has the keys. */
enum view_id app_front(const struct app *app);
struct view *app_front_view(struct app *app);

/* Another pane gets the keys. */
unsigned app_focus(struct app *app, enum pane pane);

/* Lay a view over the panes, with its cursor at the top; and take the uppermost away. */
unsigned app_push(struct app *app, enum view_id view);
unsigned app_pop(struct app *app);
bool app_has_overlay(const struct app *app, enum view_id view);

/* One line for the user in place of the state. Image bytes may be in it: they are shown escaped. */
unsigned app_say(struct app *app, enum role role, const char *format, ...) PRINTF_LIKE(3, 4);
unsigned app_say_error(struct app *app, const struct err *err);

/* The judgement that is shown: of the plan, where there is one. NULL: not yet. */
const struct judgement *app_judgement(const struct app *app);

/* The tree and layer that Files shows. NULL: not yet. */
const struct tree *app_tree(const struct app *app, unsigned *ret_at);

/* Whether Files shows the topmost state, the only one that is judged. */
bool app_is_at_top(const struct app *app);

/* The selected finding in the present judgement; NULL. */
const struct finding *app_finding(const struct app *app);
void app_select_finding(struct app *app, const struct finding *finding);
bool app_is_selected(const struct app *app, const struct finding *finding);

/* Explain something else in "Why". */
unsigned app_explain(struct app *app, enum subject subject);

/* Whether a job runs that the user waits for, and what it does, as "indexing layers". */
const char *app_job(const struct app *app);

/* Some work of views that take slices; true: there is more. */
bool app_work(struct app *app);

#endif
