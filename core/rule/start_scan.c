/*
 * What a file of the start chain names: words of shell lines that are files,
 * modules that Python imports from beside it, programs of supervisor, and the
 * configuration of well-known servers. What a shell would expand is guessed by
 * the last component of the word.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "base/path.h"
#include "start_files.h"
#include "tree/resolve.h"

enum { PATH_MOST = 1024, MODULE_MOST = 200 };

static bool is_file(const struct start_scan *scan, node_id node)
{
	struct tree_stat stat;

	return tree_stat(scan->run->tree, node, scan->run->at, &stat) && stat.type == TAR_FILE;
}

/* The regular file that a path leads to; NODE_NONE. */
static node_id look_up(const struct start_scan *scan, node_id from, const char *path)
{
	struct resolve_result found =
		resolve_path(scan->run->tree, scan->run->at, from, path, true, NULL);

	return found.outcome == RESOLVE_FOUND && is_file(scan, found.node) ? found.node : NODE_NONE;
}

static node_id look_up_near(const struct start_scan *scan, const char *path)
{
	node_id node = look_up(scan, scan->folder, path);

	return node_is_none(node) ? look_up(scan, scan->beside, path) : node;
}

/* Programs of the system: no script of the image's own, and costly to read. */
static bool is_system(const struct start_scan *scan, node_id node)
{
	static const char *const FOLDERS[] = { "/bin/",       "/sbin/", "/usr/bin/",
					       "/usr/sbin/",  "/lib",   "/usr/lib",
					       "/usr/share/", "/etc/",  "/usr/libexec/" };
	char path[PATH_MOST];

	if (tree_path(scan->run->tree, node, path, sizeof(path)) >= sizeof(path))
		return true;
	for (size_t i = 0; i < sizeof(FOLDERS) / sizeof(*FOLDERS); i++) {
		if (!strncmp(path, FOLDERS[i], strlen(FOLDERS[i])))
			return true;
	}
	return false;
}

/* A file whose name does not say that it is text is taken if it is none of the system's. */
static int take(struct start_scan *scan, node_id node, bool is_sourced, struct err *err)
{
	if (node_is_none(node) ||
	    (!is_sourced && !rule__start_kind(tree_name(scan->run->tree, node), NULL) &&
	     is_system(scan, node)))
		return 0;
	return scan->found(scan->context, node, is_sourced, err);
}

/* ---- Python ---- */

static int take_module(struct start_scan *scan, node_id from, const char *path, struct err *err)
{
	static const char *const ENDS[] = { ".py", "/__init__.py", "/__main__.py" };
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(ENDS) / sizeof(*ENDS); i++) {
		char file[MODULE_MOST + 16];

		snprintf(file, sizeof(file), "%s%s", path, ENDS[i]);
		rc = take(scan, look_up(scan, from, file), false, err);
	}
	return rc;
}

/* "a.b" of len bytes, leading dots as in "from ..a import": beside the file, or below the folder.
 */
static int take_dotted(struct start_scan *scan, const char *name, size_t len, struct err *err)
{
	char path[MODULE_MOST] = "";
	size_t dots = strspn(name, "."), used = 0;

	if (len >= MODULE_MOST / 2 || dots > len || dots > 8)
		return 0;
	for (size_t i = 1; i < dots; i++)
		used += (size_t)snprintf(path + used, sizeof(path) - used, "../");
	for (size_t i = dots; i < len; i++)
		path[used++] = name[i] == '.' ? '/' : name[i];
	path[used] = '\0';
	int rc = take_module(scan, scan->beside, path, err);
	return rc == 0 && !dots ? take_module(scan, scan->folder, path, err) : rc;
}

static size_t name_length(const char *text, const char *end)
{
	const char *at = text;

	while (at < end && (isalnum((unsigned char)*at) || *at == '_' || *at == '.'))
		at++;
	return (size_t)(at - text);
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && (isblank((unsigned char)*at) || *at == '('))
		at++;
	return at;
}

