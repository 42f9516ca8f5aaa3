/* imgtui guide: the walkthrough on lines of text, with what its files share. */
#ifndef TUI_GUIDE_RUN_H
#define TUI_GUIDE_RUN_H

#include "answers.h"
#include "image_run.h"
#include "plan/guide.h"

enum { GUIDE_LINE = 1024 };

/* What comes next. */
enum guide_turn { TURN_PROFILE, TURN_QUESTION, TURN_END, TURN_WRITE, TURN_LEAVE, TURN_DONE };

struct guide_run {
	struct image_run image;
	struct cli cli;    /* a copy, with the profile that was chosen; its words are borrowed */
	char profile[256]; /* that one */
	struct guide *guide;
	struct answers answers;
	enum guide_turn turn;
	enum guide_stage stage; /* of the last question */
	bool has_stage;         /* there was one */
	bool asks_profile;      /* no option says which */
	char line[GUIDE_LINE];  /* the last answer */
};

/*
 * Print the prompt and wait for a line, which is put into run->line. false:
 * the input has ended, or a signal came: the turn is TURN_LEAVE.
 */
bool guide_run_ask(struct guide_run *run, const char *prompt);

/* An image text on stdout, made visible. */
void guide_run_print(const struct guide_run *run, const char *text);

/* One answer back, to the profile before the first one. An exit code. */
int guide_run_back(struct guide_run *run);

/* Says the error: an exit code. */
int guide_run_fail(const struct guide_run *run, const struct err *err);

/* The turns: each asks, acts, and sets the next one. An exit code. */
int guide_run_question(struct guide_run *run);
int guide_run_end(struct guide_run *run);
int guide_run_write(struct guide_run *run);

#endif
