/* The home of a new user is made as 'useradd -m' makes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fixed.h"

#define NEW_LINE "etc/passwd = |ma-user:x:1000:100::/home/ma-user:/bin/sh|\n"
#define HOME "+d home/ma-user 0750 u1000 g100\n"

static void check(const char *files, const char *wants)
{
	struct fixed fixed;

	fixed_open(&fixed, &(struct judged_input){ .files = files });
	fixed_add(&fixed, "MAT-USR-001", "missing", NULL, "add-user");
	fixed_wants(&fixed, wants);
	fixed_done(&fixed);
}

static void the_skeleton_is_copied(void **state)
{
	(void)state;
	check("644 0:0 etc/passwd = |\nx home/ma-user\n755 0:0 etc/skel/\n"
	      "644 0:0 etc/skel/.bashrc = a|b|\n700 0:0 etc/skel/.config/\n"
	      "4600 0:0 etc/skel/.config/x = c|\nl etc/skel/.profile -> .bashrc\n",
	      NEW_LINE HOME "+- home/ma-user/.bashrc 0644 u1000 g100 = a|b|\n"
			    "+d home/ma-user/.config 0700 u1000 g100\n"
			    "+- home/ma-user/.config/x 0600 u1000 g100 = c|\n"
			    "+l home/ma-user/.profile 0777 u1000 g100\n");
}

static void a_home_that_is_there_stays(void **state)
{
	(void)state;
	check("644 0:0 etc/passwd = |\n644 0:0 etc/skel/.bashrc = a|\n", NEW_LINE);
}

static void a_skeleton_may_be_a_link(void **state)
{
	(void)state;
	check("644 0:0 etc/passwd = |\nx home/ma-user\n644 0:0 usr/skel/.bashrc = a|\n"
	      "l etc/skel -> /usr/skel\n",
	      NEW_LINE HOME "+- home/ma-user/.bashrc 0644 u1000 g100 = a|\n");
}

static void a_skeleton_that_is_none_is_left_out(void **state)
{
	(void)state;
	check("644 0:0 etc/passwd = |\nx home/ma-user\n644 0:0 etc/skel = a|\n", NEW_LINE HOME);
	check("644 0:0 etc/passwd = |\nx home/ma-user\nl etc/skel -> nowhere\n", NEW_LINE HOME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_skeleton_is_copied),
		cmocka_unit_test(a_home_that_is_there_stays),
		cmocka_unit_test(a_skeleton_may_be_a_link),
		cmocka_unit_test(a_skeleton_that_is_none_is_left_out),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
