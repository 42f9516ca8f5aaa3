/*
 * The script, run by every shell that is here on an unpacked tree. Most tests
 * need root, since they chown; without it they pass and say so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "lib/emitted.h"
#include "tree/tree_iter.h"

enum { HOSTILE_NAMES = 200, MANY = 1500 };

static bool needs_root(void)
{
	if (geteuid() == 0)
		return false;
	print_message("# SKIP: needs root\n");
	return true;
}

/* test_path() that lasts: its own buffers are used again after a few calls. */
static const char *lasting_path(const char *name)
{
	static char paths[40][4200];
	static unsigned next;
	char *path = paths[next++ % 40];

	snprintf(path, sizeof(paths[0]), "%s", test_path(name));
	return path;
}

/* Run a program with its output thrown away: its exit status. */
static int run_in(const char *folder, const char *const *words)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, 1);
		dup2(null, 2);
		if (chdir(folder) == 0)
			execvp(words[0], (char *const *)(uintptr_t)words);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int run_script(const char *shell, const char *script, const char *root)
{
	const char *const plain[] = { shell, script, root, NULL };
	const char *const busybox[] = { "busybox", "sh", script, root, NULL };

	return run_in(test_dir(), strcmp(shell, "busybox") == 0 ? busybox : plain);
}

static void script_of(const struct emitted *emitted, const char *path)
{
	struct sink *sink;
	struct err err = { 0 };
	const void *bytes;
	size_t len;

	assert_int_equal(sink_memory_open(&sink, NULL), 0);
	if (emit_script(&emitted->input, sink, &err) < 0)
		fail_msg("%s", err.text);
	bytes = sink_memory_bytes(sink, &len);
	test_write(path, bytes, len);
	sink_close(sink);
}

/* The image's tree on disk, by GNU tar or whatever 'tar' is here. */
static void unpack(const struct tb *tar, const char *root)
{
	const char *file = lasting_path("layer.tar");
	const char *const words[] = { "tar", "-xpf", file, "--numeric-owner", "-C", root, NULL };

	assert_int_equal(mkdir(root, 0755), 0);
	test_write(file, tar->bytes, tar->len);
	assert_int_equal(run_in(test_dir(), words), 0);
}

/* Every path on disk is as the preview says. */
static void compare_with_preview(const struct emitted *emitted, const char *root)
{
	unsigned top = (unsigned)tree_layer_count(emitted->preview);
	struct tree_iter it;
	node_id node;

	tree_iter_init(&it, emitted->preview, NODE_ROOT, top);
	while (tree_iter_next(&it, &node)) {
		char path[4300], own[4096];
		struct tree_stat stat;
		struct stat there;

		if (node.v == NODE_ROOT.v)
			continue;
		assert_true(tree_stat(emitted->preview, node, top, &stat));
		tree_path(emitted->preview, node, own, sizeof(own));
		snprintf(path, sizeof(path), "%s%s", root, own);
		if (lstat(path, &there) < 0)
			fail_msg("%s is not there", own);
		if (there.st_uid != (uid_t)stat.uid || there.st_gid != (gid_t)stat.gid)
			fail_msg("%s is owned by %u:%u", own, there.st_uid, there.st_gid);
		if (stat.type != TAR_SYMLINK && (there.st_mode & 07777) != stat.mode)
			fail_msg("%s is %04o, not %04o", own, there.st_mode & 07777, stat.mode);
		if (stat.body)
			assert_int_equal(there.st_size, stat.size);
	}
}

static void open_tar(struct emitted *emitted, struct tb *tar)
{
	struct ib image = { 0 };

	tb_end(tar);
	ib_layer(&image, tar, "none", "RUN x");
	emitted_open_built(emitted, &image);
}

/* ---- Hostile names ---- */

static unsigned next_random(void)
{
	static uint32_t seed = 12345;

	seed = seed * 1664525 + 1013904223;
	return seed >> 8;
}

