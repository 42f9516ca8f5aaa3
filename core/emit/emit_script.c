/*
 * The plan as a POSIX shell script for an unpacked root folder. Names are bytes
 * in single quotes behind "./", so no name is an option or is expanded; every
 * folder on the way is checked to be no link, since chown follows those.
 */
#include <inttypes.h>
#include <string.h>

#include "base/shell_quote.h"
#include "base/text.h"
#include "emit_priv.h"

static const char HEAD[] =
	"#!/bin/sh\n"
	"# Owner, mode and contents of files of a container image, for its unpacked root folder.\n"
	"# Usage: sh THIS-SCRIPT ROOT-FOLDER      (as root; the host's own / is refused)\n"
	"# Nothing else may change the folder meanwhile.\n"
	"# shellcheck disable=SC1003,SC1112,SC2016,SC2329 # names are bytes; a plan needs some functions\n"
	"set -eu\n"
	"LC_ALL=C; export LC_ALL\n"
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin; export PATH\n"
	"refuse() { echo \"refused: $1\" >&2; exit 2; }\n"
	"if [ $# -ne 1 ] || [ -z \"$1\" ]; then\n"
	"  echo 'usage: sh THIS-SCRIPT ROOT-FOLDER' >&2; exit 2\n"
	"fi\n"
	"case $1 in /*) root=$1;; *) root=./$1;; esac\n"
	"cd -P -- \"$root\"\n"
	"case $(pwd -P) in /|//) refuse '/ is the root of this host';; esac\n"
	"# shellcheck disable=SC3013 # where -ef is unknown it fails, and pwd has answered\n"
	"if [ . -ef / ] 2>/dev/null; then refuse 'this is / of this host'; fi\n"
	"umask 077\n"
	"real() { # every folder above the path is a folder, and no link\n"
	"  p=$1\n"
	"  while case $p in ./*/*) :;; *) false;; esac; do\n"
	"    p=${p%/*}\n"
	"    if [ ! -d \"$p\" ] || [ -L \"$p\" ]; then\n"
	"      refuse 'a folder on the way is a link, or not there'\n"
	"    fi\n"
	"  done\n"
	"}\n"
	"own() {\n"
	"  ids=$1; shift\n"
	"  for f do real \"$f\"; done\n"
	"  chown -h \"$ids\" \"$@\"\n"
	"}\n"
	"mode() {\n"
	"  bits=$1; shift\n"
	"  for f do real \"$f\"; [ ! -L \"$f\" ] || refuse 'a link where a file should be'; done\n"
	"  chmod \"$bits\" \"$@\"\n"
	"}\n"
	"folder() {\n"
	"  real \"$1\"; [ ! -L \"$1\" ] || refuse 'a link where a folder should be'\n"
	"  [ -d \"$1\" ] || mkdir \"$1\"\n"
	"}\n"
	"link() {\n"
	"  real \"$2\"; [ ! -L \"$2\" ] || refuse 'another link is where a link should be'\n"
	"  [ ! -e \"$2\" ] || [ -f \"$2\" ] || refuse 'something is where a link should be'\n"
	"  rm -f -- \"$2\"\n"
	"  ln -s -- \"$1\" \"$2\"\n"
	"}\n"
	"gone() {\n"
	"  real \"$1\"; [ ! -d \"$1\" ] || [ -L \"$1\" ] || refuse 'a folder where a file should be'\n"
	"  rm -f -- \"$1\"\n"
	"}\n"
	"contents() { # of a file, from standard input; a new file takes the place of the old one\n"
	"  real \"$1\"; n=${1%/*}/.imgtui-new\n"
	"  if [ -d \"$1\" ] || [ -L \"$1\" ]; then refuse 'no file where contents should be'; fi\n"
	"  if [ -e \"$n\" ] || [ -L \"$n\" ]; then\n"
	"    refuse 'remove .imgtui-new of an earlier run first'\n"
	"  fi\n"
	"  (set -C; cat >\"$n\") || { rm -f \"$n\"; exit 1; }\n"
	"  mv -f \"$n\" \"$1\"\n"
	"}\n"
	"name() { # another one, $2, of the file $1 that has new contents\n"
	"  real \"$1\"; real \"$2\"\n"
	"  for f do\n"
	"    if [ -d \"$f\" ] || [ -L \"$f\" ]; then refuse 'no file where contents should be'; fi\n"
	"  done\n"
	"  ln -f -- \"$1\" \"$2\"\n"
	"}\n";

/* Paths of one command: the kernel takes 128 KiB in one word and 2 MiB in all; this is far below.
 */
enum { BATCH_PATHS = 200, BATCH_BYTES = 32 * 1024 };

