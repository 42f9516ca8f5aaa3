/* ELF files for tests; see elf.h. */
#include "lib/elf.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 8192, BASE = 0x400000, STRINGS_AT = 600, STRINGS_SIZE = 3000 };

struct builder {
	const struct elf_spec *spec;
	unsigned char *bytes;
	size_t word;
	size_t strings_len;
	size_t dynamic_at, dynamic_len;
};

static void put(struct builder *elf, size_t at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		size_t place = elf->spec->big_endian ? size - 1 - i : i;

		elf->bytes[at + place] = (unsigned char)(value >> 8 * i);
	}
}

static size_t add_string(struct builder *elf, const char *text)
{
	size_t at = elf->strings_len;

	assert_true(at + strlen(text) + 1 < STRINGS_SIZE);
	memcpy(elf->bytes + STRINGS_AT + at, text, strlen(text) + 1);
	elf->strings_len += strlen(text) + 1;
	return at;
}

static void add_entry(struct builder *elf, uint64_t tag, uint64_t value)
{
	put(elf, elf->dynamic_at + elf->dynamic_len, tag, elf->word);
	put(elf, elf->dynamic_at + elf->dynamic_len + elf->word, value, elf->word);
	elf->dynamic_len += 2 * elf->word;
}

static void add_text(struct builder *elf, uint64_t tag, const char *text)
{
	if (text)
		add_entry(elf, tag, add_string(elf, text));
}

static void build_dynamic(struct builder *elf)
{
	const struct elf_spec *spec = elf->spec;

	elf->strings_len = 1;
	for (size_t i = 0; spec->needed && spec->needed[i]; i++)
		add_text(elf, DT_NEEDED, spec->needed[i]);
	add_text(elf, DT_SONAME, spec->soname);
	add_text(elf, DT_RPATH, spec->rpath);
	add_text(elf, DT_RUNPATH, spec->runpath);
	add_entry(elf, DT_STRTAB, BASE + STRINGS_AT);
	add_entry(elf, DT_STRSZ, elf->strings_len);
	add_entry(elf, DT_NULL, 0);
}

static void put_segment(struct builder *elf, size_t at, unsigned type, size_t offset, size_t len)
{
	bool wide = elf->word == 8;

	put(elf, at, type, 4);
	put(elf, at + (wide ? 8 : 4), offset, elf->word);
	put(elf, at + (wide ? 16 : 8), BASE + offset, elf->word);
	put(elf, at + (wide ? 32 : 16), len, elf->word);
}

static size_t build_table(struct builder *elf, size_t at, size_t entry, size_t len)
{
	const char *loader = elf->spec->loader;
	size_t loader_at = STRINGS_AT + STRINGS_SIZE;

	put_segment(elf, at, PT_LOAD, 0, len);
	put_segment(elf, at + entry, PT_DYNAMIC, elf->dynamic_at, elf->dynamic_len);
	if (!loader)
		return 2;
	memcpy(elf->bytes + loader_at, loader, strlen(loader) + 1);
	put_segment(elf, at + 2 * entry, PT_INTERP, loader_at, strlen(loader) + 1);
	return 3;
}

unsigned char *elf_build(const struct elf_spec *spec, size_t *ret_len)
{
	bool wide = spec->bits != 32;
	size_t header = wide ? 64 : 52, entry = wide ? 56 : 32;
	struct builder elf = { .spec = spec, .word = wide ? 8 : 4 };

	elf.bytes = calloc(1, ROOM + spec->gap);
	assert_non_null(elf.bytes);
	elf.dynamic_at = 5000 / 16 * 16 + spec->gap;
	build_dynamic(&elf);
	memcpy(elf.bytes, ELFMAG, SELFMAG);
	elf.bytes[EI_CLASS] = wide ? ELFCLASS64 : ELFCLASS32;
	elf.bytes[EI_DATA] = spec->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	elf.bytes[EI_VERSION] = EV_CURRENT;
	put(&elf, 16, ET_DYN, 2);
	put(&elf, 18, spec->machine ? spec->machine : EM_X86_64, 2);
	put(&elf, wide ? 32 : 28, header, elf.word);
	put(&elf, wide ? 54 : 42, entry, 2);
	*ret_len = elf.dynamic_at + elf.dynamic_len;
	put(&elf, wide ? 56 : 44, build_table(&elf, header, entry, *ret_len), 2);
	return elf.bytes;
}

void tb_elf(struct tb *tar, const char *path, unsigned mode, const struct elf_spec *spec)
{
	size_t len;
	unsigned char *bytes = elf_build(spec, &len);

	tb_add(tar, &(struct tb_entry){
			    .path = path, .type = '0', .mode = mode, .body = bytes, .size = len });
	free(bytes);
}
