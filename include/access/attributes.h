/*
 * What an inode has beside owner and mode, in the image's own names: setuid,
 * setgid, sticky, ACLs, capabilities, the SELinux label, and what other
 * extended attributes there are.
 */
#ifndef ACCESS_ATTRIBUTES_H
#define ACCESS_ATTRIBUTES_H

#include <jansson.h>

#include "access/accounts.h"
#include "tree/tree.h"

/*
 * Lines as "acl: user::rw-, user:ma-user:rwx (r-- by the mask), …", with raw
 * bytes of the image: show them by text_visible(). NULL-ended, often empty.
 * NULL: out of memory. Free with attributes_lines_free().
 */
char **attributes_lines(const struct accounts *accounts, const struct tree *tree,
			const struct tree_stat *stat);
void attributes_lines_free(char **lines);

/*
 * Members of an object, each only where there is something; null where the
 * attribute is malformed:
 *
 *   special         ["setuid", "setgid", "sticky"]
 *   acl             [{tag, id, name, perm, effective}]: tag is user, group, mask or other;
 *                   without id it is the owner's or the owning group's; effective is what
 *                   the mask leaves of perm, where that is less
 *   default_acl     the same, for what will be made in a directory
 *   acl_text, default_acl_text   SCHILY.acl.*: engines do not read them
 *   capabilities    {permitted, inheritable: names, effective: bool, root_uid}
 *   selinux         the label
 *   xattrs          names of all others
 *
 * ERR_NOMEM.
 */
int attributes_add_json(json_t *object, const struct accounts *accounts, const struct tree *tree,
			const struct tree_stat *stat, struct err *err);

#endif
