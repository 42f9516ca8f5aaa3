/*
 * Images as people bring them: who 'docker run -u 1000' is there, what the
 * rules about users and groups say, and what the recommended fixes make of the
 * files. One row per situation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"

#define BARE                                                                                       \
	"755 0:0 etc/\n755 0:0 bin/\n755 0:0 bin/sh = \177ELF\n755 0:0 bin/bash = \177ELF\n"       \
	"755 0:0 home/\n1777 0:0 tmp/\n1777 0:0 var/tmp/\n"
#define NO_BASH                                                                                    \
	"755 0:0 etc/\n755 0:0 bin/\n755 0:0 bin/sh = \177ELF\n755 0:0 home/\n1777 0:0 tmp/\n"
#define PASSWD "644 0:0 etc/passwd = "
#define GROUP "644 0:0 etc/group = "
#define ROOT "root:x:0:0:root:/root:/bin/sh|"
#define NO_ROOT "root:x:0:0:root:/root:/sbin/nologin|"
#define MA_USER "ma-user:x:1000:100::/home/ma-user:/bin/bash|"
#define MA_USER_SH "ma-user:x:1000:100::/home/ma-user:/bin/sh|"
#define MA_USER_NONE "ma-user:x:1000:100::/home/ma-user:/sbin/nologin|"

/* The platform keeps its folders below this one, whoever is 1000. */
#define NO_HOME "warning MAT-USR-005 missing\n"

static const char *const RULES[] = { "MAT-GRP-001", "MAT-USR-001", "MAT-USR-002", "MAT-USR-003",
				     "MAT-USR-005", "MAT-USR-006", NULL };

struct corner {
	const char *name, *base, *files;
	const char *identity; /* of "docker run -u 1000" */
	const char *found;    /* of RULES and worse than info: "severity rule case" lines */
	/* Afterwards; '|' ends a line. */
	const char *passwd, *group, *identity_after;
};

