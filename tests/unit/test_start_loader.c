/*
 * The loader of this machine as oracle: in a small root of its own one library of
 * ls(1) lies elsewhere, with and without a cache; what the loader takes, and what
 * it does not find, must be what we say. Needs root and glibc.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/host.h"

enum { LINE_ROOM = 2 * PATH_MAX };

/* What ls needs beside the C library is NAME, in the folder HOME of the root. */
static const char PRELUDE[] =
	"PATH=$PATH:/sbin:/usr/sbin; umask 022\n"
	"libraries=$(ldd /bin/ls | sed -n 's/.*[ \t]\\(\\/[^ ]*\\) (.*/\\1/p')\n"
	"loader=$(echo \"$libraries\" | grep '/ld-linux') || exit 1\n"
	"at=$(echo \"$libraries\" | grep -v '/ld-linux\\|/libc\\.' | head -n 1)\n"
	"[ \"$at\" ] && command -v ldconfig >/dev/null || exit 1\n"
	"rm -rf root; mkdir -p root/usr/lib root/usr/lib64 root/etc root/opt && cd root || exit 1\n"
	"for link in bin lib lib64; do\n"
	"	[ -L /$link ] && ln -s usr/$link $link\n"
	"done\n"
	"mkdir -p usr/bin lib lib64 bin; cp /bin/ls bin/ls\n"
	"for path in $libraries; do\n"
	"	real=$(readlink -f \"$path\")\n"
	"	mkdir -p \".${path%/*}\" \".${real%/*}\"; cp \"$real\" \".$real\"\n"
	"	[ -e \".$path\" ] || ln -s \"$real\" \".$path\"\n"
	"done\n"
	"NAME=${at##*/} HOME=.${at%/*}; echo \"$loader\" >../loader\n"
	"take() { cp --remove-destination \"$(readlink -f \"$at\")\" \"$1/$NAME\"; }\n"
	"away() { rm -f \".$at\"; }\n"
	"level() { mkdir -p \"$1/glibc-hwcaps/$2\"; take \"$1/glibc-hwcaps/$2\"; }\n"
	"cache() { echo /opt >etc/ld.so.conf; ldconfig -X -r . \"$@\" 2>/dev/null; }\n";

/* A root: how it is made, and LD_LIBRARY_PATH. */
static const struct place {
	const char *name, *commands, *folders;
} PLACES[] = {
	/* clang-format off */
	{ "as it is",                ":", "" },
	{ "nowhere",                 "away", "" },
	{ "a folder of nobody",      "away; take opt", "" },
	{ "no cache",                "away; take opt; echo /opt >etc/ld.so.conf", "" },
	{ "in the cache",            "away; take opt; cache", "" },
	{ "in a compatible cache",   "away; take opt; cache -c compat", "" },
	{ "newer than the cache",    "away; cache; take opt", "" },
	{ "gone since",              "away; take opt; cache; rm opt/*", "" },
	{ "moved since",             "away; take opt; cache; mv opt/* usr/lib", "" },
	{ "what is no cache",        "away; take opt; cache; echo no >etc/ld.so.cache", "" },
	{ "the end of a cache",      "away; take opt; cache; truncate -s -200 etc/ld.so.cache", "" },
	{ "a default and a cache",   "take opt; cache", "" },
	{ "the environment first",   "take opt; cache; mkdir own; take own", "/none:/own" },
	{ "a level of a default",    "level \"$HOME\" x86-64-v3; level \"$HOME\" x86-64-v2", "" },
	{ "a level in the cache",    "away; take opt; level opt x86-64-v2; cache", "" },
	{ "levels in the cache",     "away; level opt x86-64-v2; level opt x86-64-v3; cache", "" },
	{ "levels, compatible",      "away; take opt; level opt x86-64-v2; cache -c compat", "" },
	{ "an unknown level",        "level opt x86-64-v9; cache; away", "" },
	{ "a level of the environment", "mkdir own; level own x86-64-v2", "/own" },
	{ "a folder for $LIB",       "mkdir -p \"own/$HOME\"; take \"own/$HOME\"", "/own/$LIB" },
	{ "in braces",               "mkdir -p \"own/$HOME\"; take \"own/$HOME\"", "/own/${LIB}:/x" },
	{ "no token",                "mkdir -p 'own/$LIBS'; take 'own/$LIBS'", "/own/$LIBS" },
	/* clang-format on */
};

static bool make_place(const struct place *place)
{
	char command[LINE_ROOM];

	snprintf(command, sizeof(command), "cd '%s' && {\n%s%s\n}", test_dir(), PRELUDE,
		 place->commands);
	return system(command) == 0;
}

/* ---- What the loader says ---- */

struct said {
	char paths[64][PATH_MAX]; /* the first that is not found is the last, by its name */
	size_t count;
	bool is_missing;
};

