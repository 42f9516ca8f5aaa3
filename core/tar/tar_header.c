/*
 * One header block: which format it is, its checksum, its fields. The rules
 * are those of Go's archive/tar, down to its forgiveness for its own old bugs.
 */
#include <string.h>

#include "tar/tar_reader.h"
#include "tar_priv.h"

/* clang-format off */
const struct tar__place TAR__PLACES[TAR__FIELDS] = {
	[FIELD_NAME]            = {   0, 100 },
	[FIELD_MODE]            = { 100,   8 },
	[FIELD_UID]             = { 108,   8 },
	[FIELD_GID]             = { 116,   8 },
	[FIELD_SIZE]            = { 124,  12 },
	[FIELD_MTIME]           = { 136,  12 },
	[FIELD_SUM]             = { 148,   8 },
	[FIELD_TYPE]            = { 156,   1 },
	[FIELD_LINK]            = { 157, 100 },
	[FIELD_MAGIC]           = { 257,   8 },
	[FIELD_MAJOR]           = { 329,   8 },
	[FIELD_MINOR]           = { 337,   8 },
	[FIELD_PREFIX]          = { 345, 155 },
	[FIELD_STAR_PREFIX]     = { 345, 131 },
	[FIELD_STAR_ATIME]      = { 476,  12 },
	[FIELD_STAR_CTIME]      = { 488,  12 },
	[FIELD_STAR_TRAILER]    = { 508,   4 },
	[FIELD_GNU_ATIME]       = { 345,  12 },
	[FIELD_GNU_CTIME]       = { 357,  12 },
	[FIELD_GNU_SPARSE]      = { 386, 109 },
	[FIELD_GNU_SPARSE_MORE] = { 482,   1 },
	[FIELD_GNU_REAL_SIZE]   = { 483,  12 },
};
/* clang-format on */

enum { SUM_AT = 148, SUM_END = 156, SUM_DIGITS = 6 };

static int64_t sum_unsigned(const unsigned char *block)
{
	unsigned sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += block[i];
	for (size_t i = SUM_AT; i < SUM_END; i++)
		sum -= block[i];
	return sum + (SUM_END - SUM_AT) * ' ';
}

static int64_t sum_signed(const unsigned char *block)
{
	int64_t sum = sum_unsigned(block);

	for (size_t i = 0; i < TAR_BLOCK; i++)
		if (block[i] >= 0x80 && (i < SUM_AT || i >= SUM_END))
			sum -= 0x100;
	return sum;
}

bool tar_is_header(const unsigned char *block)
{
	const struct tar__place *place = &TAR__PLACES[FIELD_SUM];
	int64_t written;

	if (!tar__parse_octal(block + place->at, place->len, &written))
		return false;
	return written == sum_unsigned(block) || written == sum_signed(block);
}

bool tar__sum_is_signed(const unsigned char *block)
{
	const struct tar__place *place = &TAR__PLACES[FIELD_SUM];
	int64_t written;

	return tar__parse_octal(block + place->at, place->len, &written) &&
	       written != sum_unsigned(block);
}

void tar__seal(unsigned char *block)
{
	unsigned char *field = tar__field(block, FIELD_SUM);

	tar__put_number(field, SUM_DIGITS + 1, sum_unsigned(block));
	field[SUM_DIGITS + 1] = ' ';
}

void tar__seal_alike(unsigned char *block, bool was_signed)
{
	const struct tar__place *place = &TAR__PLACES[FIELD_SUM];

	tar__put_alike(block + place->at, place->len,
		       was_signed ? sum_signed(block) : sum_unsigned(block));
}

bool tar__is_zero(const unsigned char *bytes, size_t len)
{
	return len == 0 || (bytes[0] == 0 && !memcmp(bytes, bytes + 1, len - 1));
}

bool tar__is_header_only(char typeflag)
{
	return typeflag >= '1' && typeflag <= '6';
}

enum tar__format tar__format_of(const unsigned char *block)
{
	const unsigned char *magic = tar__field_const(block, FIELD_MAGIC);

	if (!memcmp(magic, "ustar  ", 8))
		return FORMAT_GNU;
	if (memcmp(magic, "ustar", 6) != 0)
		return FORMAT_V7;
	if (!memcmp(tar__field_const(block, FIELD_STAR_TRAILER), "tar", 4))
		return FORMAT_STAR;
	return FORMAT_USTAR;
}

