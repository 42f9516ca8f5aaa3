/*
 * Programs of this machine with all that they need, as an image: the libraries
 * that are found must be those of ldd(1), at the same places.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/host.h"

enum { PROGRAMS = 6, LIBRARIES = 64 };

static const char *const NAMES[PROGRAMS] = {
	"/bin/ls", "/bin/bash", "/usr/bin/git", "/usr/bin/skopeo", "/usr/bin/perl", "/usr/bin/gdb",
};

/* ---- What ldd says ---- */

struct oracle {
	char *paths[LIBRARIES];
	size_t count;
};

/* "	libc.so.6 => /lib/libc.so.6 (0x…)", or the loader: "	/lib64/ld-linux.so.2 (0x…)". */
static void ask_ldd(const char *program, struct oracle *oracle)
{
	char command[PATH_MAX], line[PATH_MAX];

	oracle->count = 0;
	snprintf(command, sizeof(command), "ldd %s 2>/dev/null", program);

	FILE *in = popen(command, "r");

	assert_non_null(in);
	while (oracle->count < LIBRARIES && fgets(line, sizeof(line), in)) {
		char *path = strchr(line, '/');

		if (!path)
			continue;
		path[strcspn(path, " \n")] = '\0';
		oracle->paths[oracle->count++] = strdup(path);
	}
	pclose(in);
}

static void free_oracle(struct oracle *oracle)
{
	while (oracle->count > 0)
		free(oracle->paths[--oracle->count]);
}

static bool has_path(const struct oracle *oracle, const char *path)
{
	for (size_t i = 0; i < oracle->count; i++)
		if (strcmp(oracle->paths[i], path) == 0)
			return true;
	return false;
}

/* ---- The image ---- */

static void add_file(struct tb *tar, const char *path)
{
	char real[PATH_MAX];
	size_t len;

	assert_non_null(realpath(path, real));

	unsigned char *bytes = test_read(real, &len);

	tb_add(tar, &(struct tb_entry){
			    .path = real + 1, .type = '0', .mode = 0755, .body = bytes, .size = len });
	free(bytes);
}

/* The file and, if its last component is a link, the link in its real folder. */
static void add_path(struct tb *tar, const char *path)
{
	char folder[PATH_MAX], real[PATH_MAX], name[PATH_MAX + 300];
	const char *base = strrchr(path, '/') + 1;

	add_file(tar, path);
	snprintf(name, sizeof(name), "%.*s", (int)(base - path), path);
	assert_non_null(realpath(name, folder));
	assert_non_null(realpath(path, real));
	snprintf(name, sizeof(name), "%s/%s", folder, base);
	if (strcmp(name, real) != 0)
		tb_symlink(tar, name + 1, real);
}

static void add_links(struct tb *tar)
{
	static const char *const FOLDERS[] = { "/bin", "/lib", "/lib64", "/lib32" };

	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++) {
		char target[PATH_MAX];
		ssize_t len = readlink(FOLDERS[i], target, sizeof(target) - 1);

		if (len < 0)
			continue;
		target[len] = '\0';
		tb_symlink(tar, FOLDERS[i] + 1, target);
	}
}

static int open_host(void **state)
{
	static struct host host;
	struct oracle oracle;
	struct tb tar = { 0 };

	add_links(&tar);
	if (access("/etc/ld.so.cache", R_OK) == 0)
		add_path(&tar, "/etc/ld.so.cache");
	for (size_t i = 0; i < PROGRAMS; i++) {
		if (access(NAMES[i], X_OK) != 0)
			continue;
		add_path(&tar, NAMES[i]);
		ask_ldd(NAMES[i], &oracle);
		for (size_t k = 0; k < oracle.count; k++)
			add_path(&tar, oracle.paths[k]);
		free_oracle(&oracle);
	}
	host_open(&host, &tar);
	*state = &host;
	return 0;
}

static int close_host(void **state)
{
	host_close(*state);
	return 0;
}

static void compare(const struct host *host, const char *program)
{
	static const struct identity USER = { .uid = 1000, .gid = 100 };
	const struct start_input input = { &host->content, &host->config, &USER,
					   (const char *const[]){ program, NULL } };
	struct oracle oracle;
	struct err err = { 0 };
	struct start *start;
	size_t count = 0;

	ask_ldd(program, &oracle);
	if (start_follow(&input, &start, &err) < 0)
		fail_msg("%s", err.text);
	if (start->obstacle != START_OK)
		fail_msg("%s %s: %s", program, start->steps[start->step_count - 1].path,
			 start_obstacle_text(start->obstacle));
	for (size_t i = 0; i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];

		if (step->kind != START_STEP_LIBRARY && step->kind != START_STEP_LOADER)
			continue;
		count++;
		if (!has_path(&oracle, step->path))
			fail_msg("%s: ldd does not have %s", program, step->path);
	}
	assert_int_equal(count, oracle.count);
	free_oracle(&oracle);
	start_free(start);
}

static void libraries_are_those_of_ldd(void **state)
{
	for (size_t i = 0; i < PROGRAMS; i++)
		if (access(NAMES[i], X_OK) == 0)
			compare(*state, NAMES[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(libraries_are_those_of_ldd),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_host, close_host);
}
