/* Random layer stacks; see stacks.h. What is there is asked of our own tree of the lower layers. */
#include "lib/stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree/tree_iter.h"

enum { DEEPEST = 4, PATH_ROOM = 1000, MOST_BODY = 700 };

#define DRAW(s, below) stack_draw(&(s)->number, below)
#define PICK(s, array) (array)[DRAW(s, sizeof(array) / sizeof(*(array)))]

unsigned stack_draw(uint64_t *number, unsigned below)
{
	uint64_t z = *number += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return (unsigned)((z ^ z >> 31) % below);
}

/* ---- What is there ---- */

static bool is_at_or_below(const char *path, const char *top)
{
	size_t len = strlen(top);

	return len == 0 || (strncmp(path, top, len) == 0 && (path[len] == '/' || !path[len]));
}

static bool is_below(const char *path, const char *top)
{
	return strcmp(path, top) != 0 && is_at_or_below(path, top);
}

static struct stack_item *own_find(struct stack *s, const char *path)
{
	for (size_t i = s->own_count; i-- > 0;)
		if (s->own[i].kind != 'w' && s->own[i].kind != 'q' &&
		    strcmp(s->own[i].path, path) == 0)
			return &s->own[i];
	return NULL;
}

static bool own_has_mark(const struct stack *s, char kind, const char *path)
{
	for (size_t i = 0; i < s->own_count; i++)
		if (s->own[i].kind == kind && strcmp(s->own[i].path, path) == 0)
			return true;
	return false;
}

static bool own_has_below(const struct stack *s, const char *path)
{
	for (size_t i = 0; i < s->own_count; i++)
		if (is_below(s->own[i].path, path))
			return true;
	return false;
}

/* An entry of this layer, no mark; or NULL. */
static const struct stack_item *random_own(struct stack *s)
{
	const struct stack_item *item =
		s->own_count ? &s->own[DRAW(s, (unsigned)s->own_count)] : NULL;

	return item && item->kind != 'w' && item->kind != 'q' ? item : NULL;
}

static char letter_of(enum tar_type type)
{
	static const char LETTERS[] = {
		[TAR_FILE] = '0', [TAR_SYMLINK] = '2',      [TAR_CHAR] = '3',
		[TAR_DIR] = '5',  [TAR_BLOCK_DEVICE] = '4', [TAR_FIFO] = '6',
	};

	return LETTERS[type];
}

static bool lower_stat(const struct stack *s, const char *path, struct tree_stat *stat)
{
	node_id node = s->tf.tree ? tree_find(s->tf.tree, path) : NODE_NONE;

	return !node_is_none(node) && tree_stat(s->tf.tree, node, (unsigned)s->tf.count, stat);
}

/* The type of a path now, in the midst of a layer; 0: nothing is there. */
static char state(struct stack *s, const char *path)
{
	const struct stack_item *own = own_find(s, path);
	struct tree_stat stat;

	if (own)
		return own->kind == '1' ? '0' : own->kind;
	for (size_t i = 0; i < s->own_count; i++)
		if (is_below(s->own[i].path, path))
			return '5';
	for (size_t i = 0; i < s->own_count; i++) {
		const struct stack_item *item = &s->own[i];

		if (item->kind == 'w' ? is_at_or_below(path, item->path)
				      : item->kind != '5' && is_below(path, item->path))
			return 0;
	}
	return lower_stat(s, path, &stat) ? letter_of(stat.type) : 0;
}

/* ---- Entries ---- */

static void put(struct stack *s, char kind, const struct tb_entry *entry, const char *path)
{
	struct stack_item *item = &s->own[s->own_count++];

	tb_add(&s->tar, entry);
	*item = (struct stack_item){ .kind = kind, .entry = *entry };
	item->path = strdup(path);
	item->entry.path = item->path;
	item->entry.body = NULL;
	item->entry.link = NULL;
}

static unsigned random_mode(struct stack *s, char type)
{
	static const unsigned USUAL[] = { 0755, 0644, 0600, 0700, 0555, 0775 };

	if (DRAW(s, 3) > 0)
		return type == '5' ? 0755 | (DRAW(s, 8) == 0 ? 01777 : 0) : PICK(s, USUAL);
	return DRAW(s, 010000);
}

