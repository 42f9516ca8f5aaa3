/*
 * Edits by hand: tagging paths, and planning another owner or mode for those
 * that are tagged, or for the one under the cursor of Files.
 */
#ifndef TUI_BY_HAND_H
#define TUI_BY_HAND_H

#include "file_tags.h"
#include "plan/plan_edit.h"

struct app;

struct by_hand {
	struct file_tags tags;
	struct plan_edit edit; /* that the prompts are about */
	char label[80];        /* of the prompt */
	bool waits;            /* the edit is being made; then it is said what came of it */
};

/* 'Space': the path under the cursor, and on to the next one; 'T': all that the filter looks for.
 */
unsigned by_hand_tag(struct app *app);
unsigned by_hand_tag_shown(struct app *app);

/* False: there was no tag. */
bool by_hand_untag(struct app *app);

/* 'o', 'm', 't': owner, mode, to the judged user. */
unsigned by_hand_owner(struct app *app);
unsigned by_hand_mode(struct app *app);
unsigned by_hand_give(struct app *app);

/* The snapshot may be another one. */
void by_hand_refresh(struct app *app);

#endif
