/* How a severity is marked: never by colour alone. */
#ifndef TUI_SEVERITY_H
#define TUI_SEVERITY_H

#include "painter.h"
#include "rule/profile.h"

static inline enum glyph severity_glyph(enum severity severity)
{
	static const enum glyph GLYPH[] = {
		[SEVERITY_INFO] = GLYPH_INFO,
		[SEVERITY_WARNING] = GLYPH_WARNING,
		[SEVERITY_ERROR] = GLYPH_ERROR,
	};

	return GLYPH[severity];
}

static inline enum role severity_role(enum severity severity)
{
	static const enum role ROLE[] = {
		[SEVERITY_INFO] = ROLE_INFO,
		[SEVERITY_WARNING] = ROLE_WARNING,
		[SEVERITY_ERROR] = ROLE_ERROR,
	};

	return ROLE[severity];
}

#endif
