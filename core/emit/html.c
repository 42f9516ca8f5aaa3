/* A page and its style; see html.h. */
#include "html.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"

enum { SHA256_BYTES = 32 };

/* Plain enough for any browser, in light and dark, and on paper. */
static const char STYLE[] =
	":root{color-scheme:light dark}"
	"body{font:15px/1.5 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}"
	"h1{font-size:1.5em;overflow-wrap:anywhere}"
	"h2{font-size:1.2em;margin-top:2em;border-bottom:1px solid #8886}"
	"h3{font-size:1em;margin:1.5em 0 .3em}"
	"section.image+section.image{margin-top:5em;border-top:4px double #8886}"
	"table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;vertical-align:top;padding:.25em .6em;border-bottom:1px solid #8884}"
	"td.number{text-align:right;white-space:nowrap}"
	"td,p,li{overflow-wrap:anywhere}"
	"code{font:13px/1.4 ui-monospace,monospace;white-space:pre-wrap}"
	"ul{margin:.2em 0;padding-left:1.4em}"
	".finding{margin:.6em 0 .6em .4em;padding-left:.8em;border-left:3px solid #888}"
	".finding p{margin:0}"
	".source,.why,.note{opacity:.75;font-size:.9em}"
	".error{border-color:#c00}h3.error,.count.error,.fail{color:#c00}"
	".warning{border-color:#b60}h3.warning,.count.warning,.open{color:#b60}"
	".info{border-color:#07a}h3.info,.count.info{color:#07a}.pass{color:#080}"
	".count{font-weight:bold;margin-right:1em}"
	"svg{display:block;width:100%;height:auto}"
	"rect.shown{fill:#47a}rect.hidden{fill:#c60}svg text{fill:currentColor;font-size:11px}"
	"@media(prefers-color-scheme:dark){h3.error,.count.error,.fail{color:#f77}"
	"h3.warning,.count.warning,.open{color:#fb5}h3.info,.count.info{color:#5cf}"
	".pass{color:#6d6}}";

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html__text(FILE *out, const char *raw)
{
	CLEANUP(freep) char *visible = text_visible_new(raw, strlen(raw), TEXT_UTF8);

	for (const char *c = visible; c && *c; c++) {
		const char *name = entity(*c);

		if (name)
			fputs(name, out);
		else
			fputc(*c, out);
	}
}

void html__element(FILE *out, const char *tag, const char *class, const char *raw)
{
	fprintf(out, "<%s", tag);
	if (class)
		fprintf(out, " class=\"%s\"", class);
	fputc('>', out);
	html__text(out, raw);
	fprintf(out, "</%s>\n", tag);
}

int html__element_take(FILE *out, const char *tag, const char *class, char *text, struct err *err)
{
	CLEANUP(freep) char *taken = text;

	if (!taken)
		return err_nomem(err);
	html__element(out, tag, class, taken);
	return 0;
}

/* What the policy calls the style: its hash. NULL: out of memory. free(). */
static char *style_hash(void)
{
	CLEANUP(hash_freep) struct hash *hash = NULL;
	unsigned char value[SHA256_BYTES];

	if (hash_new(HASH_SHA256, &hash, NULL) < 0)
		return NULL;
	hash_update(hash, STYLE, strlen(STYLE));
	hash_value(hash, value);
	return json_base64(value, sizeof(value));
}

int html__page_begin(FILE *out, const char *title, struct err *err)
{
	CLEANUP(freep) char *hash = style_hash();

	if (!hash)
		return err_nomem(err);
	fprintf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		"style-src 'sha256-%s'; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n",
		hash);
	html__element(out, "title", NULL, title);
	fprintf(out, "<style>%s</style>\n</head>\n<body>\n", STYLE);
	return 0;
}

void html__page_end(FILE *out)
{
	fputs("</body>\n</html>\n", out);
}
