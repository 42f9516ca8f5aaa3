/* What of an untrusted string may be shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static void assert_shown(const char *bytes, size_t len, enum text_charset charset,
			 const char *expected)
{
	char *text = text_visible_new(bytes, len, charset);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
}

#define ASSERT_UTF8(literal, expected)                                                             \
	assert_shown(literal, sizeof(literal) - 1, TEXT_UTF8, expected)
#define ASSERT_ASCII(literal, expected)                                                            \
	assert_shown(literal, sizeof(literal) - 1, TEXT_ASCII, expected)

static void printable_characters_pass(void **state)
{
	(void)state;
	ASSERT_UTF8("usr/bin ~!", "usr/bin ~!");
	ASSERT_UTF8("caf\u00e9 \u65e5\u672c \U0001f600", "caf\u00e9 \u65e5\u672c \U0001f600");
	ASSERT_UTF8("", "");
}

static void control_bytes_are_escaped(void **state)
{
	(void)state;
	ASSERT_UTF8("a\nb\tc\rd", "a\\nb\\tc\\rd");
	ASSERT_UTF8("\033[31m", "\\e[31m");
	ASSERT_UTF8("\0\x01\x1f\x7f", "\\x00\\x01\\x1f\\x7f");
}

static void a_backslash_is_doubled_so_that_escapes_can_be_told_apart(void **state)
{
	(void)state;
	ASSERT_UTF8("a\\n", "a\\\\n");
}

static void bytes_that_are_no_utf8_are_escaped(void **state)
{
	(void)state;
	ASSERT_UTF8("caf\xe9", "caf\\xe9");
	ASSERT_UTF8("\xc0\xaf", "\\xc0\\xaf");                   /* overlong */
	ASSERT_UTF8("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
	ASSERT_UTF8("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* above U+10FFFF */
	ASSERT_UTF8("\xe6\x97", "\\xe6\\x97");                   /* cut */
	ASSERT_UTF8("\xe6"
		    "a",
		    "\\xe6"
		    "a");
}

static void what_changes_the_terminal_or_the_order_is_escaped(void **state)
{
	(void)state;
	ASSERT_UTF8("\xc2\x9b", "\\u{009b}");
	ASSERT_UTF8("a\u202egnp.exe", "a\\u{202e}gnp.exe");
	ASSERT_UTF8("\u200e\u200f\u202a\u2066\u2069",
		    "\\u{200e}\\u{200f}\\u{202a}\\u{2066}\\u{2069}");
	ASSERT_UTF8("\u2028\u2029", "\\u{2028}\\u{2029}");
	ASSERT_UTF8("\u061c\u0600", "\\u{061c}\\u{0600}");
}

static void what_cannot_be_seen_is_escaped(void **state)
{
	(void)state;
	ASSERT_UTF8("a\u200bb\u200d\ufeff", "a\\u{200b}b\\u{200d}\\u{feff}");
	ASSERT_UTF8("a\ufe0f\U000e0041", "a\\u{fe0f}\\u{e0041}");
	ASSERT_UTF8("a\u00ad\u3164\U0001d173", "a\\u{00ad}\\u{3164}\\u{1d173}");
}

static void what_has_no_meaning_is_escaped(void **state)
{
	(void)state;
	ASSERT_UTF8("\ue000\U000f0000", "\\u{e000}\\u{f0000}");
	ASSERT_UTF8("\ufdd0\uffff\U0001fffe\U0010ffff", "\\u{fdd0}\\u{ffff}\\u{1fffe}\\u{10ffff}");
	ASSERT_UTF8("\u0378", "\\u{0378}");
}

static void four_combining_marks_pass_and_the_fifth_does_not(void **state)
{
	(void)state;
	ASSERT_UTF8("e\u0301\u0302\u0303\u0304\u0305\u0306x\u0301",
		    "e\u0301\u0302\u0303\u0304\\u{0305}\\u{0306}x\u0301");
}

static void a_mark_with_nothing_before_it_is_escaped(void **state)
{
	(void)state;
	ASSERT_UTF8("\u0301x", "\\u{0301}x");
}

static void ascii_shows_nothing_above_7e(void **state)
{
	(void)state;
	ASSERT_ASCII("caf\u00e9 \U0001f600 \xff", "caf\\u{00e9} \\u{1f600} \\xff");
}

static void a_c_locale_shows_nothing_above_7e_either(void **state)
{
	(void)state;
	setlocale(LC_CTYPE, "C");
	ASSERT_UTF8("caf\u00e9", "caf\\u{00e9}");
	setlocale(LC_CTYPE, "C.UTF-8");
}

static void no_byte_of_256_reaches_the_terminal_as_a_control(void **state)
{
	char all[256];
	char *text;

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	text = text_visible_new(all, sizeof(all), TEXT_UTF8);
	for (const char *p = text; *p; p++)
		assert_true(*p >= 0x20 && *p < 0x7f);
	free(text);
}

/* The UTF-8 of a point into 'out'; its length. */
static size_t encode(unsigned point, char *out)
{
	static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--, point >>= 6)
		out[i] = (char)(0x80 | (point & 0x3f));
	out[0] = (char)(lead[len] | point);
	return len;
}

