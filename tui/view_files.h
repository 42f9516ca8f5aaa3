/* What other parts of the screen ask of the Files pane. */
#ifndef TUI_VIEW_FILES_H
#define TUI_VIEW_FILES_H

#include "files.h"
#include "view.h"

/* Put the cursor on a node, opening what is above it. */
unsigned view_files_show(struct app *app, node_id node);

/* To the path of the selected finding, or as near as there is a path. */
unsigned view_files_show_finding(struct app *app);

/* '!' goes through all, unreadable, unwritable; 'v' switches to what the layer did. */
unsigned view_files_next_filter(struct app *app);
unsigned view_files_toggle_changes(struct app *app);
unsigned view_files_next_order(struct app *app);

/* '\': asks for a pattern on paths; an empty one removes it. */
unsigned view_files_ask_pattern(struct app *app);

/* The rows, borrowed. */
const struct files *view_files_rows(const struct app *app);

#endif
