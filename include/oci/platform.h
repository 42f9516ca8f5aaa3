/* os/architecture[/variant], in Go's names. */
#ifndef OCI_PLATFORM_H
#define OCI_PLATFORM_H

#include <jansson.h>
#include <stdbool.h>

#include "base/err.h"

struct platform {
	char os[32], architecture[32], variant[32]; /* "" where not known */
};

/* "linux/amd64", "linux/arm/v7"; ERR_INVALID. */
int platform_parse(const char *text, struct platform *ret_platform, struct err *err);

/* From an object with os, architecture, variant (a descriptor's platform, a config). */
void platform_from_json(const json_t *object, struct platform *ret_platform);

/* linux and the architecture of this machine. */
void platform_host(struct platform *ret_platform);

/* "linux/amd64" or "linux/arm/v7"; out[100]. */
const char *platform_text(const struct platform *platform, char *out);

/* Whether an image for 'have' runs where 'want' is asked; an empty variant of 'want' fits any. */
bool platform_fits(const struct platform *want, const struct platform *have);

#endif
