/*
 * Pax records: "LEN key=value\n". Keys that we know go into slots, extended
 * attributes into a list, the last record of a key wins. An empty value is as
 * if it were not there, which is how Go reads it.
 */
#include <stdio.h>
#include <string.h>

#include "tar_priv.h"

/* Linux lists at most 64 KiB of attribute names for one file. */
enum { XATTRS_MAX = 1024, RECORD_LEAST = 5 };

#define ACL_PREFIX "SCHILY.acl."

const char *const TAR__KEY_NAMES[TAR__KEYS] = {
	[KEY_PATH] = "path",
	[KEY_LINKPATH] = "linkpath",
	[KEY_UNAME] = "uname",
	[KEY_GNAME] = "gname",
	[KEY_UID] = "uid",
	[KEY_GID] = "gid",
	[KEY_SIZE] = "size",
	[KEY_MTIME] = "mtime",
	[KEY_SPARSE_MAJOR] = "GNU.sparse.major",
	[KEY_SPARSE_MINOR] = "GNU.sparse.minor",
	[KEY_SPARSE_NAME] = "GNU.sparse.name",
	[KEY_SPARSE_SIZE] = "GNU.sparse.size",
	[KEY_SPARSE_REALSIZE] = "GNU.sparse.realsize",
	[KEY_SPARSE_MAP] = "GNU.sparse.map",
	[KEY_SPARSE_OFFSET] = "GNU.sparse.offset",
	[KEY_ACL_ACCESS] = "SCHILY.acl.access",
	[KEY_ACL_DEFAULT] = "SCHILY.acl.default",
};

int tar__record_next(const char *bytes, size_t len, size_t *at, struct tar__record *ret_record)
{
	const char *start = bytes + *at, *space, *equals;
	size_t left = len - *at, key;
	int64_t size;

	if (left == 0)
		return 0;
	space = memchr(start, ' ', left);
	if (!space || !tar__parse_decimal(start, (size_t)(space - start), &size))
		return -1;
	key = (size_t)(space - start) + 1;
	if (size < RECORD_LEAST || (uint64_t)size > left || key + 1 >= (size_t)size ||
	    start[size - 1] != '\n')
		return -1;
	equals = memchr(start + key, '=', (size_t)size - 1 - key);
	if (!equals)
		return -1;
	*ret_record = (struct tar__record){
		.at = *at,
		.len = (size_t)size,
		.key_at = *at + key,
		.key_len = (size_t)(equals - start) - key,
		.value_at = *at + (size_t)(equals - start) + 1,
		.value_len = (size_t)(start + size - equals) - 2,
	};
	*at += (size_t)size;
	return 1;
}

size_t tar__record_length(size_t key_len, size_t value_len)
{
	size_t rest = key_len + value_len + 3;
	size_t len = rest + 1;

	/* The length counts its own digits. */
	for (size_t power = 10; len >= power; power *= 10)
		len++;
	return len;
}

void tar__record_put(char *out, const char *prefix, const char *key, const void *value,
		     size_t value_len)
{
	size_t prefix_len = strlen(prefix), key_len = strlen(key);
	size_t len = tar__record_length(prefix_len + key_len, value_len);
	char number[24];
	int digits = snprintf(number, sizeof(number), "%zu ", len);

	memcpy(out, number, (size_t)digits);
	out += digits;
	memcpy(out, prefix, prefix_len);
	out += prefix_len;
	memcpy(out, key, key_len);
	out += key_len;
	*out++ = '=';
	if (value_len > 0)
		memcpy(out, value, value_len);
	out[value_len] = '\n';
}

static int put_xattr(struct tar__pax *pax, const struct tar_xattr *xattr, struct err *err)
{
	for (size_t i = 0; i < pax->xattrs.count; i++) {
		if (!strcmp(pax->xattrs.items[i].name, xattr->name)) {
			pax->xattrs.items[i] = *xattr;
			return 0;
		}
	}
	if (pax->xattrs.count >= XATTRS_MAX) {
		pax->trouble = "too many extended attributes";
		return 0;
	}
	return VEC_PUSH(&pax->xattrs, *xattr, err);
}

static bool find_key(const char *key, enum tar__key *ret_key)
{
	for (enum tar__key i = 0; i < TAR__KEYS; i++) {
		if (!strcmp(TAR__KEY_NAMES[i], key)) {
			*ret_key = i;
			return true;
		}
	}
	return false;
}

/* Go refuses a NUL in these four; it is cut there, as other tools do. */
static void put_known(struct tar__pax *pax, enum tar__key key, const char *value, size_t len)
{
	bool is_text = key <= KEY_GNAME || key == KEY_SPARSE_NAME;
	size_t shown = is_text ? strnlen(value, len) : len;

	pax->had_nul |= shown < len;
	pax->had_empty |= len == 0;
	if (key == KEY_SPARSE_OFFSET)
		key = KEY_SPARSE_MAP; /* format 0.0: a map in many records */
	pax->known[key] =
		shown > 0 ? (struct tar__value){ value, shown } : (struct tar__value){ 0 };
}

static int put_record(struct tar__pax *pax, char *bytes, const struct tar__record *record,
		      struct err *err)
{
	static const size_t PREFIX = sizeof(TAR__XATTR_PREFIX) - 1;
	char *key = bytes + record->key_at, *value = bytes + record->value_at;
	enum tar__key known;

	key[record->key_len] = '\0';
	value[record->value_len] = '\0';
	if (strlen(key) != record->key_len) {
		pax->trouble = "a NUL in the name of a record";
		return 0;
	}
	pax->had_acl |= strncmp(key, ACL_PREFIX, sizeof(ACL_PREFIX) - 1) == 0;
	if (find_key(key, &known)) {
		put_known(pax, known, value, record->value_len);
		return 0;
	}
	if (strncmp(key, TAR__XATTR_PREFIX, PREFIX) != 0 || record->value_len == 0)
		return 0;
	return put_xattr(pax,
			 &(struct tar_xattr){
				 .name = key + PREFIX, .value = value, .len = record->value_len },
			 err);
}

int tar__pax_read(char *bytes, size_t len, struct tar__pax *pax, struct err *err)
{
	struct tar__record record;
	size_t at = 0;
	int more;

	tar__pax_clear(pax);
	while ((more = tar__record_next(bytes, len, &at, &record)) > 0 && !pax->trouble)
		if (put_record(pax, bytes, &record, err) < 0)
			return -(int)ERR_NOMEM;
	if (more < 0)
		pax->trouble = "a record that is not 'LENGTH key=value'";
	return 0;
}

void tar__pax_clear(struct tar__pax *pax)
{
	memset(pax->known, 0, sizeof(pax->known));
	pax->xattrs.count = 0;
	pax->had_nul = pax->had_empty = pax->had_acl = false;
	pax->trouble = NULL;
}

void tar__pax_done(struct tar__pax *pax)
{
	VEC_DONE(&pax->xattrs);
}