static int put_quoted(struct sink *out, const char *bytes, struct err *err)
{
	CLEANUP(freep) char *word = shell_quote_new(bytes);

	return word ? sink_write(out, word, strlen(word), err) : err_nomem(err);
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

static int put_contents(struct sink *out, const struct emit_change *change, struct err *err)
{
	int result = emit__printf(out, err, "printf ");

	if (result == 0)
		result = emit__put_printf_word(out, change->stat.body,
					       change->stat.body ? (size_t)change->stat.size : 0,
					       err);
	if (result == 0)
		result = emit__printf(out, err, " | contents ");
	if (result == 0)
		result = put_path(out, change->path, err);
	return result < 0 ? result : emit__printf(out, err, "\n");
}

static int put_link(struct sink *out, const struct emit_change *change, struct err *err)
{
	int result = emit__printf(out, err, "link ");

	if (result == 0)
		result = put_quoted(out, change->stat.target, err);
	if (result == 0)
		result = emit__printf(out, err, " ");
	if (result == 0)
		result = put_path(out, change->path, err);
	return result < 0 ? result : emit__printf(out, err, "\n");
}

static int put_name(struct sink *out, const char *first, const char *path, struct err *err)
{
	int result = emit__printf(out, err, "name ");

	if (result == 0)
		result = put_path(out, first, err);
	if (result == 0)
		result = emit__printf(out, err, " ");
	if (result == 0)
		result = put_path(out, path, err);
	return result < 0 ? result : emit__printf(out, err, "\n");
}

/* The path before it that is a name of the same file, whose contents come there; NULL: none is. */
static const char *earlier_name(const struct emit_change *changes, const struct emit_change *change)
{
	if (change->is_new || !change->has_body || change->stat.links < 2)
		return NULL;
	for (; changes < change; changes++) {
		if (!changes->is_new && changes->has_body &&
		    changes->stat.inode.v == change->stat.inode.v)
			return changes->path;
	}
	return NULL;
}

/* What is new, and new contents. */
static int put_creation(struct sink *out, const struct emit_change *changes, size_t i,
			struct err *err)
{
	const struct emit_change *change = &changes[i];
	const char *first = earlier_name(changes, change);
	int result;

	if (first)
		return put_name(out, first, change->path, err);
	if (change->is_new && change->stat.type == TAR_SYMLINK)
		return put_link(out, change, err);
	if (change->has_body || (change->is_new && change->stat.type == TAR_FILE))
		return put_contents(out, change, err);
	if (!change->is_new)
		return 0;
	result = emit__printf(out, err, "folder ");
	if (result == 0)
		result = put_path(out, change->path, err);
	return result < 0 ? result : emit__printf(out, err, "\n");
}

static int by_owner(const void *a, const void *b)
{
	const struct emit_change *const *left = a, *const *right = b;
	const struct tree_stat *l = &(*left)->stat, *r = &(*right)->stat;

	if (l->uid != r->uid)
		return l->uid < r->uid ? -1 : 1;
	if (l->gid != r->gid)
		return l->gid < r->gid ? -1 : 1;
	return (*left > *right) - (*left < *right);
}

static int by_mode(const void *a, const void *b)
{
	const struct emit_change *const *left = a, *const *right = b;

	if ((*left)->stat.mode != (*right)->stat.mode)
		return (*left)->stat.mode < (*right)->stat.mode ? -1 : 1;
	if ((*left)->drops_ids != (*right)->drops_ids)
		return (*left)->drops_ids - (*right)->drops_ids;
	return (*left > *right) - (*left < *right);
}

static int put_command(struct sink *out, const struct emit_change *change, bool owner,
		       struct err *err)
{
	const struct tree_stat *stat = &change->stat;
	char mode[8];

	if (owner)
		return emit__printf(out, err, "own %" PRId64 ":%" PRId64, stat->uid, stat->gid);
	return emit__printf(out, err, "mode %s", emit__mode_text(change, mode));
}

static bool have_same(const struct emit_change *left, const struct emit_change *right, bool owner)
{
	const struct tree_stat *l = &left->stat, *r = &right->stat;

	return owner ? l->uid == r->uid && l->gid == r->gid
		     : l->mode == r->mode && left->drops_ids == right->drops_ids;
}

/* Owners or modes, paths with the same one in one command. */
static int put_attributes(struct sink *out, const struct emit_change *changes, size_t count,
			  bool owner, struct err *err)
{
	CLEANUP(freep) const struct emit_change **sorted = calloc(count + 1, sizeof(*sorted));
	int (*compare)(const void *, const void *) = owner ? by_owner : by_mode;
	size_t used = 0, paths = 0, bytes = 0;
	int result = 0;

	if (!sorted)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		/* New contents come in a new file. */
		if ((owner ? changes[i].own : changes[i].mode) || changes[i].has_body)
			sorted[used++] = &changes[i];
	}
	qsort(sorted, used, sizeof(*sorted), compare);
	for (size_t i = 0; result == 0 && i < used; i++) {
		bool same = i && have_same(sorted[i - 1], sorted[i], owner);

		if (!same || paths == BATCH_PATHS || bytes > BATCH_BYTES) {
			if (i)
				result = emit__printf(out, err, "\n");
			if (result == 0)
				result = put_command(out, sorted[i], owner, err);
			paths = bytes = 0;
		}
		if (result == 0)
			result = emit__printf(out, err, " ");
		if (result == 0)
			result = put_path(out, sorted[i]->path, err);
		paths++;
		bytes += strlen(sorted[i]->path);
	}
	return result < 0 || !used ? result : emit__printf(out, err, "\n");
}

