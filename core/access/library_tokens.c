/*
 * $ORIGIN, $LIB and $PLATFORM in a list of folders, as elf/dl-load.c of glibc
 * replaces them: with braces or without, and any other '$' stands for itself.
 */
#include <ctype.h>
#include <string.h>

#include "core/access/access_priv.h"

enum { EXPANDED_MOST = 4096 };

enum { TOKENS = 3 };

static const char *const NAMES[TOKENS] = { "ORIGIN", "LIB", "PLATFORM" };

/* Which token follows a '$', and how long it is; TOKENS: none. */
static size_t find_token(const char *text, size_t *ret_len)
{
	size_t brace = *text == '{', i = 0;

	for (; i < TOKENS; i++) {
		size_t len = strlen(NAMES[i]);

		if (strncmp(text + brace, NAMES[i], len) != 0)
			continue;

		char next = text[brace + len];

		*ret_len = len + 2 * brace;
		if (brace ? next == '}' : !isalnum((unsigned char)next) && next != '_')
			break;
	}
	return i;
}

int access__expand(struct start_walk *walk, const char *text, const struct library_tokens *tokens,
		   const char **ret_text)
{
	const char *const values[TOKENS] = { tokens->origin, tokens->lib, tokens->platform };
	struct arena *arena = &walk->start->arena;
	const char *done = "", *dollar;

	*ret_text = NULL;
	while (done && (dollar = strchr(text, '$'))) {
		size_t len, i = find_token(dollar + 1, &len);
		bool is_token = i < TOKENS;

		if ((is_token && !values[i]) || strlen(done) > EXPANDED_MOST)
			return 0;
		done = arena_printf(arena, "%s%.*s%s", done, (int)(dollar - text), text,
				    is_token ? values[i] : "$");
		text = dollar + 1 + (is_token ? len : 0);
	}
	if (done)
		*ret_text = *done ? arena_printf(arena, "%s%s", done, text) : text;
	return *ret_text ? 0 : err_nomem(walk->err);
}

/* "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" is of a loader that was built for that folder.
 */
int access__loader_lib(struct start_walk *walk, const char *loader, const char **ret_lib)
{
	const struct tree *tree = walk->input->content->tree;
	struct access_verdict verdict = access__ask(walk, loader, ACCESS_EXECUTE);

	*ret_lib = NULL;
	if (!access__is_type(walk, verdict.node, TAR_FILE))
		return 0;

	CLEANUP(freep) char *folder = tree_path_new(tree, tree_parent(tree, verdict.node));
	const char *lib = folder;

	if (!lib)
		return err_nomem(walk->err);
	if (strncmp(lib, "/usr/", 5) == 0)
		lib += 4;
	if (strncmp(lib, "/lib", 4) != 0)
		return 0;
	*ret_lib = arena_copy(&walk->start->arena, lib + 1, strlen(lib + 1));
	return *ret_lib ? 0 : err_nomem(walk->err);
}