static const struct corner CORNERS[] = {
	/* clang-format off */
	{ "debian: group 100 is users, nobody is 1000", BARE,
	  PASSWD ROOT "\n" GROUP "root:x:0:|users:x:100:|\n",
	  "1000:0", "error MAT-USR-001 missing\n" NO_HOME,
	  ROOT MA_USER, "root:x:0:|users:x:100:|", "1000:100" },
	{ "ubuntu 24.04: ubuntu is 1000:1000", BARE,
	  PASSWD ROOT "ubuntu:x:1000:1000:Ubuntu:/home/ubuntu:/bin/bash|\n"
	  GROUP "users:x:100:|dialout:x:20:ubuntu|ubuntu:x:1000:|\n750 1000:1000 home/ubuntu/\n",
	  "1000:1000+20", "warning MAT-USR-002 other-group\n" NO_HOME,
	  ROOT "ubuntu:x:1000:100:Ubuntu:/home/ubuntu:/bin/bash|",
	  "users:x:100:|dialout:x:20:ubuntu|ubuntu:x:1000:ubuntu|", "1000:100+20,1000" },
	{ "node: node is 1000:1000", BARE,
	  PASSWD ROOT "node:x:1000:1000::/home/node:/bin/bash|\n"
	  GROUP "users:x:100:|node:x:1000:|\n755 1000:1000 home/node/\n",
	  "1000:1000", "warning MAT-USR-002 other-group\n" NO_HOME,
	  ROOT "node:x:1000:100::/home/node:/bin/bash|", "users:x:100:|node:x:1000:node|",
	  "1000:100+1000" },
	{ "jupyter: jovyan is 1000:100", BARE,
	  PASSWD ROOT "jovyan:x:1000:100::/home/jovyan:/bin/bash|\n"
	  GROUP "users:x:100:|\n755 1000:100 home/jovyan/\n",
	  "1000:100", NO_HOME,
	  ROOT "jovyan:x:1000:100::/home/jovyan:/bin/bash|", "users:x:100:|", "1000:100" },
	/* Its group opens the devices: the user stays in it. */
	{ "ascend: HwHiAiUser is 1000:1000", BARE,
	  PASSWD ROOT "HwHiAiUser:x:1000:1000::/home/HwHiAiUser:/bin/bash|\n"
	  GROUP "users:x:100:|HwHiAiUser:x:1000:|\n755 1000:1000 home/HwHiAiUser/\n",
	  "1000:1000", "warning MAT-USR-002 other-group\n" NO_HOME,
	  ROOT "HwHiAiUser:x:1000:100::/home/HwHiAiUser:/bin/bash|",
	  "users:x:100:|HwHiAiUser:x:1000:HwHiAiUser|", "1000:100+1000" },
	{ "alpine: users and guest are 100, no bash", NO_BASH,
	  PASSWD ROOT "guest:x:405:100:guest:/dev/null:/sbin/nologin|\n" GROUP "users:x:100:games|\n",
	  "1000:0", "error MAT-USR-001 missing\n" NO_HOME,
	  ROOT "guest:x:405:100:guest:/dev/null:/sbin/nologin|" MA_USER_SH, "users:x:100:games|",
	  "1000:100" },
	{ "busybox: programs are names of one file", NO_BASH,
	  PASSWD ROOT "\n" GROUP "users:x:100:|\n755 0:0 bin/[ = \177ELF\nh bin/ls -> bin/[\n",
	  "1000:0", "error MAT-USR-001 missing\n" NO_HOME,
	  ROOT MA_USER_SH, "users:x:100:|", "1000:100" },
	{ "distroless: nonroot, no shell, no 100", "755 0:0 etc/\n1777 0:0 tmp/\n",
	  PASSWD NO_ROOT "nonroot:x:65532:65532::/home/nonroot:/sbin/nologin|\n"
	  GROUP "root:x:0:|nonroot:x:65532:|\n",
	  "1000:0", "error MAT-GRP-001 missing\nerror MAT-USR-001 missing\n" NO_HOME,
	  NO_ROOT "nonroot:x:65532:65532::/home/nonroot:/sbin/nologin|" MA_USER_NONE,
	  "root:x:0:|nonroot:x:65532:|ma-group:x:100:|", "1000:100" },
	{ "scratch: no /etc", "755 0:0 run = \177ELF\n", NULL,
	  "1000:0",
	  "error MAT-GRP-001 no-file\nerror MAT-USR-001 missing\nerror MAT-USR-006 no-passwd\n" NO_HOME,
	  NO_ROOT MA_USER_NONE, "root:x:0:|ma-group:x:100:|", "1000:100" },
	{ "ma-user is 1102:1102", BARE,
	  PASSWD ROOT "ma-user:x:1102:1102::/home/ma-user:/bin/bash|\n"
	  GROUP "users:x:100:|ma-group:x:1102:|\n750 1102:1102 home/ma-user/\n",
	  "1000:0", "error MAT-USR-001 missing\nerror MAT-USR-003 other-uid\nwarning MAT-USR-005 not-writable\n",
	  ROOT MA_USER, "users:x:100:|ma-group:x:1102:|", "1000:100" },
	{ "ma-group has another number, users is 100", BARE,
	  PASSWD ROOT MA_USER "\n" GROUP "ma-group:x:1101:|users:x:100:|\n750 1000:100 home/ma-user/\n",
	  "1000:100", "",
	  ROOT MA_USER, "ma-group:x:1101:|users:x:100:|", "1000:100" },
	{ "two lines with 1000: the first counts", BARE,
	  PASSWD ROOT MA_USER "late:x:1000:1000::/:/bin/sh|\n" GROUP "users:x:100:|\n"
	  "750 1000:100 home/ma-user/\n",
	  "1000:100", "warning MAT-USR-006 duplicate-id\n",
	  ROOT MA_USER "late:x:1000:1000::/:/bin/sh|", "users:x:100:|", "1000:100" },
	{ "the line is there, /home is not", "755 0:0 etc/\n755 0:0 bin/bash = \177ELF\n1777 0:0 tmp/\n",
	  PASSWD ROOT MA_USER "\n" GROUP "users:x:100:|\n",
	  "1000:100", NO_HOME,
	  ROOT MA_USER, "users:x:100:|", "1000:100" },
	/* clang-format on */
};

