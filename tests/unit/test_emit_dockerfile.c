/* The plan as a Dockerfile: its lines, and that no name of the image becomes one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <jansson.h>
#include <sys/wait.h>

#include "lib/emitted.h"

static void open_small(struct emitted *emitted, const char *config)
{
	struct ib image = { 0 };
	struct tb tar = { 0 };

	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/passwd", 0644, 0, 0, "root:x:0:0::/:/bin/sh\n");
	tb_file(&tar, "etc/group", 0644, 0, 0, "root:x:0:\n");
	tb_file(&tar, "etc/shadow", 0640, 0, 42, "root:*:1::::::\n");
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, "app/a b", 0600, 0, 0, "x");
	tb_file(&tar, "app/\377", 0600, 0, 0, "x");
	tb_file(&tar, "app/\"\n$(x)\\", 0600, 0, 0, "x");
	tb_end(&tar);
	ib_config(&image, config);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(emitted, &image);
}

static int write_text(const struct emitted *emitted, const char *base, char **ret_text,
		      struct err *err)
{
	struct sink *sink;
	const void *bytes;
	size_t len;
	int result;

	assert_int_equal(sink_memory_open(&sink, NULL), 0);
	result = emit_dockerfile(&emitted->input, base, sink, NULL, err);
	bytes = sink_memory_bytes(sink, &len);
	*ret_text = strndup(bytes ? bytes : "", len);
	sink_close(sink);
	return result;
}

/* The text without its comments, in its place. */
static void drop_comments(char *text)
{
	char *to = text;

	for (char *line = text, *end; *line; line = end) {
		end = strchrnul(line, '\n');
		end += *end == '\n';
		if (*line == '#')
			continue;
		memmove(to, line, (size_t)(end - line));
		to += end - line;
	}
	*to = '\0';
}

static void assert_text(const struct emitted *emitted, const char *expected)
{
	struct err err = { 0 };
	char *text;

	if (write_text(emitted, "base:1", &text, &err) < 0)
		fail_msg("%s", err.text);
	drop_comments(text);
	assert_string_equal(text, expected);
	free(text);
}

static void assert_refused(const struct emitted *emitted, const char *base, const char *why)
{
	struct err err = { 0 };
	char *text;

	assert_int_equal(write_text(emitted, base, &text, &err), -ERR_UNSUPPORTED);
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
	free(text);
}

#define OWN_AND_MODE                                                                               \
	"RUN [\"/bin/sh\", \"-c\", \"o=$1 m=$2; shift 2; chown -h \\\"$o\\\" -- \\\"$@\\\""         \
	" && chmod \\\"$m\\\" -- \\\"$@\\\"\", \"sh\", "

static void paths_with_the_same_change_share_a_line(void **state)
{
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{\"User\":\"7\"}");
	emitted_want(&emitted, &(struct tree_want){ .path = "app", .set_uid = true, .uid = 1000 });
	emitted_want(&emitted, &(struct tree_want){ .path = "app/a b",
						    .set_uid = true,
						    .uid = 1000,
						    .set_mode = true,
						    .mode = 0700 });
	emitted_want(&emitted, &(struct tree_want){ .path = "app/\"\n$(x)\\",
						    .set_uid = true,
						    .uid = 1000 });
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "etc", .set_mode = true, .mode = 0711 });
	emitted_preview(&emitted);
	assert_text(&emitted,
		    "FROM base:1\nUSER 0\n"
		    "RUN [\"chmod\", \"0711\", \"--\", \"/etc\"]\n"
		    "RUN [\"chown\", \"-h\", \"1000:0\", \"--\", \"/app\", \"/app/\\\"\\n$(x)\\\\\"]\n"
		    OWN_AND_MODE "\"1000:0\", \"0700\", \"/app/a b\"]\n"
		    "USER 7\n");
	emitted_done(&emitted);
}

/* setuid is lost by chown, other bits are not. */
static void a_new_owner_brings_setuid_back(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	tb_file(&tar, "su", 04755, 0, 0, "x");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "su", .set_gid = true, .gid = 5 });
	emitted_preview(&emitted);
	assert_text(&emitted,
		    "FROM base:1\nUSER 0\n" OWN_AND_MODE "\"0:5\", \"4755\", \"/su\"]\nUSER 0\n");
	emitted_done(&emitted);
}