static bool has_word(const char *const *words, const char *word)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(words[i], word) == 0)
			return true;
	}
	return false;
}

/* What a script cannot do, as a comment with escaped text. */
static int put_note(struct sink *out, const char *what, const char *value, struct err *err)
{
	char shown[256];

	text_visible(shown, sizeof(shown), value, strlen(value), TEXT_ASCII);
	return emit__printf(out, err, "# In the image's configuration, not here: %s %s\n", what,
			    shown);
}

static int put_list_note(struct sink *out, const char *what, const char *const *old,
			 const char *const *new, struct err *err)
{
	if (config_same_words(old, new))
		return 0;
	CLEANUP(freep) char *text = config_words_text(new);
	return text ? put_note(out, what, text, err) : err_nomem(err);
}

static int put_config(const struct emit_input *input, struct sink *out, struct err *err)
{
	const struct config *old = image_config(input->image), *new = input->config;
	int result = 0;

	if (strcmp(old->user, new->user) != 0)
		result = put_note(out, "USER", new->user, err);
	if (result == 0 && strcmp(old->working_dir, new->working_dir) != 0)
		result = put_note(out, "WORKDIR", new->working_dir, err);
	if (result == 0)
		result = put_list_note(out, "ENTRYPOINT", old->entrypoint, new->entrypoint, err);
	if (result == 0)
		result = put_list_note(out, "CMD", old->cmd, new->cmd, err);
	for (size_t i = 0; result == 0 && new->exposed_ports[i]; i++) {
		if (!has_word(old->exposed_ports, new->exposed_ports[i]))
			result = put_note(out, "EXPOSE", new->exposed_ports[i], err);
	}
	for (size_t i = 0; result == 0 && new->env[i]; i++) {
		if (!has_word(old->env, new->env[i]))
			result = put_note(out, "ENV", new->env[i], err);
	}
	for (size_t i = 0; result == 0 && old->env[i]; i++) {
		if (!has_word(new->env, old->env[i]))
			result = put_note(out, "no longer ENV", old->env[i], err);
	}
	return result;
}

static int put_packages(struct sink *out, const struct plan *plan, struct err *err)
{
	size_t count;
	const struct plan_packages *packages = plan_packages(plan, &count);
	int result = 0;

	for (size_t i = 0; result == 0 && i < count; i++) {
		for (size_t n = 0; result == 0 && packages[i].names[n]; n++)
			result = emit__printf(out, err,
					      "# In a build, not here: the package %s (%s)\n",
					      packages[i].names[n], packages[i].manager);
	}
	return result;
}

static int put_removals(const struct emit_input *input, struct sink *out, struct err *err)
{
	CLEANUP(freep) node_id *removed = NULL;
	int result = emit__removed(input, &removed, err);

	for (size_t i = 0; result == 0 && !node_is_none(removed[i]); i++) {
		CLEANUP(freep) char *path = tree_path_new(input->tree, removed[i]);

		if (!path)
			return err_nomem(err);
		if ((result = emit__printf(out, err, "gone ")) == 0 &&
		    (result = put_path(out, path + 1, err)) == 0)
			result = emit__printf(out, err, "\n");
	}
	return result;
}

int emit_script(const struct emit_input *input, struct sink *out, struct err *err)
{
	struct emit_change *changes;
	size_t count;
	int result = emit__changes(input, &changes, &count, err);

	if (result < 0)
		return result;
	result = sink_write(out, HEAD, sizeof(HEAD) - 1, err);
	if (result == 0)
		result = put_config(input, out, err);
	if (result == 0)
		result = put_packages(out, input->plan, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = put_creation(out, changes, i, err);
	/* Owners before modes, since chown clears setuid. */
	if (result == 0)
		result = put_attributes(out, changes, count, true, err);
	if (result == 0)
		result = put_attributes(out, changes, count, false, err);
	if (result == 0)
		result = put_removals(input, out, err);
	emit__changes_free(changes, count);
	return result;
}
