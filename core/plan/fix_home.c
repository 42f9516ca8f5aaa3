/*
 * The home of a user that a fix adds, as 'useradd -m' makes it: the folder,
 * and in it a copy of /etc/skel that belongs to the user. A home that is there
 * stays as it is. What of the skeleton cannot be copied is left out: the home
 * does without.
 */
#include <string.h>

#include "content/content.h"
#include "fix_priv.h"
#include "tree/resolve.h"
#include "tree/tree_iter.h"

/* Skeletons hold a few small files; what is beyond this is none. */
enum { MOST_FILES = 128, MOST_BYTES = 256 * 1024 };

static const char SKELETON[] = "/etc/skel";

struct home {
	const char *path;
	int64_t uid, gid;
};

/* Whether a failure is one of the program or its user, not of the image. */
static bool is_serious(const struct err *failure)
{
	return failure->code == ERR_CANCELLED || failure->code == ERR_NOMEM ||
	       failure->code == ERR_IO;
}

static int tell(const char *path, const struct err *failure, struct err *err)
{
	return is_serious(failure) ? err_set(err, failure->code, "%s: %s", path, failure->text) : 0;
}

/* One file, link or folder of the skeleton; 'name' is its path below that. */
static int copy_node(const struct fix_run *run, const struct home *home, node_id node,
		     const char *name, struct err *err)
{
	const struct content content = { .image = run->judgement->input.image,
					 .tree = run->tree,
					 .at = run->at,
					 .cancel = run->judgement->input.cancel };
	CLEANUP(freep) char *path = NULL;
	CLEANUP(freep) char *body = NULL;
	struct err failure = { 0 };
	struct tree_stat stat;
	size_t len = 0;

	if (!tree_stat(run->tree, node, run->at, &stat) ||
	    (stat.type != TAR_FILE && stat.type != TAR_DIR && stat.type != TAR_SYMLINK) ||
	    stat.size > MOST_BYTES)
		return 0;
	if (asprintf(&path, "%s%s", home->path, name) < 0) {
		path = NULL;
		return err_nomem(err);
	}
	if (stat.type == TAR_FILE &&
	    content_load(&content, node, MOST_BYTES, &body, &len, &failure) < 0)
		return tell(path, &failure, err);
	struct tree_want want = { .type = stat.type,
				  .mode = stat.mode & 0777,
				  .uid = home->uid,
				  .gid = home->gid,
				  .body = body,
				  .body_len = len,
				  .target = stat.type == TAR_SYMLINK ? stat.target : NULL };
	return fix__make(run, path, &want, &failure) < 0 ? tell(path, &failure, err) : 0;
}

static int copy_skeleton(const struct fix_run *run, const struct home *home, struct err *err)
{
	struct resolve_result found =
		resolve_path(run->tree, run->at, NODE_ROOT, SKELETON, true, NULL);
	CLEANUP(freep) char *top = NULL;
	node_id nodes[MOST_FILES];
	struct tree_iter it;
	size_t count = 0;
	int result = 0;

	if (found.outcome != RESOLVE_FOUND)
		return 0;
	top = tree_path_new(run->tree, found.node);
	if (!top)
		return err_nomem(err);
	tree_iter_init(&it, run->tree, found.node, run->at);
	while (count < MOST_FILES && tree_iter_next(&it, &nodes[count]))
		count++;
	/* From the last one, and not the top: a folder that is made on the way to what lies in
	 * it gets its own mode and owner after that. */
	for (size_t i = count; result == 0 && i-- > 1;) {
		CLEANUP(freep) char *path = tree_path_new(run->tree, nodes[i]);

		result = path ? copy_node(run, home, nodes[i], path + strlen(top), err)
			      : err_nomem(err);
	}
	return result;
}

int fix__new_home(const struct fix_run *run, const char *path, int64_t uid, int64_t gid,
		  struct err *err)
{
	const struct home home = { path, uid, gid };
	struct err failure = { 0 };
	int result;

	if (resolve_path(run->tree, run->at, NODE_ROOT, path, true, NULL).outcome == RESOLVE_FOUND)
		return 0;
	result = copy_skeleton(run, &home, err);
	if (result < 0)
		return result;
	return fix__make_folder(run, path, 0750, uid, gid, &failure) < 0 &&
			       failure.code != ERR_UNSUPPORTED
		       ? err_set(err, failure.code, "%s", failure.text)
		       : 0;
}