/* Two files of 3,000 bytes in one folder below another: 2 x (512 + 3,072) + 2 x 512. */
static void each_line_says_what_its_layer_repeats(void **state)
{
	char bytes[3001];
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	struct sink *sink;
	uint64_t cost;
	char *text;

	(void)state;
	memset(bytes, 'x', sizeof(bytes) - 1);
	bytes[sizeof(bytes) - 1] = '\0';
	tb_dir(&tar, "a", 0755, 0, 0);
	tb_dir(&tar, "a/b", 0755, 0, 0);
	tb_file(&tar, "a/b/one", 0600, 0, 0, bytes);
	tb_file(&tar, "a/b/two", 0600, 0, 0, bytes);
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "a/b/one", .set_uid = true, .uid = 5 });
	emitted_want(&emitted, &(struct tree_want){ .path = "a/b/two", .set_uid = true, .uid = 5 });
	emitted_want(&emitted, &(struct tree_want){ .path = "a", .set_mode = true, .mode = 0711 });
	emitted_preview(&emitted);
	assert_int_equal(write_text(&emitted, "base:1", &text, NULL), 0);
	assert_non_null(strstr(text, "# a layer of +512 B:\nRUN [\"chmod\", \"0711\""));
	assert_non_null(strstr(text, "# a layer of +8.2 KB:\nRUN [\"chown\""));
	free(text);
	assert_int_equal(sink_null_open(&sink, NULL), 0);
	assert_int_equal(emit_dockerfile(&emitted.input, "base:1", sink, &cost, NULL), 0);
	assert_int_equal(cost, 512 + 8192);
	sink_close(sink);
	emitted_done(&emitted);
}

/* Of its own lines, for whoever has the Dockerfile of the image. */
static void lines_of_the_image_that_could_do_it_are_named(void **state)
{
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	char *text;

	(void)state;
	tb_file(&tar, "app/x", 0600, 0, 0, "x");
	tb_file(&tar, "app/y", 0600, 0, 0, "y");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "COPY app /app # \033[31m");
	tb_free(&tar);
	tar = (struct tb){ 0 };
	tb_file(&tar, "run.sh", 0600, 0, 0, "z");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "ADD run.sh /");
	tb_free(&tar);
	tar = (struct tb){ 0 };
	tb_file(&tar, "other", 0600, 0, 0, "z");
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN make");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	emitted_want(&emitted, &(struct tree_want){ .path = "app/x", .set_uid = true, .uid = 5 });
	emitted_want(&emitted, &(struct tree_want){ .path = "app/y", .set_mode = true, .mode = 0644 });
	emitted_want(&emitted, &(struct tree_want){ .path = "run.sh", .set_mode = true, .mode = 0755 });
	emitted_want(&emitted, &(struct tree_want){ .path = "other", .set_uid = true, .uid = 5 });
	emitted_preview(&emitted);
	assert_int_equal(write_text(&emitted, "base:1", &text, NULL), 0);
	assert_non_null(strstr(text, "#   layer 1: add --chown=5:0 to  COPY app /app # \\e[31m\n"));
	assert_non_null(strstr(text, "#   layer 2: add --chmod=0755 to  ADD run.sh /\n"));
	assert_null(strstr(text, "layer 3"));
	free(text);
	emitted_done(&emitted);
}

/* A stranger's image of that name must not stand in for it. */
static void an_image_without_a_name_is_asked_for(void **state)
{
	struct emitted emitted;
	char *text;

	(void)state;
	open_small(&emitted, "{}");
	emitted_want(&emitted, &(struct tree_want){ .path = "app", .set_mode = true, .mode = 0711 });
	emitted_preview(&emitted);
	assert_int_equal(write_text(&emitted, NULL, &text, NULL), 0);
	assert_non_null(strstr(text, "--build-arg IMAGE=HOST/PATH:TAG .\nARG IMAGE\n"
				     "FROM ${IMAGE}\nUSER 0\n"));
	free(text);
	emitted_done(&emitted);
}

static void what_goes_is_removed_as_root(void **state)
{
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{\"User\":\"7\"}");
	emitted_want(&emitted, &(struct tree_want){ .path = "app/a b", .remove = true });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nUSER 0\n"
			      "RUN [\"rm\", \"-f\", \"--\", \"/app/a b\"]\n"
			      "USER 7\n");
	emitted_done(&emitted);
}

