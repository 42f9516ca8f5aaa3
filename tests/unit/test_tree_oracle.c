/*
 * Container engines as oracle: random layer stacks are unpacked by umoci and by
 * podman with two storage drivers, and each path is compared with our merged
 * tree. Where an engine makes something else, or fails, a problem of ours must
 * say that it does, on that path.
 *
 * IMGTUI_SEED repeats a run, IMGTUI_STACKS says how many. Needs root.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/engines.h"
#include "lib/stacks.h"
#include "tree/tree_iter.h"

enum { STACKS = 50, SAID = 4000, SHOWN = 20, AFFECTED = 4000, RESET_EVERY = 20 };

/* What an engine may do where our problem has this text, and to which paths. */
enum outcome { SAME, DIFFERS, FAILS, EITHER };

enum scope {
	BELOW, /* the entry's path, and what is below */
	ABOVE, /* the marked or missing directories above alone */
	ROUND, /* the same, and what is below */
	NAMES, /* all names of the entry's inode */
};

static const struct claim {
	const char *text;
	enum scope scope;
	enum outcome outcomes[ENGINES];
} CLAIMS[] = {
	/* clang-format off */
	{ "a whiteout that is no regular file: ",      BELOW, { SAME,    SAME,    SAME } },
	{ "a whiteout in a directory that is named",   BELOW, { SAME,    SAME,    DIFFERS } },
	{ "AUFS metadata: ",                           ROUND, { DIFFERS, DIFFERS, DIFFERS } },
	{ "is there twice in one layer: ",             BELOW, { SAME,    FAILS,   FAILS } },
	{ "a device 0:0: ",                            BELOW, { SAME,    SAME,    DIFFERS } },
	{ "a hard link to a file of a lower layer: ",  NAMES, { SAME,    SAME,    FAILS } },
	{ "a hard link into AUFS metadata: ",          NAMES, { DIFFERS, DIFFERS, DIFFERS } },
	{ "the root is to be no directory: ",          BELOW, { FAILS,   FAILS,   SAME } },
	{ "written and then removed by one layer: ",   BELOW, { SAME,    EITHER,  FAILS } },
	{ "owner and mode of the root: ",              ABOVE, { SAME,    SAME,    DIFFERS } },
	{ "removed by a layer that has entries below", BELOW, { SAME,    SAME,    FAILS } },
	{ "no entry for a directory with ",            ABOVE, { SAME,    SAME,    DIFFERS } },
	{ "an opaque mark and then a whiteout of ",    BELOW, { SAME,    SAME,    FAILS } },
	{ "a parent is no directory in the same layer", ROUND, { FAILS,  FAILS,   FAILS } },
	{ "a parent is no directory: ",                ROUND, { FAILS,   FAILS,   SAME } },
	{ "a parent is a symlink: ",                   ROUND, { EITHER,  EITHER,  SAME } },
	{ "a parent is a symlink of the same layer: ", ROUND, { EITHER,  EITHER,  EITHER } },
	{ "a whiteout or opaque mark in a directory ", ABOVE, { SAME,    EITHER,  EITHER } },
	{ "a directory removed and made again ",       BELOW, { SAME,    SAME,    DIFFERS } },
	{ "an opaque mark follows, ",                  ROUND, { DIFFERS, EITHER,  SAME } },
	{ "a directory without an entry, in a setgid", ABOVE, { DIFFERS, DIFFERS, DIFFERS } },
	{ "a hard link to what is no regular file: ",  NAMES, { SAME,    DIFFERS, SAME } },
	{ "a hard link with another owner or mode ",   NAMES, { DIFFERS, SAME,    SAME } },
	{ "a hard link with attributes that its file", NAMES, { DIFFERS, SAME,    SAME } },
	{ "a default ACL: podman vfs, and podman ",    ROUND, { DIFFERS, DIFFERS, DIFFERS } },
	/* clang-format on */
};

static uint64_t first_seed;
static size_t stack_count;

/* Each worker has its own folder and its own tally, in memory that all share. */
enum { WORKERS = 2 };

static struct tally {
	bool is_here[ENGINES];
	size_t stacks, unpacked[ENGINES], failed[ENGINES], paths, explained, wrong;
} * tally;

