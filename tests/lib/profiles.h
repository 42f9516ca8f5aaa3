/*
 * A profile with one rule, for tests of what may stand in it: the text of 'old'
 * in PROFILE_GOOD is replaced by 'new', and then ' by ".
 */
#ifndef TESTS_LIB_PROFILES_H
#define TESTS_LIB_PROFILES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/rule_priv.h"

static const char PROFILE_GOOD[] =
	"{'name':'p','title':'t','parameters':{'uid':{'type':'int','default':1000}},"
	"'rules':[{'id':'R-1','title':'t','source':'s','predicate':'user-exists',"
	"'arguments':{'uid':'$uid'},"
	"'cases':{'missing':{'severity':'error','message':'no {uid} in {path}'}},"
	"'fixes':[{'id':'f','title':'t','action':'add-user','when':['missing'],"
	"'arguments':{'uid':'$uid'}}]}]}";

static int profile_changed(const char *old, const char *new, struct profile **ret_profile,
			   struct err *err)
{
	char text[2000];
	const char *at = strstr(PROFILE_GOOD, old);

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - PROFILE_GOOD), PROFILE_GOOD, new,
		 at + strlen(old));
	for (char *c = text; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *json = json_loads(text, 0, NULL);
	assert_non_null(json);
	return rule__profile_parse(json, "p.json", ret_profile, err);
}

/* A change, and what the error must name: the member, and what is allowed. */
struct profile_mistake {
	const char *old, *new, *member, *allowed;
};

static void profile_mistakes(const struct profile_mistake *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct profile *profile = NULL;
		struct err err = { 0 };

		assert_int_equal(profile_changed(rows[i].old, rows[i].new, &profile, &err),
				 -ERR_FORMAT);
		if (!strstr(err.text, rows[i].member) || !strstr(err.text, rows[i].allowed))
			fail_msg("'%s' does not name %s and %s", err.text, rows[i].member,
				 rows[i].allowed);
		assert_non_null(strstr(err.text, "p.json"));
		assert_null(profile);
	}
}

#endif
