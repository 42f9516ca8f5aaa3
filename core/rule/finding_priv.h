/* Pieces of text that messages and chains of reasons have in common. */
#ifndef RULE_FINDING_PRIV_H
#define RULE_FINDING_PRIV_H

#include <stdio.h>

#include "rule/judge.h"

/* "root:root": the image's own names, numbers where it has none. */
void rule__write_owner(FILE *out, const struct judgement *judgement, const struct tree_stat *stat);

/* "read, write"; x is "search" for a directory, else "execute". */
void rule__write_bits(FILE *out, unsigned bits, bool is_dir);

/* "other", or "acl user ma-user rwx, r-- by the mask,": what decided. */
void rule__write_class(FILE *out, const struct judgement *judgement,
		       const struct access_grant *grant);

/* For text_mode(). */
char rule__type_letter(enum tar_type type);

#endif