/* The paths that an engine may show otherwise. */
struct affected {
	const struct stack *stack;
	enum engine engine;
	struct {
		char *path;
		bool below; /* what is below it, too */
	} paths[AFFECTED];
	size_t count;
	bool may_fail, must_fail;
};

static void complain(const struct affected *affected, uint64_t seed, const char *path,
		     const char *what)
{
	if (tally->wrong++ < SHOWN)
		print_message("# IMGTUI_SEED=%" PRIu64 " %s: '%s': %s\n", seed,
			      ENGINE_NAMES[affected->engine], path, what);
}

/* ---- What our problems explain ---- */

static bool is_affected(const struct affected *affected, const char *path)
{
	for (size_t i = 0; i < affected->count; i++) {
		size_t len = strlen(affected->paths[i].path);

		if (strncmp(path, affected->paths[i].path, len) == 0 &&
		    (!path[len] || (path[len] == '/' && affected->paths[i].below)))
			return true;
	}
	return false;
}

static void add_path(struct affected *affected, const char *path, bool below)
{
	if (affected->count == AFFECTED)
		fail_msg("more than %d affected paths", AFFECTED);
	affected->paths[affected->count].below = below;
	affected->paths[affected->count++].path = strdup(path);
}

static char *entry_path(const struct layer_index *layer, const struct layer_entry *entry)
{
	const char *folder = layer_string(layer, entry->folder);
	char *path;

	assert_true(asprintf(&path, "%s%s%s", folder, *folder ? "/" : "",
			     layer_string(layer, entry->name)) >= 0);
	return path;
}

static void add_above(struct affected *affected, unsigned layer, char *path, bool below)
{
	const struct tree *tree = affected->stack->tf.tree;
	struct tree_stat stat;

	for (char *end = path + strlen(path); end; end = strrchr(path, '/')) {
		*end = '\0';

		node_id node = tree_find(tree, path);

		if (node_is_none(node) || !tree_stat(tree, node, layer, &stat) ||
		    (stat.flags & TREE_ENGINES_DISAGREE))
			add_path(affected, path, below);
	}
	add_path(affected, "", false);
}

static void add_names(struct affected *affected, unsigned layer, const char *path)
{
	const struct tree *tree = affected->stack->tf.tree;
	node_id node = tree_find(tree, path), names[50];
	struct tree_stat stat;
	size_t count = 0;

	add_path(affected, path, true);
	if (!node_is_none(node) && tree_stat(tree, node, layer, &stat))
		count = tree_names(tree, stat.inode, layer, names, 50);
	for (size_t i = 0; i < count && i < 50; i++) {
		char *name = tree_path_new(tree, names[i]);

		add_path(affected, name + 1, false);
		free(name);
	}
}

static void add_aliases(struct affected *affected)
{
	for (size_t i = 0; i < affected->stack->alias_count; i++)
		add_path(affected, affected->stack->aliases[i].real, true);
}

static void add_claim(struct affected *affected, const struct claim *claim, unsigned layer,
		      const struct layer_entry *entry)
{
	enum outcome outcome = claim->outcomes[affected->engine];
	char *path = entry_path(affected->stack->tf.layers[layer - 1], entry);

	affected->may_fail |= outcome == FAILS || outcome == EITHER;
	affected->must_fail |= outcome == FAILS;
	if (outcome == SAME) {
		free(path);
		return;
	}
	if (claim->scope == NAMES) {
		add_names(affected, layer, path);
		/* The layer may have put another thing in the place of the link since. */
		add_names(affected, layer,
			  layer_string(affected->stack->tf.layers[layer - 1], entry->link));
	} else if (claim->scope == BELOW) {
		add_path(affected, path, true);
	} else {
		add_above(affected, layer, path, claim->scope == ROUND);
	}
	if (strstr(claim->text, "symlink"))
		add_aliases(affected);
	free(path);
}

static const struct layer_entry *entry_at(const struct layer_index *layer, uint64_t offset)
{
	for (size_t i = 0; i < layer_entry_count(layer); i++)
		if (layer_entry(layer, i)->header_offset == offset)
			return layer_entry(layer, i);
	fail_msg("no entry at %" PRIu64, offset);
	return NULL;
}

