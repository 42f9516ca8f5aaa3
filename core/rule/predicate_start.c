/*
 * What the files of the start chain say: heuristics over their lines. A rule
 * about what must be said somewhere stays open where there is nothing to read.
 */
#include <inttypes.h>
#include <string.h>

#include "base/pattern.h"
#include "scope_text.h"
#include "start_pattern.h"
#include "tree/resolve.h"

/* After so many findings of one rule the last one stands for the rest. */
enum { FINDINGS_MOST = 20 };

/* ---- what must be said ---- */

static bool says(const struct start_files *files, const struct pattern *pattern)
{
	for (size_t i = 0; i < files->count; i++) {
		struct start_line line = { .file = &files->items[i] };

		while (rule__start_line_next(&line)) {
			if (pattern_match(pattern, line.text, line.len, NULL))
				return true;
		}
	}
	return false;
}

static int check_wanted(struct rule_run *run, const struct start_files *files, const char *wanted,
			struct err *err)
{
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	CLEANUP(freep) char *text = rule__start_pattern_text(run, wanted);
	struct finding draft = rule__draft();
	int rc = text ? pattern_new(text, PATTERN_REGEX, 0, &pattern, err) : err_nomem(err);

	if (rc < 0 || says(files, pattern))
		return rc;
	if (!rule__start_has_text(files)) {
		run->is_open = true;
		return 0;
	}
	/* The first alternative stands for all of them. */
	draft.detail = arena_copy(&run->judgement->arena, text, strcspn(text, "|"));
	draft.count = files->count;
	if (!files->left_out)
		return rule__report(run, "missing", &draft, err);
	run->is_open = true;
	draft.count = files->left_out;
	return rule__report(run, "incomplete", &draft, err);
}

static int check_all_wanted(struct rule_run *run, const struct start_files *files, struct err *err)
{
	const char *text;
	int rc = 0;

	for (size_t i = 0; rc == 0 && (text = rule__item(run, "wanted", i)); i++)
		rc = check_wanted(run, files, text, err);
	return rc;
}

/* ---- what should not be said ---- */

struct search {
	struct rule_run *run;
	struct start_patterns unwanted, except;
	size_t reported;
	uint64_t left_out; /* lines */
	uint64_t unread;   /* files */
};

static void search_done(struct search *search)
{
	rule__start_patterns_done(&search->unwanted);
	rule__start_patterns_done(&search->except);
}

static bool is_device(const struct rule_run *run, const char *target)
{
	return rule__listed(run, "unless-link-to", target);
}

/* Whether a path is, or is a link to, what the rule lets pass, as /dev/stdout. */
static bool leads_out(const struct rule_run *run, const char *path)
{
	struct resolve_result found =
		resolve_path(run->tree, run->at, NODE_ROOT, path, false, NULL);
	struct tree_stat stat;

	return is_device(run, path) || (found.outcome == RESOLVE_FOUND &&
					tree_stat(run->tree, found.node, run->at, &stat) &&
					stat.type == TAR_SYMLINK && is_device(run, stat.target));
}

/* How long the absolute path is that begins here; 0: none does. */
static size_t path_length(const struct start_line *line, const char *at)
{
	const char *end = line->text + line->len;
	size_t len = 1;

	if (*at != '/' || (at > line->text && !strchr("\"'=>(, \t:", at[-1])))
		return 0;
	while (at + len < end && !strchr("\"';, \t\n)&|<>", at[len]))
		len++;
	return len;
}

/*
 * The last absolute path of the line, as that of a log behind ">": a device
 * only if there is nothing else. NULL: none.
 */
static const char *named_file(struct rule_run *run, const struct start_line *line)
{
	const char *device = NULL, *file = NULL;

	for (size_t i = 0, len; i < line->len; i += len ? len : 1) {
		len = path_length(line, line->text + i);
		if (!len)
			continue;
		const char *path = arena_copy(&run->judgement->arena, line->text + i, len);
		if (!path)
			return NULL;
		*(is_device(run, path) ? &device : &file) = path;
	}
	return file ? file : device;
}

