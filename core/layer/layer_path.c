/*
 * Whiteouts are told by name alone, as the engines do (OCI image-spec
 * layer.md): the type and size of such an entry do not matter.
 */
#include "core/layer/layer_priv.h"

#include <string.h>

#include "base/path.h"

#define WHITEOUT ".wh."
#define METADATA ".wh..wh."
#define OPAQUE ".wh..wh..opq"

static bool starts_with(const char *bytes, size_t len, const char *prefix)
{
	size_t prefix_len = strlen(prefix);

	return len >= prefix_len && memcmp(bytes, prefix, prefix_len) == 0;
}

static bool is_text(const char *bytes, size_t len, const char *text)
{
	return len == strlen(text) && memcmp(bytes, text, len) == 0;
}

static void split(const char *path, size_t len, struct layer_path *ret_path)
{
	size_t folder_len = path_parent_length(path, len);
	size_t skip = folder_len ? folder_len + 1 : 0;

	*ret_path = (struct layer_path){
		.folder = path,
		.folder_len = folder_len,
		.name = path + skip,
		.name_len = len - skip,
	};
}

/* Whether a component of the folder is metadata: what lies below it is, too. */
static bool is_below_metadata(const char *folder, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((i == 0 || folder[i - 1] == '/') && starts_with(folder + i, len - i, METADATA))
			return true;
	return false;
}

enum layer_path_kind layer__read_path(const char *path, size_t len, struct layer_path *ret_path)
{
	split(path, len, ret_path);
	if (is_below_metadata(path, ret_path->folder_len))
		return LAYER_PATH_AUFS;
	if (!starts_with(ret_path->name, ret_path->name_len, WHITEOUT))
		return LAYER_PATH_NODE;
	if (is_text(ret_path->name, ret_path->name_len, OPAQUE)) {
		split(path, ret_path->folder_len, ret_path);
		return LAYER_PATH_OPAQUE;
	}
	if (starts_with(ret_path->name, ret_path->name_len, METADATA))
		return LAYER_PATH_AUFS;

	const char *removed = ret_path->name + strlen(WHITEOUT);
	size_t removed_len = ret_path->name_len - strlen(WHITEOUT);

	if (is_text(removed, removed_len, "") || is_text(removed, removed_len, ".") ||
	    is_text(removed, removed_len, ".."))
		return LAYER_PATH_INVALID;
	ret_path->name = removed;
	ret_path->name_len = removed_len;
	return LAYER_PATH_WHITEOUT;
}