/* What text_visible() made, taken back; the length. */
static size_t unescape(const char *text, char *out)
{
	static const char named[] = "n\nt\tr\re\033\\\\";
	char *end = out;

	while (*text) {
		unsigned point;
		int used = 0;

		if (*text != '\\') {
			*end++ = *text++;
		} else if (sscanf(text, "\\x%2x%n", &point, &used) == 1 && used) {
			*end++ = (char)point;
			text += used;
		} else if (sscanf(text, "\\u{%x}%n", &point, &used) == 1 && used) {
			end += encode(point, end);
			text += used;
		} else {
			const char *name = strchr(named, text[1]);

			assert_non_null(name);
			*end++ = name[1];
			text += 2;
		}
	}
	return (size_t)(end - out);
}

/* Half of the bytes begin or go on a character of UTF-8, so that many are whole. */
static size_t make_noise(char *bytes, size_t room, unsigned *seed)
{
	size_t len = 0;

	while (len + 4 <= room) {
		*seed = *seed * 1664525u + 1013904223u;
		if (*seed >> 31)
			bytes[len++] = (char)(*seed >> 16);
		else
			len += encode((*seed >> 8) % 0x3000, bytes + len);
	}
	return len;
}

static void noise_comes_out_printable_and_can_be_taken_back(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 1000; round++) {
		char bytes[64], back[64];
		size_t len = make_noise(bytes, sizeof(bytes), &seed);
		enum text_charset charset = round % 2 ? TEXT_UTF8 : TEXT_ASCII;
		CLEANUP(freep) char *text = text_visible_new(bytes, len, charset);

		for (const unsigned char *p = (const unsigned char *)text; *p; p++)
			assert_true(*p >= 0x20 && *p != 0x7f &&
				    (charset == TEXT_UTF8 || *p < 0x80));
		assert_true(text_is_utf8(text, strlen(text)));
		assert_int_equal(unescape(text, back), len);
		assert_memory_equal(back, bytes, len);
	}
}

static void a_small_buffer_never_cuts_a_piece(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(text_visible(out, 8, "abcde\033x", 7, TEXT_UTF8), 8);
	assert_string_equal(out, "abcde\\e");
	assert_int_equal(text_visible(out, 7, "abcde\033x", 7, TEXT_UTF8), 8);
	assert_string_equal(out, "abcde"); /* and not "abcdex" */
	assert_int_equal(text_visible(out, 4, "ab\u65e5", 5, TEXT_UTF8), 5);
	assert_string_equal(out, "ab");
	assert_int_equal(text_visible(out, 1, "ab", 2, TEXT_UTF8), 2);
	assert_string_equal(out, "");
	assert_int_equal(text_visible(NULL, 0, "\x01", 1, TEXT_UTF8), 4);
}

static void printing_gives_the_same_as_a_string(void **state)
{
	static const char bytes[] = "a\n\u0301\u202e\xff\\";
	CLEANUP(freep) char *printed = NULL;
	size_t len;
	FILE *file = open_memstream(&printed, &len);

	(void)state;
	text_visible_print(file, bytes, sizeof(bytes) - 1, TEXT_UTF8);
	fclose(file);
	ASSERT_UTF8("a\n\u0301\u202e\xff\\", printed);
}