/* "	libc.so.6 => /lib/libc.so.6 (0x…)", the loader alone, or that one is missing. */
static void read_line(char *line, struct said *said)
{
	static const char MISSING[] = "error while loading shared libraries: ";
	char *path = strstr(line, MISSING);

	said->is_missing = path != NULL;
	path = path ? path + sizeof(MISSING) - 1 : strchr(line, '/');
	if (!path)
		return;
	path[strcspn(path, said->is_missing ? ":" : " \n")] = '\0';
	snprintf(said->paths[said->count++], PATH_MAX, "%s", path);
}

static void ask_loader(const struct place *place, struct said *said)
{
	char command[LINE_ROOM], line[LINE_ROOM];

	*said = (struct said){ 0 };
	snprintf(command, sizeof(command),
		 "cd '%s' && LD_LIBRARY_PATH= chroot root \"$(cat loader)\" "
		 "--library-path '%s' --list /bin/ls 2>&1",
		 test_dir(), place->folders);
	/* An empty list would be the working directory. */
	if (!*place->folders)
		snprintf(command, sizeof(command),
			 "cd '%s' && chroot root \"$(cat loader)\" --list /bin/ls 2>&1",
			 test_dir());

	FILE *in = popen(command, "r");

	assert_non_null(in);
	while (!said->is_missing && said->count < 64 && fgets(line, sizeof(line), in))
		read_line(line, said);
	pclose(in);
}

static bool has_path(const struct said *said, const char *path)
{
	for (size_t i = 0; i < said->count; i++)
		if (strcmp(said->paths[i], path) == 0)
			return true;
	return false;
}

/* ---- What we say ---- */

static void open_root(struct host *host)
{
	char command[LINE_ROOM];
	size_t len;
	struct tb tar = { 0 };

	snprintf(command, sizeof(command), "cd '%s' && tar -C root -cf root.tar .", test_dir());
	assert_int_equal(system(command), 0);

	unsigned char *bytes = test_read(test_path("root.tar"), &len);

	tb_raw(&tar, bytes, len);
	free(bytes);
	host_open(host, &tar);
}

static void compare(const struct place *place, const struct start *start, const struct said *said)
{
	const struct start_step *last = &start->steps[start->step_count - 1];
	size_t count = 0;

	if (said->is_missing) {
		const char *name = said->paths[said->count - 1];

		if (start->obstacle != START_NO_LIBRARY || strcmp(last->path, name) != 0)
			fail_msg("%s: the loader does not find %s, here %s %s", place->name, name,
				 last->path, start_obstacle_text(start->obstacle));
		return;
	}
	if (start->obstacle != START_OK)
		fail_msg("%s: %s %s", place->name, last->path,
			 start_obstacle_text(start->obstacle));
	for (size_t i = 0; i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];

		if (step->kind != START_STEP_LIBRARY && step->kind != START_STEP_LOADER)
			continue;
		count++;
		if (!has_path(said, step->path))
			fail_msg("%s: the loader does not take %s", place->name, step->path);
	}
	assert_int_equal(count, said->count);
}

static void check_place(const struct place *place)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	struct host host;
	struct said said;
	struct err err = { 0 };
	struct start *start;
	char variable[LINE_ROOM];

	if (!make_place(place))
		fail_msg("%s: cannot be made", place->name);
	ask_loader(place, &said);
	open_root(&host);
	snprintf(variable, sizeof(variable), "LD_LIBRARY_PATH=%s", place->folders);
	host.config.env = (const char *[]){ variable, NULL };

	const struct start_input input = { &host.content, &host.config, &USER,
					   (const char *const[]){ "/bin/ls", NULL } };

	if (start_follow(&input, &start, &err) < 0)
		fail_msg("%s", err.text);
	compare(place, start, &said);
	start_free(start);
	host_close(&host);
}

static void libraries_are_found_where_the_loader_finds_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(PLACES) / sizeof(*PLACES); i++)
		check_place(&PLACES[i]);
}

/* Levels are named that this machine must have, too. */
static const char *reason_to_skip(void)
{
	static const char LEVELS[] =
		"$(ldd /bin/ls | sed -n 's/^[ \t]*\\(\\/[^ ]*\\) .*/\\1/p') --help 2>/dev/null | "
		"grep -q 'x86-64-v3 (supported, searched)'";

	if (geteuid() != 0 || system("chroot / true 2>/dev/null") != 0)
		return "not root";
	if (system(LEVELS) != 0)
		return "no loader of glibc here that has x86-64-v3";
	if (!make_place(&PLACES[0]))
		return "ls has no library that could lie elsewhere";
	return NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_are_found_where_the_loader_finds_them),
	};
	const char *reason = reason_to_skip();

	if (reason) {
		printf("1..0 # SKIP %s\n", reason);
		return 0;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
