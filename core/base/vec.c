/* Growing arrays; see base/vec.h. */
#include "base/vec.h"

enum { FIRST_ROOM = 8 };

int vec_reserve(void **items, size_t *room, size_t count, size_t more, size_t item_size,
		struct err *err)
{
	uint64_t wanted, bytes;
	void *grown;

	if (!size_add(count, more, &wanted))
		return err_nomem(err);
	if (wanted <= *room)
		return 0;
	if (wanted < (uint64_t)*room * 2)
		wanted = (uint64_t)*room * 2;
	if (wanted < FIRST_ROOM)
		wanted = FIRST_ROOM;
	if (!size_mul(wanted, item_size, &bytes) || bytes > PTRDIFF_MAX)
		return err_nomem(err);
	grown = realloc(*items, bytes);
	if (!grown)
		return err_nomem(err);
	*items = grown;
	*room = wanted;
	return 0;
}
