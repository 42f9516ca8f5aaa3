/* The table of actions; see tui/actions.h. */
#include "actions.h"

#include "by_hand.h"
#include "command.h"
#include "dialog_write.h"
#include "mend.h"
#include "motion.h"
#include "view_files.h"
#include "view_guide.h"

#define PANES_ALL                                                                                  \
	(IN_VIEW(VIEW_LAYERS) | IN_VIEW(VIEW_FILES) | IN_VIEW(VIEW_FINDINGS) | IN_VIEW(VIEW_WHY))
#define ALL ((1u << VIEWS) - 1)
#define FOLDS (IN_VIEW(VIEW_FILES) | IN_VIEW(VIEW_FINDINGS) | IN_VIEW(VIEW_WRITE))
#define TEXTS (PANES_ALL | IN_VIEW(VIEW_PLAN) | IN_VIEW(VIEW_HELP) | IN_VIEW(VIEW_CHOOSER))
#define FILES IN_VIEW(VIEW_FILES)
#define GUIDE IN_VIEW(VIEW_GUIDE)
#define MENDING (PANES_ALL | IN_VIEW(VIEW_PLAN))
#define PLANNING (PANES_ALL | IN_VIEW(VIEW_PLAN) | GUIDE)

/* clang-format off */
const struct ui_action actions[] = {
	{ "up",            "k Up",      NULL,    "one row up",                                          ALL,       motion_up },
	{ "down",          "j Down",    NULL,    "one row down",                                        ALL,       motion_down },
	{ "page-up",       "PgUp",      NULL,    "one page up",                                         ALL,       motion_page_up },
	{ "page-down",     "PgDn",      NULL,    "one page down",                                       ALL,       motion_page_down },
	{ "half-up",       "^U",        NULL,    "half a page up",                                      ALL,       motion_half_up },
	{ "half-down",     "^D",        NULL,    "half a page down",                                    ALL,       motion_half_down },
	{ "home",          "Home",      NULL,    "to the first row",                                    ALL,       motion_home },
	{ "end",           "End G",     NULL,    "to the last row",                                     ALL,       motion_end },
	{ "open",          "Enter",     NULL,    "open what is under the cursor, or go there",          ALL,       motion_enter },
	{ "left",          "h Left",    NULL,    "fold a directory or go to the one above; the choice before", FOLDS, motion_left },
	{ "right",         "l Right",   NULL,    "unfold a directory; the next choice",                 FOLDS,     motion_right },
	{ "guide-choose",  "1 2 3 4 5 6 7 8 9", NULL, "guide: take the option of that number",          GUIDE,     view_guide_choose },
	{ "guide-all",     "a",         "alike", "guide: take the marked option for all that are alike", GUIDE, view_guide_all_alike },
	{ "guide-skip",    "s",         "skip",  "guide: leave this finding as it is",                  GUIDE,     view_guide_skip },
	{ "guide-skip-all", "S",        NULL,    "guide: leave all that are alike as they are",         GUIDE,     view_guide_skip_alike },
	{ "guide-back",    "b",         "back",  "guide: back to the answer before",                    GUIDE,     view_guide_back },
	{ "write",         "w",         "write", "write what is planned: image, layer, script, Dockerfile",       PLANNING,  dialog_write_open },
	{ "fix",           "f",         "fix",   "plan the fix of the selected finding",                PANES_ALL, mend_selected },
	{ "guide",         "g",         "guide", "be led through the findings, one question at a time", PLANNING & ~GUIDE, view_guide_open },
	{ "fix-all",       "F",         "all",   "plan the fixes of all findings",                      MENDING,   mend_all },
	{ "undo",          "u",         NULL,    "take the last step of the plan back",                 MENDING,   mend_undo },
	{ "redo",          "^R",        NULL,    "plan again what was taken back last",                 MENDING,   mend_redo },
	{ "plan",          "p",         NULL,    "show the plan: steps, before and after, cost",        PANES_ALL | GUIDE, command_plan },
	{ "next-finding",  "]",         NULL,    "to the next finding, and to its path in Files",       PANES_ALL, motion_next_finding },
	{ "previous-finding", "[",      NULL,    "to the finding before",                               PANES_ALL, motion_previous_finding },
	{ "filter",        "!",         NULL,    "Files: all, unreadable, unwritable for the user",     PANES_ALL, view_files_next_filter },
	{ "pattern",       "\\",        NULL,    "Files: only paths like a pattern (PCRE2)",             PANES_ALL, view_files_ask_pattern },
	{ "tag",           "Space",     NULL,    "Files: tag or untag the path",                        FILES,     by_hand_tag },
	{ "tag-shown",     "T",         NULL,    "Files: tag all paths that the filter shows",          FILES,     by_hand_tag_shown },
	{ "owner",         "o",         NULL,    "Files: plan another owner for the tagged paths, or this one", FILES, by_hand_owner },
	{ "mode",          "m",         NULL,    "Files: plan another mode (0755, u+rwX,go=rX) for them", FILES,   by_hand_mode },
	{ "give",          "t",         NULL,    "Files: plan to give them to the user, with u+rwX",    FILES,     by_hand_give },
	{ "changes",       "v",         NULL,    "Files: all, or only what the layer changed",          PANES_ALL, view_files_toggle_changes },
	{ "sort",          "s",         NULL,    "Files: by name or by size",                           PANES_ALL, view_files_next_order },
	{ "go-to",         ":",         NULL,    "go to a path",                                        PANES_ALL, motion_go_to },
	{ "search",        "/",         NULL,    "search for a pattern (PCRE2)",                        TEXTS,     motion_search },
	{ "search-next",   "n",         NULL,    "to the next match",                                   TEXTS,     motion_search_next },
	{ "search-previous", "N",       NULL,    "to the match before",                                 TEXTS,     motion_search_previous },
	{ "user",          "U",         NULL,    "judge for another user",                              PANES_ALL, command_user },
	{ "profile",       "P",         NULL,    "judge by another profile",                            PANES_ALL, command_profile },
	{ "copy",          "y",         NULL,    "copy the path to the terminal's clipboard",           PANES_ALL, command_copy },
	{ "next-pane",     "Tab",       "pane",  "to the next pane",                                    PANES_ALL, motion_next_pane },
	{ "previous-pane", "S-Tab",     NULL,    "to the pane before",                                  PANES_ALL, motion_previous_pane },
	{ "pane-layers",   "1",         NULL,    "to Layers; its cursor says after which layer Files shows the image", PANES_ALL, motion_pane_1 },
	{ "pane-files",    "2",         NULL,    "to Files",                                            PANES_ALL, motion_pane_2 },
	{ "pane-findings", "3",         NULL,    "to Findings",                                         PANES_ALL, motion_pane_3 },
	{ "pane-why",      "4",         NULL,    "to Why",                                              PANES_ALL, motion_pane_4 },
	{ "help",          "? F1",      "help",  "show these keys",                                     ALL,       command_help },
	{ "back",          "Esc",       NULL,    "one step back; stops what is running",                ALL,       command_back },
	{ "quit",          "q",         NULL,    "back, or leave",                                      ALL,       command_quit },
	{ "interrupt",     "^C",        NULL,    "leave at once",                                       ALL,       command_interrupt },
	{ "suspend",       "^Z",        NULL,    "stop the program until 'fg'",                         ALL,       command_suspend },
	{ "redraw",        "^L",        NULL,    "draw the screen again",                               ALL,       command_redraw },
	{ NULL, NULL, NULL, NULL, 0, NULL },
};
/* clang-format on */

const struct ui_action *actions_find(key_code key, enum view_id view)
{
	for (const struct ui_action *action = actions; action->name; action++) {
		const char *rest = action->keys;
		key_code bound;

		if (!(action->views & IN_VIEW(view)))
			continue;
		while (key_next(&rest, &bound)) {
			if (bound == key)
				return action;
		}
	}
	return NULL;
}