/* A name of 1 to 200 bytes; never ".", "..", a whiteout, or with NUL or slash. */
static void make_name(char name[256], unsigned i)
{
	static const char *const hostile[] = {
		"$(touch CANARY)",
		"`touch CANARY`",
		"'; touch CANARY; '",
		"\"; touch CANARY; \"",
		"-rf",
		"--reference=x",
		"new\nline",
		"a\n; touch CANARY\n",
		"*",
		"?",
		"[a]",
		"~",
		"$HOME",
		"\\",
		"\\'",
		"'",
		"''",
		"\"",
		" lead",
		"trail ",
		"\t",
		"#",
		"&",
		"|touch CANARY",
		"\r",
		"\033[2J",
		"\377\376",
		"\303",
		"!",
		"-",
		"--",
		"%s%n",
		"$'\\n'",
		"(",
		">CANARY",
		"{a,b}",
		";",
		"a=b",
	};
	size_t len = i % 7 == 0 ? 200 : 1 + next_random() % 60;

	if (i < sizeof(hostile) / sizeof(*hostile)) {
		snprintf(name, 256, "%s", hostile[i]);
		return;
	}
	for (size_t at = 0; at < len; at++) {
		do
			name[at] = (char)(unsigned char)(1 + next_random() % 255);
		while (name[at] == '/');
	}
	/* Unlike the others before it. */
	snprintf(name + len, 256 - len, "%u", i);
}

static void build_hostile(struct tb *tar, char names[HOSTILE_NAMES][256])
{
	tb_dir(tar, "d", 0755, 0, 0);
	for (unsigned i = 0; i < HOSTILE_NAMES; i++) {
		char path[300];

		make_name(names[i], i);
		snprintf(path, sizeof(path), "d/%.255s", names[i]);
		if (i % 10 == 3)
			tb_symlink(tar, path, "/etc/passwd");
		else if (i % 10 == 4)
			tb_dir(tar, path, 0700, i, 0);
		else
			tb_file(tar, path, 0600 + i % 64, i, 5, "x");
	}
}

static void plan_hostile(struct emitted *emitted, char names[HOSTILE_NAMES][256])
{
	for (unsigned i = 0; i < HOSTILE_NAMES; i++) {
		char path[300];

		snprintf(path, sizeof(path), "d/%.255s", names[i]);
		if (i % 3)
			emitted_want(emitted, &(struct tree_want){ .path = path,
								   .set_uid = true,
								   .uid = 1000 + i % 4 });
		if (i % 2 && i % 10 != 3)
			emitted_want(emitted, &(struct tree_want){ .path = path,
								   .set_mode = true,
								   .mode = 0640 | (i % 5) });
	}
	emitted_preview(emitted);
}

static void names_are_bytes_and_nothing_is_executed(void **state)
{
	static const char *const shells[] = { "sh", "bash", "busybox" };
	static char names[HOSTILE_NAMES][256];
	struct emitted emitted;
	struct tb tar = { 0 };
	const char *script = lasting_path("hostile.sh");

	(void)state;
	if (needs_root())
		return;
	build_hostile(&tar, names);
	open_tar(&emitted, &tar);
	plan_hostile(&emitted, names);
	script_of(&emitted, script);
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		char name[64];
		const char *root;
		int status;

		snprintf(name, sizeof(name), "hostile root %zu", i);
		root = lasting_path(name);
		unpack(&tar, root);
		status = run_script(shells[i], script, root);
		if (status == 127 && i > 0)
			continue; /* this shell is not here */
		if (status != 0)
			fail_msg("%s gives %d", shells[i], status);
		compare_with_preview(&emitted, root);
		assert_int_equal(access(test_path("CANARY"), F_OK), -1);
		snprintf(name, sizeof(name), "hostile root %zu/CANARY", i);
		assert_int_equal(access(test_path(name), F_OK), -1);
		/* A second run changes nothing and does not fail. */
		assert_int_equal(run_script(shells[i], script, root), 0);
		compare_with_preview(&emitted, root);
	}
	tb_free(&tar);
	emitted_done(&emitted);
}

