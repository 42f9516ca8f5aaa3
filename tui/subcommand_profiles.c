/* imgtui profiles [NAME]: which there are, or the rules of one with their sources. */
#include <dirent.h>
#include <string.h>

#include "image_run.h"
#include "rule/builtin.h"
#include "rule/profile.h"
#include "subcommand.h"

static int load(const struct cli *cli, const char *name, struct profile **ret_profile,
		struct err *err)
{
	return profile_load(name, (const char *const *)cli->environment->profile_folders,
			    ret_profile, err);
}

static void print(const struct cli *cli, const char *text)
{
	text_visible_print(stdout, text, strlen(text), cli->environment->charset);
}

/* Those that are only for others to include are left out; a broken one is named with its mistake. */
static void list_one(const struct cli *cli, const char *name)
{
	CLEANUP(profile_freep) struct profile *profile = NULL;
	struct err err = { 0 };
	int rc = load(cli, name, &profile, &err);

	if (rc == 0 && profile_is_library(profile))
		return;
	print(cli, name);
	fputs("  ", stdout);
	print(cli, rc == 0 ? profile_title(profile) : err.text);
	putchar('\n');
}

/* NAME.json of a folder; a folder that is not there is no matter. */
static void list_folder(const struct cli *cli, const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t len = strlen(entry->d_name);

		if (len <= 5 || strcmp(entry->d_name + len - 5, ".json") != 0)
			continue;
		entry->d_name[len - 5] = '\0';
		list_one(cli, entry->d_name);
	}
	if (dir)
		closedir(dir);
}

static void list_all(const struct cli *cli)
{
	for (size_t i = 0; builtin_profiles[i].name; i++)
		list_one(cli, builtin_profiles[i].name);
	for (size_t i = 0; cli->environment->profile_folders[i]; i++)
		list_folder(cli, cli->environment->profile_folders[i]);
}

int subcommand_profiles(const struct cli *cli)
{
	CLEANUP(profile_freep) struct profile *profile = NULL;
	const struct report_options options = {
		.out = stdout,
		.charset = cli->environment->charset,
		.color = environment_color((enum color_choice)cli->color, STDOUT_FILENO),
	};
	struct err err = { 0 };

	if (!cli->operands.count) {
		list_all(cli);
		return EXIT_CLEAN;
	}
	if (load(cli, cli->operands.items[0], &profile, &err) < 0) {
		say(cli->environment->charset, "%s", err.text);
		return err.code == ERR_NOMEM ? EXIT_UNREADABLE : EXIT_USAGE;
	}
	if (report_profile_text(profile, &options, &err) == 0)
		return EXIT_CLEAN;
	say(cli->environment->charset, "%s", err.text);
	return EXIT_UNREADABLE;
}
