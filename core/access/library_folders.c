/*
 * Where a loader looks by itself. glibc's: in the cache, which ldconfig(8) makes
 * of the folders of ld.so.conf, then in its defaults; ld.so.conf stands in for a
 * cache that cannot be read. musl's: in /etc/ld-musl-ARCH.path, else its defaults.
 */
#include <fnmatch.h>
#include <string.h>

#include "base/path.h"
#include "core/access/access_priv.h"
#include "tree/resolve.h"

enum { CONF_BYTES = 256 << 10, CONF_FILES = 256, FOLDERS_MOST = 1024, CACHE_BYTES = 4 << 20 };

/* A configuration that is read: what is left of it, and its folder for includes. */
struct conf {
	const char *rest;
	const char *folder;
};

struct conf_stack {
	VEC(struct conf) open; /* the last one is read first */
	unsigned files;
};

/* A file in the arena, a NUL behind it; NULL in *ret_bytes: there is none that can be read. */
static int load(struct start_walk *walk, const char *path, size_t most, const char **ret_bytes,
		size_t *ret_len)
{
	CLEANUP(freep) char *bytes = NULL;
	struct err cause = { 0 };

	*ret_bytes = NULL;
	if (content_load_path(walk->input->content, path, most, NULL, &bytes, ret_len, &cause) <
	    0) {
		if (cause.code == ERR_CANCELLED || cause.code == ERR_NOMEM)
			return err_set(walk->err, cause.code, "%s", cause.text);
		return 0;
	}
	*ret_bytes = arena_copy(&walk->start->arena, bytes, *ret_len);
	return *ret_bytes ? 0 : err_nomem(walk->err);
}

static int load_text(struct start_walk *walk, const char *path, const char **ret_text)
{
	size_t len;

	return load(walk, path, CONF_BYTES, ret_text, &len);
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

		const char *pattern = arena_printf(&walk->start->arena, "%s%.*s",
						   patterns[len] == '/' ? "" : folder,
						   (int)(end - len), patterns + len);

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
	int r = open_conf(walk, &stack, "/etc/ld.so.conf");

	while (r == 0 && stack.open.count > 0)
		r = read_line(walk, &stack, folders);
	VEC_DONE(&stack.open);
	return r;
}

/* Without a cache, or with what it does not take for one, the loader knows its defaults alone. */
static int add_cache(struct start_walk *walk, const struct elf_image *program,
		     struct folders *folders)
{
	static const char PATH[] = "/etc/ld.so.cache";
	enum access_outcome outcome = access__ask(walk, PATH, ACCESS_READ).outcome;
	const char *bytes;
	size_t len;

	if (outcome != ACCESS_ALLOWED && outcome != ACCESS_RUNTIME)
		return 0;

	int r = load(walk, PATH, CACHE_BYTES, &bytes, &len);

	if (r < 0)
		return r;
	if (!bytes || !access__elf_machine(program))
		return add_conf(walk, folders);
	access__cache_open(bytes, len, program->big_endian, &folders->cache);
	return 0;
}

int access__configured_folder(struct start_walk *walk, const char *name, const char **ret_folder)
{
	struct folders folders = { 0 };
	int r = add_conf(walk, &folders);

	*ret_folder = NULL;
	for (size_t i = 0; r == 0 && !*ret_folder && i < folders.all.count; i++) {
		const char *path =
			arena_printf(&walk->start->arena, "%s/%s", folders.all.items[i], name);

		if (!path)
			r = err_nomem(walk->err);
		else if (access__is_there(walk, path))
			*ret_folder = folders.all.items[i];
	}
	VEC_DONE(&folders.all);
	return r;
}

static int add_default(struct start_walk *walk, struct folders *folders, const char *name)
{
	static const char *const PREFIXES[] = { "/", "/usr/" };
	int r = 0;

	for (size_t i = 0; r == 0 && i < 2; i++) {
		char folder[100];
		int len = snprintf(folder, sizeof(folder), "%s%s", PREFIXES[i], name);

		r = add_folder(walk, folders, folder, (size_t)len);
	}
	return r;
}

/*
 * They were decided when the loader was built: one that lies in a folder of Debian's kind knows
 * that. One that lies elsewhere may be a copy; all are tried then, no image has them all.
 */
static int add_defaults(struct start_walk *walk, const struct elf_image *program, const char *lib,
			struct folders *folders)
{
	const struct elf_machine *machine = access__elf_machine(program);
	char own[80] = "";
	int r = 0;

	if (machine && machine->triplet) {
		snprintf(own, sizeof(own), "lib/%s", machine->triplet);
		r = add_default(walk, folders, own);
	}
	if (r == 0 && (!lib || strcmp(lib, own) != 0))
		r = add_default(walk, folders, program->bits == 64 ? "lib64" : "lib32");
	return r == 0 ? add_default(walk, folders, "lib") : r;
}

/* ---- musl ---- */

bool access__is_musl(const char *loader)
{
	return strncmp(path_base(loader), "ld-musl-", 8) == 0;
}

bool access__is_in_musl(const char *name)
{
	static const char *const PARTS[] = { "c", "pthread", "rt", "m", "dl", "util", "xnet" };

	for (size_t i = 0; i < sizeof(PARTS) / sizeof(*PARTS); i++) {
		size_t len = strlen(PARTS[i]);

		if (strncmp(name, "lib", 3) == 0 && strncmp(name + 3, PARTS[i], len) == 0 &&
		    name[3 + len] == '.')
			return true;
	}
	return false;
}

/* "/lib/ld-musl-x86_64.so.1" reads "/etc/ld-musl-x86_64.path". */
static int add_musl(struct start_walk *walk, const char *loader, struct folders *folders)
{
	static const char SEPARATORS[] = ":\n";
	const char *name = path_base(loader);
	const char *end = strstr(name, ".so");
	size_t len = end ? (size_t)(end - name) : strlen(name);
	const char *text;
	const char *path = arena_printf(&walk->start->arena, "/etc/%.*s.path", (int)len, name);
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
			    const char *lib, struct folders *folders)
{
	if (access__is_musl(program->loader))
		return add_musl(walk, program->loader, folders);

	int r = add_cache(walk, program, folders);

	return r == 0 ? add_defaults(walk, program, lib, folders) : r;
}