static int report_line(struct search *search, const struct start_line *line, struct err *err)
{
	struct rule_run *run = search->run;
	struct finding draft = rule__draft();
	const char *path = NULL;

	if (rule__item(run, "unless-link-to", 0)) {
		path = named_file(run, line);
		if (path && leads_out(run, path))
			return 0;
	}
	if (++search->reported > FINDINGS_MOST) {
		search->left_out++;
		return 0;
	}
	draft.node = line->file->node;
	draft.path = node_is_none(draft.node) ? NULL : path;
	draft.detail = rule__start_line_text(run, line);
	draft.count = line->number;
	return rule__report(run, "found", &draft, err);
}

static int search_file(struct search *search, const struct start_file *file, struct err *err)
{
	struct start_line line = { .file = file };
	int rc = cancel_check(search->run->cancel, err);

	while (rc == 0 && rule__start_line_next(&line)) {
		if (rule__start_patterns_match(&search->unwanted, &line) &&
		    !rule__start_patterns_match(&search->except, &line))
			rc = report_line(search, &line, err);
	}
	return rc;
}

/* What nobody starts by what this image says, but may. */
static int search_scope(struct search *search, const struct start_files *files, struct err *err)
{
	CLEANUP(rule__scope_text_done) struct scope_text text;
	struct start_file file;
	int rc = rule__scope_text_init(&text, search->run, files, err);

	while (rc == 0 && (rc = rule__scope_text_next(&text, &file, err)) > 0)
		rc = search_file(search, &file, err);
	search->unread = text.unread;
	return rc;
}

static int report_number(struct rule_run *run, const char *case_name, uint64_t number,
			 struct err *err)
{
	struct finding draft = rule__draft();

	draft.count = number;
	return number ? rule__report(run, case_name, &draft, err) : 0;
}

static int check_unwanted(struct rule_run *run, const struct start_files *files, struct err *err)
{
	CLEANUP(search_done) struct search search = { .run = run };
	int rc = rule__start_patterns_init(&search.unwanted, run, "unwanted", err);

	if (rc == 0)
		rc = rule__start_patterns_init(&search.except, run, "except", err);
	for (size_t i = 0; rc == 0 && i < files->count; i++)
		rc = search_file(&search, &files->items[i], err);
	if (rc == 0)
		rc = search_scope(&search, files, err);
	if (rc == 0)
		rc = report_number(run, "more", search.left_out, err);
	return rc < 0 ? rc : report_number(run, "unread", search.unread, err);
}

static int start_text(struct rule_run *run, struct err *err)
{
	const char *member = rule__string(run, "note-member", NULL);
	const struct start_files *files;
	struct finding draft = rule__draft();
	int rc = rule__start_files(run, &files, err);

	if (rc == 0)
		rc = check_all_wanted(run, files, err);
	if (rc == 0)
		rc = check_unwanted(run, files, err);
	if (rc == 0 && member && rule__config_member(run, member))
		rc = rule__report(run, "note", &draft, err);
	return rc;
}

/* What SIGTERM meets: a shell that keeps it, or nothing that says it is dealt with. */
static int start_signals(struct rule_run *run, struct err *err)
{
	struct finding draft = rule__draft();
	const struct start_files *files;
	int rc = rule__start_files(run, &files, err);

	if (rc < 0)
		return rc;
	if (rule__swallows_signals(run->config))
		return rule__report(run, "shell", &draft, err);
	return check_all_wanted(run, files, err);
}

/* ---- the port ---- */

struct ports {
	struct rule_run *run;
	struct pattern *wanted; /* the number by itself */
	struct start_patterns local, other;
	struct finding found[2]; /* the first line of each; no detail: none */
	bool is_named;
};

enum { PORT_LOCAL, PORT_OTHER };

static void ports_done(struct ports *ports)
{
	pattern_free(ports->wanted);
	rule__start_patterns_done(&ports->local);
	rule__start_patterns_done(&ports->other);
}

static int ports_init(struct ports *ports, struct err *err)
{
	int64_t port = rule__int(ports->run, "port", 0);
	char text[64];

	snprintf(text, sizeof(text), "(?<![0-9.])%" PRId64 "(?![0-9])", port);
	int rc = pattern_new(text, PATTERN_REGEX, 0, &ports->wanted, err);
	if (rc == 0)
		rc = rule__start_patterns_init(&ports->local, ports->run, "local", err);
	return rc == 0 ? rule__start_patterns_init(&ports->other, ports->run, "other", err) : rc;
}

