/*
 * References of images by the grammar of distribution/reference; see
 * oci/reference.h. Every part has a function that says how far it reaches.
 */
#include "oci/reference.h"

#include <stdio.h>
#include <string.h>

#include "oci/digest.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define ALNUM LOWER UPPER DIGITS

static const char DEFAULT_DOMAIN[] = "docker.io";

/* comp := [a-z0-9]+ ( ([._]|__|-+) [a-z0-9]+ )* and nothing else in these bytes. */
static bool is_path_component(const char *text, size_t len)
{
	size_t at = strspn(text, LOWER DIGITS);

	if (at == 0)
		return false;
	while (at < len) {
		size_t separator = strspn(text + at, "-");

		if (separator == 0)
			separator = strncmp(text + at, "__", 2) == 0
					    ? 2
					    : (size_t)(text[at] == '.' || text[at] == '_');
		if (separator == 0)
			return false;
		at += separator;
		size_t word = strspn(text + at, LOWER DIGITS);

		if (word == 0)
			return false;
		at += word;
	}
	return at == len;
}

/* Dotted components of letters, digits and inner "-". */
static bool is_host_name(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		size_t part = strspn(text + at, ALNUM "-");

		if (part == 0 || text[at] == '-' || text[at + part - 1] == '-')
			return false;
		at += part;
		if (at < len && (text[at++] != '.' || at == len))
			return false;
	}
	return at == len && len > 0;
}

static bool is_domain(const char *text, size_t len)
{
	size_t host = 0, port;

	if (text[0] == '[') {
		size_t inside = strspn(text + 1, "abcdefABCDEF:" DIGITS);

		if (inside == 0 || text[1 + inside] != ']')
			return false;
		host = inside + 2;
	} else {
		while (host < len && text[host] != ':')
			host++;
		if (!is_host_name(text, host))
			return false;
	}
	if (host >= len)
		return host == len;
	port = strspn(text + host + 1, DIGITS);
	return text[host] == ':' && port > 0 && host + 1 + port == len;
}

/* The length of the domain in front of a name; 0: none is written. */
static size_t domain_length(const char *name)
{
	size_t len = strcspn(name, "/");

	if (name[len] != '/')
		return 0;
	if (len == strlen("localhost") && strncmp(name, "localhost", len) == 0)
		return len;
	for (size_t i = 0; i < len; i++)
		if (name[i] == '.' || name[i] == ':' || (name[i] >= 'A' && name[i] <= 'Z'))
			return len;
	return 0;
}

static bool is_hex_id(const char *text)
{
	return strlen(text) == 64 && strspn(text, "abcdef" DIGITS) == 64;
}

static int name_check(const char *name, struct err *err)
{
	size_t domain = domain_length(name);
	const char *at = domain ? name + domain + 1 : name;

	if (domain && !is_domain(name, domain))
		return err_set(err, ERR_INVALID, "'%.*s' is no host name", (int)domain, name);
	if (is_hex_id(name))
		return err_set(err, ERR_INVALID, "'%s' is an image ID and no name", name);
	for (;;) {
		size_t len = strcspn(at, "/");

		if (!is_path_component(at, len))
			return err_set(err, ERR_INVALID,
				       "'%.100s' is no image name: lower-case letters and digits, "
				       "joined by '.', '_', '__' or '-', are expected between '/'",
				       name);
		if (at[len] == '\0')
			return 0;
		at += len + 1;
	}
}

static int tag_check(const char *tag, struct err *err)
{
	if (strspn(tag, ALNUM "_") == 0 || strspn(tag, ALNUM "_.-") != strlen(tag))
		return err_set(err, ERR_INVALID,
			       "'%.130s' is no tag: letters, digits, '_', '.' and '-' are allowed, "
			       "the first being no '.' or '-'",
			       tag);
	return 0;
}

static int part_copy(char *to, size_t room, const char *from, size_t len, const char *what,
		     struct err *err)
{
	if (len >= room)
		return err_set(err, ERR_INVALID, "%s is longer than %zu characters", what,
			       room - 1);
	memcpy(to, from, len);
	to[len] = '\0';
	return 0;
}

int reference_parse(const char *text, struct reference *ret_reference, struct err *err)
{
	struct reference reference = { 0 };
	size_t len = strcspn(text, "@");
	size_t name = len;

	/* The tag follows the last ":" behind the last "/"; before that it is a port. */
	for (size_t i = len; i > 0 && text[i - 1] != '/'; i--)
		if (text[i - 1] == ':')
			name = i - 1;
	if (part_copy(reference.name, sizeof(reference.name), text, name, "the name", err) < 0 ||
	    name_check(reference.name, err) < 0)
		return -ERR_INVALID;
	if (name < len && (part_copy(reference.tag, sizeof(reference.tag), text + name + 1,
				     len - name - 1, "the tag", err) < 0 ||
			   tag_check(reference.tag, err) < 0))
		return -ERR_INVALID;
	if (text[len] == '@') {
		struct digest digest;
		struct err why = { 0 };

		if (digest_parse(text + len + 1, &digest, &why) < 0)
			return err_set(err, ERR_INVALID, "%s", why.text);
		if (part_copy(reference.digest, sizeof(reference.digest), text + len + 1,
			      strlen(text + len + 1), "the digest", err) < 0)
			return -ERR_INVALID;
	}
	*ret_reference = reference;
	return 0;
}

const char *reference_host(const struct reference *reference, char out[256])
{
	size_t len = domain_length(reference->name);

	memcpy(out, reference->name, len);
	out[len] = '\0';
	return out;
}

const char *reference_path(const struct reference *reference)
{
	size_t len = domain_length(reference->name);

	return len ? reference->name + len + 1 : reference->name;
}

bool reference_is_tag_alone(const char *text)
{
	return !strpbrk(text, "/:");
}

/* With the default domain, "library/" and ":latest" filled in; false: no reference. */
static bool reference_complete(const char *text, char *out, size_t room)
{
	struct reference reference;

	if (reference_parse(text, &reference, NULL) < 0)
		return false;
	size_t domain = domain_length(reference.name);
	const char *path = domain ? reference.name + domain + 1 : reference.name;

	if (domain)
		reference.name[domain] = '\0';
	const char *host = domain ? reference.name : DEFAULT_DOMAIN;

	if (strcmp(host, "index.docker.io") == 0)
		host = DEFAULT_DOMAIN;
	bool official = strcmp(host, DEFAULT_DOMAIN) == 0 && !strchr(path, '/');
	bool tagged = reference.tag[0] || !reference.digest[0];
	int len = snprintf(out, room, "%s/%s%s%s%s@%s", host, official ? "library/" : "", path,
			   tagged ? ":" : "",
			   reference.tag[0] ? reference.tag : (tagged ? "latest" : ""),
			   reference.digest);

	return len > 0 && (size_t)len < room;
}

bool reference_matches(const char *have, const char *wanted)
{
	char a[1024], b[1024];
	struct reference reference;

	if (strcmp(have, wanted) == 0)
		return true;
	if (reference_parse(have, &reference, NULL) == 0 && reference.tag[0] &&
	    strcmp(reference.tag, wanted) == 0)
		return true;
	return reference_complete(have, a, sizeof(a)) && reference_complete(wanted, b, sizeof(b)) &&
	       strcmp(a, b) == 0;
}