static bool get(const unsigned char *block, enum tar__field field, int64_t *ret_value)
{
	const struct tar__place *place = &TAR__PLACES[field];

	return tar__parse_number(block + place->at, place->len, ret_value);
}

static size_t text_len(const unsigned char *block, enum tar__field field)
{
	return strnlen((const char *)tar__field_const(block, field), TAR__PLACES[field].len);
}

/* An access or change time of GNU that is there but is no number. */
static bool gnu_time_is_bad(const unsigned char *block, enum tar__field field)
{
	int64_t value;

	return *tar__field_const(block, field) != 0 && !get(block, field, &value);
}

/*
 * The bytes of the field that go before the name. GNU has none, but Go before
 * 1.8 wrote one there: it is taken where the times in its place are no numbers.
 */
static size_t prefix_len(const unsigned char *block, enum tar__format format)
{
	size_t len;

	if (format == FORMAT_STAR)
		return text_len(block, FIELD_STAR_PREFIX);
	if (format == FORMAT_USTAR)
		return text_len(block, FIELD_PREFIX);
	if (format == FORMAT_V7 ||
	    (!gnu_time_is_bad(block, FIELD_GNU_ATIME) && !gnu_time_is_bad(block, FIELD_GNU_CTIME)))
		return 0;
	len = text_len(block, FIELD_PREFIX);
	for (size_t i = 0; i < len; i++)
		if (tar__field_const(block, FIELD_PREFIX)[i] >= 0x80)
			return 0;
	return len;
}

static void parse_name(const unsigned char *block, struct tar__header *header)
{
	size_t prefix = prefix_len(block, header->format);
	size_t name = text_len(block, FIELD_NAME);
	char *at = header->name;

	if (prefix > 0) {
		memcpy(at, tar__field_const(block, FIELD_PREFIX), prefix);
		at += prefix;
		*at++ = '/';
	}
	memcpy(at, tar__field_const(block, FIELD_NAME), name);
	at[name] = '\0';
	header->name_len = (size_t)(at - header->name) + name;
}

const char *tar__header_parse(const unsigned char *block, struct tar__header *ret_header)
{
	struct tar__header *header = ret_header;
	int64_t star_time;
	const struct {
		enum tar__format least; /* the formats from here on have the field */
		enum tar__field field;
		int64_t *value;
		const char *name;
	} numbers[] = {
		{ FORMAT_V7, FIELD_SIZE, &header->size, "size" },
		{ FORMAT_V7, FIELD_MODE, &header->mode, "mode" },
		{ FORMAT_V7, FIELD_UID, &header->uid, "uid" },
		{ FORMAT_V7, FIELD_GID, &header->gid, "gid" },
		{ FORMAT_V7, FIELD_MTIME, &header->mtime, "time" },
		{ FORMAT_USTAR, FIELD_MAJOR, &header->dev_major, "device" },
		{ FORMAT_USTAR, FIELD_MINOR, &header->dev_minor, "device" },
		{ FORMAT_STAR, FIELD_STAR_ATIME, &star_time, "access time" },
		{ FORMAT_STAR, FIELD_STAR_CTIME, &star_time, "change time" },
	};

	header->format = tar__format_of(block);
	header->typeflag = (char)*tar__field_const(block, FIELD_TYPE);
	header->dev_major = header->dev_minor = 0;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (header->format >= numbers[i].least &&
		    !get(block, numbers[i].field, numbers[i].value))
			return numbers[i].name;
	parse_name(block, header);
	header->real_size = 0;
	header->sparse_more = false;
	header->has_stray_sparse =
		header->typeflag != 'S' && header->format == FORMAT_GNU &&
		!tar__is_zero(tar__field_const(block, FIELD_GNU_SPARSE),
			      TAR__PLACES[FIELD_GNU_SPARSE].len);
	if (header->typeflag == 'S' && header->format == FORMAT_GNU) {
		header->sparse_more = *tar__field_const(block, FIELD_GNU_SPARSE_MORE) != 0;
		if (!get(block, FIELD_GNU_REAL_SIZE, &header->real_size))
			return "real size";
	}
	header->link_len = text_len(block, FIELD_LINK);
	memcpy(header->link, tar__field_const(block, FIELD_LINK), header->link_len);
	header->link[header->link_len] = '\0';
	return NULL;
}
