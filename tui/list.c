/* Movement and search in a list of rows; see tui/list.h. */
#include "list.h"

enum { ROW_TEXT = 8192 };

static void scroll_to_cursor(struct list *list)
{
	size_t last = list->count > list->height ? list->count - list->height : 0;

	if (list->cursor < list->top)
		list->top = list->cursor;
	if (list->height && list->cursor >= list->top + list->height)
		list->top = list->cursor - list->height + 1;
	if (list->height && list->top > last)
		list->top = last;
}

void list_set_count(struct list *list, size_t count)
{
	list->count = count;
	if (list->cursor >= count)
		list->cursor = count ? count - 1 : 0;
	scroll_to_cursor(list);
}

void list_set_height(struct list *list, size_t height)
{
	list->height = height;
	scroll_to_cursor(list);
}

void list_goto(struct list *list, size_t row)
{
	list->cursor = row;
	list_set_count(list, list->count);
}

/* from + rows, kept within 0 … most. */
static size_t stepped(size_t from, long rows, size_t most)
{
	size_t step = rows < 0 ? (size_t)-rows : (size_t)rows;

	if (rows < 0)
		return step > from ? 0 : from - step;
	return step > most - from ? most : from + step;
}

bool list_move(struct list *list, long rows)
{
	size_t before = list->cursor;

	if (!list->count)
		return false;
	list_goto(list, stepped(before, rows, list->count - 1));
	return list->cursor != before;
}

bool list_scroll(struct list *list, long rows)
{
	size_t before = list->top;
	size_t last = list->count > list->height ? list->count - list->height : 0;

	list->top = stepped(before < last ? before : last, rows, last);
	list->cursor = list->top;
	return list->top != before;
}

enum list_found list_search(struct list *list, const struct pattern *pattern, bool backwards,
			    list_text_fn *text, void *context)
{
	size_t row = list->cursor;
	bool wrapped = false;

	for (size_t i = 0; i < list->count; i++) {
		char bytes[ROW_TEXT];
		size_t len;

		if (backwards ? row == 0 : row + 1 == list->count)
			wrapped = true;
		row = backwards ? (row ? row : list->count) - 1 : (row + 1) % list->count;
		len = text(context, row, bytes, sizeof(bytes));
		if (!pattern_match(pattern, bytes, len, NULL))
			continue;
		list_goto(list, row);
		return wrapped ? LIST_WRAPPED : LIST_FOUND;
	}
	return LIST_NOT_FOUND;
}
