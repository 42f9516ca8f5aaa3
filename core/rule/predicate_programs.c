/*
 * Programs that a platform wants to find in the image, which the user can
 * execute: on PATH, below a folder that a variable names, or in further places.
 * Where there is none, package databases tell whether it was meant to be there.
 */
#include <string.h>

#include "base/json.h"
#include "base/pattern.h"
#include "content/content.h"
#include "rule_priv.h"
#include "tree/resolve.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { DATABASE_BYTES = 8 << 20, PATH_ROOM = 1024 };

/* What a search has found so far; the better is the greater. */
enum presence { ABSENT, DENIED, PRESENT };

static enum presence look_at(const struct rule_run *run, const char *path)
{
	struct access_verdict verdict =
		access_path(run->tree, run->at, run->identity, path, ACCESS_EXECUTE);
	struct tree_stat stat;

	if (verdict.outcome == ACCESS_DENIED)
		return resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL).outcome ==
				       RESOLVE_FOUND
			       ? DENIED
			       : ABSENT;
	if (verdict.outcome != ACCESS_ALLOWED || node_is_none(verdict.node) ||
	    !tree_stat(run->tree, verdict.node, run->at, &stat) || stat.type != TAR_FILE)
		return ABSENT;
	return PRESENT;
}

static enum presence look_on_path(const struct rule_run *run, const char *program)
{
	const char *path = config_env(run->config, "PATH");
	enum presence best = ABSENT;
	char file[PATH_ROOM];

	for (path = path ? path : DEFAULT_PATH; *path;
	     path += strcspn(path, ":"), path += *path == ':') {
		snprintf(file, sizeof(file), "%.*s/%s", (int)strcspn(path, ":"), path, program);
		enum presence found = file[0] == '/' ? look_at(run, file) : ABSENT;

		best = found > best ? found : best;
	}
	return best;
}

/* Places beside PATH, as globs. */
static int look_in_places(const struct rule_run *run, const json_t *places, enum presence *best,
			  struct err *err)
{
	struct node_marks marks;
	json_t *place;
	size_t i;
	int rc = rule__marks_init(&marks, run->tree, run->at, err);

	json_array_foreach(places, i, place)
	{
		if (rc == 0 && json_is_string(place))
			rc = rule__marks_glob(&marks, json_string_value(place), 1, err);
	}
	for (uint32_t n = 0; rc == 0 && n < tree_node_count(run->tree); n++) {
		node_id node = { n };

		if (!rule__marks_has(&marks, node, 1))
			continue;
		CLEANUP(freep) char *path = tree_path_new(run->tree, node);
		enum presence found = path ? look_at(run, path) : ABSENT;

		*best = found > *best ? found : *best;
	}
	rule__marks_done(&marks);
	return rc;
}

/* $JAVA_HOME/bin/java and its like. */
static enum presence look_at_homes(const struct rule_run *run, const json_t *homes,
				   const char *program)
{
	enum presence best = ABSENT;
	json_t *name;
	size_t i;

	json_array_foreach(homes, i, name)
	{
		const char *home = json_is_string(name)
					   ? config_env(run->config, json_string_value(name))
					   : NULL;
		char file[PATH_ROOM];

		if (!home || *home != '/')
			continue;
		snprintf(file, sizeof(file), "%s/bin/%s", home, program);
		enum presence found = look_at(run, file);

		best = found > best ? found : best;
	}
	return best;
}

static int look_for(const struct rule_run *run, const json_t *wanted, enum presence *ret_best,
		    struct err *err)
{
	const json_t *homes = json_get_array(wanted, "homes");
	enum presence best = ABSENT;
	json_t *program;
	size_t i;

	json_array_foreach(json_get_array(wanted, "programs"), i, program)
	{
		const char *name = json_string_value(program);
		enum presence found = name ? look_on_path(run, name) : ABSENT;

		best = found > best ? found : best;
		found = name ? look_at_homes(run, homes, name) : ABSENT;
		best = found > best ? found : best;
	}
	*ret_best = best;
	return best == PRESENT
		       ? 0
		       : look_in_places(run, json_get_array(wanted, "places"), ret_best, err);
}

/* ---- package databases ---- */

/* Whether one of the globs names something. */
static int is_in_files(const struct rule_run *run, const json_t *globs, bool *ret_is,
		       struct err *err)
{
	struct node_marks marks;
	json_t *glob;
	size_t i;
	int rc = json_array_size(globs) ? rule__marks_init(&marks, run->tree, run->at, err) : 1;

