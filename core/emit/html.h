/* Writing a page of HTML: every text is made visible first, then escaped. */
#ifndef HTML_H
#define HTML_H

#include <stdio.h>

#include "base/err.h"

/* Raw bytes of an image as text of an element or of a quoted attribute. */
void html__text(FILE *out, const char *raw);

/* <tag class="class">raw</tag>; class may be NULL. */
void html__element(FILE *out, const char *tag, const char *class, const char *raw);

/* The same, and 'text' is freed; NULL is ERR_NOMEM. */
int html__element_take(FILE *out, const char *tag, const char *class, char *text, struct err *err);

/*
 * Up to the body of a page whose policy allows its own style and nothing else:
 * no script, no image, no connection, no form. ERR_NOMEM.
 */
int html__page_begin(FILE *out, const char *title, struct err *err);
void html__page_end(FILE *out);

#endif