/* Owner, mode, and body of an entry. */
static struct tb_entry random_entry(struct stack *s, char type)
{
	static const char BODY[MOST_BODY];
	static const long long IDS[] = { 0, 0, 0, 100, 1000, 65534, 3000000, 4000000000 };

	return (struct tb_entry){
		.type = type,
		.mode = random_mode(s, type),
		.uid = PICK(s, IDS),
		.gid = PICK(s, IDS),
		.mtime = 1000000000 + DRAW(s, 1000),
		.body = type == '0' ? BODY : NULL,
		.size = type == '0' ? DRAW(s, MOST_BODY) : 0,
	};
}

static void put_dir(struct stack *s, const char *path, const struct tb_entry *like)
{
	struct tb_entry entry = *like;
	char slashed[PATH_ROOM + 1];

	snprintf(slashed, sizeof(slashed), "%s%s", *path ? path : ".", DRAW(s, 4) ? "/" : "");
	entry.path = slashed;
	entry.type = '5';
	put(s, '5', &entry, path);
}

/* As tools do: the directories above, with the attributes that they have. */
static void put_parents(struct stack *s, const char *path)
{
	for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
		struct tb_entry entry = { .mode = 0755 };
		struct tree_stat stat;
		char folder[PATH_ROOM];

		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
		if (own_find(s, folder))
			continue;
		if (lower_stat(s, folder, &stat) && stat.type == TAR_DIR) {
			entry.mode = stat.mode;
			entry.uid = stat.uid;
			entry.gid = stat.gid;
		}
		put_dir(s, folder, &entry);
	}
}

static void put_at(struct stack *s, const char *path, struct tb_entry entry)
{
	if (s->complete)
		put_parents(s, path);
	if (entry.type == '5') {
		put_dir(s, path, &entry);
		return;
	}
	entry.path = path;
	put(s, entry.type, &entry, path);
}

static void put_mark(struct stack *s, char kind, const char *path)
{
	if (s->complete && *path)
		put_parents(s, path);
	if (kind == 'q' && s->complete && !own_find(s, path))
		put_dir(s, path, &(struct tb_entry){ .mode = 0755 });
	if (kind == 'w')
		tb_whiteout(&s->tar, path);
	else
		tb_opaque(&s->tar, path);
	s->own[s->own_count++] = (struct stack_item){ .kind = kind, .path = strdup(path) };
}

/* ---- Choosing ---- */

static unsigned depth_of(const char *path)
{
	unsigned depth = *path != '\0';

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

/* A path that is there in the lower layers. */
static void random_lower(struct stack *s, char *out)
{
	unsigned count = (unsigned)tree_node_count(s->tf.tree);

	tree_path(s->tf.tree, (node_id){ DRAW(s, count) }, out, PATH_ROOM);
	memmove(out, out + 1, strlen(out));
}

static void random_dir(struct stack *s, char *out)
{
	for (unsigned tries = 0; tries < 20; tries++) {
		if (s->own_count && DRAW(s, 2))
			snprintf(out, PATH_ROOM, "%s",
				 s->own[DRAW(s, (unsigned)s->own_count)].path);
		else if (s->tf.tree)
			random_lower(s, out);
		else
			continue;
		if (state(s, out) == '5' && depth_of(out) < DEEPEST)
			return;
	}
	*out = '\0';
}

static void random_path(struct stack *s, char *out)
{
	static const char *const NAMES[] = {
		"a",    "b",  "c",  "lib", "-r", " ",   "n\nl", "\xc3\xa4", "...",          "d e",
		"x*",   "'",  "\"", "\\",  "$x", "..b", ".wh",  "\x01",     "\xe2\x80\xae", "Z",
		"real", "ln", "f",
	};
	size_t len;

	random_dir(s, out);
	for (unsigned more = DRAW(s, 5) == 0;; more--) {
		len = strlen(out);
		if (DRAW(s, 60) == 0)
			snprintf(out + len, PATH_ROOM - len, "%s%0120u", len ? "/" : "", 7);
		else
			snprintf(out + len, PATH_ROOM - len, "%s%s", len ? "/" : "",
				 PICK(s, NAMES));
		/* Not below what is no directory. */
		char there = state(s, out);

		if (more == 0 || (there && there != '5'))
			return;
	}
}

/* ---- What tools write ---- */

static void add_node(struct stack *s)
{
	static const char TYPES[] = "00005555226";
	static const char *const TARGETS[] = { "real", "/real/in", "nowhere", "../a", "." };
	struct tb_entry entry = random_entry(s, TYPES[DRAW(s, sizeof(TYPES) - 1)]);
	char path[PATH_ROOM];

	random_path(s, path);
	if (own_find(s, path) || (entry.type != '5' && own_has_below(s, path)))
		return;
	if (entry.type == '2')
		entry.link = PICK(s, TARGETS);
	put_at(s, path, entry);
}

static void add_hardlink(struct stack *s)
{
	const struct stack_item *item = random_own(s);
	char path[PATH_ROOM];

	if (!item || (item->kind != '0' && item->kind != '1' && item->kind != '2') ||
	    own_find(s, item->path) != item)
		return;

	struct tb_entry entry = item->entry;
	char *target = strdup(item->path);

	random_path(s, path);
	entry.type = '1';
	entry.link = target;
	entry.size = 0;
	if (DRAW(s, 6) == 0)
		entry.mode = random_mode(s, '0');
	if (DRAW(s, 10) == 0)
		entry.uid = 7;
	if (!own_find(s, path) && !own_has_below(s, path) && !is_at_or_below(target, path))
		put_at(s, path, entry);
	free(target);
}

static void add_whiteout(struct stack *s)
{
	char path[PATH_ROOM];

	if (DRAW(s, 10) == 0)
		random_path(s, path);
	else
		random_lower(s, path);
	if (!*path || own_find(s, path) || own_has_below(s, path) || own_has_mark(s, 'w', path))
		return;

	/* Below a living directory; and '.wh..wh.' has a meaning of its own. */
	const char *slash = strrchr(path, '/');
	char folder[PATH_ROOM];

	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) : 0, path);
	if (strncmp(slash ? slash + 1 : path, ".wh.", 4) == 0)
		return;
	if (!*folder || state(s, folder) == '5')
		put_mark(s, 'w', path);
}