static void many_paths_share_few_commands(void **state)
{
	struct emitted emitted;
	struct tb tar = { 0 };
	const char *script = lasting_path("many.sh"), *root = lasting_path("many");
	unsigned char *text;
	size_t len, lines = 0;

	(void)state;
	tb_dir(&tar, "d", 0755, 0, 0);
	for (unsigned i = 0; i < MANY; i++) {
		char path[40];

		snprintf(path, sizeof(path), "d/file-%u", i);
		tb_file(&tar, path, 0600, 0, 0, "");
	}
	open_tar(&emitted, &tar);
	assert_int_equal(plan_begin_step(emitted.plan, "R", "t", NULL), 0);
	for (unsigned i = 0; i < MANY; i++) {
		char path[40];

		snprintf(path, sizeof(path), "d/file-%u", i);
		assert_int_equal(plan_want(emitted.plan,
					   &(struct tree_want){ .path = path,
								.set_uid = true,
								.uid = 1000,
								.set_mode = true,
								.mode = 0640 },
					   NULL),
				 0);
	}
	plan_end_step(emitted.plan);
	emitted_preview(&emitted);
	script_of(&emitted, script);
	text = test_read(script, &len);
	for (size_t i = 0; i < len; i++)
		lines += text[i] == '\n';
	assert_true(lines < 120);
	free(text);
	if (!needs_root()) {
		unpack(&tar, root);
		assert_int_equal(run_script("sh", script, root), 0);
		compare_with_preview(&emitted, root);
	}
	tb_free(&tar);
	emitted_done(&emitted);
}

/* chmod(1) of GNU leaves them where it is told "0755". */
static void directories_lose_setgid(void **state)
{
	const char *script = lasting_path("setgid.sh"), *root = lasting_path("setgid-root");
	struct emitted emitted;
	struct tb tar = { 0 };

	(void)state;
	tb_dir(&tar, "d", 02755, 0, 0);
	tb_dir(&tar, "e", 02755, 0, 0);
	open_tar(&emitted, &tar);
	emitted_want(&emitted, &(struct tree_want){ .path = "d", .set_mode = true, .mode = 0755 });
	emitted_want(&emitted, &(struct tree_want){ .path = "e/new",
						    .create = true,
						    .type = TAR_DIR,
						    .set_mode = true,
						    .mode = 0755 });
	emitted_preview(&emitted);
	script_of(&emitted, script);
	if (!needs_root()) {
		unpack(&tar, root);
		assert_int_equal(run_script("sh", script, root), 0);
		compare_with_preview(&emitted, root);
	}
	tb_free(&tar);
	emitted_done(&emitted);
}

/* ---- What it makes ---- */

static void build_small(struct tb *tar)
{
	tb_dir(tar, "etc", 0755, 0, 0);
	tb_file(tar, "etc/passwd", 0644, 3, 4, "old\n");
	tb_hardlink(tar, "etc/passwd2", "etc/passwd");
	tb_dir(tar, "bin", 0755, 0, 0);
	tb_file(tar, "bin/su", 04755, 0, 0, "su");
	tb_file(tar, "etc/-f '$(x)", 0600, 0, 0, "secret");
}

static void plan_small(struct emitted *emitted)
{
	static const char body[] = "-line%s\n\\n'\0\377end";

	emitted_want(emitted, &(struct tree_want){ .path = "etc/passwd",
						   .body = body,
						   .body_len = sizeof(body) - 1 });
	emitted_want(emitted, &(struct tree_want){ .path = "bin/su", .set_gid = true, .gid = 7 });
	emitted_want(emitted, &(struct tree_want){ .path = "etc/-f '$(x)", .remove = true });
	emitted_want(emitted, &(struct tree_want){ .path = "home",
						   .create = true,
						   .type = TAR_DIR,
						   .set_mode = true,
						   .mode = 0755 });
	emitted_want(emitted, &(struct tree_want){ .path = "home/me",
						   .create = true,
						   .type = TAR_DIR,
						   .set_mode = true,
						   .mode = 01750,
						   .set_uid = true,
						   .uid = 1000,
						   .set_gid = true,
						   .gid = 100 });
	emitted_want(emitted, &(struct tree_want){ .path = "home/me/e",
						   .create = true,
						   .type = TAR_FILE,
						   .set_mode = true,
						   .mode = 0604 });
	emitted_want(emitted, &(struct tree_want){ .path = "home/l",
						   .create = true,
						   .type = TAR_SYMLINK,
						   .target = "-f 'x",
						   .set_uid = true,
						   .uid = 5 });
	emitted_preview(emitted);
}

