/* Draws everything: frames, titles, the rows of the views, the bottom line. */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

struct app;

void frame_draw(const struct app *app);

#endif