static void add_opaque(struct stack *s)
{
	char path[PATH_ROOM];

	random_dir(s, path);
	if (*path && !own_has_mark(s, 'q', path) && !own_has_mark(s, 'w', path))
		put_mark(s, 'q', path);
}

/* ---- What engines differ on ---- */

static void alias(struct stack *s, const char *link, const char *real)
{
	struct stack_alias *new = &s->aliases[s->alias_count++];

	snprintf(new->link, sizeof(new->link), "%s", link);
	snprintf(new->real, sizeof(new->real), "%s", real);
}

static void wild_duplicate(struct stack *s)
{
	const struct stack_item *item = random_own(s);
	char *path = strdup(item ? item->path : "");

	if (*path && state(s, path) && !own_has_below(s, path))
		put_at(s, path, random_entry(s, DRAW(s, 2) ? '0' : '5'));
	free(path);
}

static void wild_through_link(struct stack *s)
{
	struct tree_stat stat;

	if (state(s, "ln") != '2' || state(s, "real") != '5' || own_find(s, "ln") ||
	    !lower_stat(s, "ln", &stat) || strcmp(stat.target, "real") != 0)
		return;
	alias(s, "ln", "real");
	s->complete = false;
	if (DRAW(s, 2))
		put_at(s, DRAW(s, 2) ? "ln/new" : "ln/new/er", random_entry(s, '0'));
	else
		put_mark(s, 'w', "ln/in");
}

static void wild_through_own_link(struct stack *s)
{
	struct tb_entry link = random_entry(s, '2');

	link.link = "real";
	if (state(s, "real") != '5' || state(s, "own"))
		return;
	alias(s, "own", "real");
	s->complete = false;
	put_at(s, "own", link);
	put_at(s, "own/new", random_entry(s, '0'));
}

static void wild_child_of_file(struct stack *s)
{
	if (state(s, "f") != '0')
		return;
	s->complete = false;
	put_at(s, "f/child", random_entry(s, '0'));
}

static void wild_lower_hardlink(struct stack *s)
{
	struct tb_entry entry = random_entry(s, '1');
	char path[PATH_ROOM];

	random_lower(s, path);
	if (own_find(s, "hl") || own_find(s, path) ||
	    (state(s, path) != '0' && state(s, path) != '2'))
		return;
	entry.link = path;
	put_at(s, "hl", entry);
}

static void wild_missing_hardlink(struct stack *s)
{
	struct tb_entry entry = random_entry(s, '1');

	entry.link = "not/there";
	put_at(s, "missing", entry);
}

