/* One row of Files; columns drop where there is no room. */
#include "file_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "severity.h"

enum { DIR_COUNT_MOST = 9999, OWNER_COLUMNS = 16, INDENT_STEP = 2, INDENT_MOST = 40 };

/* Which columns there is room for; access and name are always there. */
struct columns {
	bool mode, owner, size;
};

static struct columns columns_for(int width)
{
	return (struct columns){ .mode = width >= 36, .owner = width >= 50, .size = width >= 62 };
}

static char type_letter(enum tar_type type)
{
	static const char letters[] = {
		[TAR_FILE] = '-', [TAR_HARDLINK] = '-',     [TAR_SYMLINK] = 'l', [TAR_CHAR] = 'c',
		[TAR_DIR] = 'd',  [TAR_BLOCK_DEVICE] = 'b', [TAR_FIFO] = 'p',    [TAR_OTHER] = '?',
	};

	return letters[type];
}

static void draw_access(const struct files *files, node_id node, struct pen *pen)
{
	enum { MAY_READ = 0, MAY_WRITE = 1, MAY_EXECUTE = 2 };
	char may[4] = "   ";
	unsigned bits = 0;
	bool denied = false;

	if (files->judgement && !access_map_get(files->judgement->map, node, &bits)) {
		memcpy(may, "???", 4);
	} else if (files->judgement) {
		may[MAY_READ] = bits & ACCESS_READ ? 'r' : '-';
		may[MAY_WRITE] = bits & ACCESS_WRITE ? 'w' : '-';
		may[MAY_EXECUTE] = bits & ACCESS_EXECUTE ? 'x' : '-';
		denied = !(bits & ACCESS_READ);
	}
	pen_text(pen, denied ? ROLE_WARNING : ROLE_TEXT, may);
}

static void draw_owner(const struct app *app, const struct tree_stat *stat, struct pen *pen)
{
	const struct judgement *judgement = app_judgement(app);
	const struct accounts *accounts = judgement ? judgement->accounts : NULL;
	const struct account_user *user =
		accounts ? accounts_user_by_id(accounts, stat->uid) : NULL;
	const struct account_group *group =
		accounts ? accounts_group_by_id(accounts, stat->gid) : NULL;
	struct pen column = *pen;
	char uid[24], gid[24];

	if (column.end > column.column + OWNER_COLUMNS)
		column.end = column.column + OWNER_COLUMNS;
	snprintf(uid, sizeof(uid), "%" PRId64, stat->uid);
	snprintf(gid, sizeof(gid), "%" PRId64, stat->gid);
	pen_printf(&column, ROLE_TEXT, "%s:%s", user ? user->name : uid, group ? group->name : gid);
	pen_to(pen, pen->column, ROLE_TEXT);
	pen->column = column.column;
	pen_to(pen, column.end + 1, ROLE_TEXT);
}

static void draw_size(const struct files *files, node_id node, const struct tree_stat *stat,
		      struct pen *pen)
{
	char text[24];
	unsigned in = 0;

	if (stat->type != TAR_DIR) {
		pen_printf(pen, ROLE_TEXT, "%9s  ", text_size(text, sizeof(text), stat->size));
		return;
	}
	for (node_id child = tree_first_child(files->tree, node);
	     !node_is_none(child) && in < DIR_COUNT_MOST;
	     child = tree_next_sibling(files->tree, child))
		in += tree_exists(files->tree, child, files->at);
	snprintf(text, sizeof(text), in < DIR_COUNT_MOST ? "%u in" : "%u+ in", in);
	pen_printf(pen, ROLE_DIM, "%9s  ", text);
}

static void draw_change(const struct files *files, node_id node, struct pen *pen)
{
	static const struct {
		const char *sign;
		enum role role;
	} SIGNS[] = {
		[CHANGE_NONE] = { " ", ROLE_TEXT },     [CHANGE_ADDED] = { "+", ROLE_GOOD },
		[CHANGE_REMOVED] = { "-", ROLE_ERROR }, [CHANGE_REPLACED] = { "~", ROLE_WARNING },
		[CHANGE_OWNER] = { "o", ROLE_INFO },    [CHANGE_REPEATED] = { "=", ROLE_WARNING },
	};
	enum tree_change change = tree_change(files->tree, node, files->at);

	pen_text(pen, SIGNS[change].role, SIGNS[change].sign);
}

