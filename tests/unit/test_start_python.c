/* The virtual environment, the standard library and the packages of a Python. */
#include "lib/started.h"

#include "core/access/access_priv.h"

static int open_image(void **state)
{
	static struct started started;
	struct tb tar = { 0 };

	/* A distribution's, with an environment over it. */
	started_program(&tar, "usr/bin/python3.11", 0755);
	tb_symlink(&tar, "usr/bin/python3", "python3.11");
	tb_file(&tar, "usr/lib/python3.11/os.py", 0644, 0, 0, "");
	tb_file(&tar, "usr/lib/python3.11/encodings/__init__.py", 0644, 0, 0, "");
	tb_symlink(&tar, "opt/venv/bin/python", "/usr/bin/python3");
	tb_file(&tar, "opt/venv/pyvenv.cfg", 0644, 0, 0,
		"include-system-site-packages = false\nHome = /usr/bin \r\nversion = 3.11\n");
	tb_dir(&tar, "opt/venv/lib/python3.11/site-packages", 0755, 0, 0);
	/* Conda: no version in the name, packages that are shut. */
	started_program(&tar, "opt/conda/bin/python", 0755);
	tb_file(&tar, "opt/conda/lib/python3.10/os.py", 0644, 0, 0, "");
	tb_dir(&tar, "opt/conda/lib/python3.10/site-packages", 0700, 0, 0);
	/* A library behind a shut directory. */
	started_program(&tar, "opt/shut/bin/python3", 0755);
	tb_dir(&tar, "opt/shut/lib", 0700, 0, 0);
	tb_file(&tar, "opt/shut/lib/python3.9/os.py", 0644, 0, 0, "");
	/* An environment whose program is behind one. */
	tb_dir(&tar, "root", 0700, 0, 0);
	started_program(&tar, "root/uv/bin/python3.12", 0755);
	tb_symlink(&tar, "app/venv/bin/python", "/root/uv/bin/python3.12");
	tb_file(&tar, "app/venv/pyvenv.cfg", 0644, 0, 0, "home = /root/uv/bin\n");
	/* No library anywhere. */
	started_program(&tar, "srv/python", 0755);
	tb_file(&tar, "app/train.py", 0644, 0, 0, "");
	tb_file(&tar, "app/tool", 0755, 0, 0, "#!/opt/venv/bin/python\n");
	started_open(&started, &tar);
	*state = &started;
	return 0;
}

static int close_image(void **state)
{
	started_done(*state);
	return 0;
}

#define SYSTEM "modules /usr/lib/python3.11\nmodules /usr/lib/python3.11/encodings\n"
#define VENV "venv /opt/venv/pyvenv.cfg\n" SYSTEM "modules /opt/venv/lib/python3.11/site-packages\n"

static void the_library_is_found_from_where_the_program_is(void **state)
{
	STARTED(*state, "command /usr/bin/python3\n" SYSTEM "script /app/train.py\nok", "python3",
		"/app/train.py");
}

static void an_environment_has_its_own_packages(void **state)
{
	STARTED(*state, "command /opt/venv/bin/python\n" VENV "script /app/train.py\nok",
		"/opt/venv/bin/python", "/app/train.py");
	STARTED(*state,
		"command /app/tool\ninterpreter /opt/venv/bin/python\n" VENV "script /app/tool\nok",
		"/app/tool");
}

static void packages_that_are_shut_are_an_obstacle(void **state)
{
	STARTED(*state,
		"command /opt/conda/bin/python\nmodules /opt/conda/lib/python3.10\n"
		"modules /opt/conda/lib/python3.10/site-packages\ndenied",
		"/opt/conda/bin/python");
}

static void a_library_that_is_shut_is_an_obstacle(void **state)
{
	STARTED(*state,
		"command /opt/shut/bin/python3\nmodules /opt/shut/lib/python3.9\ndenied",
		"/opt/shut/bin/python3");
}

static void an_environment_into_a_shut_home_is_denied(void **state)
{
	STARTED(*state, "command /app/venv/bin/python\ndenied", "/app/venv/bin/python");
}

static void a_python_whose_library_is_not_found_is_left_alone(void **state)
{
	STARTED(*state, "command /srv/python\nok", "/srv/python");
}

static void pythons_are_known_by_their_names(void **state)
{
	(void)state;
	assert_true(access__is_python("/usr/bin/python"));
	assert_true(access__is_python("/usr/bin/python3.11"));
	assert_false(access__is_python("/usr/bin/python3-config"));
	assert_false(access__is_python("/usr/bin/pytho"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_library_is_found_from_where_the_program_is),
		cmocka_unit_test(an_environment_has_its_own_packages),
		cmocka_unit_test(packages_that_are_shut_are_an_obstacle),
		cmocka_unit_test(a_library_that_is_shut_is_an_obstacle),
		cmocka_unit_test(an_environment_into_a_shut_home_is_denied),
		cmocka_unit_test(a_python_whose_library_is_not_found_is_left_alone),
		cmocka_unit_test(pythons_are_known_by_their_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, open_image, close_image);
}