static void wild_whiteout_after(struct stack *s)
{
	const struct stack_item *item = random_own(s);
	char *path = strdup(item ? item->path : "");

	if (*path)
		put_mark(s, 'w', path);
	free(path);
}

static void wild_metadata(struct stack *s)
{
	struct tb_entry link = random_entry(s, '1');

	s->complete = false;
	put_at(s, ".wh..wh.plnk/1.2", random_entry(s, '0'));
	link.link = ".wh..wh.plnk/1.2";
	if (DRAW(s, 2))
		put_at(s, "plnk", link);
}

static void wild_whiteout_folder(struct stack *s)
{
	if (own_has_below(s, "real") || own_find(s, "real"))
		return;
	put_at(s, ".wh.real", random_entry(s, '5'));
	if (DRAW(s, 2))
		put_at(s, ".wh.real/z", random_entry(s, '0'));
}

static void wild_root(struct stack *s)
{
	struct tb_entry entry = random_entry(s, '2');

	entry.link = "/tmp";
	entry.path = ".";
	if (!own_find(s, ""))
		tb_add(&s->tar, &entry);
}

static void wild_whiteout(struct stack *s)
{
	static const char *const ODD[] = { ".wh.", "real/.wh..", ".wh...", ".wh..wh.f" };
	struct tb_entry entry = random_entry(s, '0');

	entry.path = PICK(s, ODD);
	entry.size = 0;
	tb_add(&s->tar, &entry);
}

static void wild_device(struct stack *s)
{
	if (!state(s, "dev0"))
		put_at(s, "dev0", random_entry(s, '3'));
}

/* ---- All ---- */

/* The first ones are for a base layer, too. */
static void (*const USUAL[])(struct stack *) = {
	add_node, add_node,     add_node,     add_node,     add_node,
	add_node, add_hardlink, add_whiteout, add_whiteout, add_opaque,
};
enum { USUAL_COUNT = sizeof(USUAL) / sizeof(*USUAL), OF_A_BASE = 7 };

static void (*const WILD[])(struct stack *) = {
	wild_duplicate,      wild_through_link,   wild_through_own_link,
	wild_child_of_file,  wild_lower_hardlink, wild_missing_hardlink,
	wild_whiteout_after, wild_metadata,       wild_whiteout_folder,
	wild_root,           wild_whiteout,       wild_device,
};

static void make_base(struct stack *s)
{
	struct tb_entry link = random_entry(s, '2');

	if (DRAW(s, 2))
		put_dir(s, "",
			&(struct tb_entry){ .mode = DRAW(s, 2) ? 0755 : 0711, .uid = DRAW(s, 2) });
	put_at(s, "real", random_entry(s, '5'));
	put_at(s, "real/in", random_entry(s, '0'));
	put_at(s, "f", random_entry(s, '0'));
	link.link = "real";
	put_at(s, "ln", link);
}

static void end_layer(struct stack *s)
{
	tb_end(&s->tar);
	ib_layer(&s->image, &s->tar, "none", NULL);
	tf_layer(&s->tf, &s->tar);
	tree_free(s->tf.tree);
	s->tf.tree = NULL;
	tf_build(&s->tf);
	for (size_t i = 0; i < s->own_count; i++)
		free(s->own[i].path);
	s->own_count = 0;
}

void stack_make(struct stack *s, uint64_t seed)
{
	*s = (struct stack){ .number = seed };
	s->complete = DRAW(s, 2);

	unsigned layers = 2 + DRAW(s, 5), wild = DRAW(s, 3) == 0 ? 1 + DRAW(s, layers - 1) : 0;

	for (unsigned layer = 0; layer < layers; layer++) {
		unsigned count = 3 + DRAW(s, 20);

		if (layer == 0)
			make_base(s);
		for (unsigned i = 0; i < count; i++)
			USUAL[DRAW(s, layer ? USUAL_COUNT : OF_A_BASE)](s);
		if (layer > 0 && layer == wild) {
			s->wild++;
			PICK(s, WILD)(s);
		}
		end_layer(s);
		/* Above a link that some follow, no two trees have much in common. */
		if (s->alias_count > 0)
			break;
	}
}

void stack_done(struct stack *s)
{
	tf_done(&s->tf);
	ib_free(&s->image);
}
