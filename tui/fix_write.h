/* Where the result of a plan goes: -o, --emit, --to, --mode, --force. */
#ifndef TUI_FIX_WRITE_H
#define TUI_FIX_WRITE_H

#include "image_run.h"

/* The format of the image that is written. */
enum source_format fix_write_format(const struct image_run *run);

/* What is wrong with 'path' as an output is said: an exit code. */
int fix_write_check(const struct image_run *run, const char *path);

/* Write, read back and judge again; wait for it and say what went wrong: an exit code. */
int fix_write(struct image_run *run, const char *path);

/* The same for several images of one source, into one output. */
int fix_write_all(struct image_run *runs, size_t count, const char *path);

/* Findings by severity that are left: judged from what was written where that is an image. */
const size_t *fix_write_left(const struct image_run *run);

#endif
