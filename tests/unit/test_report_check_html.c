/* The report of findings as a page. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/judged.h"
#include "lib/reported.h"

enum { DEPTH = 64 };

/* The name of the tag at '<', and whether it has no end: "meta", as of its own. */
static bool is_void(const char *name)
{
	return !strcmp(name, "meta") || !strcmp(name, "rect");
}

/* Every tag is closed in order, attributes are quoted, no '<' or '&' stands for itself. */
static void assert_well_formed(const char *text)
{
	char open[DEPTH][16];
	size_t depth = 0;

	for (const char *c = text; *c; c++) {
		char name[16];

		assert_true((unsigned char)*c >= ' ' || *c == '\n');
		if (*c == '&' && strncmp(c, "&amp;", 5) && strncmp(c, "&lt;", 4) &&
		    strncmp(c, "&gt;", 4) && strncmp(c, "&quot;", 6) && strncmp(c, "&#39;", 5))
			fail_msg("a bare '&': %.40s", c);
		if (*c != '<' || c[1] == '!')
			continue;
		bool closes = c[1] == '/';
		if (sscanf(c + 1 + closes, "%15[a-z0-9]", name) != 1)
			fail_msg("a bare '<': %.40s", c);
		for (bool quoted = false; *c && (*c != '>' || quoted); c++)
			quoted = quoted != (*c == '"');
		assert_int_equal(*c, '>');
		if (closes) {
			if (!depth || strcmp(open[--depth], name) != 0)
				fail_msg("</%s> closes %s", name, depth ? open[depth] : "nothing");
		} else if (!is_void(name)) {
			assert_true(depth < DEPTH);
			snprintf(open[depth++], sizeof(*open), "%s", name);
		}
	}
	assert_int_equal(depth, 0);
}

static char *page_of(const struct judged_input *input)
{
	struct judged judged;

	judged_open(&judged, input);
	char *text = REPORTED(PLAINLY, report_check_html, judged.judgement);
	judged_done(&judged);
	assert_well_formed(text);
	return text;
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no '%s' in:\n%s", part, text);
}

static void a_good_image_has_no_findings(void **state)
{
	char *text = page_of(&(struct judged_input){ 0 });

	(void)state;
	assert_has(text, "no findings");
	assert_has(text, "<td class=\"pass\">pass</td>");
	assert_null(strstr(text, "<h2>Findings"));
	free(text);
}

static void a_finding_has_rule_source_reason_and_fix(void **state)
{
	char *text = page_of(
		&(struct judged_input){ .files = "755 0:0 app/\n600 0:0 app/x = y\n" });

	(void)state;
	assert_has(text, "<span class=\"count error\">1 error</span>");
	assert_has(text, "<h3 class=\"error\">ACC-004 (error) the user&#39;s content");
	assert_has(text, "<p>1000:100 may not read, write /app/x: -rw------- root:root</p>");
	assert_has(text, "<li>/app  drwxr-xr-x root:root  other has x</li>");
	assert_has(text, "<li>chown the file to the user (+1.0 KB as a layer");
	assert_has(text, "<p class=\"source\">S1: ");
	assert_has(text, "<td class=\"fail\">fail</td>");
	free(text);
}

static void an_open_rule_has_its_command(void **state)
{
	char *text = page_of(&(struct judged_input){ .profile = "modelarts-inference" });

	(void)state;
	assert_has(text, "<td class=\"open\">open</td>");
	assert_has(text, "<code>trivy image --scanners vuln,secret,misconfig judged:1;");
	free(text);
}

static void layers_have_instruction_sizes_and_bars(void **state)
{
	char *text = page_of(&(struct judged_input){
		.files = "run RUN a && b\n644 0:0 etc/f = 12345678\n--\nx etc/f\n" });

	(void)state;
	assert_has(text, "<code>RUN a &amp;&amp; b</code>");
	assert_has(text, "<td class=\"number\">8 B</td>\n<td class=\"number\">8 B</td>");
	assert_has(text, "<text x=\"0\" y=\"29\">layer 2</text>");
	assert_has(text, "<rect class=\"hidden\"");
	free(text);
}

static void hostile_names_are_harmless(void **state)
{
	char *text = page_of(&(struct judged_input){
		.config = "{'User':'<script>alert(1)</script>'}",
		.files = "run RUN </code><script>x</script>\n755 0:0 app/\n"
			 "600 0:0 app/<img src=x onerror=a(1)> = y\n600 0:0 app/\"'&amp; = y\n"
			 "600 0:0 app/\033[2J\342\200\256\377 = y\n" });

	(void)state;
	assert_null(strstr(text, "<script"));
	assert_null(strstr(text, "<img"));
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "\342\200\256"));
	assert_has(text, "/app/&lt;img src=x onerror=a(1)&gt;");
	assert_has(text, "/app/&quot;&#39;&amp;amp;");
	free(text);
}

static void problems_are_listed(void **state)
{
	struct problem_list list = { 0 };
	const struct problem_list *const lists[] = { &list, NULL };
	struct judged judged;

	(void)state;
	problem_add(&list, PROBLEM_DIGEST_MISMATCH, PROBLEM_NOWHERE, "layer <1>");
	judged_open(&judged, &(struct judged_input){ 0 });
	char *text = REPORTED(((struct report_options){ .problems = lists }), report_check_html,
			      judged.judgement);
	assert_well_formed(text);
	assert_has(text, "layer &lt;1&gt;</li>");
	assert_has(text, "<span class=\"fail\">digest-mismatch</span>");
	free(text);
	problem_list_done(&list);
	judged_done(&judged);
}

static void an_image_that_cannot_be_read_has_its_section(void **state)
{
	char *text = REPORTED(PLAINLY, report_check_error_html, "a<b>.tar", "is no 'image'");

	(void)state;
	assert_well_formed(text);
	assert_has(text, "<h1>a&lt;b&gt;.tar</h1>\n<p class=\"fail\">is no &#39;image&#39;</p>");
	free(text);
}

static void a_page_is_whole(void **state)
{
	struct judged judged;
	char *text = NULL;
	size_t len = 0;
	struct report_options options = { .out = open_memstream(&text, &len) };

	(void)state;
	judged_open(&judged, &(struct judged_input){ .files = "755 0:0 app/\n" });
	assert_int_equal(report_html_begin(&options, NULL), 0);
	assert_int_equal(report_check_html(judged.judgement, &options, NULL), 0);
	assert_int_equal(report_check_html(judged.judgement, &options, NULL), 0);
	report_html_end(&options);
	fclose(options.out);
	assert_well_formed(text);
	assert_null(strstr(strstr(text, "<html") + 1, "<html"));
	free(text);
	judged_done(&judged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_image_has_no_findings),
		cmocka_unit_test(a_finding_has_rule_source_reason_and_fix),
		cmocka_unit_test(an_open_rule_has_its_command),
		cmocka_unit_test(layers_have_instruction_sizes_and_bars),
		cmocka_unit_test(hostile_names_are_harmless),
		cmocka_unit_test(problems_are_listed),
		cmocka_unit_test(an_image_that_cannot_be_read_has_its_section),
		cmocka_unit_test(a_page_is_whole),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
