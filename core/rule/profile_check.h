/*
 * What is asked of the members of a profile's JSON. An error names the profile,
 * the member and what is allowed; all return 0, or ERR_FORMAT.
 */
#ifndef RULE_PROFILE_CHECK_H
#define RULE_PROFILE_CHECK_H

#include "rule_priv.h"

enum { ALLOWED_ROOM = 500 }; /* for the words that are allowed */

/* A profile being read. */
struct profile_check {
	const char *file;
	struct profile *profile; /* its parameters are there before the rules */
	char where[200];         /* "rules[3].cases.missing", of the object being read */
};

int PRINTF_LIKE(4, 5) rule__check_failed(const struct profile_check *check, struct err *err,
					 const char *member, const char *format, ...);

/* What follows is about this object. */
void PRINTF_LIKE(2, 3) rule__check_enter(struct profile_check *check, const char *format, ...);

/* 'words' is NULL-ended. */
bool rule__is_among(const char *word, const char *const *words);

/* 'value' is an object and has no members but those of 'allowed' (NULL-ended). */
int rule__check_members(const struct profile_check *check, json_t *value,
			const char *const *allowed, struct err *err);

/* A text that is not empty; borrowed from 'object'. */
int rule__check_text(const struct profile_check *check, const json_t *object, const char *key,
		     const char **ret_text, struct err *err);

/* A member that is one of so many words, by its number; left alone where it is absent. */
int rule__check_word(const struct profile_check *check, const json_t *json, const char *key,
		     const char *const *words, size_t *ret_word, struct err *err);

/* Every "$name" in arguments is a parameter, and every argument is known. NULL: none. */
int rule__check_arguments(const struct profile_check *check, json_t *arguments,
			  const char *const *allowed, struct err *err);

/* Placeholders are those of finding_text, or parameters. */
int rule__check_message(const struct profile_check *check, const char *message, struct err *err);

/* Every placeholder of a command is known; other braces are the shell's. */
int rule__check_command(const struct profile_check *check, const char *command, struct err *err);

/* ---- profile_rule.c ---- */

/* The member "rules", into the profile. ERR_FORMAT, ERR_NOMEM. */
int rule__profile_rules(struct profile_check *check, const json_t *json, struct err *err);

#endif
