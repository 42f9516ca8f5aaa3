/* Names of keys; see tui/key.h. */
#include "key.h"

#include <stdio.h>
#include <string.h>

static const struct {
	const char *name;
	key_code key;
} NAMES[] = {
	/* clang-format off */
	{ "Tab",       K_TAB },
	{ "Enter",     K_ENTER },
	{ "Esc",       K_ESC },
	{ "Space",     K_SPACE },
	{ "Backspace", K_BACKSPACE },
	{ "Up",        K_UP },
	{ "Down",      K_DOWN },
	{ "Left",      K_LEFT },
	{ "Right",     K_RIGHT },
	{ "PgUp",      K_PAGE_UP },
	{ "PgDn",      K_PAGE_DOWN },
	{ "Home",      K_HOME },
	{ "End",       K_END },
	{ "Delete",    K_DELETE },
	{ "S-Tab",     K_BACK_TAB },
	{ "F1",        K_F1 },
	/* clang-format on */
};

enum { NAME_COUNT = sizeof(NAMES) / sizeof(*NAMES) };

bool key_parse(const char *name, size_t len, key_code *ret_key)
{
	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (strlen(NAMES[i].name) == len && !memcmp(NAMES[i].name, name, len)) {
			*ret_key = NAMES[i].key;
			return true;
		}
	}
	if (len == 2 && name[0] == '^' && name[1] >= 'A' && name[1] <= '_')
		*ret_key = K_CTRL(name[1]);
	else if (len == 1 && name[0] > ' ' && name[0] < 0x7f)
		*ret_key = (unsigned char)name[0];
	else
		return false;
	return true;
}

const char *key_label(key_code key, char out[KEY_LABEL])
{
	char text[5];

	for (size_t i = 0; i < NAME_COUNT; i++) {
		if (NAMES[i].key == key) {
			snprintf(out, KEY_LABEL, "%s", NAMES[i].name);
			return out;
		}
	}
	if (key > 0 && key < ' ')
		snprintf(out, KEY_LABEL, "^%c", (char)(key + '@'));
	else if (key_utf8(key, text))
		snprintf(out, KEY_LABEL, "%s", text);
	else
		snprintf(out, KEY_LABEL, "?");
	return out;
}

bool key_next(const char **rest, key_code *ret_key)
{
	size_t len;

	*rest += strspn(*rest, " ");
	len = strcspn(*rest, " ");
	if (!len || !key_parse(*rest, len, ret_key))
		return false;
	*rest += len;
	return true;
}

size_t key_utf8(key_code key, char out[5])
{
	size_t len = key < 0x80 ? 1 : key < 0x800 ? 2 : key < 0x10000 ? 3 : 4;

	if (key < ' ' || key == K_BACKSPACE || key >= K_UP || (key >= 0x80 && key < 0xa0))
		return 0;
	if (len == 1) {
		out[0] = (char)key;
	} else {
		static const unsigned char lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

		for (size_t i = len - 1; i > 0; i--, key >>= 6)
			out[i] = (char)(0x80 | (key & 0x3f));
		out[0] = (char)(lead[len] | key);
	}
	out[len] = '\0';
	return len;
}