static void new_paths_are_made_first(void **state)
{
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{}");
	emitted_want(&emitted, &(struct tree_want){ .path = "home",
						    .create = true,
						    .type = TAR_DIR,
						    .set_mode = true,
						    .mode = 0755 });
	emitted_want(&emitted, &(struct tree_want){ .path = "home/me",
						    .create = true,
						    .type = TAR_DIR,
						    .set_mode = true,
						    .mode = 0750,
						    .set_uid = true,
						    .uid = 1000,
						    .set_gid = true,
						    .gid = 100 });
	emitted_want(&emitted, &(struct tree_want){ .path = "home/l",
						    .create = true,
						    .type = TAR_SYMLINK,
						    .target = "a\"b" });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nUSER 0\n"
			      "RUN [\"mkdir\", \"-p\", \"--\", \"/home\"]\n"
			      "RUN [\"ln\", \"-sf\", \"--\", \"a\\\"b\", \"/home/l\"]\n"
			      "RUN [\"mkdir\", \"-p\", \"--\", \"/home/me\"]\n"
			      "RUN [\"chown\", \"-h\", \"0:0\", \"--\", \"/home/l\"]\n"
			      OWN_AND_MODE "\"0:0\", \"0755\", \"/home\"]\n"
			      OWN_AND_MODE "\"1000:100\", \"0750\", \"/home/me\"]\n"
			      "USER 0\n");
	emitted_done(&emitted);
}

static void appended_lines_are_guarded(void **state)
{
	static const char passwd[] = "root:x:0:0::/:/bin/sh\nme:x:1000:100::/home/me:/bin/sh\n";
	static const char shadow[] = "root:*:1::::::\nme:!:1::::::\n";
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{}");
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/passwd",
						    .body = passwd,
						    .body_len = sizeof(passwd) - 1 });
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/shadow",
						    .body = shadow,
						    .body_len = sizeof(shadow) - 1 });
	emitted_preview(&emitted);
	assert_text(
		&emitted,
		"FROM base:1\nUSER 0\n"
		"RUN [\"/bin/sh\", \"-c\", \"grep -q \\\"^[^:]*:[^:]*:$1:\\\" \\\"$3\\\" || printf '%s\\\\n' "
		"\\\"$2\\\" >>\\\"$3\\\"\", \"sh\", \"1000\", \"me:x:1000:100::/home/me:/bin/sh\", \"/etc/passwd\"]\n"
		"RUN [\"/bin/sh\", \"-c\", \"grep -q \\\"^$1:\\\" \\\"$3\\\" || printf '%s\\\\n' \\\"$2\\\" "
		">>\\\"$3\\\"\", \"sh\", \"me\", \"me:!:1::::::\", \"/etc/shadow\"]\n"
		"USER 0\n");
	emitted_done(&emitted);
}

static void other_edits_are_written_whole(void **state)
{
	static const char passwd[] = "root:x:0:0::/:/bin/ash\n";
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{}");
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/passwd",
						    .body = passwd,
						    .body_len = sizeof(passwd) - 1 });
	emitted_preview(&emitted);
	assert_text(
		&emitted,
		"FROM base:1\nUSER 0\n"
		"RUN [\"/bin/sh\", \"-c\", \"printf 'root:x:0:0::/:/bin/ash\\\\n' >\\\"$1\\\"\", "
		"\"sh\", \"/etc/passwd\"]\n"
		"USER 0\n");
	emitted_done(&emitted);
}