static void add_tree_problem(struct affected *affected, const struct problem *problem)
{
	unsigned layer = (unsigned)strtoul(problem->text + strlen("layer "), NULL, 10);
	const struct layer_entry *entry =
		entry_at(affected->stack->tf.layers[layer - 1], problem->offset);

	if (problem->kind == PROBLEM_DANGLING_HARDLINK) {
		affected->may_fail = affected->must_fail = true;
		return;
	}
	for (size_t i = 0; i < sizeof(CLAIMS) / sizeof(*CLAIMS); i++)
		if (strstr(problem->text, CLAIMS[i].text)) {
			add_claim(affected, &CLAIMS[i], layer, entry);
			return;
		}
	fail_msg("a problem of another kind: %s", problem->text);
}

/* A hard link to what an engine shows otherwise is another one there, too. */
static void add_links(struct affected *affected, const struct layer_index *layer)
{
	for (size_t i = 0; i < layer_entry_count(layer); i++) {
		const struct layer_entry *entry = layer_entry(layer, i);

		if (entry->type != TAR_HARDLINK ||
		    !is_affected(affected, layer_string(layer, entry->link)))
			continue;

		char *path = entry_path(layer, entry);

		add_path(affected, path, true);
		free(path);
	}
}

static void add_layer_problems(struct affected *affected, const struct problem_list *list)
{
	for (size_t i = 0; i < list->all.count; i++) {
		const struct problem *problem = &list->all.items[i];

		if (strstr(problem->text, "is there twice: umoci takes it, podman refuses"))
			affected->may_fail |= affected->engine != ENGINE_UMOCI;
		if (problem->kind != PROBLEM_INVALID_WHITEOUT)
			continue;
		affected->may_fail = true;
		add_path(affected, "real", true);
	}
}

static void explain(struct affected *affected)
{
	const struct tf *tf = &affected->stack->tf;

	for (size_t i = 0; i < tree_problems(tf->tree)->all.count; i++)
		add_tree_problem(affected, &tree_problems(tf->tree)->all.items[i]);
	for (size_t k = 0; k < tf->count; k++)
		add_layer_problems(affected, layer_problems(tf->layers[k]));
	for (size_t k = 0; k < tf->count; k++)
		add_links(affected, tf->layers[k]);
}

/* ---- Comparing ---- */

static void list_ours(const struct tree *tree, unsigned at, struct found_list *list)
{
	static const char LETTERS[] = {
		[TAR_FILE] = '0', [TAR_SYMLINK] = '2',      [TAR_CHAR] = '3',
		[TAR_DIR] = '5',  [TAR_BLOCK_DEVICE] = '4', [TAR_FIFO] = '6',
	};
	struct tree_iter it;
	struct tree_stat stat;
	node_id node;

	tree_iter_init(&it, tree, NODE_ROOT, at);
	while (tree_iter_next(&it, &node)) {
		char *path = tree_path_new(tree, node);

		assert_true(path && tree_stat(tree, node, at, &stat));
		memmove(path, path + 1, strlen(path));
		found_add(list,
			  &(struct found){
				  .path = path,
				  .type = LETTERS[stat.type],
				  .mode = stat.mode,
				  .size = stat.size,
				  .uid = stat.uid,
				  .gid = stat.gid,
				  .target = stat.type == TAR_SYMLINK ? strdup(stat.target) : NULL,
				  .inode = stat.inode.v,
			  });
	}
	found_sort(list);
}

/* podman makes a root of its own where the image has none: the same to all users. */
static bool is_plain_root(const struct found *root)
{
	return root->uid == 0 && root->gid == 0 && (root->mode == 0755 || root->mode == 0555);
}

static const char OTHER_GROUP[] = "another group of hard links";

