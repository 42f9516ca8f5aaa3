/*
 * Reads the program headers, the dynamic section and the strings that it names;
 * section headers are not looked at, as neither kernel nor loader do.
 */
#include "core/access/elf.h"

#include <elf.h>
#include <string.h>

enum {
	TABLE_MOST = 65536, /* fs/binfmt_elf.c load_elf_phdrs() */
	LOADER_MOST = 4096, /* PATH_MAX */
	DYNAMIC_MOST = 1 << 20,
	NEEDED_MOST = 1024,
};

enum { ELF_DAMAGED = 1 };

/* Where the two classes keep the same things. */
struct layout {
	unsigned bits;
	size_t header, table_at, entry_size_at, entry_count_at;
	size_t entry, offset, address, file_size; /* of a program header */
	size_t word;
};

/* clang-format off */
static const struct layout LAYOUTS[] = {
	[ELFCLASS32] = { 32, 52, 28, 42, 44, 32, 4,  8, 16, 4 },
	[ELFCLASS64] = { 64, 64, 32, 54, 56, 56, 8, 16, 32, 8 },
};
/* clang-format on */

struct segment {
	uint64_t type, offset, address, size;
};

/* The dynamic section: indexes into the strings, and where those are. */
struct dynamic {
	uint64_t strings, strings_size;
	uint64_t soname, rpath, runpath; /* + 1; 0: not there */
	uint64_t *needed;
	size_t needed_count;
};

struct reader {
	struct byte_window *window;
	struct arena *arena;
	struct elf_image *image;
	const struct layout *layout;
	struct segment *segments;
	size_t segment_count;
	struct err *err;
};

static int damaged(struct reader *reader, const char *what)
{
	reader->image->damage = what;
	return ELF_DAMAGED;
}

static uint64_t number(const struct reader *reader, const char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++) {
		size_t at = reader->image->big_endian ? i : size - 1 - i;

		value = value << 8 | (unsigned char)bytes[at];
	}
	return value;
}

/* As access__window_get(), with what it means if the file ends before. */
static int get(struct reader *reader, uint64_t at, uint64_t len, const char *damage,
	       const char **ret_bytes)
{
	int r = access__window_get(reader->window, at, len, ret_bytes, reader->err);

	return r == WINDOW_OUTSIDE ? damaged(reader, damage) : r;
}

static int read_header(struct reader *reader, uint64_t *ret_table, uint64_t *ret_count)
{
	struct elf_image *image = reader->image;
	const char *bytes;
	int r = get(reader, 0, EI_NIDENT, "ends in its header", &bytes);

	if (r != 0)
		return r;
	if (memcmp(bytes, ELFMAG, SELFMAG) != 0)
		return damaged(reader, "has no ELF header");
	if ((bytes[EI_CLASS] != ELFCLASS32 && bytes[EI_CLASS] != ELFCLASS64) ||
	    (bytes[EI_DATA] != ELFDATA2LSB && bytes[EI_DATA] != ELFDATA2MSB))
		return damaged(reader, "has an ELF header of no known class");
	reader->layout = &LAYOUTS[(unsigned char)bytes[EI_CLASS]];
	image->big_endian = bytes[EI_DATA] == ELFDATA2MSB;
	r = get(reader, 0, reader->layout->header, "ends in its header", &bytes);
	if (r != 0)
		return r;

	uint64_t type = number(reader, bytes + 16, 2);

	if (type != ET_EXEC && type != ET_DYN)
		return damaged(reader, "is neither a program nor a library");
	image->machine = (unsigned)number(reader, bytes + 18, 2);
	image->bits = reader->layout->bits;
	*ret_table = number(reader, bytes + reader->layout->table_at, reader->layout->word);
	*ret_count = number(reader, bytes + reader->layout->entry_count_at, 2);
	if (number(reader, bytes + reader->layout->entry_size_at, 2) != reader->layout->entry ||
	    *ret_count == 0 || *ret_count * reader->layout->entry > TABLE_MOST)
		return damaged(reader, "has a malformed program header table");
	return 0;
}

static int read_segments(struct reader *reader, uint64_t table, uint64_t count)
{
	const struct layout *layout = reader->layout;
	const char *bytes;
	int r = get(reader, table, count * layout->entry, "ends before its program headers",
		    &bytes);

	if (r != 0)
		return r;
	reader->segments = arena_alloc(reader->arena, count * sizeof(*reader->segments));
	if (!reader->segments)
		return err_nomem(reader->err);
	for (; reader->segment_count < count; bytes += layout->entry)
		reader->segments[reader->segment_count++] = (struct segment){
			.type = number(reader, bytes, 4),
			.offset = number(reader, bytes + layout->offset, layout->word),
			.address = number(reader, bytes + layout->address, layout->word),
			.size = number(reader, bytes + layout->file_size, layout->word),
		};
	return 0;
}

/* The first one, as the kernel takes it; NULL. */
static const struct segment *find_segment(const struct reader *reader, uint64_t type)
{
	for (size_t i = 0; i < reader->segment_count; i++)
		if (reader->segments[i].type == type)
			return &reader->segments[i];
	return NULL;
}

