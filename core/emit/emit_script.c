/*
 * The plan as a POSIX shell script for an unpacked root folder. Names are bytes
 * in single quotes behind "./", so no name is an option or is expanded; every
 * folder on the way is checked to be no link, since chown follows those.
 */
#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "emit_priv.h"

static const char HEAD[] =
	"#!/bin/sh\n"
	"# Owner and mode of files of a container image, for its unpacked root folder.\n"
	"# Usage: sh THIS-SCRIPT ROOT-FOLDER      (as root; the host's own / is refused)\n"
	"# Nothing else may change the folder meanwhile.\n"
	"set -eu\n"
	"LC_ALL=C; export LC_ALL\n"
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin; export PATH\n"
	"[ $# -eq 1 ] || { echo \"usage: sh $0 ROOT-FOLDER\" >&2; exit 2; }\n"
	"cd -P -- \"$1\"\n"
	"[ \"$(pwd -P)\" != / ] || { echo 'refused: / is the root of this host' >&2; exit 2; }\n"
	"real() { # every folder above the path is a folder, and no link\n"
	"  p=$1\n"
	"  while case $p in ./*/*) :;; *) false;; esac; do\n"
	"    p=${p%/*}\n"
	"    [ -d \"$p\" ] && [ ! -L \"$p\" ] || { echo \"refused: a folder on the way is a link\" >&2; exit 1; }\n"
	"  done\n"
	"}\n"
	"own() { real \"$2\"; chown -h \"$1\" \"$2\"; }\n"
	"mode() { real \"$2\"; [ ! -L \"$2\" ] || { echo 'refused: mode of a link' >&2; exit 1; }; chmod \"$1\" \"$2\"; }\n"
	"folder() { real \"$1\"; [ -d \"$1\" ] || mkdir \"$1\"; [ ! -L \"$1\" ]; }\n"
	"# The new contents come from standard input: a new file takes the place of the old one.\n"
	"contents() { real \"$1\"; [ ! -d \"$1\" ]; cat >\"$1.imgtui-new\"; mv -f \"$1.imgtui-new\" \"$1\"; }\n";

/* 'bytes' as one shell word: in single quotes, each of its own as '\''. */
static int put_quoted(struct sink *out, const char *bytes, struct err *err)
{
	int result = sink_write(out, "'", 1, err);

	while (result == 0 && *bytes) {
		size_t plain = strcspn(bytes, "'");

		result = sink_write(out, bytes, plain, err);
		bytes += plain;
		if (result == 0 && *bytes == '\'') {
			result = sink_write(out, "'\\''", 4, err);
			bytes++;
		}
	}
	return result < 0 ? result : sink_write(out, "'", 1, err);
}

static int put_path(struct sink *out, const char *path, struct err *err)
{
	CLEANUP(freep) char *word = NULL;

	if (asprintf(&word, "./%s", path) < 0) {
		word = NULL;
		return err_nomem(err);
	}
	return put_quoted(out, word, err);
}

/* As octal escapes of printf(1), which any shell has: contents may be any bytes. */
static int put_contents(struct sink *out, const struct tree_want *want, struct err *err)
{
	const unsigned char *bytes = want->body;
	int result = emit__printf(out, err, "printf '");

	for (size_t i = 0; result == 0 && i < want->body_len; i++) {
		if (bytes[i] == '\n')
			result = emit__printf(out, err, "\\n");
		else if (bytes[i] < 0x20 || bytes[i] > 0x7e || strchr("'\\%", bytes[i]))
			result = emit__printf(out, err, "\\%03o", bytes[i]);
		else
			result = sink_write(out, &bytes[i], 1, err);
	}
	if (result == 0)
		result = emit__printf(out, err, "' | contents ");
	if (result == 0)
		result = put_path(out, want->path, err);
	return result < 0 ? result : emit__printf(out, err, "\n");
}

static int put_creation(struct sink *out, const struct tree_want *want, struct err *err)
{
	int result;

	if (want->type == TAR_SYMLINK)
		result = emit__printf(out, err, "ln -s -- ");
	else
		result = emit__printf(out, err, "folder ");
	if (result == 0 && want->type == TAR_SYMLINK && (result = put_quoted(out, want->target, err)) == 0)
		result = emit__printf(out, err, " ");
	if (result == 0)
		result = put_path(out, want->path, err);
	return result < 0 ? result : emit__printf(out, err, "\n");
}

/* The final state of one path: contents, then owner, then mode, since chown clears setuid. */
static int put_want(const struct emit_input *input, struct sink *out, const struct tree_want *want,
		    struct err *err)
{
	node_id node = tree_find(input->preview, want->path);
	struct tree_stat stat;
	int result = 0;

	if (node_is_none(node) || !tree_stat(input->preview, node, emit__top(input), &stat))
		return 0;
	if (want->create && want->type != TAR_FILE)
		result = put_creation(out, want, err);
	else if (want->body || want->create)
		result = put_contents(out, want, err);
	if (result == 0)
		result = emit__printf(out, err, "own %" PRId64 ":%" PRId64 " ", stat.uid, stat.gid);
	if (result == 0)
		result = put_path(out, want->path, err);
	if (result == 0 && stat.type != TAR_SYMLINK) {
		result = emit__printf(out, err, "\nmode %04o ", stat.mode);
		if (result == 0)
			result = put_path(out, want->path, err);
	}
	return result < 0 ? result : emit__printf(out, err, "\n");
}

/* What a script cannot do: the image's configuration, as comments with escaped text. */
static int put_config(const struct emit_input *input, struct sink *out, struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	const struct {
		const char *what, *old, *new;
	} lines[] = {
		{ "USER", old->user, new->user },
		{ "WORKDIR", old->working_dir, new->working_dir },
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < sizeof(lines) / sizeof(*lines); i++) {
		char shown[256];

		if (strcmp(lines[i].old, lines[i].new) == 0)
			continue;
		text_visible(shown, sizeof(shown), lines[i].new, strlen(lines[i].new), TEXT_ASCII);
		result = emit__printf(out, err, "# In the image's configuration, not here: %s %s\n",
			     lines[i].what, shown);
	}
	for (size_t i = 0; result == 0 && new->env[i]; i++) {
		char shown[256];
		bool is_new = true;

		for (size_t o = 0; old->env[o]; o++)
			is_new &= strcmp(old->env[o], new->env[i]) != 0;
		if (!is_new)
			continue;
		text_visible(shown, sizeof(shown), new->env[i], strlen(new->env[i]), TEXT_ASCII);
		result = emit__printf(out, err, "# In the image's configuration, not here: ENV %s\n", shown);
	}
	return result;
}

int emit_script(const struct emit_input *input, struct sink *out, struct err *err)
{
	CLEANUP(freep) struct tree_want *wants = NULL;
	size_t count;
	int result = plan_merge(input->plan, &wants, &count, err);

	if (result == 0)
		result = sink_write(out, HEAD, sizeof(HEAD) - 1, err);
	if (result == 0)
		result = put_config(input, out, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = put_want(input, out, &wants[i], err);
	return result;
}
