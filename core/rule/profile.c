/*
 * Where profiles come from: a file, a folder of files, or those that are built
 * in. Parsing is in profile_parse.c, parameters are in profile_param.c.
 */
#include "rule/profile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/json.h"
#include "rule/builtin.h"
#include "rule_priv.h"

enum { PROFILE_BYTES = 1 << 20, INCLUDE_DEPTH = 8 };

const char *const rule__severities[] = { "info", "warning", "error", NULL };
const char *const rule__certainties[] = { "exact", "heuristic", "ask", NULL };
const char *const rule__subjects[] = { "image", "request", "registry", "ask", NULL };

const char *severity_name(enum severity severity)
{
	return rule__severities[severity];
}

bool severity_find(const char *name, enum severity *ret_severity)
{
	for (enum severity i = SEVERITY_INFO; i <= SEVERITY_ERROR; i++) {
		if (!strcmp(name, rule__severities[i])) {
			*ret_severity = i;
			return true;
		}
	}
	return false;
}

const char *certainty_name(enum certainty certainty)
{
	return rule__certainties[certainty];
}

const char *subject_name(enum rule_subject subject)
{
	return rule__subjects[subject];
}

static bool ends_in_json(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && !strcmp(name + len - 5, ".json");
}

static int parse_bytes(const struct profile_origin *origin, const char *bytes, size_t len,
		       unsigned depth, json_t **ret_json, struct err *err)
{
	struct problem_list problems = { 0 };
	CLEANUP(json_decrefp) json_t *json = NULL;
	int rc = json_parse(bytes, len, origin->file, NULL, &problems, &json, err);

	if (rc == 0 && problems.all.count)
		rc = err_set(err, ERR_FORMAT, "profile '%s': %s", origin->file,
			     problems.all.items[0].text);
	problem_list_done(&problems);
	if (rc == 0)
		rc = rule__profile_expand(origin, json, depth, err);
	if (rc == 0)
		*ret_json = STEAL(json);
	return rc;
}

/* Load a file. ERR_NOT_FOUND only if it is not there. */
static int read_file(const struct profile_origin *origin, unsigned depth, json_t **ret_json,
		     struct err *err)
{
	const char *path = origin->file;
	CLEANUP(fclosep) FILE *file = fopen(path, "re");

	if (!file)
		return errno == ENOENT
			       ? err_set(err, ERR_NOT_FOUND, "profile '%s' is not there", path)
			       : err_errno(err, errno, "profile '%s'", path);
	CLEANUP(freep) char *bytes = malloc(PROFILE_BYTES + 1);
	if (!bytes)
		return err_nomem(err);
	size_t len = fread(bytes, 1, PROFILE_BYTES + 1, file);
	if (ferror(file))
		return err_errno(err, errno, "profile '%s'", path);
	if (len > PROFILE_BYTES)
		return err_set(err, ERR_FORMAT, "profile '%s' is larger than 1 MiB", path);
	return parse_bytes(origin, bytes, len, depth, ret_json, err);
}

/* 1: read; 0: the folder has none of this name. */
static int read_from_folder(const char *const *folders, size_t i, const char *name, unsigned depth,
			    json_t **ret_json, struct err *err)
{
	struct arena arena = { 0 };
	struct profile_origin origin = {
		.file = arena_printf(&arena, "%s/%s.json", folders[i], name),
		.folders = folders,
	};
	int rc;

	if (!origin.file)
		rc = err_nomem(err);
	else if (access(origin.file, F_OK) < 0)
		rc = 0;
	else
		rc = read_file(&origin, depth, ret_json, err) < 0 ? -1 : 1;
	arena_done(&arena);
	return rc;
}

static void list_folder(const char *folder, char *names, size_t room)
{
	DIR *dir = opendir(folder);

	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		size_t used = strlen(names);

		if (ends_in_json(entry->d_name))
			snprintf(names + used, room - used, "%s%.*s", used ? ", " : "",
				 (int)(strlen(entry->d_name) - 5), entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static int not_found(const char *name, const char *const *folders, struct err *err)
{
	char names[600] = "";

	for (const struct builtin_profile *i = builtin_profiles; i->name; i++) {
		size_t used = strlen(names);

		snprintf(names + used, sizeof(names) - used, "%s%s", used ? ", " : "", i->name);
	}
	for (size_t i = 0; folders && folders[i]; i++)
		list_folder(folders[i], names, sizeof(names));
	return err_set(err, ERR_NOT_FOUND, "no profile '%s'; there are: %s", name, names);
}

int rule__profile_read(const char *name, const char *const *folders, unsigned depth,
		       json_t **ret_json, struct err *err)
{
	struct profile_origin origin = { .file = name, .folders = folders };

	if (strchr(name, '/') || ends_in_json(name))
		return read_file(&origin, depth, ret_json, err);
	for (size_t i = 0; folders && folders[i]; i++) {
		int rc = read_from_folder(folders, i, name, depth, ret_json, err);

		if (rc != 0)
			return rc < 0 ? (err ? -(int)err->code : rc) : 0;
	}
	for (const struct builtin_profile *i = builtin_profiles; i->name; i++) {
		if (!strcmp(i->name, name))
			return parse_bytes(&origin, (const char *)i->bytes, i->size, depth,
					   ret_json, err);
	}
	return not_found(name, folders, err);
}

int profile_load(const char *name, const char *const *folders, struct profile **ret_profile,
		 struct err *err)
{
	json_t *json = NULL;
	int rc = rule__profile_read(name, folders, INCLUDE_DEPTH, &json, err);

	return rc < 0 ? rc : rule__profile_parse(json, name, ret_profile, err);
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < profile->parameter_count; i++)
		rule__parameter_done(&profile->parameters[i]);
	json_decref(profile->json);
	json_decref(profile->documents);
	arena_done(&profile->arena);
	free(profile);
}

void profile_freep(struct profile **profile)
{
	profile_free(*profile);
}

const char *profile_name(const struct profile *profile)
{
	return profile->name;
}

const char *profile_title(const struct profile *profile)
{
	return profile->title;
}

size_t profile_rule_count(const struct profile *profile)
{
	return profile->rule_count;
}

const struct rule *profile_rule(const struct profile *profile, size_t i)
{
	return i < profile->rule_count ? &profile->rules[i] : NULL;
}

bool profile_is_library(const struct profile *profile)
{
	return json_get_bool(profile->json, "library", false);
}

size_t profile_command_count(const struct profile *profile)
{
	return profile->command_count;
}

const struct profile_command *profile_command(const struct profile *profile, size_t i)
{
	return i < profile->command_count ? &profile->commands[i] : NULL;
}

const char *profile_about(const struct profile *profile, size_t i)
{
	return json_string_value(json_array_get(json_object_get(profile->json, "about"), i));
}
