/* On a mismatch the last star takes one byte more: no recursion, no worse than length times length.
 */
#include "base/glob.h"

struct scan {
	const char *at, *end;
};

static unsigned char class_byte(struct scan *glob)
{
	if (*glob->at == '\\' && glob->at + 1 < glob->end)
		glob->at++;
	return (unsigned char)*glob->at++;
}

/* Behind a "[": whether the class has the byte; false in *ret_closed: it has no end, and is none.
 */
static bool match_class(struct scan *glob, unsigned char byte, bool *ret_closed)
{
	bool negated = glob->at < glob->end && (*glob->at == '!' || *glob->at == '^');
	bool found = false, first = true;

	glob->at += negated;
	for (; glob->at < glob->end && (first || *glob->at != ']'); first = false) {
		unsigned char low = class_byte(glob), high = low;

		if (glob->at + 1 < glob->end && glob->at[0] == '-' && glob->at[1] != ']') {
			glob->at++;
			high = class_byte(glob);
		}
		found = found || (low <= byte && byte <= high);
	}
	*ret_closed = glob->at < glob->end;
	glob->at += *ret_closed;
	return found != negated;
}

/* One byte of the name against what is no star; the glob steps on. */
static bool match_one(struct scan *glob, unsigned char byte)
{
	const char *begin = glob->at;
	bool closed;

	if (*begin == '?') {
		glob->at++;
		return true;
	}
	if (*begin == '[') {
		glob->at++;
		bool found = match_class(glob, byte, &closed);

		if (closed)
			return found;
		glob->at = begin + 1;
		return byte == '[';
	}
	return class_byte(glob) == byte;
}

bool glob_match(const char *text, size_t len, const char *name)
{
	struct scan glob = { text, text + len };
	const char *star = NULL, *retry = NULL; /* behind the last star, and what it left */

	while (*name) {
		if (glob.at < glob.end && *glob.at == '*') {
			star = ++glob.at;
			retry = name;
		} else if (glob.at < glob.end && match_one(&glob, (unsigned char)*name)) {
			name++;
		} else if (star) {
			glob.at = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (glob.at < glob.end && *glob.at == '*')
		glob.at++;
	return glob.at == glob.end;
}