/* "a, b as c": each below 'package', which may be empty. */
static int take_names(struct start_scan *scan, const char *package, size_t package_len,
		      const char *at, const char *end, struct err *err)
{
	char dotted[MODULE_MOST];
	int rc = 0;

	while (rc == 0 && at && at < end) {
		at = skip_blanks(at, end);
		size_t len = name_length(at, end);
		bool needs_dot = package_len && package[package_len - 1] != '.';

		snprintf(dotted, sizeof(dotted), "%.*s%s%.*s", (int)package_len, package,
			 needs_dot ? "." : "", (int)len, at);
		if (len)
			rc = take_dotted(scan, dotted, strlen(dotted), err);
		at = memchr(at, ',', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	return rc;
}

static int scan_import(struct start_scan *scan, const struct start_line *line, struct err *err)
{
	const char *at = line->text, *end = at + line->len;

	if (line->len > 7 && !strncmp(at, "import ", 7))
		return take_names(scan, "", 0, at + 7, end, err);
	if (line->len <= 5 || strncmp(at, "from ", 5) != 0)
		return 0;
	const char *package = skip_blanks(at + 5, end);
	size_t len = name_length(package, end);
	const char *names = skip_blanks(package + len, end);
	if (!len || len >= MODULE_MOST / 2 || end - names < 8 || strncmp(names, "import ", 7) != 0)
		return 0;
	int rc = take_dotted(scan, package, len, err);
	return rc == 0 ? take_names(scan, package, len, names + 7, end, err) : rc;
}

static int scan_python(struct start_scan *scan, struct err *err)
{
	struct start_line line = { .file = scan->file };
	int rc = 0;

	while (rc == 0 && rule__start_line_next(&line))
		rc = scan_import(scan, &line, err);
	return rc;
}

/* ---- servers whose configuration is where everybody has it ---- */

static const struct {
	const char *program; /* as fnmatch(3) */
	const char *folder;
	const char *files; /* as fnmatch(3) */
} SERVERS[] = {
	/* clang-format off */
	{ "nginx",           "/etc/nginx",               "nginx.conf" },
	{ "nginx",           "/etc/nginx/conf.d",        "*.conf" },
	{ "nginx",           "/etc/nginx/http.d",        "*.conf" },
	{ "nginx",           "/etc/nginx/sites-enabled", "*" },
	{ "nginx",           "/usr/local/nginx/conf",    "*.conf" },
	{ "supervisord",     "/etc",                     "supervisord.conf" },
	{ "supervisord",     "/etc/supervisor",          "supervisord.conf" },
	{ "supervisord",     "/etc/supervisor/conf.d",   "*.conf" },
	{ "supervisord",     "/etc/supervisord.d",       "*.ini" },
	{ "catalina.sh",     "/usr/local/tomcat/conf",   "server.xml" },
	{ "catalina.sh",     "/opt/tomcat/conf",         "server.xml" },
	{ "startup.sh",      "/usr/local/tomcat/conf",   "server.xml" },
	{ "startup.sh",      "/opt/tomcat/conf",         "server.xml" },
	{ "httpd*",          "/usr/local/apache2/conf",  "httpd.conf" },
	{ "apache2*",        "/etc/apache2",             "ports.conf" },
	{ "apache2*",        "/etc/apache2/sites-enabled", "*" },
	{ "gunicorn*",       ".",                        "gunicorn.conf.py" },
	/* clang-format on */
};

static int take_folder(struct start_scan *scan, const char *folder, const char *files,
		       struct err *err)
{
	const struct tree *tree = scan->run->tree;
	struct resolve_result found =
		resolve_path(tree, scan->run->at, scan->folder, folder, true, NULL);
	int rc = 0;

	if (found.outcome != RESOLVE_FOUND)
		return 0;
	for (node_id child = tree_first_child(tree, found.node); rc == 0 && !node_is_none(child);
	     child = tree_next_sibling(tree, child)) {
		const char *name = tree_name(tree, child);

		if (fnmatch(files, name, 0) == 0)
			rc = take(scan, look_up(scan, found.node, name), true, err);
	}
	return rc;
}

static int take_servers(struct start_scan *scan, const char *program, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(SERVERS) / sizeof(*SERVERS); i++) {
		if (fnmatch(SERVERS[i].program, path_base(program), 0) == 0)
			rc = take_folder(scan, SERVERS[i].folder, SERVERS[i].files, err);
	}
	return rc;
}

/* ---- shell ---- */

/* Words behind which a command begins; with how many further words in between. */
static const struct {
	const char *word;
	size_t values;
} PREFIXES[] = {
	{ "exec", 0 },  { "nohup", 0 },     { "then", 0 },   { "do", 0 },    { "else", 0 },
	{ "if", 0 },    { "elif", 0 },      { "while", 0 },  { "until", 0 }, { "!", 0 },
	{ "{", 0 },     { "(", 0 },         { "time", 0 },   { "eval", 0 },  { "command", 0 },
	{ "sudo", 0 },  { "setsid", 0 },    { "nice", 0 },   { "env", 0 },   { "tini", 0 },
	{ "/tini", 0 }, { "dumb-init", 0 }, { "stdbuf", 0 }, { "gosu", 1 },  { "su-exec", 1 },
};

static bool is_prefix(const char *word, size_t *ret_values)
{
	for (size_t i = 0; i < sizeof(PREFIXES) / sizeof(*PREFIXES); i++) {
		if (!strcmp(path_base(word), PREFIXES[i].word) || !strcmp(word, PREFIXES[i].word)) {
			*ret_values = PREFIXES[i].values;
			return true;
		}
	}
	return false;
}

/* The index of the word that is the command; the count: there is none. */
static size_t find_command(const struct shell_words *words)
{
	size_t i = 0, values;
	bool had_prefix = false;

	for (; i < words->all.count; i++) {
		const char *word = words->all.items[i].text;

		if (is_prefix(word, &values)) {
			i += values;
			had_prefix = true;
		} else if (!shell_line_is_assignment(word) && !(had_prefix && word[0] == '-')) {
			break;
		}
	}
	return i < words->all.count ? i : words->all.count;
}

/* A command without slash is looked for in PATH. */
static node_id look_up_command(const struct start_scan *scan, const char *name)
{
	const char *path = config_env(scan->run->config, "PATH");
	char file[PATH_MOST];

	if (!path || !path[0])
		path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
	for (size_t len; *path; path += len + (path[len] == ':')) {
		len = strcspn(path, ":");
		if (len && (size_t)snprintf(file, sizeof(file), "%.*s/%s", (int)len, path, name) <
				   sizeof(file)) {
			node_id node = look_up(scan, scan->folder, file);

			if (!node_is_none(node))
				return node;
		}
	}
	return NODE_NONE;
}

/* "package.module:app", as gunicorn and uvicorn take it. */
static int take_application(struct start_scan *scan, const char *word, struct err *err)
{
	const char *colon = strchr(word, ':');
	const char *end = word + strlen(word);

	if (!colon || name_length(word, end) != (size_t)(colon - word) ||
	    !isalpha((unsigned char)*word))
		return 0;
	return take_dotted(scan, word, (size_t)(colon - word), err);
}

/* Of "$DIR/app.py" the last component, if that is plain: "$(dirname "$0")/run.sh" too. */
static const char *plain_end(const struct shell_word *word)
{
	const char *base = path_base(word->text);

	if (word->is_known)
		return word->text;
	return base[strcspn(base, "$`*?[](){}\"")] == '\0' && rule__start_kind(base, NULL) ? base
											   : NULL;
}

static int take_word(struct start_scan *scan, const struct shell_words *words, size_t i,
		     size_t command, struct err *err)
{
	const char *text = plain_end(&words->all.items[i]);
	const char *before = i ? words->all.items[i - 1].text : "";
	bool is_sourced = !strcmp(before, ".") || !strcmp(before, "source");

	if (!text || !text[0])
		return 0;
	if (i > 1 && shell_line_code((const char *const[]){ words->all.items[i - 2].text, before,
							    text, NULL }))
		return scan->code(scan->context, text, err);
	if (!strcmp(before, "-m"))
		return take_dotted(scan, text, strlen(text), err);
	if (i == command && !strchr(text, '/') && !rule__start_kind(text, NULL))
		return take(scan, look_up_command(scan, text), false, err);
	if (text[0] == '-' && strchr(text, '='))
		text = strchr(text, '=') + 1;
	int rc = take_application(scan, text, err);
	if (rc < 0 || (!is_sourced && !strchr(text, '/') && !rule__start_kind(text, NULL)))
		return rc;
	return take(scan, look_up_near(scan, text), is_sourced, err);
}

static int scan_command(struct start_scan *scan, const struct shell_words *words, struct err *err)
{
	size_t command = find_command(words);
	int rc = 0;

	if (command == words->all.count)
		return 0;
	const char *program = words->all.items[command].text;
	if (!strcmp(program, "cd") && command + 1 < words->all.count) {
		const char *folder = words->all.items[command + 1].text;
		struct resolve_result dir = resolve_path(scan->run->tree, scan->run->at,
							 scan->folder, folder, true, NULL);

		scan->folder = dir.outcome == RESOLVE_FOUND ? dir.node : scan->folder;
		return 0;
	}
	for (size_t i = 0; rc == 0 && i < words->all.count; i++) {
		rc = take_servers(scan, words->all.items[i].text, err);
		if (rc == 0)
			rc = take_word(scan, words, i, command, err);
	}
	return rc;
}

static int scan_shell(struct start_scan *scan, const char *text, struct err *err)
{
	struct shell_words words = { 0 };
	int rc = 0;

	while (rc == 0 && *text) {
		enum shell_end end;

		rc = shell_line_next(&text, scan->arena, &words, &end, err);
		if (rc == 0)
			rc = scan_command(scan, &words, err);
	}
	VEC_DONE(&words.all);
	return rc;
}

/* "command=…" of supervisor. */
static int scan_config(struct start_scan *scan, struct err *err)
{
	struct start_line line = { .file = scan->file };
	int rc = 0;

	while (rc == 0 && rule__start_line_next(&line)) {
		const char *value = memchr(line.text, '=', line.len);

		if (!value || strncmp(line.text, "command", 7) != 0)
			continue;
		CLEANUP(freep)
		char *command = strndup(value + 1, line.len - (size_t)(value + 1 - line.text));
		rc = command ? scan_shell(scan, command, err) : err_nomem(err);
	}
	return rc;
}

int rule__start_scan(struct start_scan *scan, struct err *err)
{
	static int (*const SCANS[START_FILE_KINDS])(struct start_scan *, struct err *) = {
		[START_FILE_PYTHON] = scan_python,
		[START_FILE_CONFIG] = scan_config,
	};

	if (scan->file->kind == START_FILE_SHELL)
		return scan_shell(scan, scan->file->bytes, err);
	return SCANS[scan->file->kind] ? SCANS[scan->file->kind](scan, err) : 0;
}
