/* The main thread's side: polling, problems, and that views stay whole. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>

#include "lib/opened.h"

static bool is_readable(int fd)
{
	struct pollfd wake = { .fd = fd, .events = POLLIN };

	return poll(&wake, 1, 0) == 1;
}

static void an_idle_session_does_not_wake(void **state)
{
	struct session *session = opened(opened_store("a.tar", SOURCE_OCI_ARCHIVE, "gzip", 10));

	(void)state;
	session_poll(session);
	assert_false(is_readable(session_wake_fd(session)));
	assert_false(session_poll(session));
	session_free(session);
}

static void waiting_on_an_idle_session_returns(void **state)
{
	struct session *session = opened(opened_store("b.tar", SOURCE_OCI_ARCHIVE, "gzip", 10));

	(void)state;
	session_wait(session, true);
	session_wait(session, false);
	session_free(session);
}

static void cancelling_an_idle_session_harms_nothing(void **state)
{
	struct session *session = opened(opened_store("c.tar", SOURCE_OCI_ARCHIVE, "gzip", 10));
	const struct session_view *view = session_view(session);

	(void)state;
	session_cancel(session);
	session_wait(session, true);
	assert_int_equal(view->phase, SESSION_READY);
	/* The old request counts for nothing that comes later, not even for reading files at once.
	 */
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_wait(session, true);
	assert_int_equal(view->judge_error.code, ERR_NONE);
	assert_false(plan_is_empty(view->plan));
	session_free(session);
}

static const struct finding *find(const struct judgement *judgement, const char *rule)
{
	for (size_t i = 0; i < judgement->findings.count; i++) {
		if (!strcmp(judgement->findings.items[i].rule->id, rule))
			return &judgement->findings.items[i];
	}
	return NULL;
}

static void a_fix_works_after_a_cancelled_job(void **state)
{
	struct session *session = opened(opened_store("d.tar", SOURCE_OCI_ARCHIVE, "gzip", 10));
	const struct session_view *view = session_view(session);
	const struct finding *finding = find(view->preview, "MAT-USR-001");
	struct err err = { 0 };

	(void)state;
	assert_int_equal(session_fix_all(session, NULL, NULL), 0);
	session_cancel(session);
	session_wait(session, true);
	/* Reads /etc/shadow on this thread. */
	finding = find(view->preview, "MAT-USR-001");
	if (finding && session_fix(session, finding, &finding->rule->fixes[0], &err) < 0)
		fail_msg("%s", err.text);
	session_wait(session, true);
	session_free(session);
}

static void all_problem_lists_are_given(void **state)
{
	struct session *session = opened(opened_store("e.tar", SOURCE_OCI_ARCHIVE, "gzip", 10));
	const struct problem_list *const *lists = session_problems(session);
	size_t count = 0;

	(void)state;
	while (lists[count])
		count++;
	/* Of source, image, unreadable layers, two layers, tree, accounts, verification. */
	assert_int_equal(count, 8);
	session_free(session);
}

static void damage_is_known_when_it_is_found(void **state)
{
	const char *path = opened_store("f.tar", SOURCE_DOCKER_ARCHIVE, "none", 2000);
	unsigned char *bytes, *body;
	struct session *session;
	size_t len;

	(void)state;
	bytes = test_read(path, &len);
	body = memmem(bytes, len, "xxxxxxxx", 8);
	assert_non_null(body);
	*body = 'y';
	test_write(path, bytes, len);
	free(bytes);
	session = opened(path);
	assert_int_equal(session_view(session)->verify, VERIFY_MISMATCH);
	assert_true(session_view(session)->verify_problems->damaged);
	assert_true(session_is_damaged(session));
	session_free(session);
}

static void the_profile_can_be_asked_for(void **state)
{
	static const char *const settings[] = { "uid=2000", NULL };
	const char *path = opened_store("g.tar", SOURCE_DOCKER_ARCHIVE, "none", 10);
	struct session_options options = opened_options(path);
	struct session *session;

	(void)state;
	options.settings = settings;
	session = opened_start(&options);
	session_wait(session, true);
	assert_int_equal(profile_uid(session_profile(session)), 2000);
	assert_int_equal(session_view(session)->judgement->identity.uid, 2000);
	session_free(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_idle_session_does_not_wake),
		cmocka_unit_test(waiting_on_an_idle_session_returns),
		cmocka_unit_test(cancelling_an_idle_session_harms_nothing),
		cmocka_unit_test(a_fix_works_after_a_cancelled_job),
		cmocka_unit_test(all_problem_lists_are_given),
		cmocka_unit_test(damage_is_known_when_it_is_found),
		cmocka_unit_test(the_profile_can_be_asked_for),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