/* Still one file, with two names. */
static void assert_same_file(const char *first, const char *second)
{
	struct stat one, other;

	assert_int_equal(stat(test_path(first), &one), 0);
	assert_int_equal(stat(test_path(second), &other), 0);
	assert_int_equal(one.st_nlink, 2);
	assert_int_equal(one.st_ino, other.st_ino);
}

static void contents_folders_and_links_are_made(void **state)
{
	static const char *const shells[] = { "sh", "bash", "busybox" };
	static const char body[] = "-line%s\n\\n'\0\377end";
	struct emitted emitted;
	struct tb tar = { 0 };
	const char *script = lasting_path("small.sh");

	(void)state;
	if (needs_root())
		return;
	build_small(&tar);
	open_tar(&emitted, &tar);
	plan_small(&emitted);
	script_of(&emitted, script);
	for (size_t i = 0; i < 3; i++) {
		char name[64], second[64], target[20] = "";
		unsigned char *bytes;
		size_t len;
		int status;

		snprintf(name, sizeof(name), "small%zu", i);
		unpack(&tar, test_path(name));
		/* As a relative path. */
		status = run_script(shells[i], script, name);
		if (status == 127 && i > 0)
			continue;
		assert_int_equal(status, 0);
		compare_with_preview(&emitted, test_path(name));
		snprintf(name, sizeof(name), "small%zu/etc/passwd", i);
		bytes = test_read(test_path(name), &len);
		assert_int_equal(len, sizeof(body) - 1);
		assert_memory_equal(bytes, body, len);
		free(bytes);
		snprintf(second, sizeof(second), "small%zu/etc/passwd2", i);
		assert_same_file(name, second);
		snprintf(name, sizeof(name), "small%zu/home/l", i);
		assert_int_equal(readlink(test_path(name), target, sizeof(target) - 1), 5);
		assert_string_equal(target, "-f 'x");
		snprintf(name, sizeof(name), "small%zu/etc/-f '$(x)", i);
		assert_int_equal(access(test_path(name), F_OK), -1);
		snprintf(name, sizeof(name), "small%zu/etc/.imgtui-new", i);
		assert_int_equal(access(test_path(name), F_OK), -1);
	}
	tb_free(&tar);
	emitted_done(&emitted);
}

/* ---- What it refuses ---- */

static void the_hosts_root_is_refused(void **state)
{
	static const char *const roots[] = { "/", "//", "/usr/..", "../../../../../../../../..",
					     "" };
	static const char *const shells[] = { "sh", "bash", "busybox" };
	struct emitted emitted;
	struct tb tar = { 0 };
	const char *script = lasting_path("root.sh");

	(void)state;
	/* A path that no host has, should the script not refuse. */
	tb_dir(&tar, "imgtui-no-such-folder", 0755, 0, 0);
	open_tar(&emitted, &tar);
	emitted_want(&emitted, &(struct tree_want){ .path = "imgtui-no-such-folder",
						    .set_mode = true,
						    .mode = 0700 });
	emitted_preview(&emitted);
	script_of(&emitted, script);
	for (size_t s = 0; s < 3; s++) {
		for (size_t i = 0; i < sizeof(roots) / sizeof(*roots); i++) {
			int status = run_script(shells[s], script, roots[i]);

			if (status != 2 && !(status == 127 && s > 0))
				fail_msg("%s with '%s' gives %d", shells[s], roots[i], status);
		}
	}
	tb_free(&tar);
	emitted_done(&emitted);
}