enum { CORNER_COUNT = sizeof(CORNERS) / sizeof(*CORNERS) };

static void open_corner(struct fixed *fixed, const struct corner *corner)
{
	fixed_open(fixed, &(struct judged_input){
				  .base = corner->base, .files = corner->files, .user = "1000" });
}

static void check_identity(const struct corner *corner, const struct accounts *accounts,
			   const char *wanted)
{
	struct identity identity;
	struct err err = { 0 };
	char text[128];

	if (identity_resolve(accounts, "1000", &identity, &err) < 0)
		fail_msg("%s: %s", corner->name, err.text);
	if (strcmp(identity_text(&identity, text), wanted) != 0)
		fail_msg("%s: -u 1000 is %s, not %s", corner->name, text, wanted);
}

static bool is_of_rules(const struct finding *finding)
{
	for (size_t i = 0; RULES[i]; i++) {
		if (!strcmp(finding->rule->id, RULES[i]))
			return true;
	}
	return false;
}

static void check_found(const struct corner *corner, const struct judgement *judgement)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	for (size_t i = 0; i < judgement->findings.count; i++) {
		const struct finding *finding = &judgement->findings.items[i];

		if (is_of_rules(finding) && finding->severity > SEVERITY_INFO)
			fprintf(out, "%s %s %s\n", severity_name(finding->severity),
				finding->rule->id, finding->rule_case->name);
	}
	fclose(out);
	if (strcmp(text, corner->found) != 0)
		fail_msg("%s: found is\n%s", corner->name, text);
	free(text);
}

static void check_file(const struct corner *corner, const struct fixed *fixed, const char *path,
		       const char *wanted)
{
	char *text = fixed_text(fixed, path);

	if (strcmp(text, wanted) != 0)
		fail_msg("%s: %s is %s", corner->name, path, text);
	free(text);
}

static void minus_u_1000_is_who_engines_make_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < CORNER_COUNT; i++) {
		struct fixed fixed;

		open_corner(&fixed, &CORNERS[i]);
		check_identity(&CORNERS[i], fixed.judged.judgement->accounts, CORNERS[i].identity);
		fixed_done(&fixed);
	}
}

static void rules_say_what_the_guide_would(void **state)
{
	(void)state;
	for (size_t i = 0; i < CORNER_COUNT; i++) {
		struct fixed fixed;

		open_corner(&fixed, &CORNERS[i]);
		check_found(&CORNERS[i], fixed.judged.judgement);
		fixed_done(&fixed);
	}
}

static void recommended_fixes_give_the_platform_its_user(void **state)
{
	(void)state;
	for (size_t i = 0; i < CORNER_COUNT; i++) {
		const struct corner *corner = &CORNERS[i];
		struct fixed fixed;

		open_corner(&fixed, corner);
		fixed_all(&fixed, RULES);
		check_file(corner, &fixed, "/etc/passwd", corner->passwd);
		check_file(corner, &fixed, "/etc/group", corner->group);
		check_identity(corner, fixed.result.judgement->accounts, corner->identity_after);
		fixed_done(&fixed);
	}
}

static void no_name_of_a_shared_program_is_touched(void **state)
{
	struct fixed fixed;

	(void)state;
	for (size_t i = 0; i < CORNER_COUNT; i++) {
		struct tree_want *wants;
		size_t count;

		open_corner(&fixed, &CORNERS[i]);
		fixed_all(&fixed, RULES);
		assert_int_equal(plan_merge(fixed.plan, &wants, &count, NULL), 0);
		for (size_t w = 0; w < count; w++)
			assert_int_not_equal(strncmp(wants[w].path, "bin", 3), 0);
		free(wants);
		fixed_done(&fixed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minus_u_1000_is_who_engines_make_of_it),
		cmocka_unit_test(rules_say_what_the_guide_would),
		cmocka_unit_test(recommended_fixes_give_the_platform_its_user),
		cmocka_unit_test(no_name_of_a_shared_program_is_touched),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
