/* Plans in files: --plan and --save-plan. */
#ifndef TUI_PLAN_FILE_H
#define TUI_PLAN_FILE_H

#include <jansson.h>

#include "image_run.h"

/* ERR_IO, ERR_LIMIT, ERR_FORMAT, ERR_NOMEM. */
int plan_file_read(const char *path, json_t **ret_json, struct err *err);

/*
 * The object into a file that appears whole or not at all; never the image
 * itself. Errors as output_open(), ERR_NOMEM.
 */
int plan_file_write(const struct image_run *run, const char *path, const json_t *json,
		    bool replace, struct err *err);

#endif