static void note_line(struct ports *ports, int what, const struct start_line *line)
{
	if (ports->found[what].detail)
		return;
	ports->found[what] = rule__draft();
	ports->found[what].node = line->file->node;
	ports->found[what].detail = rule__start_line_text(ports->run, line);
}

static void look_at_line(struct ports *ports, const struct start_line *line)
{
	if (rule__start_patterns_match(&ports->local, line))
		note_line(ports, PORT_LOCAL, line);
	else if (pattern_match(ports->wanted, line->text, line->len, NULL))
		ports->is_named = true;
	else if (rule__start_patterns_match(&ports->other, line))
		note_line(ports, PORT_OTHER, line);
}

/* "PORT=8080", "SERVER_PORT=8080". */
static bool is_in_env(const struct rule_run *run)
{
	char port[24];

	snprintf(port, sizeof(port), "%" PRId64, rule__int(run, "port", 0));
	for (size_t i = 0; run->config->env && run->config->env[i]; i++) {
		const char *value = strchr(run->config->env[i], '=');

		if (value && value - run->config->env[i] >= 4 && !strncmp(value - 4, "PORT", 4) &&
		    !strcmp(value + 1, port))
			return true;
	}
	return false;
}

/* ExposedPorts has "8080/tcp" or "8080" (OCI config.md). */
static bool is_exposed(const struct rule_run *run)
{
	char port[24];
	size_t len = (size_t)snprintf(port, sizeof(port), "%" PRId64, rule__int(run, "port", 0));

	for (size_t i = 0; run->config->exposed_ports && run->config->exposed_ports[i]; i++) {
		const char *exposed = run->config->exposed_ports[i];

		if (!strncmp(exposed, port, len) &&
		    (!exposed[len] || !strcmp(exposed + len, "/tcp")))
			return true;
	}
	return false;
}

/* EXPOSE opens nothing: it is the weakest evidence, and never makes good for a contradiction. */
static const char *port_case(const struct ports *ports, struct finding *draft)
{
	bool exposed = is_exposed(ports->run);

	if (ports->is_named || is_in_env(ports->run))
		return exposed ? NULL : "not-exposed";
	if (ports->found[PORT_LOCAL].detail) {
		*draft = ports->found[PORT_LOCAL];
		return "local";
	}
	if (ports->found[PORT_OTHER].detail) {
		*draft = ports->found[PORT_OTHER];
		return "other";
	}
	return exposed ? "only-exposed" : "none";
}

static int start_port(struct rule_run *run, struct err *err)
{
	CLEANUP(ports_done) struct ports ports = { .run = run };
	struct finding draft = rule__draft();
	const struct start_files *files;
	int rc = rule__start_files(run, &files, err);

	if (rc == 0)
		rc = ports_init(&ports, err);
	for (size_t i = 0; rc == 0 && i < files->count; i++) {
		struct start_line line = { .file = &files->items[i] };

		rc = cancel_check(run->cancel, err);
		while (rc == 0 && rule__start_line_next(&line))
			look_at_line(&ports, &line);
	}
	if (rc < 0)
		return rc;
	const char *name = port_case(&ports, &draft);
	run->is_open = !rule__start_has_text(files);
	return name ? rule__report(run, name, &draft, err) : 0;
}

/* clang-format off */
const struct predicate rule__start_predicates[] = {
	{ "start-text", start_text,
	  RULE_WORDS("missing", "incomplete", "found", "more", "unread", "note"),
	  RULE_WORDS("wanted", START_PATTERN_ARGUMENTS("unwanted"), START_PATTERN_ARGUMENTS("except"),
		     "unless-link-to", "note-member", SCOPE_TEXT_ARGUMENTS) },
	{ "start-signals", start_signals,
	  RULE_WORDS("shell", "missing", "incomplete"), RULE_WORDS("wanted") },
	{ "start-port", start_port,
	  RULE_WORDS("none", "only-exposed", "not-exposed", "other", "local"),
	  RULE_WORDS("port", START_PATTERN_ARGUMENTS("local"), START_PATTERN_ARGUMENTS("other")) },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
