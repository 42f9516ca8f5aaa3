/* What nobody can tell from an image, or from what was given: the rule says what decides it. */
#include "rule_priv.h"

#include <string.h>

static int ask(struct rule_run *run, struct err *err)
{
	(void)err;
	run->is_open = true;
	return 0;
}

/* What follows the last separator of a shell line; quotes are not looked at. */
static const char *last_command(const char *line)
{
	const char *last = line;

	for (const char *at = line; *at; at++) {
		if (strchr(";&|", *at) && at[1 + strspn(at + 1, ";&| \t")])
			last = at + 1;
	}
	return last + strspn(last, ";&| \t");
}

/* A boot command is known only if somebody names it; then its shape is decided. */
static int boot_command(struct rule_run *run, struct err *err)
{
	const char *line = rule__string(run, "command", "");
	struct finding draft = rule__draft();
	const char *word;

	if (!line[0])
		return ask(run, err);
	if (strpbrk(line, "\r\n"))
		return rule__report(run, "line-break", &draft, err);
	const char *last = last_command(line);
	size_t len = strcspn(last, " \t");
	for (size_t i = 0; (word = rule__item(run, "not-last", i)); i++) {
		if (strlen(word) != len || memcmp(word, last, len) != 0)
			continue;
		draft.detail = rule__keep(run, last);
		return rule__report(run, "not-last", &draft, err);
	}
	return 0;
}

/* clang-format off */
const struct predicate rule__ask_predicates[] = {
	{ "ask", ask, RULE_WORDS(NULL), RULE_WORDS(NULL) },
	{ "boot-command", boot_command,
	  RULE_WORDS("line-break", "not-last"), RULE_WORDS("command", "not-last") },
	{ NULL, NULL, NULL, NULL },
};
/* clang-format on */
