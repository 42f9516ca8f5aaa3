/* Plans in files: --plan and --save-plan. */
#ifndef TUI_PLAN_FILE_H
#define TUI_PLAN_FILE_H

#include <jansson.h>

#include "image_run.h"

/* ERR_IO, ERR_LIMIT, ERR_FORMAT, ERR_NOMEM. */
int plan_file_read(const char *path, json_t **ret_json, struct err *err);

/* What --plan names, to go on with; *ret_json stays NULL where there is none yet. What is wrong is
 * said: an exit code. */
int plan_file_take(const struct cli *cli, json_t **ret_json);

/* The same file at the end: replaced, and said so. An exit code. */
int plan_file_keep(const struct image_run *run, const json_t *json);

/*
 * The object into a file that appears whole or not at all; never the image
 * itself. Errors as output_open(), ERR_NOMEM.
 */
int plan_file_write(const struct image_run *run, const char *path, const json_t *json, bool replace,
		    struct err *err);

#endif
