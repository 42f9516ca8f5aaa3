/*
 * What a user writes for an image, split into transport, path and choice. A
 * path that exists wins over every other reading of its colons.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/source/source_priv.h"

/* Transports of containers-transports(5) whose images do not lie in files that we read. */
static const char *const OTHER_TRANSPORTS[] = {
	"docker", "docker-daemon", "containers-storage", "dir", "ostree", "sif", "tarball",
};

static bool path_exists(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

/* Digits to the end; false: no number, or one too large. */
static bool index_read(const char *text, size_t *ret_index)
{
	size_t index = 0;

	if (!*text || strlen(text) > 9)
		return false;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return false;
		index = index * 10 + (size_t)(*text - '0');
	}
	*ret_index = index;
	return true;
}

/* "PATH@N", and "PATH:@N" as skopeo has it. */
static int index_split(char *path, size_t *ret_index)
{
	char *at = strrchr(path, '@');

	if (!at || !index_read(at + 1, ret_index))
		return 0;
	if (at > path && at[-1] == ':')
		at--;
	*at = '\0';
	return path_exists(path);
}

/* Cut at the first colon that leaves a path that exists: references hold colons, too. */
static char *tag_split(char *path)
{
	for (char *colon = strchr(path, ':'); colon; colon = strchr(colon + 1, ':')) {
		*colon = '\0';
		if (colon > path && path_exists(path))
			return colon + 1;
		*colon = ':';
	}
	return NULL;
}

static int choice_split(struct source_argument *argument, struct err *err)
{
	if (path_exists(argument->path))
		return 0;
	CLEANUP(freep) char *copy = strdup(argument->path);

	if (!copy)
		return err_nomem(err);
	if (index_split(copy, &argument->index)) {
		free(argument->path);
		argument->path = STEAL(copy);
		return 0;
	}
	argument->index = SIZE_MAX;
	const char *tag = tag_split(argument->path);

	if (!tag)
		return err_set(err, ERR_NOT_FOUND, "no such file or folder");
	if (!*tag)
		return 0;
	argument->wanted = strdup(tag);
	return argument->wanted ? 0 : err_nomem(err);
}

/* The rest behind "docker-archive:" and its like; 'text' itself where there is none. */
static const char *transport_skip(const char *text, struct source_argument *argument)
{
	size_t len = strcspn(text, ":");

	for (int i = 0; text[len] == ':' && i <= SOURCE_OCI_LAYOUT; i++) {
		const char *name = source_format_name((enum source_format)i);

		if (strlen(name) == len && strncmp(text, name, len) == 0) {
			argument->has_format = true;
			argument->format = (enum source_format)i;
			return text + len + 1;
		}
	}
	return text;
}

static int transport_refuse(const char *text, struct err *err)
{
	size_t len = strcspn(text, ":");

	for (size_t i = 0; i < sizeof(OTHER_TRANSPORTS) / sizeof(OTHER_TRANSPORTS[0]); i++)
		if (text[len] == ':' && strlen(OTHER_TRANSPORTS[i]) == len &&
		    strncmp(text, OTHER_TRANSPORTS[i], len) == 0)
			return err_set(err, ERR_UNSUPPORTED,
				       "'%s:' is not read: save the image to a file first, as by "
				       "'skopeo copy IMAGE docker-archive:image.tar'",
				       OTHER_TRANSPORTS[i]);
	return 0;
}

int source_argument__split(const char *text, struct source_argument *ret_argument, struct err *err)
{
	CLEANUP(source_argument__done)
	struct source_argument argument = { .index = SIZE_MAX };
	const char *path = text;

	if (!path_exists(text)) {
		path = transport_skip(text, &argument);
		if (transport_refuse(path, err) < 0)
			return -ERR_UNSUPPORTED;
	}
	argument.path = strdup(path);
	if (!argument.path)
		return err_nomem(err);
	int r = strcmp(path, "-") == 0 ? 0 : choice_split(&argument, err);

	if (r < 0)
		return r;
	*ret_argument = argument;
	argument = (struct source_argument){ 0 };
	return 0;
}

void source_argument__done(struct source_argument *argument)
{
	free(argument->path);
	free(argument->wanted);
}
