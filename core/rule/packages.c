/* Package managers, and which one a distribution has; see rule/packages.h. */
#include "rule/packages.h"

#include <string.h>

enum { RELEASE_BYTES = 64 << 10 };

/* What is installed already is left as it is by each of them. */
static const struct package_manager MANAGERS[] = {
	/* clang-format off */
	{ "apt", "apt-get update && apt-get install -y --no-install-recommends ",
	  " && rm -rf /var/lib/apt/lists/*",
	  { "debian", "ubuntu", NULL } },
	{ "apk", "apk add --no-cache ", "",
	  { "alpine", NULL } },
	/* Small images have microdnf, old ones yum. */
	{ "dnf", "p=$(command -v dnf || command -v microdnf || command -v yum) && \"$p\" install -y ",
	  " && \"$p\" clean all",
	  { "fedora", "rhel", "centos", "rocky", "almalinux", "ol", "amzn", "openEuler", "euleros",
	    "hce", "anolis", "opencloudos", NULL } },
	{ "zypper", "zypper --non-interactive install --no-recommends ", " && zypper clean --all",
	  { "suse", "opensuse", "sles", NULL } },
	{ "pacman", "pacman -Sy --noconfirm --needed ", " && pacman -Scc --noconfirm",
	  { "arch", "archarm", NULL } },
	/* clang-format on */
};

enum { MANAGER_COUNT = sizeof(MANAGERS) / sizeof(*MANAGERS) };

const struct package_manager *package_manager_find(const char *name)
{
	for (size_t i = 0; i < MANAGER_COUNT; i++) {
		if (strcmp(MANAGERS[i].name, name) == 0)
			return &MANAGERS[i];
	}
	return NULL;
}

/* Whether the words of a value, which may be in quotes, have 'id'. */
static bool has_word(const char *value, const char *end, const char *id)
{
	size_t len = strlen(id);

	while (value < end) {
		value += strspn(value, " \"'");
		if (strncmp(value, id, len) == 0 && strchr(" \"'\r\n", value[len]))
			return true;
		value += strcspn(value, " \"'\n") + 1;
	}
	return false;
}

/* Whether a line "ID=…" or "ID_LIKE=…" has the word. */
static bool is_like(const char *release, const char *id)
{
	static const char *const KEYS[] = { "ID=", "ID_LIKE=" };

	for (const char *line = release; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (size_t k = 0; k < sizeof(KEYS) / sizeof(*KEYS); k++) {
			const char *value = line + strlen(KEYS[k]);

			if (strncmp(line, KEYS[k], strlen(KEYS[k])) == 0 &&
			    has_word(value, value + strcspn(value, "\n"), id))
				return true;
		}
	}
	return false;
}

static const struct package_manager *manager_in(const char *release)
{
	for (size_t i = 0; i < MANAGER_COUNT; i++) {
		for (size_t k = 0; MANAGERS[i].ids[k]; k++) {
			if (is_like(release, MANAGERS[i].ids[k]))
				return &MANAGERS[i];
		}
	}
	return NULL;
}

const struct package_manager *package_manager_of(const struct content *content)
{
	/* os-release(5): the first that is there. */
	static const char *const FILES[] = { "/etc/os-release", "/usr/lib/os-release" };

	for (size_t f = 0; f < sizeof(FILES) / sizeof(*FILES); f++) {
		CLEANUP(freep) char *release = NULL;
		struct err ignored = { 0 };
		size_t len;

		if (content_load_path(content, FILES[f], RELEASE_BYTES, NULL, &release, &len,
				      &ignored) == 0)
			return manager_in(release);
	}
	return NULL;
}

bool package_name_is_plain(const char *name)
{
	static const char PLAIN[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+_-";
	size_t len = strlen(name);

	return len > 0 && len < 200 && *name != '-' && *name != '.' && strspn(name, PLAIN) == len;
}
