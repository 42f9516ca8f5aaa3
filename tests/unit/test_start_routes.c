/* Routes are found in the files of the start chain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/rule/start_routes.h"
#include "lib/judged.h"

/* "METHOD PATH:LINE" of each, joined by "; ". */
static void check(const char *config, const char *files, const char *expected)
{
	struct judged judged;
	struct start_routes routes;
	char text[600] = "";
	size_t used = 0;

	judged_open(&judged, &(struct judged_input){ .config = config, .files = files });
	const struct content content = { .image = judged.image,
					 .tree = judged.tree,
					 .at = judgement_at(judged.judgement) };
	struct rule_run run = { .judgement = judged.judgement,
				.tree = judged.tree,
				.at = content.at,
				.config = judged.judgement->input.config,
				.profile = judged.profile,
				.content = &content };
	assert_int_equal(rule__routes(&run, &routes, NULL), 0);
	for (size_t i = 0; i < routes.all.count; i++) {
		const struct start_route *route = &routes.all.items[i];

		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s:%u",
					 used ? "; " : "", route->method ? route->method : "*",
					 route->path, route->line);
	}
	rule__routes_done(&routes);
	judged_done(&judged);
	assert_string_equal(text, expected);
}

#define PYTHON "{'Cmd':['python3','/app.py']}"

static void decorators_of_python_are_read(void **state)
{
	(void)state;
	check(PYTHON,
	      "644 0:0 app.py = @app.route('/')|@app.route(\"/predict\", methods=['POST'])|"
	      "@bp.post('/a/<b>')|  @router.get(f'/x')|# @app.get('/no')|x.get('/no')|"
	      "@app.route(PREFIX)|@app.route('/both', methods=['GET', 'POST'])|\n",
	      "* /:1; POST /predict:2; POST /a/<b>:3; GET /x:4; * /both:8");
}

static void calls_of_python_are_read(void **state)
{
	(void)state;
	check(PYTHON,
	      "644 0:0 app.py = app.add_url_rule('/u', 'u', u)|app.router.add_post('/p', p)|"
	      "web.get('/g', g)|app.add_api_route(\"/r\", r)|Route('/s', s)|\n",
	      "* /u:1; POST /p:2; GET /g:3; * /r:4; * /s:5");
}

static void express_and_nginx_are_read(void **state)
{
	(void)state;
	check("{'Cmd':['node','/app.js']}",
	      "644 0:0 app.js = app.post('/p', f)|router.get(`/g`, f)|// app.get('/no')|\n",
	      "POST /p:1; GET /g:2");
	check("{'Cmd':['nginx']}",
	      "755 0:0 etc/nginx/\n644 0:0 etc/nginx/nginx.conf = server {| location = /a {|"
	      " location ~ ^/b|location /c/{|# location /no|}\n",
	      "* /a:2; * /b:3; * /c/:4");
}

static void a_request_meets_its_route(void **state)
{
	static const struct {
		const char *route, *path;
		bool matches;
	} ROWS[] = {
		{ "/", "/", true },
		{ "/", "", true },
		{ "/a", "/a/", true },
		{ "/a", "/b", false },
		{ "/a", "/a/b", false },
		{ "/a/<b>", "/a/x", true },
		{ "/a/{b}/c", "/a/x/c", true },
		{ "/a/:b", "/a", false },
		{ "/ab", "/a", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(*ROWS); i++) {
		const struct start_route route = { .path = ROWS[i].route };

		assert_int_equal(rule__route_matches(&route, ROWS[i].path), ROWS[i].matches);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decorators_of_python_are_read),
		cmocka_unit_test(calls_of_python_are_read),
		cmocka_unit_test(express_and_nginx_are_read),
		cmocka_unit_test(a_request_meets_its_route),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