static int read_loader(struct reader *reader)
{
	const struct segment *segment = find_segment(reader, PT_INTERP);
	const char *bytes;

	if (!segment)
		return 0;
	if (segment->size < 2 || segment->size > LOADER_MOST)
		return damaged(reader, "names a loader that is too long or empty");

	int r = get(reader, segment->offset, segment->size, "ends before its loader's name",
		    &bytes);

	if (r != 0)
		return r;
	if (bytes[segment->size - 1])
		return damaged(reader, "names a loader without an end");
	reader->image->loader = arena_copy(reader->arena, bytes, strlen(bytes));
	return reader->image->loader ? 0 : err_nomem(reader->err);
}

static int read_entry(struct reader *reader, uint64_t tag, uint64_t value, struct dynamic *dynamic)
{
	switch (tag) {
	case DT_NEEDED:
		if (dynamic->needed_count == NEEDED_MOST)
			return damaged(reader, "needs too many libraries");
		dynamic->needed[dynamic->needed_count++] = value;
		break;
	case DT_STRTAB:
		dynamic->strings = value;
		break;
	case DT_STRSZ:
		dynamic->strings_size = value;
		break;
	case DT_SONAME:
		dynamic->soname = value + 1;
		break;
	case DT_RPATH:
		dynamic->rpath = value + 1;
		break;
	case DT_RUNPATH:
		dynamic->runpath = value + 1;
		break;
	}
	return 0;
}

static int read_dynamic(struct reader *reader, const struct segment *segment,
			struct dynamic *dynamic)
{
	const size_t word = reader->layout->word;
	const char *bytes;

	if (segment->size > DYNAMIC_MOST)
		return damaged(reader, "has a dynamic section that is too large");

	int r = get(reader, segment->offset, segment->size, "ends before its dynamic section",
		    &bytes);

	dynamic->needed = arena_alloc(reader->arena, NEEDED_MOST * sizeof(*dynamic->needed));
	if (!dynamic->needed)
		return err_nomem(reader->err);
	for (uint64_t at = 0; r == 0 && at + 2 * word <= segment->size; at += 2 * word) {
		uint64_t tag = number(reader, bytes + at, word);

		if (tag == DT_NULL)
			break;
		r = read_entry(reader, tag, number(reader, bytes + at + word, word), dynamic);
	}
	return r;
}

/* Where the strings are in the file. */
static bool find_strings(const struct reader *reader, uint64_t address, uint64_t *ret_offset)
{
	for (size_t i = 0; i < reader->segment_count; i++) {
		const struct segment *segment = &reader->segments[i];

		if (segment->type != PT_LOAD || address < segment->address ||
		    address - segment->address >= segment->size)
			continue;
		return !__builtin_add_overflow(segment->offset, address - segment->address,
					       ret_offset);
	}
	return false;
}

static int copy_string(struct reader *reader, const char *strings, uint64_t size, uint64_t index,
		       const char **ret_string)
{
	if (index >= size || !memchr(strings + index, '\0', (size_t)(size - index)))
		return damaged(reader, "names a library or folder outside its strings");
	*ret_string = arena_copy(reader->arena, strings + index, strlen(strings + index));
	return *ret_string ? 0 : err_nomem(reader->err);
}

static int read_strings(struct reader *reader, const struct dynamic *dynamic)
{
	struct elf_image *image = reader->image;
	const char **needed = arena_alloc(reader->arena, dynamic->needed_count * sizeof(*needed));
	const char *strings;
	uint64_t size = dynamic->strings_size, offset;

	if (!needed)
		return err_nomem(reader->err);
	if (!find_strings(reader, dynamic->strings, &offset))
		return damaged(reader, "has its strings nowhere");

	int r = get(reader, offset, size, "ends before its strings", &strings);

	if (r == 0 && dynamic->soname)
		r = copy_string(reader, strings, size, dynamic->soname - 1, &image->soname);
	if (r == 0 && dynamic->rpath)
		r = copy_string(reader, strings, size, dynamic->rpath - 1, &image->rpath);
	if (r == 0 && dynamic->runpath)
		r = copy_string(reader, strings, size, dynamic->runpath - 1, &image->runpath);
	for (size_t i = 0; r == 0 && i < dynamic->needed_count; i++)
		r = copy_string(reader, strings, size, dynamic->needed[i], &needed[i]);
	if (r == 0) {
		image->needed = needed;
		image->needed_count = dynamic->needed_count;
	}
	return r;
}

static int read_libraries(struct reader *reader)
{
	const struct segment *segment = find_segment(reader, PT_DYNAMIC);
	struct dynamic dynamic = { 0 };

	if (!segment)
		return 0;

	int r = read_dynamic(reader, segment, &dynamic);

	if (r == 0 && (dynamic.needed_count || dynamic.soname))
		r = read_strings(reader, &dynamic);
	return r;
}

int access__elf_read(struct byte_window *window, struct arena *arena, struct elf_image *ret_image,
		     struct err *err)
{
	struct reader reader = {
		.window = window, .arena = arena, .image = ret_image, .err = err
	};
	uint64_t table, count;

	*ret_image = (struct elf_image){ 0 };

	int r = read_header(&reader, &table, &count);

	if (r == 0)
		r = read_segments(&reader, table, count);
	if (r == 0)
		r = read_loader(&reader);
	if (r == 0)
		r = read_libraries(&reader);
	return r == ELF_DAMAGED ? 0 : r;
}
