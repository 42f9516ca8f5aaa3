/* Environment variables and locale; see tui/environment.h. */
#include "environment.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59Z: the dates of a config (RFC 3339) have four digits of a year. */
static const long long LAST_SECOND = 253402300799;

/* The value, or NULL where it is not set or empty. */
static const char *value_of(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

static int read_time(int64_t *ret_seconds, struct err *err)
{
	const char *text = value_of("SOURCE_DATE_EPOCH");
	char *end;
	long long seconds;

	if (!text) {
		*ret_seconds = time(NULL);
		return 0;
	}
	errno = 0;
	seconds = strtoll(text, &end, 10);
	if (errno || *end || seconds < 0 || seconds > LAST_SECOND)
		return err_set(err, ERR_INVALID,
			       "SOURCE_DATE_EPOCH: '%s' is no number of seconds up to the year 9999",
			       text);
	*ret_seconds = seconds;
	return 0;
}

/* Basedir specification: what is not absolute is to be ignored. */
static int add_folder(struct environment *environment, const char *base, size_t len,
		      const char *below, struct err *err)
{
	size_t count = 0;

	while (count < ENVIRONMENT_FOLDERS && environment->profile_folders[count])
		count++;
	if (count == ENVIRONMENT_FOLDERS || !len || base[0] != '/')
		return 0;
	if (asprintf(&environment->profile_folders[count], "%.*s%s/imgtui/profiles", (int)len, base,
		     below) < 0) {
		environment->profile_folders[count] = NULL;
		return err_nomem(err);
	}
	return 0;
}

static int read_folders(struct environment *environment, struct err *err)
{
	const char *data_home = value_of("XDG_DATA_HOME"), *home = value_of("HOME");
	const char *rest = value_of("XDG_DATA_DIRS");
	int result = 0;

	if (data_home)
		result = add_folder(environment, data_home, strlen(data_home), "", err);
	else if (home)
		result = add_folder(environment, home, strlen(home), "/.local/share", err);
	if (!rest)
		rest = "/usr/local/share:/usr/share";
	while (result == 0 && *rest) {
		size_t len = strcspn(rest, ":");

		result = add_folder(environment, rest, len, "", err);
		rest += len + (rest[len] == ':');
	}
	return result;
}

int environment_read(struct environment *environment, struct err *err)
{
	int result;

	*environment = (struct environment){ .spool_folder = value_of("TMPDIR") };
	setlocale(LC_CTYPE, "");
	environment->charset = strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? TEXT_UTF8 : TEXT_ASCII;
	result = read_time(&environment->created, err);
	return result < 0 ? result : read_folders(environment, err);
}

void environment_done(struct environment *environment)
{
	for (size_t i = 0; environment->profile_folders[i]; i++)
		free(environment->profile_folders[i]);
	*environment = (struct environment){ 0 };
}

bool environment_is_terminal(int fd)
{
	const char *term = value_of("TERM");

	return isatty(fd) && term && strcmp(term, "dumb") != 0;
}

bool environment_color(enum color_choice choice, int fd)
{
	const char *force = value_of("CLICOLOR_FORCE");

	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	if (value_of("NO_COLOR"))
		return false;
	if (force && strcmp(force, "0") != 0)
		return true;
	return environment_is_terminal(fd);
}

int64_t environment_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