static void utf8_is_strict(void **state)
{
	(void)state;
	assert_true(text_is_utf8("", 0));
	assert_true(text_is_utf8("a\0\u00e9\U0010ffff", 8));
	assert_false(text_is_utf8("\xc0\x80", 2));
	assert_false(text_is_utf8("\xed\xbf\xbf", 3));
	assert_false(text_is_utf8("\xf0\x80\x80\x80", 4));
	assert_false(text_is_utf8("\xf5\x80\x80\x80", 4));
	assert_false(text_is_utf8("\xe6\x97", 2));
	assert_false(text_is_utf8("\x80", 1));
}

static void width_counts_columns(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("caf\u00e9"), 4);
	assert_int_equal(text_width("cafe\u0301"), 4);
	assert_int_equal(text_width("\u65e5\u672c"), 4);
}

static void a_wide_character_is_not_cut_in_two(void **state)
{
	size_t width;

	(void)state;
	assert_int_equal(text_fit("\u65e5\u672c", 3, &width), 3);
	assert_int_equal(width, 2);
	assert_int_equal(text_fit("abc", 2, NULL), 2);
	assert_int_equal(text_fit("abc", 0, &width), 0);
	assert_int_equal(width, 0);
}

static void a_mark_stays_with_its_character(void **state)
{
	(void)state;
	assert_int_equal(text_fit("e\u0301x", 1, NULL), 3);
}

static void sizes_are_powers_of_1000(void **state)
{
	static const struct {
		unsigned long long bytes;
		const char *text;
	} samples[] = {
		{ 0, "0 B" },          { 999, "999 B" },          { 1000, "1.0 KB" },
		{ 1234, "1.2 KB" },    { 999949, "999.9 KB" },    { 999951, "1.0 MB" },
		{ 9400000, "9.4 MB" }, { 1200000000, "1.20 GB" }, { 12000000000, "12.0 GB" },
		{ ~0ull, "18.4 EB" },
	};
	char out[16];

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		assert_string_equal(text_size(out, sizeof(out), samples[i].bytes), samples[i].text);
}

static void modes_are_written_as_ls_does(void **state)
{
	char out[11];

	(void)state;
	assert_string_equal(text_mode(out, 'd', 0755), "drwxr-xr-x");
	assert_string_equal(text_mode(out, '-', 0), "----------");
	assert_string_equal(text_mode(out, '-', 06755), "-rwsr-sr-x");
	assert_string_equal(text_mode(out, '-', 06644), "-rwSr-Sr--");
	assert_string_equal(text_mode(out, 'd', 01777), "drwxrwxrwt");
	assert_string_equal(text_mode(out, 'd', 01770), "drwxrwx--T");
}

int main(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(printable_characters_pass),
		cmocka_unit_test(control_bytes_are_escaped),
		cmocka_unit_test(a_backslash_is_doubled_so_that_escapes_can_be_told_apart),
		cmocka_unit_test(bytes_that_are_no_utf8_are_escaped),
		cmocka_unit_test(what_changes_the_terminal_or_the_order_is_escaped),
		cmocka_unit_test(what_cannot_be_seen_is_escaped),
		cmocka_unit_test(what_has_no_meaning_is_escaped),
		cmocka_unit_test(four_combining_marks_pass_and_the_fifth_does_not),
		cmocka_unit_test(a_mark_with_nothing_before_it_is_escaped),
		cmocka_unit_test(ascii_shows_nothing_above_7e),
		cmocka_unit_test(a_c_locale_shows_nothing_above_7e_either),
		cmocka_unit_test(no_byte_of_256_reaches_the_terminal_as_a_control),
		cmocka_unit_test(noise_comes_out_printable_and_can_be_taken_back),
		cmocka_unit_test(a_small_buffer_never_cuts_a_piece),
		cmocka_unit_test(printing_gives_the_same_as_a_string),
		cmocka_unit_test(utf8_is_strict),
		cmocka_unit_test(width_counts_columns),
		cmocka_unit_test(a_wide_character_is_not_cut_in_two),
		cmocka_unit_test(a_mark_stays_with_its_character),
		cmocka_unit_test(sizes_are_powers_of_1000),
		cmocka_unit_test(modes_are_written_as_ls_does),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
