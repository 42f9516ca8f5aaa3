/*
 * The folders that a loader knows by itself: glibc's are those of ld.so.conf,
 * from which ldconfig(8) makes the cache, and its defaults; musl's are in
 * /etc/ld-musl-ARCH.path, else its defaults.
 */
#include <fnmatch.h>
#include <string.h>

#include "base/path.h"
#include "core/access/access_priv.h"
#include "tree/resolve.h"

enum { CONF_BYTES = 256 << 10, CONF_FILES = 256, FOLDERS_MOST = 1024 };

/* A configuration that is read: what is left of it, and its folder for includes. */
struct conf {
	const char *rest;
	const char *folder;
};

struct conf_stack {
	VEC(struct conf) open; /* the last one is read first */
	unsigned files;
};

/* The text of a small file in the arena; NULL in *ret_text: there is none that can be read. */
static int load_text(struct start_walk *walk, const char *path, const char **ret_text)
{
	CLEANUP(freep) char *bytes = NULL;
	struct err cause = { 0 };
	size_t len;

	*ret_text = NULL;
	if (content_load_path(walk->input->content, path, CONF_BYTES, NULL, &bytes, &len, &cause) <
	    0) {
		if (cause.code == ERR_CANCELLED || cause.code == ERR_NOMEM)
			return err_set(walk->err, cause.code, "%s", cause.text);
		return 0;
	}
	*ret_text = arena_copy(&walk->start->arena, bytes, len);
	return *ret_text ? 0 : err_nomem(walk->err);
}

static int add_folder(struct start_walk *walk, struct folders *folders, const char *folder,
		      size_t len)
{
	if (len == 0 || folder[0] != '/' || folders->all.count == FOLDERS_MOST)
		return 0;

	const char *copy = arena_copy(&walk->start->arena, folder, len);

	return copy ? VEC_PUSH(&folders->all, copy, walk->err) : err_nomem(walk->err);
}

/* ---- glibc ---- */

static int open_conf(struct start_walk *walk, struct conf_stack *stack, const char *path)
{
	struct conf conf;
	const char *base = path_base(path);

	if (stack->files++ >= CONF_FILES)
		return 0;

	int r = load_text(walk, path, &conf.rest);

	if (r < 0 || !conf.rest)
		return r;
	conf.folder = arena_copy(&walk->start->arena, path, (size_t)(base - path));
	return conf.folder ? VEC_PUSH(&stack->open, conf, walk->err) : err_nomem(walk->err);
}

/* The files of a pattern, the last one first: they come to lie in order on the stack. */
static int include(struct start_walk *walk, struct conf_stack *stack, const char *pattern)
{
	const struct content *content = walk->input->content;
	const char *base = path_base(pattern);
	const char *folder = arena_copy(&walk->start->arena, pattern, (size_t)(base - pattern));
	const char *paths[CONF_FILES];
	size_t count = 0;
	node_id child = NODE_NONE;

	if (!folder)
		return err_nomem(walk->err);

	struct resolve_result found =
		resolve_path(content->tree, content->at, NODE_ROOT, folder, true, NULL);

	if (found.outcome == RESOLVE_FOUND)
		child = tree_first_child(content->tree, found.node);
	for (; !node_is_none(child) && count < CONF_FILES;
	     child = tree_next_sibling(content->tree, child)) {
		const char *name = tree_name(content->tree, child);

		if (!tree_exists(content->tree, child, content->at) ||
		    fnmatch(base, name, FNM_PERIOD) != 0)
			continue;
		paths[count] = arena_printf(&walk->start->arena, "%s%s", folder, name);
		if (!paths[count++])
			return err_nomem(walk->err);
	}

	int r = 0;

	while (r == 0 && count > 0)
		r = open_conf(walk, stack, paths[--count]);
	return r;
}