/* Behind the first column, where a blank would stand otherwise. */
static void draw_tag(const struct app *app, node_id node, struct pen *pen)
{
	if (file_tags_has(&app->by_hand.tags, node))
		pen_glyph(pen, ROLE_KEY, GLYPH_TAG);
	else
		pen_text(pen, ROLE_TEXT, " ");
}

static enum role name_role(const struct tree_stat *stat)
{
	if (stat->flags & TREE_PLANNED)
		return ROLE_PLANNED;
	if (stat->type == TAR_DIR)
		return ROLE_DIRECTORY;
	return stat->type == TAR_SYMLINK ? ROLE_LINK : ROLE_TEXT;
}

/* Half of the room at most is for the depth: the name is what matters. */
static void draw_indent(unsigned depth, struct pen *pen)
{
	int most = (pen->end - pen->column) / 2, column = pen->column;

	if (most > INDENT_MOST)
		most = INDENT_MOST;
	if (depth * INDENT_STEP <= (unsigned)most) {
		pen_to(pen, column + (int)depth * INDENT_STEP, ROLE_TEXT);
		return;
	}
	pen_to(pen, column + most - 1, ROLE_TEXT);
	pen_glyph(pen, ROLE_DIM, GLYPH_CUT);
}

static void draw_name(const struct files *files, node_id node, const struct tree_stat *stat,
		      struct pen *pen)
{
	const char *name = tree_name(files->tree, node);

	draw_indent(tree_depth(files->tree, node), pen);
	if (stat->type == TAR_DIR)
		pen_glyph(pen, ROLE_DIM, files_is_open(files, node) ? GLYPH_OPEN : GLYPH_FOLDED);
	else
		pen_text(pen, ROLE_TEXT, " ");
	pen_text(pen, ROLE_TEXT, stat->flags & TREE_PLANNED ? "*" : " ");
	pen_text(pen, name_role(stat), name);
	if (stat->type == TAR_DIR)
		pen_text(pen, name_role(stat), "/");
	if (stat->type == TAR_SYMLINK) {
		pen_text(pen, ROLE_DIM, " ");
		pen_glyph(pen, ROLE_DIM, GLYPH_ARROW);
		pen_text(pen, ROLE_DIM, " ");
		pen_text(pen, ROLE_LINK, stat->target);
	}
}

/* The worst findings at or below the node, at the right end; the room that they take. */
static int draw_marks(const struct files *files, node_id node, const struct pen *whole)
{
	enum severity worst = SEVERITY_INFO;
	size_t count = files_marks(files, node, &worst);
	struct pen pen = *whole;
	char text[24];
	int width;

	if (!count)
		return 0;
	width = count > 1 ? snprintf(text, sizeof(text), " %zu", count) : 0;
	if (width + 8 > pen.end - pen.column)
		return 0;
	pen.column = pen.end - 1 - width;
	pen_glyph(&pen, severity_role(worst), severity_glyph(worst));
	if (width)
		pen_text(&pen, severity_role(worst), text);
	return width + 2;
}

void file_row_draw(const struct app *app, const struct files *files, node_id node, struct pen *pen)
{
	struct columns columns = columns_for(pen->end - pen->column);
	struct tree_stat stat = { 0 };
	char mode[11];

	if (!tree_stat(files->tree, node, files->at, &stat))
		tree_stat(files->tree, node, files->at - 1, &stat); /* removed by this layer */
	if (files->filter == FILES_CHANGES)
		draw_change(files, node, pen);
	else
		draw_access(files, node, pen);
	draw_tag(app, node, pen);
	if (files->filter != FILES_CHANGES)
		pen_text(pen, ROLE_TEXT, " ");
	if (columns.mode) {
		pen_text(pen, ROLE_TEXT, text_mode(mode, type_letter(stat.type), stat.mode));
		pen_text(pen, ROLE_TEXT, "  ");
	}
	if (columns.owner)
		draw_owner(app, &stat, pen);
	if (columns.size)
		draw_size(files, node, &stat, pen);
	int end = pen->end;
	pen->end -= draw_marks(files, node, pen);
	draw_name(files, node, &stat, pen);
	pen_fill(pen, ROLE_TEXT);
	pen->column = pen->end = end;
}
