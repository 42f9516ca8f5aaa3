/*
 * Foreign images, where IMGTUI_CORPUS names a folder with an INDEX.tsv: none
 * may crash the reader, and each either opens or says why not. With
 * IMGTUI_CORPUS_LIST set, what was found is printed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "image/image.h"

static void show(const char *label, const char *text)
{
	if (!getenv("IMGTUI_CORPUS_LIST"))
		return;
	printf("# %s ", label);
	text_visible_print(stdout, text, strlen(text), TEXT_UTF8);
	printf("\n");
}

static void show_problems(const struct problem_list *problems)
{
	for (size_t i = 0; i < problems->all.count; i++) {
		show("    problem", problem_name(problems->all.items[i].kind));
		show("           ", problems->all.items[i].text);
	}
}

static void show_error(const char *label, const struct err *err)
{
	assert_true(err->code != ERR_NONE);
	assert_true(err->text[0] != '\0');
	assert_null(strchr(err->text, '\n'));
	show(label, err->text);
}

static void image_try(struct source *source, size_t i)
{
	CLEANUP(image_closep) struct image *image = NULL;
	struct err err = { 0 };
	char line[400], digest[DIGEST_TEXT];

	if (image_open(source, i, NULL, &image, &err) < 0) {
		show_error("    image error:", &err);
		return;
	}
	snprintf(line, sizeof(line), "%.200s, %zu layers, %s", image_name(image),
		 image_layer_count(image), digest_short(image_config_digest(image), digest));
	show("    image", line);
	for (size_t n = 0; n < image_layer_count(image); n++) {
		const struct image_layer *layer = image_layer(image, n);

		assert_non_null(layer->created_by);
		assert_true(layer->is_missing || layer->blob.span.fd >= 0);
		show("        layer", layer->created_by);
	}
	show_problems(image_problems(image));
}

static void path_try(const char *path)
{
	CLEANUP(source_closep) struct source *source = NULL;
	struct err err = { 0 };
	size_t chosen;

	show("====", path);
	if (source_open(path, NULL, &source, &err) < 0) {
		show_error("    error:", &err);
		return;
	}
	show("    format", source_format_name(source_format(source)));
	show_problems(source_problems(source));
	if (source_choose(source, NULL, &chosen, &err) < 0)
		show_error("    choose:", &err);
	for (size_t i = 0; i < source_image_count(source); i++)
		image_try(source, i);
}

static void every_image_opens_or_says_why_not(void **state)
{
	const char *corpus = getenv("IMGTUI_CORPUS");
	char name[4096], path[8300];

	(void)state;
	if (!corpus)
		return;
	snprintf(name, sizeof(name), "%s/INDEX.tsv", corpus);
	CLEANUP(fclosep) FILE *index = fopen(name, "r");

	if (!index)
		return;
	while (fgets(name, sizeof(name), index)) {
		name[strcspn(name, "\t\n")] = '\0';
		snprintf(path, sizeof(path), "%s/%s", corpus, name);
		path_try(path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_image_opens_or_says_why_not),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