/* Run the command of each RUN line that has a shell, on this host's "$3" instead of the image's. */
static void run_lines(const char *text, const char *path)
{
	for (const char *line = text; (line = strstr(line, "RUN [\"/bin/sh\"")); line++) {
		json_t *words = json_loads(line + 4, JSON_DISABLE_EOF_CHECK, NULL);
		const char *argv[8] = { NULL };
		size_t count = json_array_size(words);
		pid_t child;
		int status;

		assert_true(count > 3 && count < 8);
		for (size_t i = 0; i < count; i++)
			argv[i] = json_string_value(json_array_get(words, i));
		argv[count - 1] = path;
		child = fork();
		if (child == 0) {
			execv(argv[0], (char *const *)(uintptr_t)argv);
			_exit(127);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
		json_decref(words);
	}
}

static void the_commands_do_what_they_should(void **state)
{
	static const char appended[] = "root:x:0:0::/:/bin/sh\nme:x:1000:100::/home/me:/bin/sh\n";
	static const char whole[] = "-'%\\\nx\n";
	const char *const bodies[] = { appended, whole };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct emitted emitted;
		char *text, path[4200];
		unsigned char *bytes;
		size_t len;

		open_small(&emitted, "{}");
		emitted_want(&emitted, &(struct tree_want){ .path = "etc/passwd",
							    .body = bodies[i],
							    .body_len = strlen(bodies[i]) });
		emitted_preview(&emitted);
		assert_int_equal(write_text(&emitted, "base", &text, NULL), 0);
		snprintf(path, sizeof(path), "%s", test_path("passwd"));
		test_write(path, "root:x:0:0::/:/bin/sh\n", 22);
		/* Twice gives the same. */
		run_lines(text, path);
		run_lines(text, path);
		bytes = test_read(path, &len);
		assert_string_equal((char *)bytes, bodies[i]);
		free(bytes);
		free(text);
		emitted_done(&emitted);
	}
}

static void config_follows_the_files(void **state)
{
	static const char *const env[] = { "A=1", "B=a b\"$x\\", NULL };
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{\"User\":\"root\",\"Env\":[\"OLD=1\"]}");
	emitted_config(&emitted, &(struct config_edit){
					 .user = "1000:100", .working_dir = "/a dir", .env = env });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nENV A=1\nENV B=\"a b\\\"\\$x\\\\\"\nUSER 1000:100\n"
			      "WORKDIR \"/a dir\"\n");
	emitted_done(&emitted);
}

static void command_and_ports_are_instructions(void **state)
{
	static const char *const words[] = { "/bin/sh", "a \"b\"", NULL };
	static const char *const ports[] = { "8080/tcp", NULL };
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{\"Cmd\":[\"x\"],\"Entrypoint\":[\"y\"],\"ExposedPorts\":{\"80\":{}}}");
	emitted_config(&emitted, &(struct config_edit){ .cmd = words, .expose = ports });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nEXPOSE 8080/tcp\nCMD [\"/bin/sh\", \"a \\\"b\\\"\"]\n");
	emitted_done(&emitted);
	open_small(&emitted, "{\"Cmd\":[\"x\"],\"Entrypoint\":[\"y\"]}");
	emitted_config(&emitted, &(struct config_edit){ .entrypoint = words });
	emitted_preview(&emitted);
	assert_text(&emitted,
		    "FROM base:1\nENTRYPOINT [\"/bin/sh\", \"a \\\"b\\\"\"]\nCMD [\"x\"]\n");
	emitted_done(&emitted);
}

static void what_a_dockerfile_cannot_hold_is_refused(void **state)
{
	static const char *const bad_name[] = { "A B=1", NULL }, *const bad_value[] = {
		"A=1\nRUN x", NULL
	};
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{}");
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "app/\377", .set_uid = true, .uid = 1 });
	emitted_preview(&emitted);
	assert_refused(&emitted, "base", "--emit script");
	assert_refused(&emitted, "base\nRUN evil", "FROM");
	assert_refused(&emitted, "base AS x", "FROM");
	assert_refused(&emitted, "--platform=x", "FROM");
	assert_refused(&emitted, "", "FROM");
	emitted_done(&emitted);
	open_small(&emitted, "{}");
	emitted_config(&emitted, &(struct config_edit){ .env = bad_name });
	emitted_preview(&emitted);
	assert_refused(&emitted, "base", "ENV");
	emitted_done(&emitted);
	open_small(&emitted, "{}");
	emitted_config(&emitted, &(struct config_edit){ .env = bad_value });
	emitted_preview(&emitted);
	assert_refused(&emitted, "base", "control byte");
	emitted_done(&emitted);
}

static void odd_names_stay_in_one_line(void **state)
{
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{}");
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "app/\"\n$(x)\\", .set_uid = true, .uid = 1 });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nUSER 0\n"
			      "RUN [\"chown\", \"-h\", \"1:0\", \"--\", \"/app/\\\"\\n$(x)\\\\\"]\n"
			      "USER 0\n");
	emitted_done(&emitted);
}

