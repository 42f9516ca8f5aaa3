/* Rules of one's own about selected paths. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/build.h"
#include "lib/judged.h"

static const char FILES[] = "755 0:0 opt/\n"
			    "755 0:0 opt/a/\n"
			    "755 0:0 opt/a/run.sh = x\n"
			    "600 0:0 opt/a/secret = x\n"
			    "4755 0:0 opt/a/su = x\n"
			    "700 0:0 opt/shut/\n"
			    "644 1000:100 opt/shut/f = x\n"
			    "l opt/a/link -> run.sh\n";

#define CASE(name) "\"" name "\":{\"severity\":\"warning\",\"message\":\"{path} {count}\"}"
#define CASES                                                                                   \
	CASE("missing") "," CASE("hidden") "," CASE("unreadable") "," CASE("unwritable") ","    \
		CASE("other-owner") "," CASE("forbidden-mode") "," CASE("lacking-mode")

/* The findings of one rule with these arguments and cases, as judged_text(). */
static void check(const char *arguments, const char *cases, const char *expected)
{
	char profile[3000], given[400];
	const char *path = test_path("own.json");
	struct judged judged;
	struct judged_input input = { .profile = path, .files = FILES };

	snprintf(given, sizeof(given), "%s", arguments);
	for (char *c = given; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	snprintf(profile, sizeof(profile),
		 "{\"name\":\"own\",\"title\":\"t\",\"rules\":[{\"id\":\"O-1\",\"title\":\"t\","
		 "\"source\":\"s\",\"predicate\":\"paths\",\"arguments\":{%s},\"cases\":{%s}}]}",
		 given, cases);
	test_write(path, profile, strlen(profile));
	judged_open(&judged, &input);
	char *text = judged_text(&judged);
	assert_string_equal(text, expected);
	free(text);
	judged_done(&judged);
}

static void what_is_not_there_is_named(void **state)
{
	(void)state;
	check("'paths':['/opt/none']", CASES, "warning O-1 missing /opt/none\n");
	check("'paths':['/opt/a/run.sh']", CASE("missing"), "");
	check("'paths':['/opt/a/*.sh','/opt/none']", CASE("found"),
	      "warning O-1 found /opt/a/run.sh\n");
}

static void access_owner_and_mode_are_looked_at(void **state)
{
	(void)state;
	check("'paths':['/opt/shut/f']", CASES, "warning O-1 hidden /opt/shut/f\n");
	check("'paths':['/opt/a/secret']", CASE("unreadable") "," CASE("unwritable"),
	      "warning O-1 unreadable /opt/a/secret\nwarning O-1 unwritable /opt/a/secret\n");
	check("'paths':['/opt/a/run.sh'],'uid':1000", CASE("other-owner"),
	      "warning O-1 other-owner /opt/a/run.sh\n");
	check("'paths':['/opt/a/run.sh'],'uid':0,'gid':0", CASE("other-owner"), "");
	check("'paths':['/opt/a'],'below':true,'without-mode':'6000'", CASE("forbidden-mode"),
	      "warning O-1 forbidden-mode /opt/a/su\n");
	check("'paths':['/opt/a/s*'],'with-mode':'0111'", CASE("lacking-mode"),
	      "warning O-1 lacking-mode /opt/a/secret\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_there_is_named),
		cmocka_unit_test(access_owner_and_mode_are_looked_at),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
