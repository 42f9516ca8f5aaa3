/*
 * Programs that a platform wants to find in the image, which the user can
 * execute. What is missing is named with the line that installs it on the
 * image's distribution.
 */
#include <string.h>

#include "base/json.h"
#include "content/content.h"
#include "rule_priv.h"
#include "tree/resolve.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

enum { RELEASE_BYTES = 64 << 10, PATH_ROOM = 1024 };

/* How a distribution installs packages, by the words of ID and ID_LIKE. */
static const struct {
	const char *ids[8];
	const char *manager, *before, *after;
} MANAGERS[] = {
	/* clang-format off */
	{ { "debian", "ubuntu", NULL }, "apt",
	  "apt-get update && apt-get install -y --no-install-recommends ", " && rm -rf /var/lib/apt/lists/*" },
	{ { "alpine", NULL }, "apk", "apk add --no-cache ", "" },
	{ { "fedora", "rhel", "centos", "rocky", "almalinux", "amzn", "openEuler", NULL }, "dnf",
	  "dnf install -y ", " && dnf clean all" },
	{ { "suse", "opensuse", "sles", NULL }, "zypper", "zypper --non-interactive install ", "" },
	{ { "arch", NULL }, "pacman", "pacman -Sy --noconfirm ", "" },
	/* clang-format on */
};

enum { MANAGER_COUNT = sizeof(MANAGERS) / sizeof(*MANAGERS) };

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

/* Whether a line "ID=…" or "ID_LIKE=…" has the word. */
static bool is_like(const char *release, const char *id)
{
	static const char *const KEYS[] = { "ID=", "ID_LIKE=" };
	size_t len = strlen(id);

	for (const char *line = release; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (size_t k = 0; k < 2; k++) {
			if (strncmp(line, KEYS[k], strlen(KEYS[k])) != 0)
				continue;
			const char *value = line + strlen(KEYS[k]);
			const char *end = value + strcspn(value, "\n");

			for (const char *at = value; at < end; at += strcspn(at, " \"'\n") + 1) {
				if (!strncmp(at, id, len) && strchr(" \"'\n", at[len]))
					return true;
			}
		}
	}
	return false;
}

/* MANAGER_COUNT: not known. */
static size_t find_manager(const struct rule_run *run)
{
	static const char *const FILES[] = { "/etc/os-release", "/usr/lib/os-release" };

	for (size_t f = 0; f < 2; f++) {
		CLEANUP(freep) char *release = NULL;
		struct err ignored = { 0 };
		size_t len;

		if (content_load_path(run->content, FILES[f], RELEASE_BYTES, NULL, &release, &len,
				      &ignored) < 0)
			continue;
		for (size_t i = 0; i < MANAGER_COUNT; i++) {
			for (size_t k = 0; MANAGERS[i].ids[k]; k++) {
				if (is_like(release, MANAGERS[i].ids[k]))
					return i;
			}
		}
	}
	return MANAGER_COUNT;
}

/* "Python; in the Dockerfile: RUN apt-get …". */
static const char *advice(struct rule_run *run, const json_t *wanted)
{
	const char *what = json_get_string(wanted, "what");
	size_t i = find_manager(run);
	const char *packages =
		i == MANAGER_COUNT
			? NULL
			: json_get_string(json_get_object(wanted, "packages"), MANAGERS[i].manager);
	char text[400];

	if (packages)
		snprintf(text, sizeof(text), "%s; in the Dockerfile: RUN %s%s%s", what,
			 MANAGERS[i].before, packages, MANAGERS[i].after);
	else
		snprintf(text, sizeof(text), "%s", what);
	return rule__keep(run, text);
}

static int check_wanted(struct rule_run *run, const json_t *wanted, struct err *err)
{
	struct finding draft = rule__draft();
	enum presence best = ABSENT;
	json_t *program;
	size_t i;

	if (!json_get_string(wanted, "what"))
		return err_set(err, ERR_INVALID, "an item of 'wanted' has no 'what'");
	json_array_foreach(json_get_array(wanted, "programs"), i, program)
	{
		enum presence found = json_is_string(program)
					      ? look_on_path(run, json_string_value(program))
					      : ABSENT;

		best = found > best ? found : best;
	}
	int rc = look_in_places(run, json_get_array(wanted, "places"), &best, err);
	if (rc < 0 || best == PRESENT)
		return rc;
	draft.detail = best == DENIED ? rule__keep(run, json_get_string(wanted, "what"))
				      : advice(run, wanted);
	return rule__report(run, best == DENIED ? "denied" : "missing", &draft, err);
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
	  RULE_WORDS("missing", "denied"), RULE_WORDS("wanted") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
