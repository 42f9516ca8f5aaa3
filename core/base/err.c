/* Errors as values; see base/err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <string.h>

int err_set(struct err *err, enum err_code code, const char *format, ...)
{
	if (err && err->code == ERR_NONE) {
		va_list args;

		va_start(args, format);
		vsnprintf(err->text, sizeof(err->text), format, args);
		va_end(args);
		err->code = code;
	}
	return -(int)code;
}

int err_errno(struct err *err, int errnum, const char *format, ...)
{
	char what[sizeof(err->text)];
	char why[128];
	va_list args;

	if (!err || err->code != ERR_NONE)
		return -(int)ERR_IO;
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	/* The GNU strerror_r(): returns the text, which may or may not be in the buffer. */
	return err_set(err, ERR_IO, "%.860s: %s", what, strerror_r(errnum, why, sizeof(why)));
}

int err_nomem(struct err *err)
{
	return err_set(err, ERR_NOMEM, "out of memory");
}

int err_wrap(struct err *err, const char *format, ...)
{
	char context[sizeof(err->text)];
	char inner[sizeof(err->text)];
	va_list args;
	int length;

	if (!err)
		return -(int)ERR_FORMAT;
	va_start(args, format);
	length = vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	if (length > 400)
		length = 400;
	if (length < 0)
		length = 0;
	memcpy(inner, err->text, sizeof(inner));
	snprintf(err->text, sizeof(err->text), "%.*s: %.*s", length, context,
		 (int)sizeof(err->text) - length - 3, inner);
	return -(int)err->code;
}

void err_clear(struct err *err)
{
	if (!err)
		return;
	err->code = ERR_NONE;
	err->text[0] = '\0';
}
