/* Lines of a descriptor; see tui/answers.h. */
#include "answers.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "interrupt.h"

/* A signal that comes just before poll() is seen after so long. */
enum { TURN_MS = 200 };

/* The first 'len' bytes are the line; 'used' of them go. */
static void take(struct answers *answers, size_t len, size_t used, char *line, size_t room)
{
	const char *begin = answers->bytes;

	while (len > 0 && isspace((unsigned char)*begin)) {
		begin++;
		len--;
	}
	while (len > 0 && isspace((unsigned char)begin[len - 1]))
		len--;
	if (len >= room)
		len = room - 1;
	memcpy(line, begin, len);
	line[len] = '\0';
	answers->len -= used;
	memmove(answers->bytes, answers->bytes + used, answers->len);
}

/* Bytes read, 0 at the end or after an error, -1: not yet. */
static ssize_t read_more(struct answers *answers)
{
	struct pollfd input = { .fd = answers->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&input, 1, TURN_MS) <= 0)
		return -1;
	n = read(answers->fd, answers->bytes + answers->len, ANSWERS_ROOM - answers->len);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return -1;
	return n > 0 ? n : 0;
}

enum answer answers_next(struct answers *answers, char *ret_line, size_t room)
{
	for (;;) {
		const char *end = memchr(answers->bytes, '\n', answers->len);
		ssize_t n;

		if (interrupt_signal())
			return ANSWER_SIGNAL;
		if (end) {
			size_t len = (size_t)(end - answers->bytes);

			take(answers, len, len + 1, ret_line, room);
			return ANSWER_LINE;
		}
		/* Nobody means so many bytes: what there is stands for the line. */
		n = answers->len < ANSWERS_ROOM ? read_more(answers) : 0;
		if (n > 0)
			answers->len += (size_t)n;
		if (n == 0 && !answers->len)
			return ANSWER_END;
		if (n == 0) {
			take(answers, answers->len, answers->len, ret_line, room);
			return ANSWER_LINE;
		}
	}
}
