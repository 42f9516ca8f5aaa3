/* How a path looks in Files: access, mode, owner, size, name, findings. */
#ifndef TUI_FILE_ROW_H
#define TUI_FILE_ROW_H

#include "files.h"
#include "painter.h"

struct app;

/* Fills the pen's stretch. At a layer that is not judged, access is blank. */
void file_row_draw(const struct app *app, const struct files *files, node_id node, struct pen *pen);

#endif
