/*
 * Regular expressions over the lines of the start chain. Arguments of a rule
 * hold them: one list for all files, and one per kind of file, as in
 * "unwanted" and "unwanted-shell".
 */
#ifndef RULE_START_PATTERN_H
#define RULE_START_PATTERN_H

#include "base/pattern.h"
#include "start_files.h"

struct pattern_list {
	VEC(struct pattern *) all;
};

struct start_patterns {
	struct pattern_list any, by_kind[START_FILE_KINDS];
};

/* The lists 'argument' and 'argument'-KIND. ERR_INVALID, ERR_NOMEM; done also on failure. */
int rule__start_patterns_init(struct start_patterns *patterns, const struct rule_run *run,
			      const char *argument, struct err *err);
void rule__start_patterns_done(struct start_patterns *patterns);

bool rule__start_patterns_match(const struct start_patterns *patterns,
				const struct start_line *line);

/*
 * The pattern with each "{parameter}" of the profile replaced by its value, the
 * bytes of which stand for themselves. What names no parameter, as in "a{3}",
 * or names a list, stays. NULL: out of memory. free().
 */
char *rule__start_pattern_text(const struct rule_run *run, const char *pattern);

/* The names of the arguments, for a predicate's list. */
#define START_PATTERN_ARGUMENTS(name)                                                              \
	name, name "-shell", name "-python", name "-node", name "-config", name "-other"

/*
 * Where a line is and what it says, for a finding: "line 3 of /home/run.sh: …",
 * or "the start command: …". Lives as long as the judgement.
 */
const char *rule__start_line_text(struct rule_run *run, const struct start_line *line);

#endif
