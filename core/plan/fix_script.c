/* Fixes of the script that a platform starts by its name. */
#include <string.h>

#include "base/shell_quote.h"
#include "content/content.h"
#include "fix_priv.h"

enum { SCRIPT_BYTES = 1 << 20, SCRIPT_MODE = 0755 };

/* Whether the start command leads to the script itself: then nothing says what to start. */
static bool names(const char *const *words, const char *path)
{
	for (size_t i = 0; words && words[i]; i++) {
		if (strstr(words[i], path))
			return true;
	}
	return false;
}

/* "#!/bin/sh" and the image's own start command; NULL: out of memory. free(). */
static char *make_script(const struct config *config)
{
	const char *const *const PARTS[] = { (const char *const *)config->entrypoint,
					     (const char *const *)config->cmd };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fputs("#!/bin/sh\n# Made by imgtui from Entrypoint and Cmd of the image.\nexec", out);
	for (size_t p = 0; p < sizeof(PARTS) / sizeof(*PARTS); p++) {
		for (size_t i = 0; PARTS[p] && PARTS[p][i]; i++) {
			fputc(' ', out);
			shell_quote_put(out, PARTS[p][i]);
		}
	}
	fputc('\n', out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* The command is the image's, not the plan's: a plan may have Cmd start the script already. */
int fix__write_run_script(const struct fix_run *run, struct err *err)
{
	const struct config *config = image_config(run->judgement->input.image);
	const char *path = fix__string(run, "path", "");
	struct tree_want want = { .type = TAR_FILE, .set_mode = true, .mode = SCRIPT_MODE };

	if ((!config->entrypoint || !config->entrypoint[0]) && (!config->cmd || !config->cmd[0]))
		return err_set(err, ERR_UNSUPPORTED,
			       "the image has no start command from which to make '%s'", path);
	if (names((const char *const *)config->entrypoint, path) ||
	    names((const char *const *)config->cmd, path))
		return err_set(err, ERR_UNSUPPORTED,
			       "the start command is '%s' itself: nothing says what it should do",
			       path);
	CLEANUP(freep) char *text = make_script(config);
	if (!text)
		return err_nomem(err);
	want.body = text;
	want.body_len = strlen(text);
	return fix__make(run, path, &want, err);
}

int fix__clean_script(const struct fix_run *run, struct err *err)
{
	const struct judgement *judgement = run->judgement;
	const struct content content = {
		.image = judgement->input.image,
		.tree = run->tree,
		.at = run->at,
		.cancel = judgement->input.cancel,
	};
	CLEANUP(freep) char *bytes = NULL;
	size_t len, kept = 0;
	int rc = content_load(&content, run->finding->node, SCRIPT_BYTES, &bytes, &len, err);

	if (rc < 0)
		return rc;
	if (len == SCRIPT_BYTES)
		return err_set(err, ERR_UNSUPPORTED, "the script is too long to be edited");
	for (size_t i = 0; i < len; i++) {
		if (bytes[i] != '\r' || i + 1 == len || bytes[i + 1] != '\n')
			bytes[kept++] = bytes[i];
	}
	struct tree_want want = { .body = bytes, .body_len = kept };
	return fix__want_node(run, run->finding->node, &want, err);
}
