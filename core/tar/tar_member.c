/* Member headers of archives; see tar/tar_member.h. */
#include "tar/tar_member.h"

#include <string.h>

#include "tar_priv.h"

int tar_member_header(const char *name, uint64_t size, int64_t mtime,
		      unsigned char ret_block[TAR_BLOCK], struct err *err)
{
	const struct {
		enum tar__field field;
		int64_t value;
	} numbers[] = {
		{ FIELD_MODE, 0644 },          { FIELD_UID, 0 },       { FIELD_GID, 0 },
		{ FIELD_SIZE, (int64_t)size }, { FIELD_MTIME, mtime },
	};
	size_t len = strlen(name);

	if (len == 0 || len > TAR__PLACES[FIELD_NAME].len)
		return err_set(err, ERR_INVALID, "'%s' is no name for a member", name);
	memset(ret_block, 0, TAR_BLOCK);
	memcpy(tar__field(ret_block, FIELD_NAME), name, len);
	memcpy(tar__field(ret_block, FIELD_MAGIC), "ustar\00000", TAR__PLACES[FIELD_MAGIC].len);
	*tar__field(ret_block, FIELD_TYPE) = '0';
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		tar__put_number(tar__field(ret_block, numbers[i].field),
				TAR__PLACES[numbers[i].field].len, numbers[i].value);
	tar__seal(ret_block);
	return 0;
}
