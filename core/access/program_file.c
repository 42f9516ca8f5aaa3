/*
 * One opening of a file for all that is asked of it: what kind of program it
 * is, and its ELF headers. Names of one inode share what was read.
 */
#include "content/content_reader.h"
#include "core/access/access_priv.h"

enum { EXEC_HEAD = 4096 }; /* bytes of a program that are looked at */

struct place {
	struct content_reader *reader;
	node_id node;
};

static int open_place(void *context, struct stream **ret_stream, struct err *err)
{
	const struct place *place = context;

	return content_reader_open(place->reader, place->node, ret_stream, err);
}

static int read_file(struct start_walk *walk, struct byte_window *window,
		     struct program_file *file, struct err *err)
{
	struct arena *arena = &walk->start->arena;
	size_t len = window->size < EXEC_HEAD ? (size_t)window->size : EXEC_HEAD;
	const char *bytes;
	int r = access__window_get(window, 0, len, &bytes, err);

	if (r == WINDOW_OUTSIDE)
		return err_set(err, ERR_FORMAT, "it is shorter than its header says");
	if (r == 0)
		r = exec_head_read(bytes, len, arena, &file->head, err);
	if (r < 0 || file->head.format != EXEC_ELF)
		return r;

	struct elf_image *elf = arena_alloc(arena, sizeof(*elf));

	file->elf = elf;
	return elf ? access__elf_read(window, arena, elf, err) : err_nomem(err);
}

static const struct program_file *find(const struct start_walk *walk, inode_id inode)
{
	for (size_t i = 0; i < walk->files.count; i++)
		if (walk->files.items[i]->inode.v == inode.v)
			return walk->files.items[i];
	return NULL;
}

int access__program_read(struct start_walk *walk, node_id node,
			 const struct program_file **ret_file)
{
	const struct content *content = walk->input->content;
	struct program_file *file = arena_alloc(&walk->start->arena, sizeof(*file));
	struct err cause = { 0 };
	struct tree_stat stat;

	if (!file)
		return err_nomem(walk->err);
	if (!tree_stat(content->tree, node, content->at, &stat))
		return access__stop(walk, START_UNKNOWN);
	*ret_file = find(walk, stat.inode);
	if (*ret_file)
		return START_GO_ON;
	if (!walk->reader && content_reader_new(content, &walk->reader, walk->err) < 0)
		return -ERR_NOMEM;

	struct place place = { walk->reader, node };
	struct byte_window window = { .open = open_place, .context = &place, .size = stat.size };
	int r = read_file(walk, &window, file, &cause);

	access__window_done(&window);
	if (cause.code == ERR_CANCELLED || cause.code == ERR_NOMEM || cause.code == ERR_IO)
		return err_set(walk->err, cause.code, "%s", cause.text);
	if (r < 0) /* a missing or damaged layer, … */
		return access__stop_with(walk, START_UNKNOWN,
					 arena_printf(&walk->start->arena, "%s", cause.text));
	file->inode = stat.inode;
	*ret_file = file;
	return VEC_PUSH(&walk->files, file, walk->err);
}