	if (rc != 0)
		return rc < 0 ? rc : 0;
	json_array_foreach(globs, i, glob)
	{
		if (rc == 0 && json_is_string(glob))
			rc = rule__marks_glob(&marks, json_string_value(glob), 1, err);
	}
	for (uint32_t n = 0; rc == 0 && !*ret_is && n < tree_node_count(run->tree); n++)
		*ret_is = rule__marks_has(&marks, (node_id){ n }, 1);
	rule__marks_done(&marks);
	return rc;
}

/* Whether a line of a text database matches: { "file": …, "line": … }. One that is damaged or too
 * large tells nothing. */
static int is_in_text(const struct rule_run *run, const json_t *record, bool *ret_is,
		      struct err *err)
{
	const char *file = json_get_string(record, "file"), *line = json_get_string(record, "line");
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	CLEANUP(freep) char *text = NULL;
	struct err failure = { 0 };
	size_t len;
	int rc;

	if (!file || !line)
		return err_set(err, ERR_INVALID, "an item of 'text' has no 'file' and 'line'");
	rc = content_load_path(run->content, file, DATABASE_BYTES, NULL, &text, &len, &failure);
	if (rc < 0)
		return failure.code == ERR_CANCELLED || failure.code == ERR_NOMEM
			       ? err_set(err, failure.code, "%s", failure.text)
			       : 0;
	rc = pattern_new(line, PATTERN_REGEX, 0, &pattern, err);
	for (const char *at = text; rc == 0 && !*ret_is && at < text + len;) {
		size_t size = strcspn(at, "\n");

		*ret_is = pattern_match(pattern, at, size, NULL);
		at += size + 1;
	}
	return rc;
}

static int is_packaged(const struct rule_run *run, const json_t *wanted, bool *ret_is,
		       struct err *err)
{
	json_t *record;
	size_t i;
	int rc;

	*ret_is = false;
	rc = is_in_files(run, json_get_array(wanted, "packages"), ret_is, err);
	json_array_foreach(json_get_array(wanted, "text"), i, record)
	{
		if (rc == 0 && !*ret_is)
			rc = is_in_text(run, record, ret_is, err);
	}
	return rc;
}

/* ---- the question ---- */

/* "zip", or "zip (python3 -m zipfile may do)": the first substitute that is there. */
static const char *missing_text(struct rule_run *run, const json_t *wanted)
{
	const char *what = json_get_string(wanted, "what");
	json_t *substitute;
	char text[200];
	size_t i;

	json_array_foreach(json_get_array(wanted, "substitutes"), i, substitute)
	{
		const char *program = json_get_string(substitute, "program");
		const char *use = json_get_string(substitute, "use");

		if (!program || !use || look_on_path(run, program) != PRESENT)
			continue;
		snprintf(text, sizeof(text), "%s (%s may do)", what, use);
		return rule__keep(run, text);
	}
	return rule__keep(run, what);
}

static int check_wanted(struct rule_run *run, const json_t *wanted, struct err *err)
{
	struct finding draft = rule__draft();
	enum presence best;
	bool packaged;
	int rc;

	if (!json_get_string(wanted, "what"))
		return err_set(err, ERR_INVALID, "an item of 'wanted' has no 'what'");
	rc = look_for(run, wanted, &best, err);
	if (rc < 0 || best == PRESENT)
		return rc;
	if (best == DENIED) {
		draft.detail = rule__keep(run, json_get_string(wanted, "what"));
		return rule__report(run, "denied", &draft, err);
	}
	rc = is_packaged(run, wanted, &packaged, err);
	if (rc < 0)
		return rc;
	draft.detail = missing_text(run, wanted);
	return rule__report(run, packaged ? "packaged" : "missing", &draft, err);
}

static int programs_present(struct rule_run *run, struct err *err)
{
	const json_t *wanted = profile_argument(run->profile, run->rule->arguments, "wanted");
	json_t *item;
	size_t i;
	int rc = 0;

	json_array_foreach(wanted, i, item)
	{
		if (rc == 0)
			rc = check_wanted(run, item, err);
	}
	return rc;
}

/* clang-format off */
const struct predicate rule__programs_predicates[] = {
	{ "programs-present", programs_present,
	  RULE_WORDS("missing", "packaged", "denied"), RULE_WORDS("wanted") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
