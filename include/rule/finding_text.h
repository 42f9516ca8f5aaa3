/* The words of a finding. All results are raw (names of the image): show by text_visible(). */
#ifndef RULE_FINDING_TEXT_H
#define RULE_FINDING_TEXT_H

#include "rule/judge.h"

/* The message of the rule's case, filled in. NULL: out of memory. Free with free(). */
char *finding_message(const struct judgement *judgement, const struct finding *finding);

/* The "{names}" that messages may hold besides parameters; NULL-ended. */
const char *const *finding_placeholders(void);

/* The path with a leading slash, or NULL where a finding has none (or out of memory). free(). */
char *finding_path(const struct judgement *judgement, const struct finding *finding);

/*
 * Why: one line for each step from the root to the denial, then the layer and
 * instruction that made it so. NULL-ended array; free with finding_why_free().
 * NULL: out of memory.
 */
char **finding_why(const struct judgement *judgement, const struct finding *finding);
void finding_why_free(char **lines);

/* The same chain for any absolute path and wanted bits. */
char **path_why(const struct judgement *judgement, const char *path, unsigned wanted);

/* "layer 7, COPY app /opt": for a layer number from 1. NULL: out of memory. free(). */
char *layer_words(const struct image *image, unsigned layer);

#endif
