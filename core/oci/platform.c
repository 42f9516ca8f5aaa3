/* Platforms in Go's names; see oci/platform.h. */
#include "oci/platform.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/json.h"

/* What uname says, and what Go calls it. */
static const struct {
	const char *machine, *architecture, *variant;
} MACHINES[] = {
	/* clang-format off */
	{ "x86_64",      "amd64",    "" },
	{ "i386",        "386",      "" },
	{ "i486",        "386",      "" },
	{ "i586",        "386",      "" },
	{ "i686",        "386",      "" },
	{ "aarch64",     "arm64",    "" },
	{ "arm64",       "arm64",    "" },
	{ "armv7l",      "arm",      "v7" },
	{ "armv6l",      "arm",      "v6" },
	{ "armv5tel",    "arm",      "v5" },
	{ "ppc64le",     "ppc64le",  "" },
	{ "riscv64",     "riscv64",  "" },
	{ "s390x",       "s390x",    "" },
	{ "loongarch64", "loong64",  "" },
	/* clang-format on */
};

/* Copy one part of the name; false if it is empty, too long or holds other characters. */
static bool part_set(char *to, size_t room, const char *from, size_t len)
{
	if (len == 0 || len >= room)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!((from[i] >= 'a' && from[i] <= 'z') || (from[i] >= 'A' && from[i] <= 'Z') ||
		      (from[i] >= '0' && from[i] <= '9') || strchr("_.-", from[i])))
			return false;
	memcpy(to, from, len);
	to[len] = '\0';
	return true;
}

int platform_parse(const char *text, struct platform *ret_platform, struct err *err)
{
	struct platform platform = { 0 };
	struct {
		char *to;
		size_t room;
	} parts[] = {
		{ platform.os, sizeof(platform.os) },
		{ platform.architecture, sizeof(platform.architecture) },
		{ platform.variant, sizeof(platform.variant) },
	};
	const char *at = text;
	size_t count = 0;

	while (count < 3) {
		size_t len = strcspn(at, "/");

		if (!part_set(parts[count].to, parts[count].room, at, len))
			break;
		at += len;
		count++;
		if (*at != '/')
			break;
		at++;
	}
	if (count < 2 || *at || (at > text && at[-1] == '/'))
		return err_set(err, ERR_INVALID,
			       "'%.100s' is no platform: OS/ARCHITECTURE[/VARIANT] is expected, as "
			       "linux/arm64",
			       text);
	*ret_platform = platform;
	return 0;
}

/* A value that does not fit is not known; nothing of an image is cut in two. */
static void member_read(const json_t *object, const char *key, char *to, size_t room)
{
	const char *value = json_get_string(object, key);

	to[0] = '\0';
	if (value && strlen(value) < room)
		memcpy(to, value, strlen(value) + 1);
}

void platform_from_json(const json_t *object, struct platform *ret_platform)
{
	struct platform *platform = ret_platform;

	member_read(object, "os", platform->os, sizeof(platform->os));
	member_read(object, "architecture", platform->architecture, sizeof(platform->architecture));
	member_read(object, "variant", platform->variant, sizeof(platform->variant));
}

void platform_host(struct platform *ret_platform)
{
	struct utsname name;
	const char *architecture = "amd64", *variant = "";

	if (uname(&name) == 0) {
		architecture = name.machine;
		for (size_t i = 0; i < sizeof(MACHINES) / sizeof(MACHINES[0]); i++) {
			if (strcmp(MACHINES[i].machine, name.machine) == 0) {
				architecture = MACHINES[i].architecture;
				variant = MACHINES[i].variant;
			}
		}
	}
	*ret_platform = (struct platform){ .os = "linux" };
	snprintf(ret_platform->architecture, sizeof(ret_platform->architecture), "%.31s",
		 architecture);
	snprintf(ret_platform->variant, sizeof(ret_platform->variant), "%s", variant);
}

const char *platform_text(const struct platform *platform, char *out)
{
	snprintf(out, 100, "%s/%s%s%s", platform->os, platform->architecture,
		 platform->variant[0] ? "/" : "", platform->variant);
	return out;
}

/* containerd's platforms package: v8 is all that arm64 has, v7 is what plain arm means. */
static const char *variant_of(const struct platform *platform)
{
	if (platform->variant[0])
		return platform->variant;
	if (strcmp(platform->architecture, "arm64") == 0)
		return "v8";
	return strcmp(platform->architecture, "arm") == 0 ? "v7" : "";
}

bool platform_fits(const struct platform *want, const struct platform *have)
{
	if (strcmp(want->os, have->os) != 0 || strcmp(want->architecture, have->architecture) != 0)
		return false;
	return !want->variant[0] || strcmp(variant_of(want), variant_of(have)) == 0;
}
