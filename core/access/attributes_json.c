/* Attributes as members of a JSON object; see access/attributes.h. */
#include <stdio.h>
#include <string.h>

#include "access/attributes.h"
#include "access_priv.h"
#include "base/json.h"
#include "layer/capability.h"

static int set(json_t *object, const char *key, json_t *value, struct err *err)
{
	return json_object_set_new(object, key, value) == 0 ? 0 : err_nomem(err);
}

static int append(json_t *array, json_t *value, struct err *err)
{
	return json_array_append_new(array, value) == 0 ? 0 : err_nomem(err);
}

/* ---- Values ---- */

static json_t *entry_json(const struct accounts *accounts, const struct acl_shown *shown, size_t i,
			  struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	struct acl_entry entry = access__acl_entry(shown, i);
	const char *name = access__acl_name(accounts, &entry);
	unsigned effective = access__acl_effective(shown, &entry);
	char bits[4];

	if (set(object, "tag", json_string(acl_tag_name(entry.tag)), err) < 0 ||
	    (entry.id >= 0 && set(object, "id", json_integer(entry.id), err) < 0) ||
	    (name && set(object, "name", json_from_bytes(name, strlen(name)), err) < 0) ||
	    set(object, "perm", json_string(access__rwx(entry.perm, bits)), err) < 0 ||
	    (effective != entry.perm &&
	     set(object, "effective", json_string(access__rwx(effective, bits)), err) < 0))
		return NULL;
	return STEAL(object);
}

static json_t *acl_json(const struct accounts *accounts, const struct tar_xattr *xattr,
			unsigned mode, struct err *err)
{
	CLEANUP(json_decrefp) json_t *array = json_array();
	struct acl_shown shown;

	if (!access__acl_show(xattr, mode, &shown))
		return json_null();
	for (size_t i = 0; i < shown.acl.count; i++)
		if (append(array, entry_json(accounts, &shown, i, err), err) < 0)
			return NULL;
	return STEAL(array);
}

static json_t *set_json(uint64_t bits, struct err *err)
{
	CLEANUP(json_decrefp) json_t *array = json_array();
	char number[16];

	for (unsigned i = 0; i < CAPABILITY_MOST; i++) {
		const char *name = capability_name(i);

		snprintf(number, sizeof(number), "%u", i);
		if ((bits >> i & 1) && append(array, json_string(name ? name : number), err) < 0)
			return NULL;
	}
	return STEAL(array);
}

static json_t *capabilities_json(const struct accounts *accounts, const struct tar_xattr *xattr,
				 unsigned mode, struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	struct capabilities capabilities;

	(void)accounts, (void)mode;
	if (!capabilities_read(xattr->value, xattr->len, &capabilities))
		return json_null();
	if (set(object, "permitted", set_json(capabilities.permitted, err), err) < 0 ||
	    set(object, "inheritable", set_json(capabilities.inheritable, err), err) < 0 ||
	    set(object, "effective", json_boolean(capabilities.effective), err) < 0 ||
	    (capabilities.revision == 3 &&
	     set(object, "root_uid", json_integer(capabilities.root_id), err) < 0))
		return NULL;
	return STEAL(object);
}

/* The label's NUL at its end is none of its text. */
static json_t *label_json(const struct accounts *accounts, const struct tar_xattr *xattr,
			  unsigned mode, struct err *err)
{
	(void)accounts, (void)mode, (void)err;
	return json_from_bytes(xattr->value, strnlen(xattr->value, xattr->len));
}

/* ---- Members ---- */

static const struct {
	const char *xattr, *key;
	json_t *(*make)(const struct accounts *accounts, const struct tar_xattr *xattr,
			unsigned mode, struct err *err);
} KINDS[] = {
	{ ACL_ACCESS_XATTR, "acl", acl_json },
	{ ACL_DEFAULT_XATTR, "default_acl", acl_json },
	{ CAPABILITY_XATTR, "capabilities", capabilities_json },
	{ SELINUX_XATTR, "selinux", label_json },
};

static int add_xattr(json_t *object, json_t *others, const struct accounts *accounts,
		     const struct tar_xattr *xattr, unsigned mode, struct err *err)
{
	for (size_t i = 0; i < sizeof(KINDS) / sizeof(*KINDS); i++)
		if (strcmp(KINDS[i].xattr, xattr->name) == 0)
			return set(object, KINDS[i].key,
				   KINDS[i].make(accounts, xattr, mode, err), err);
	return append(others, json_from_bytes(xattr->name, strlen(xattr->name)), err);
}

static int add_special(json_t *object, unsigned mode, struct err *err)
{
	CLEANUP(json_decrefp) json_t *array = json_array();

	for (size_t i = 0; i < SPECIAL_COUNT; i++)
		if ((mode & ACCESS__SPECIALS[i].bit) &&
		    append(array, json_string(ACCESS__SPECIALS[i].name), err) < 0)
			return -ERR_NOMEM;
	return json_array_size(array) ? set(object, "special", STEAL(array), err) : 0;
}

static int add_text(json_t *object, const char *key, const char *text, struct err *err)
{
	return text ? json_set_bytes(object, key, text, strlen(text), err) : 0;
}

int attributes_add_json(json_t *object, const struct accounts *accounts, const struct tree *tree,
			const struct tree_stat *stat, struct err *err)
{
	const struct layer_extra *extra = tree_extra(tree, stat);
	CLEANUP(json_decrefp) json_t *others = json_array();

	if (!others)
		return err_nomem(err);
	if ((stat->mode & 07000) && add_special(object, stat->mode, err) < 0)
		return -ERR_NOMEM;
	for (size_t i = 0; extra && i < extra->xattr_count; i++)
		if (add_xattr(object, others, accounts, &extra->xattrs[i], stat->mode, err) < 0)
			return -ERR_NOMEM;
	if (extra && (add_text(object, "acl_text", extra->acl_access, err) < 0 ||
		      add_text(object, "default_acl_text", extra->acl_default, err) < 0))
		return -ERR_NOMEM;
	return json_array_size(others) ? set(object, "xattrs", STEAL(others), err) : 0;
}