/* How the two differ, or NULL. */
static const char *difference(const struct found *ours, const struct found *theirs)
{
	if (ours->type != theirs->type)
		return "another type";
	if (!*ours->path && is_plain_root(ours) && is_plain_root(theirs))
		return NULL;
	if (ours->uid != theirs->uid || ours->gid != theirs->gid)
		return "another owner";
	if (ours->type != '2' && ours->mode != theirs->mode) {
		static char text[60];

		snprintf(text, sizeof(text), "mode %04o, here %04o", theirs->mode, ours->mode);
		return text;
	}
	if (ours->type == '0' && ours->size != theirs->size)
		return "another size";
	if (ours->target && strcmp(ours->target, theirs->target) != 0)
		return "another target";
	if (strcmp(ours->first_name, theirs->first_name) != 0)
		return OTHER_GROUP;
	return NULL;
}

/* A name that an engine shows otherwise changes the group of the others. */
static bool is_name_affected(const struct affected *affected, const struct found_list *list,
			     const char *first_name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].first_name, first_name) == 0 &&
		    is_affected(affected, list->items[i].path))
			return true;
	return false;
}

static void judge(const struct affected *affected, uint64_t seed, const char *path,
		  const char *what)
{
	tally->paths++;
	if (!what)
		return;
	if (is_affected(affected, path))
		tally->explained++;
	else
		complain(affected, seed, path, what);
}

static void compare(const struct affected *affected, uint64_t seed, const struct found_list *ours,
		    const struct found_list *theirs)
{
	size_t i = 0, j = 0;

	while (i < ours->count || j < theirs->count) {
		int order = i == ours->count ? 1
			    : j == theirs->count
				    ? -1
				    : strcmp(ours->items[i].path, theirs->items[j].path);

		if (order < 0)
			judge(affected, seed, ours->items[i++].path, "only here");
		else if (order > 0)
			judge(affected, seed, theirs->items[j++].path, "only there");
		else {
			const char *what = difference(&ours->items[i], &theirs->items[j]);

			if (what == OTHER_GROUP &&
			    (is_name_affected(affected, ours, ours->items[i].first_name) ||
			     is_name_affected(affected, theirs, theirs->items[j].first_name))) {
				tally->explained++;
				what = NULL;
			}
			judge(affected, seed, ours->items[i].path, what);
			i++, j++;
		}
	}
}

/* ---- Stacks ---- */

static void check_engine(const struct stack *stack, enum engine engine, uint64_t seed,
			 const char *name)
{
	static struct affected affected;
	struct found_list ours = { 0 }, theirs = { 0 };
	char said[SAID];

	affected = (struct affected){ .stack = stack, .engine = engine };
	explain(&affected);
	if (engine_unpack(engine, name, &theirs, said, sizeof(said)) < 0) {
		tally->failed[engine]++;
		if (!affected.may_fail)
			complain(&affected, seed, "", said);
	} else {
		tally->unpacked[engine]++;
		if (affected.must_fail)
			complain(&affected, seed, "", "unpacks what we say it does not");
		list_ours(stack->tf.tree, (unsigned)stack->tf.count, &ours);
		compare(&affected, seed, &ours, &theirs);
	}
	found_done(&ours);
	found_done(&theirs);
	for (size_t i = 0; i < affected.count; i++)
		free(affected.paths[i].path);
}

/* Of a run that is repeated: all that was said. */
static void print_problems(const struct stack *stack)
{
	const struct problem_list *list = tree_problems(stack->tf.tree);

	for (size_t i = 0; i < list->all.count; i++)
		print_message("# %s\n", list->all.items[i].text);
	for (unsigned k = 1; k <= stack->tf.count; k++) {
		for (size_t i = 0; i < layer_entry_count(stack->tf.layers[k - 1]); i++) {
			const struct layer_index *layer = stack->tf.layers[k - 1];
			const struct layer_entry *entry = layer_entry(layer, i);
			char *path = entry_path(layer, entry);

			print_message("# layer %u: kind %d type %d %04o %" PRId64 ":%" PRId64
				      " %s -> %s\n",
				      k, entry->kind, entry->type, entry->mode, entry->uid,
				      entry->gid, path, layer_string(layer, entry->link));
			free(path);
		}
	}
}

static void check_stack(uint64_t seed, const char *name)
{
	static struct stack stack;
	size_t before = tally->wrong;

	stack_make(&stack, seed);
	ib_oci_layout(&stack.image, test_path(name), "t");
	for (enum engine engine = 0; engine < ENGINES; engine++)
		if (tally->is_here[engine])
			check_engine(&stack, engine, seed, name);
	if (tally->wrong > before && stack_count == 1)
		print_problems(&stack);
	stack_done(&stack);
}

