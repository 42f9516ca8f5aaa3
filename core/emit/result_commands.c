/* Commands for a written image; see emit/result_commands.h. */
#include "emit/result_commands.h"

#include <string.h>

#include "rule/command_text.h"

/* Into the engine whose commands follow. {image} is the file, then the name. */
static const struct {
	const char *from, *to; /* to  NULL: the archive knows its name */
} LOADS[SOURCE_FORMATS] = {
	[SOURCE_DOCKER_ARCHIVE] = { "docker load -i {image}", NULL },
	[SOURCE_OCI_ARCHIVE] = { "skopeo copy oci-archive:{image}", " docker-daemon:{image}" },
	[SOURCE_OCI_LAYOUT] = { "skopeo copy oci:{image}", " docker-daemon:{image}" },
};

void result_commands_done(struct result_commands *commands)
{
	for (size_t i = 0; i < commands->count; i++) {
		free(commands->items[i].title);
		free(commands->items[i].text);
	}
	free(commands->items);
	*commands = (struct result_commands){ 0 };
}

/* 'text' is taken. */
static int add(struct result_commands *commands, const char *title, char *text, struct err *err)
{
	struct result_command command = { .title = strdup(title), .text = text };

	if (!command.title || !command.text) {
		free(command.title);
		free(command.text);
		return err_nomem(err);
	}
	commands->items[commands->count++] = command;
	return 0;
}

static char *load_text(const struct judgement *judgement, const struct result_file *file)
{
	const char *to_pattern = LOADS[file->format].to;
	CLEANUP(freep) char *from = command_text(judgement, LOADS[file->format].from, file->path);
	CLEANUP(freep) char *to = command_text(judgement, to_pattern ? to_pattern : "", file->tag);
	char *text;

	return from && to && asprintf(&text, "%s%s", from, to) >= 0 ? text : NULL;
}

int result_commands_make(const struct judgement *judgement, const struct result_file *file,
			 struct result_commands *ret_commands, struct err *err)
{
	CLEANUP(result_commands_done) struct result_commands commands = { 0 };
	const struct profile *profile = judgement->input.profile;
	size_t count = profile_command_count(profile);
	int result;

	commands.items = calloc(count + 2, sizeof(*commands.items));
	if (!commands.items)
		return err_nomem(err);
	result = add(&commands, "load it", load_text(judgement, file), err);
	for (size_t i = 0; result == 0 && i < count; i++) {
		const struct profile_command *own = profile_command(profile, i);

		result = add(&commands, own->title,
			     command_text(judgement, own->command, file->tag), err);
	}
	if (result == 0)
		result = add(&commands, "push it",
			     command_text(judgement, "docker push {image}", file->tag), err);
	if (result < 0)
		return result;
	*ret_commands = commands;
	commands = (struct result_commands){ 0 };
	return 0;
}