/* The last pattern of a line first, for the same reason. */
static int include_all(struct start_walk *walk, struct conf_stack *stack, const char *patterns,
		       const char *folder)
{
	size_t len = strlen(patterns);
	int r = 0;

	while (r == 0) {
		while (len > 0 && (patterns[len - 1] == ' ' || patterns[len - 1] == '\t'))
			len--;
		if (len == 0)
			break;

		size_t end = len;

		while (len > 0 && patterns[len - 1] != ' ' && patterns[len - 1] != '\t')
			len--;

		const char *pattern =
			arena_printf(&walk->start->arena, "%s%.*s",
				     patterns[len] == '/' ? "" : folder, (int)(end - len),
				     patterns + len);

		r = pattern ? include(walk, stack, pattern) : err_nomem(walk->err);
	}
	return r;
}

static int read_line(struct start_walk *walk, struct conf_stack *stack, struct folders *folders)
{
	struct conf *conf = &stack->open.items[stack->open.count - 1];
	const char *folder = conf->folder;
	size_t len = strcspn(conf->rest, "\n");
	char *line = arena_copy(&walk->start->arena, conf->rest, len);

	conf->rest += len + (conf->rest[len] != '\0');
	if (!*conf->rest)
		stack->open.count--;
	if (!line)
		return err_nomem(walk->err);
	line[strcspn(line, "#\r")] = '\0';
	line += strspn(line, " \t");
	if (strncmp(line, "include", 7) == 0 && (line[7] == ' ' || line[7] == '\t'))
		return include_all(walk, stack, line + 8, folder);
	return add_folder(walk, folders, line, strcspn(line, " \t="));
}

static int add_conf(struct start_walk *walk, struct folders *folders)
{
	struct conf_stack stack = { 0 };

	/* Without the cache the loader knows its defaults alone. */
	if (access__ask(walk, "/etc/ld.so.cache", ACCESS_READ).outcome == ACCESS_DENIED)
		return 0;

	int r = open_conf(walk, &stack, "/etc/ld.so.conf");

	while (r == 0 && stack.open.count > 0)
		r = read_line(walk, &stack, folders);
	VEC_DONE(&stack.open);
	return r;
}

/* Which of them a loader has was decided when it was built: no image has them all. */
static int add_defaults(struct start_walk *walk, const struct elf_image *program,
			struct folders *folders)
{
	static const char *const PREFIXES[] = { "/lib", "/usr/lib" };
	const char *triplet = access__elf_triplet(program);
	int r = 0;

	for (size_t i = 0; r == 0 && i < 6; i++) {
		char folder[80];
		const char *prefix = PREFIXES[i % 2];

		if (i < 2 && !triplet)
			continue;
		if (i < 2)
			snprintf(folder, sizeof(folder), "%s/%s", prefix, triplet);
		else
			snprintf(folder, sizeof(folder), "%s%s", prefix,
				 i < 4 ? program->bits == 64 ? "64" : "32" : "");
		r = add_folder(walk, folders, folder, strlen(folder));
	}
	return r;
}

/* ---- musl ---- */

bool access__is_musl(const char *loader)
{
	return strncmp(path_base(loader), "ld-musl-", 8) == 0;
}

/* "/lib/ld-musl-x86_64.so.1" reads "/etc/ld-musl-x86_64.path". */
static int add_musl(struct start_walk *walk, const char *loader, struct folders *folders)
{
	static const char SEPARATORS[] = ":\n";
	const char *name = path_base(loader);
	const char *end = strstr(name, ".so");
	size_t len = end ? (size_t)(end - name) : strlen(name);
	const char *text;
	const char *path =
		arena_printf(&walk->start->arena, "/etc/%.*s.path", (int)len, name);
	int r = path ? load_text(walk, path, &text) : err_nomem(walk->err);

	if (r == 0 && !text)
		text = "/lib:/usr/local/lib:/usr/lib";
	while (r == 0 && *text) {
		len = strcspn(text, SEPARATORS);
		r = add_folder(walk, folders, text, len);
		text += len + (text[len] != '\0');
	}
	return r;
}

int access__library_folders(struct start_walk *walk, const struct elf_image *program,
			    struct folders *folders)
{
	if (access__is_musl(program->loader))
		return add_musl(walk, program->loader, folders);

	int r = add_conf(walk, folders);

	return r == 0 ? add_defaults(walk, program, folders) : r;
}
