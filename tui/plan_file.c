/* Plans in files; see tui/plan_file.h. */
#include "plan_file.h"

#include <string.h>

#include "base/io.h"
#include "base/json.h"
#include "emit/output.h"

int plan_file_read(const char *path, json_t **ret_json, struct err *err)
{
	CLEANUP(freep) char *bytes = NULL;
	size_t len;
	int result = io_read_file(path, limits_default()->json_bytes, &bytes, &len, err);

	return result < 0 ? result : json_parse(bytes, len, path, NULL, NULL, ret_json, err);
}

int plan_file_write(const struct image_run *run, const char *path, const json_t *json,
		    bool replace, struct err *err)
{
	CLEANUP(output_closep) struct output *output = NULL;
	CLEANUP(freep) char *text = json_dumps(json, JSON_INDENT(2));
	const struct output_options options = {
		.replace = replace,
		.input = source_path(run->view->source),
	};
	int result;

	if (!text)
		return err_nomem(err);
	if ((result = output_open(path, &options, &output, err)) < 0 ||
	    (result = io_write(output_fd(output), text, strlen(text), err)) < 0 ||
	    (result = io_write(output_fd(output), "\n", 1, err)) < 0)
		return result;
	return output_publish(output, err);
}