static void add_packages(struct emitted *emitted, const char *manager, const char *const *names)
{
	const struct plan_packages packages = { manager, names };

	assert_int_equal(plan_begin_step(emitted->plan, "RULE-3", "title", NULL), 0);
	assert_int_equal(plan_install(emitted->plan, &packages, NULL), 0);
	assert_true(plan_end_step(emitted->plan));
}

static void packages_are_one_line_as_root(void **state)
{
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{\"User\":\"7\"}");
	add_packages(&emitted, "apt", (const char *const[]){ "python3", "zip", NULL });
	add_packages(&emitted, "apt", (const char *const[]){ "zip", "unzip", NULL });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nUSER 0\n"
			      "RUN apt-get update && apt-get install -y --no-install-recommends "
			      "python3 zip unzip && rm -rf /var/lib/apt/lists/*\nUSER 7\n");
	emitted_done(&emitted);
}

static void packages_follow_the_files(void **state)
{
	struct emitted emitted;

	(void)state;
	open_small(&emitted, "{}");
	add_packages(&emitted, "apk", (const char *const[]){ "zip", NULL });
	add_packages(&emitted, "dnf", (const char *const[]){ "zip", NULL });
	emitted_want(&emitted,
		     &(struct tree_want){ .path = "app", .set_mode = true, .mode = 0755 });
	emitted_preview(&emitted);
	assert_text(&emitted, "FROM base:1\nUSER 0\n"
			      "RUN [\"chmod\", \"0755\", \"--\", \"/app\"]\n"
			      "RUN apk add --no-cache zip\n"
			      "RUN p=$(command -v dnf || command -v microdnf || command -v yum) && "
			      "\"$p\" install -y zip && \"$p\" clean all\nUSER 0\n");
	emitted_done(&emitted);
}

/* The longest physical line; BuildKit takes 65,535 bytes. */
static size_t longest_line(const char *text)
{
	size_t longest = 0;

	for (const char *line = text, *end; *line; line = end + (*end == '\n')) {
		end = strchrnul(line, '\n');
		if ((size_t)(end - line) > longest)
			longest = (size_t)(end - line);
	}
	return longest;
}

/* As a builder does: a backslash at the end of a line joins it with the next one, which must have
 * a word. */
static void join_lines(char *text)
{
	char *from = text, *to = text;

	while (*from) {
		if (from[0] == '\\' && from[1] == '\n') {
			assert_int_equal(from[2], '"');
			from += 2;
		}
		*to++ = *from++;
	}
	*to = '\0';
}

static void open_many(struct emitted *emitted, size_t count)
{
	struct ib image = { 0 };
	struct tb tar = { 0 };

	tb_dir(&tar, "d", 0755, 0, 0);
	for (size_t i = 0; i < count; i++) {
		char path[64];

		snprintf(path, sizeof(path), "d/a \\\303\251 \"file-%04zu\\", i);
		tb_file(&tar, path, 0600, 0, 0, "");
	}
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(emitted, &image);
	assert_int_equal(plan_begin_step(emitted->plan, "R", "t", NULL), 0);
	for (size_t i = 0; i < count; i++) {
		char path[64];

		snprintf(path, sizeof(path), "d/a \\\303\251 \"file-%04zu\\", i);
		assert_int_equal(plan_want(emitted->plan,
					   &(struct tree_want){ .path = path,
								.set_uid = true,
								.uid = 1000 },
					   NULL),
				 0);
	}
	plan_end_step(emitted->plan);
	emitted_preview(emitted);
}

static void many_paths_are_lines_that_builders_read(void **state)
{
	enum { COUNT = 3000 };
	struct emitted emitted;
	json_t *words;
	char *text, *run;

	(void)state;
	open_many(&emitted, COUNT);
	assert_int_equal(write_text(&emitted, "base:1", &text, NULL), 0);
	assert_true(longest_line(text) <= 8000);
	join_lines(text);
	run = strstr(text, "RUN [\"chown\"");
	assert_non_null(run);
	words = json_loads(run + 4, JSON_DISABLE_EOF_CHECK, NULL);
	assert_int_equal(json_array_size(words), 4 + COUNT);
	for (size_t i = 0; i < COUNT; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/d/a \\\303\251 \"file-%04zu\\", i);
		assert_string_equal(json_string_value(json_array_get(words, 4 + i)), path);
	}
	json_decref(words);
	free(text);
	emitted_done(&emitted);
}

