/* What a build installs: by distribution, once, and only where names are known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"

#define RELEASE(text) "644 0:0 etc/os-release = " text "|\n"

static struct judged_input input_of(const char *files)
{
	return (struct judged_input){ .profile = "modelarts-inference", .files = files };
}

/* "apt python3, apk zip" of all steps. */
static void assert_packages(const struct plan *plan, const char *expected)
{
	size_t count;
	const struct plan_packages *packages = plan_packages(plan, &count);
	char text[300] = "";

	for (size_t i = 0; i < count; i++) {
		for (size_t n = 0; packages[i].names[n]; n++) {
			size_t len = strlen(text);

			snprintf(text + len, sizeof(text) - len, "%s%s %s", len ? ", " : "",
				 packages[i].manager, packages[i].names[n]);
		}
	}
	assert_string_equal(text, expected);
}

static void each_distribution_has_its_packages(void **state)
{
	static const struct {
		const char *files, *packages;
	} ROWS[] = {
		/* clang-format off */
		{ RELEASE("ID=debian"), "apt python3, apt default-jre-headless, apt zip, apt unzip" },
		{ RELEASE("NAME=x|ID=mint|ID_LIKE=\"ubuntu debian\""),
		  "apt python3, apt default-jre-headless, apt zip, apt unzip" },
		{ RELEASE("ID=alpine"), "apk python3, apk openjdk17-jre-headless, apk zip, apk unzip" },
		{ RELEASE("ID=\"openEuler\""), "dnf python3, dnf java-17-openjdk-headless, dnf zip, dnf unzip" },
		{ RELEASE("ID=\"opensuse-leap\"|ID_LIKE='suse opensuse'"),
		  "zypper python3, zypper java-17-openjdk-headless, zypper zip, zypper unzip" },
		{ RELEASE("ID=arch"), "pacman python, pacman jre-openjdk-headless, pacman zip, pacman unzip" },
		{ "644 0:0 usr/lib/os-release = ID=alpine|\n755 0:0 bin/java = x\n755 0:0 bin/zip = x\n",
		  "apk python3, apk unzip" },
		{ RELEASE("ID=debianish"), "" },
		{ "644 0:0 app = x\n", "" },
		/* clang-format on */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const struct judged_input input = input_of(ROWS[i].files);
		struct fixed fixed;

		fixed_open(&fixed, &input);
		fixed_all(&fixed, (const char *const[]){ "MAI-DEP-001", NULL });
		assert_packages(fixed.plan, ROWS[i].packages);
		assert_int_equal(plan_needs_build(fixed.plan), *ROWS[i].packages != '\0');
		fixed_done(&fixed);
	}
}

static void an_unknown_distribution_is_said(void **state)
{
	const struct judged_input input = input_of("644 0:0 app = x\n");
	struct err err = { 0 };
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &input);
	assert_int_equal(fixed_try(&fixed, "MAI-DEP-001", "missing", NULL, "install", &err),
			 -ERR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "is not known: this needs a build"));
	assert_true(plan_is_empty(fixed.plan));
	fixed_done(&fixed);
}

static void a_package_is_planned_once(void **state)
{
	const struct judged_input input = input_of(RELEASE("ID=debian"));
	struct fixed fixed;
	uint64_t bytes;

	(void)state;
	fixed_open(&fixed, &input);
	fixed_add(&fixed, "MAI-DEP-001", "missing", NULL, "install");
	assert_int_equal(fixed_try(&fixed, "MAI-DEP-001", "missing", NULL, "install", NULL), 0);
	assert_int_equal(plan_step_count(fixed.plan), 1);
	assert_int_equal(plan_step(fixed.plan, 0).packages_count, 1);

	const struct finding *finding = judged_find(&fixed.judged, "MAI-DEP-001", "missing", NULL);
	assert_int_equal(fix_cost(fixed.judged.judgement, finding,
				  fixed_option(&fixed, finding, "install"), &bytes, NULL),
			 -ERR_UNSUPPORTED);
	assert_true(plan_undo(fixed.plan));
	assert_true(plan_is_empty(fixed.plan));
	fixed_done(&fixed);
}

static void the_finding_stays_until_the_build(void **state)
{
	const struct judged_input input = input_of(RELEASE("ID=debian"));
	struct fixed fixed;

	(void)state;
	fixed_open(&fixed, &input);
	fixed_all(&fixed, (const char *const[]){ "MAI-DEP-001", NULL });
	char *left = fixed_left(&fixed, SEVERITY_WARNING);
	assert_non_null(strstr(left, "MAI-DEP-001 missing"));
	free(left);
	fixed_done(&fixed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_distribution_has_its_packages),
		cmocka_unit_test(an_unknown_distribution_is_said),
		cmocka_unit_test(a_package_is_planned_once),
		cmocka_unit_test(the_finding_stays_until_the_build),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