/* Whether an engine unpacks the plainest image. */
static bool probe(enum engine engine)
{
	struct found_list found = { 0 };
	struct ib image = { 0 };
	struct tb tar = { 0 };
	char said[SAID];

	tb_dir(&tar, "d", 0755, 0, 0);
	tb_end(&tar);
	ib_layer(&image, &tar, "none", NULL);
	ib_oci_layout(&image, test_path("plain"), "t");

	bool works = engine_unpack(engine, "plain", &found, said, sizeof(said)) == 0;

	if (!works)
		print_message("# %s does not work here: %.300s\n", ENGINE_NAMES[engine], said);
	found_done(&found);
	ib_free(&image);
	tb_free(&tar);
	return works;
}

/* In a process of its own: every WORKERS-th stack. */
static void work(unsigned worker)
{
	for (enum engine engine = 0; engine < ENGINES; engine++)
		tally->is_here[engine] = probe(engine);
	for (size_t i = worker; i < stack_count; i += WORKERS) {
		char name[32];

		snprintf(name, sizeof(name), "stack%zu", i);
		check_stack(first_seed + i, name);
		if (++tally->stacks % RESET_EVERY == 0)
			engines_reset();
	}
	engines_reset();
}

static void run_workers(struct tally *tallies)
{
	pid_t children[WORKERS];
	int status;

	fflush(stdout);
	for (unsigned i = 0; i < WORKERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			tally = &tallies[i];
			work(i);
			exit(0); /* removes its folder */
		}
	}
	for (unsigned i = 0; i < WORKERS; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
}

static void add_tally(struct tally *sum, const struct tally *one)
{
	for (enum engine engine = 0; engine < ENGINES; engine++) {
		sum->is_here[engine] |= one->is_here[engine];
		sum->unpacked[engine] += one->unpacked[engine];
		sum->failed[engine] += one->failed[engine];
	}
	sum->stacks += one->stacks;
	sum->paths += one->paths;
	sum->explained += one->explained;
	sum->wrong += one->wrong;
}

static void engines_make_the_same_tree_or_we_say_so(void **state)
{
	struct tally *tallies = mmap(NULL, sizeof(*tallies) * WORKERS, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct tally sum = { 0 };

	(void)state;
	assert_ptr_not_equal(tallies, MAP_FAILED);
	run_workers(tallies);
	for (unsigned i = 0; i < WORKERS; i++)
		add_tally(&sum, &tallies[i]);
	munmap(tallies, sizeof(*tallies) * WORKERS);
	for (enum engine engine = 0; engine < ENGINES; engine++)
		if (sum.is_here[engine])
			print_message("# %s: %zu stacks unpacked, %zu refused\n",
				      ENGINE_NAMES[engine], sum.unpacked[engine],
				      sum.failed[engine]);
	print_message("# IMGTUI_SEED=%" PRIu64 ": %zu stacks, %zu paths compared, %zu differences "
		      "explained, %zu unexplained\n",
		      first_seed, sum.stacks, sum.paths, sum.explained, sum.wrong);
	assert_int_equal(sum.wrong, 0);
	assert_int_equal(sum.stacks, stack_count);
}

/* No engine at all, or none that may unpack. */
static const char *reason_to_skip(void)
{
	if (geteuid() != 0 || !engines_enter())
		return "not root, or no mounts of its own";
	if (system("{ command -v umoci || command -v podman; } >/dev/null 2>&1") != 0)
		return "neither umoci nor podman is here";
	return NULL;
}

static uint64_t number_of(const char *variable, uint64_t usual)
{
	const char *text = getenv(variable);

	return text && *text ? strtoull(text, NULL, 10) : usual;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(engines_make_the_same_tree_or_we_say_so),
	};

	const char *reason = reason_to_skip();

	if (reason) {
		printf("1..0 # SKIP %s\n", reason);
		return 0;
	}
	first_seed = number_of("IMGTUI_SEED", (uint64_t)time(NULL) * 1000000);
	stack_count = (size_t)number_of("IMGTUI_STACKS", STACKS);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