static void what_no_line_can_hold_is_refused(void **state)
{
	static char body[70000], value[40000] = "A=";
	const char *const env[] = { value, NULL };
	struct emitted emitted;

	(void)state;
	memset(body, 'x', sizeof(body));
	memset(value + 2, '"', sizeof(value) - 3);
	open_small(&emitted, "{}");
	emitted_want(&emitted, &(struct tree_want){ .path = "app/a b",
						    .body = body,
						    .body_len = sizeof(body) });
	emitted_preview(&emitted);
	assert_refused(&emitted, "base", "'app/a b': too long");
	assert_refused(&emitted, "base", "use --emit script");
	emitted_done(&emitted);
	open_small(&emitted, "{}");
	emitted_config(&emitted, &(struct config_edit){ .env = env });
	emitted_preview(&emitted);
	assert_refused(&emitted, "base", "ENV A=: the value is too long");
	emitted_done(&emitted);
}

/* The kernel takes 2 MiB of words and pointers in one command. */
static void many_long_paths_are_several_commands(void **state)
{
	enum { COUNT = 9000 };
	static char path[220] = "d/";
	struct emitted emitted;
	struct ib image = { 0 };
	struct tb tar = { 0 };
	size_t chown = 0, rm = 0;
	char *text;

	(void)state;
	memset(path + 2, 'n', 200);
	tb_dir(&tar, "d", 0755, 0, 0);
	for (int i = 0; i < 2 * COUNT; i++) {
		snprintf(path + 200, 12, "%d", i);
		tb_file(&tar, path, 0600, 0, 0, "");
	}
	tb_end(&tar);
	ib_layer(&image, &tar, "none", "RUN x");
	tb_free(&tar);
	emitted_open_built(&emitted, &image);
	assert_int_equal(plan_begin_step(emitted.plan, "R", "t", NULL), 0);
	for (int i = 0; i < 2 * COUNT; i++) {
		struct tree_want want = { .path = path };

		snprintf(path + 200, 12, "%d", i);
		want.remove = i % 2;
		want.set_uid = !want.remove;
		want.uid = 1000;
		assert_int_equal(plan_want(emitted.plan, &want, NULL), 0);
	}
	plan_end_step(emitted.plan);
	emitted_preview(&emitted);
	assert_int_equal(write_text(&emitted, "base:1", &text, NULL), 0);
	for (const char *at = text; (at = strstr(at, "RUN [\"")); at++) {
		chown += strncmp(at, "RUN [\"chown\", \"-h\", \"1000:0\", \"--\", \"/d/", 38) == 0;
		rm += strncmp(at, "RUN [\"rm\", \"-f\", \"--\", \"/d/", 26) == 0;
	}
	assert_int_equal(chown, 2);
	assert_int_equal(rm, 2);
	free(text);
	emitted_done(&emitted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_with_the_same_change_share_a_line),
		cmocka_unit_test(a_new_owner_brings_setuid_back),
		cmocka_unit_test(each_line_says_what_its_layer_repeats),
		cmocka_unit_test(lines_of_the_image_that_could_do_it_are_named),
		cmocka_unit_test(an_image_without_a_name_is_asked_for),
		cmocka_unit_test(what_goes_is_removed_as_root),
		cmocka_unit_test(new_paths_are_made_first),
		cmocka_unit_test(appended_lines_are_guarded),
		cmocka_unit_test(other_edits_are_written_whole),
		cmocka_unit_test(the_commands_do_what_they_should),
		cmocka_unit_test(config_follows_the_files),
		cmocka_unit_test(command_and_ports_are_instructions),
		cmocka_unit_test(what_a_dockerfile_cannot_hold_is_refused),
		cmocka_unit_test(packages_are_one_line_as_root),
		cmocka_unit_test(packages_follow_the_files),
		cmocka_unit_test(odd_names_stay_in_one_line),
		cmocka_unit_test(many_paths_are_lines_that_builders_read),
		cmocka_unit_test(what_no_line_can_hold_is_refused),
		cmocka_unit_test(many_long_paths_are_several_commands),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