static void a_link_on_the_way_is_refused(void **state)
{
	struct emitted emitted;
	struct tb tar = { 0 };
	struct stat before, after;
	const char *script = lasting_path("link.sh"), *root = lasting_path("link"),
		   *outside = lasting_path("outside");

	(void)state;
	if (needs_root())
		return;
	tb_dir(&tar, "d", 0755, 0, 0);
	tb_file(&tar, "d/x", 0600, 0, 0, "x");
	open_tar(&emitted, &tar);
	emitted_want(&emitted, &(struct tree_want){ .path = "d/x",
						    .set_uid = true,
						    .uid = 1000,
						    .set_mode = true,
						    .mode = 0666 });
	emitted_preview(&emitted);
	script_of(&emitted, script);
	assert_int_equal(mkdir(root, 0755), 0);
	assert_int_equal(mkdir(outside, 0755), 0);
	test_write(test_path("outside/x"), "x", 1);
	assert_int_equal(symlink("../outside", test_path("link/d")), 0);
	assert_int_equal(stat(test_path("outside/x"), &before), 0);
	assert_int_equal(run_script("sh", script, root), 2);
	assert_int_equal(stat(test_path("outside/x"), &after), 0);
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	/* The path itself as a link: its owner changes, what it leads to does not. */
	assert_int_equal(unlink(test_path("link/d")), 0);
	assert_int_equal(mkdir(test_path("link/d"), 0755), 0);
	assert_int_equal(symlink("../../outside/x", test_path("link/d/x")), 0);
	assert_int_equal(run_script("sh", script, root), 2);
	assert_int_equal(stat(test_path("outside/x"), &after), 0);
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	tb_free(&tar);
	emitted_done(&emitted);
}

static void contents_never_go_through_a_link(void **state)
{
	static const char *const planted[] = { "planted/etc/.imgtui-new", "planted/etc/passwd",
						"planted/etc/passwd2" };
	struct emitted emitted;
	struct tb tar = { 0 };
	const char *script = lasting_path("planted.sh"), *root = lasting_path("planted");

	(void)state;
	if (needs_root())
		return;
	build_small(&tar);
	open_tar(&emitted, &tar);
	plan_small(&emitted);
	script_of(&emitted, script);
	test_write(test_path("precious"), "precious", 8);
	unpack(&tar, root);
	for (size_t i = 0; i < sizeof(planted) / sizeof(*planted); i++) {
		unsigned char *bytes;
		size_t len;

		unlink(test_path(planted[i]));
		assert_int_equal(symlink("../../precious", test_path(planted[i])), 0);
		assert_int_equal(run_script("sh", script, root), 2);
		bytes = test_read(test_path("precious"), &len);
		assert_int_equal(len, 8);
		assert_memory_equal(bytes, "precious", 8);
		free(bytes);
		assert_int_equal(unlink(test_path(planted[i])), 0);
	}
	tb_free(&tar);
	emitted_done(&emitted);
}

static void config_changes_are_harmless_comments(void **state)
{
	static const char *const env[] = { "A=1\ntouch CANARY\n", "OLD", NULL };
	const struct config_edit edit = { .user = "1000\ntouch CANARY\n", .env = env };
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	unsigned char *text;
	size_t len;

	(void)state;
	tb_dir(&tar, "d", 0755, 0, 0);
	tb_end(&tar);
	ib_config(&image, "{\"Env\":[\"OLD=x\",\"KEPT=1\"]}");
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	emitted_config(&emitted, &edit);
	emitted_preview(&emitted);
	script_of(&emitted, test_path("config.sh"));
	text = test_read(test_path("config.sh"), &len);
	assert_null(strstr((char *)text, "\ntouch"));
	assert_non_null(
		strstr((char *)text, "# In the image's configuration, not here: USER 1000\\n"));
	assert_non_null(strstr((char *)text, "not here: ENV A=1\\n"));
	assert_non_null(strstr((char *)text, "not here: no longer ENV OLD=x"));
	assert_null(strstr((char *)text, "KEPT"));
	free(text);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_bytes_and_nothing_is_executed),
		cmocka_unit_test(many_paths_share_few_commands),
		cmocka_unit_test(contents_folders_and_links_are_made),
		cmocka_unit_test(the_hosts_root_is_refused),
		cmocka_unit_test(a_link_on_the_way_is_refused),
		cmocka_unit_test(contents_never_go_through_a_link),
		cmocka_unit_test(directories_lose_setgid),
		cmocka_unit_test(config_changes_are_harmless_comments),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
