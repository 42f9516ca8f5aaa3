/*
 * Other readers of tars as oracle: Go's archive/tar (the container engines'),
 * libarchive and GNU tar list the same entries as core/tar does, or a problem
 * of ours lies on the entry. For generated tars, and for all of $IMGTUI_CORPUS.
 *
 * IMGTUI_SEED repeats a run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/vec.h"
#include "lib/build.h"
#include "lib/stacks.h"
#include "stream/stream_file.h"
#include "tar/tar_reader.h"

enum { TARS = 300, MOST_ENTRIES = 12, SHOWN = 40, COMMAND_ROOM = 9000 };

enum reader { READER_GO, READER_LIBARCHIVE, READER_GNU, READERS };

static const char *const NAMES[READERS] = { "Go", "libarchive", "GNU tar" };

struct row {
	char type; /* type flag; '0' for all that is a file */
	unsigned mode;
	int64_t uid, gid, size, mtime;
	char *name, *link;
	uint64_t begin, end; /* of our headers */
};

struct listing {
	VEC(struct row) rows;
	bool stopped;        /* by an error */
	uint64_t other_from; /* where the first entry lies that no engine unpacks, if any */
};

static struct tally {
	size_t files, entries[READERS], explained, wrong;
} tally;

static bool has_go, has_gnu;
static char go_program[4200];

static void listing_done(struct listing *listing)
{
	for (size_t i = 0; i < listing->rows.count; i++) {
		free(listing->rows.items[i].name);
		free(listing->rows.items[i].link);
	}
	VEC_DONE(&listing->rows);
	*listing = (struct listing){ 0 };
}

static void add_row(struct listing *listing, struct row row)
{
	size_t len = strlen(row.name);

	/* Some add a slash to a directory. */
	while (len > 0 && row.name[len - 1] == '/')
		row.name[--len] = '\0';
	if (row.type == '\0' || row.type == '7' || row.type == 'S' || row.type == 'C')
		row.type = '0';
	/* To all but Go a global header is no entry; core/layer tells of the other types. */
	if (!strchr("0123456", row.type)) {
		if (row.type != 'g' && listing->other_from > row.begin)
			listing->other_from = row.begin;
		free(row.name);
		free(row.link);
		return;
	}
	if (row.type != '1' && row.type != '2')
		*row.link = '\0';
	assert_int_equal(VEC_PUSH(&listing->rows, row, NULL), 0);
}

/* ---- Ours ---- */

static void list_ours(const char *file, struct listing *listing, struct problem_list *problems)
{
	const struct tar_reader_options options = { .problems = problems };
	CLEANUP(tar_reader_freep) struct tar_reader *reader = NULL;
	CLEANUP(stream_closep) struct stream *in = NULL;
	CLEANUP(closep) int fd = open(file, O_RDONLY | O_CLOEXEC);
	const struct tar_entry *entry;
	struct stat status;
	int more;

	assert_true(fd >= 0 && fstat(fd, &status) == 0);

	const struct stream_span span = { .fd = fd, .length = (uint64_t)status.st_size };

	assert_int_equal(stream_file_open(&span, NULL, NULL, &in, NULL), 0);
	assert_int_equal(tar_reader_new(in, &options, &reader, NULL), 0);
	while ((more = tar_reader_next(reader, &entry, NULL)) > 0)
		add_row(listing, (struct row){
					 .type = entry->typeflag          ? entry->typeflag
						 : entry->type == TAR_DIR ? '5'
									  : '0',
					 .mode = entry->mode,
					 .uid = entry->uid,
					 .gid = entry->gid,
					 .size = (int64_t)entry->size,
					 .mtime = entry->mtime,
					 .name = strdup(entry->path),
					 .link = strdup(entry->link),
					 .begin = entry->header_offset,
					 .end = entry->data_offset,
				 });
	listing->stopped = more < 0;
	tar_reader_drain(reader, NULL);
}

/* ---- libarchive ---- */

static char type_of(struct archive_entry *entry)
{
	static const struct {
		unsigned format;
		char type;
	} TYPES[] = {
		{ AE_IFREG, '0' }, { AE_IFLNK, '2' }, { AE_IFCHR, '3' },
		{ AE_IFBLK, '4' }, { AE_IFDIR, '5' }, { AE_IFIFO, '6' },
	};

	if (archive_entry_hardlink(entry))
		return '1';
	for (size_t i = 0; i < sizeof(TYPES) / sizeof(*TYPES); i++)
		if (archive_entry_filetype(entry) == TYPES[i].format)
			return TYPES[i].type;
	return '?';
}

static void list_libarchive(const char *file, struct listing *listing)
{
	struct archive *in = archive_read_new();
	struct archive_entry *entry;
	int code;

	archive_read_support_format_tar(in);
	code = archive_read_open_filename(in, file, 65536);
	while (code == ARCHIVE_OK) {
		code = archive_read_next_header(in, &entry);
		if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
			break;
		code = ARCHIVE_OK;

		const char *name = archive_entry_pathname(entry);
		const char *link = archive_entry_hardlink(entry);

		if (!link)
			link = archive_entry_symlink(entry);
		add_row(listing, (struct row){
					 .type = type_of(entry),
					 .mode = archive_entry_perm(entry) & 07777,
					 .uid = archive_entry_uid(entry),
					 .gid = archive_entry_gid(entry),
					 .size = archive_entry_size(entry),
					 .mtime = archive_entry_mtime(entry),
					 .name = strdup(name ? name : ""),
					 .link = strdup(link ? link : ""),
				 });
	}
	listing->stopped = code != ARCHIVE_EOF;
	archive_read_free(in);
}

/* ---- Go ---- */

static char *from_hexadecimal(const char *hex)
{
	size_t len = strlen(hex) / 2;
	char *text = calloc(1, len + 1);

	for (size_t i = 0; i < len; i++) {
		unsigned byte;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &byte), 1);
		text[i] = (char)byte;
	}
	return text;
}

static bool read_go_line(char *line, struct row *row)
{
	char *at = line + 1, *name, *link;

	row->type = line[0];
	if (*at != ' ')
		return false;
	row->mode = (unsigned)strtoul(at, &at, 8);
	row->uid = strtoll(at, &at, 10);
	row->gid = strtoll(at, &at, 10);
	row->size = strtoll(at, &at, 10);
	row->mtime = strtoll(at, &at, 10);
	name = strchr(at, 'x');
	link = name ? strchr(name + 1, 'x') : NULL;
	if (!link)
		return false;
	name[strcspn(name, " \n")] = link[strcspn(link, "\n")] = '\0';
	row->name = from_hexadecimal(name + 1);
	row->link = from_hexadecimal(link + 1);
	return true;
}

static void list_go(const char *file, struct listing *listing)
{
	char command[COMMAND_ROOM], *line = NULL;
	size_t room = 0;
	struct row row;

	snprintf(command, sizeof(command), "'%s' '%s'", go_program, file);

	FILE *out = popen(command, "r");

	assert_non_null(out);
	while (getline(&line, &room, out) > 0) {
		if (strncmp(line, "stop", 4) == 0)
			listing->stopped = true;
		else if (read_go_line(line, &row))
			add_row(listing, row);
	}
	free(line);
	pclose(out);
}

/* ---- GNU tar ---- */

static unsigned mode_of(const char *text)
{
	unsigned mode = 0;

	for (unsigned i = 0; i < 9; i++) {
		char c = text[i];

		mode <<= 1;
		mode |= c != '-' && c != 'S' && c != 'T';
	}
	mode |= text[2] == 's' || text[2] == 'S' ? 04000 : 0;
	mode |= text[5] == 's' || text[5] == 'S' ? 02000 : 0;
	mode |= text[8] == 't' || text[8] == 'T' ? 01000 : 0;
	return mode;
}

static void unescape(char *text)
{
	static const char LETTERS[] = "abfnrtv\\ ", MEANT[] = "\a\b\f\n\r\t\v\\ ";
	char *out = text;

	for (; *text; text++) {
		const char *letter = text[0] == '\\' && text[1] ? strchr(LETTERS, text[1]) : NULL;
		unsigned byte;

		if (letter) {
			*out++ = MEANT[letter - LETTERS];
			text++;
		} else if (text[0] == '\\' && sscanf(text + 1, "%3o", &byte) == 1) {
			*out++ = (char)byte;
			text += 3;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
}

/* "-rw-r--r-- 0/0   12 2001-09-09 01:46:40 name -> link" */
static bool read_gnu_line(char *line, struct row *row)
{
	static const char LETTERS[] = "-hlcbdp", TYPES[] = "0123456";
	const char *letter = strchr(LETTERS, line[0]);
	static const char *const ARROWS[] = { " link to ", " -> " };
	struct tm tm = { 0 };
	char *at, *link = NULL;

	if (strlen(line) < 12 || line[10] != ' ')
		return false;
	*row = (struct row){ .type = letter ? TYPES[letter - LETTERS] : line[0] };
	row->mode = mode_of(line + 1);
	row->uid = strtoll(line + 11, &at, 10);
	row->gid = strtoll(at + 1, &at, 10);
	row->size = strtoll(at, &at, 10);
	if (*at == ',') { /* a device */
		row->size = 0;
		strtoll(at + 1, &at, 10);
	}
	at = strptime(at, " %Y-%m-%d %H:%M:%S", &tm);
	if (!at)
		return false;
	row->mtime = timegm(&tm);
	at += strcspn(at, " "); /* a fraction */
	at += strspn(at, " ");
	at[strcspn(at, "\n")] = '\0';
	if (row->type == '1' || row->type == '2')
		link = strstr(at, ARROWS[row->type - '1']);
	if (link) {
		*link = '\0';
		link += strlen(ARROWS[row->type - '1']);
		unescape(link);
	}
	unescape(at);
	row->name = strdup(at);
	row->link = strdup(link ? link : "");
	return true;
}

static void list_gnu(const char *file, struct listing *listing)
{
	char command[COMMAND_ROOM], *line = NULL;
	size_t room = 0;
	struct row row;

	snprintf(command, sizeof(command),
		 "TZ=UTC LC_ALL=C tar --numeric-owner --full-time --quoting-style=escape "
		 "-P -tvf '%s' 2>/dev/null",
		 file);

	FILE *out = popen(command, "r");

	assert_non_null(out);
	while (getline(&line, &room, out) > 0)
		if (read_gnu_line(line, &row))
			add_row(listing, row);
	free(line);
	listing->stopped = pclose(out) != 0;
}

/* ---- Comparing ---- */

/* What is not marked yet, and why. */
static const struct known {
	const char *file;
	enum reader reader;
} KNOWN[] = {
	/* Go reads the map of a sparse file, which lies in the data, and stops at a bad one. */
	{ "test_read_format_gtar_sparse_1_17_posix10_modified.tar", READER_GO },
};

static bool is_known(const char *file, enum reader reader)
{
	for (size_t i = 0; i < sizeof(KNOWN) / sizeof(*KNOWN); i++)
		if (KNOWN[i].reader == reader && strstr(file, KNOWN[i].file))
			return true;
	return false;
}

static bool is_explained(const struct problem_list *problems, uint64_t begin, uint64_t end)
{
	for (size_t i = 0; i < problems->all.count; i++) {
		const struct problem *problem = &problems->all.items[i];

		if (problem->offset >= begin && problem->offset < end)
			return true;
		/* From here on each goes its own way. */
		if (problem->offset < begin && (strncmp(problem->text, "global ", 7) == 0 ||
						strstr(problem->text, "different sizes") ||
						strstr(problem->text, "can be no data")))
			return true;
	}
	return false;
}

static void complain(const char *file, enum reader reader, const struct row *ours, const char *what)
{
	if (tally.wrong++ < SHOWN)
		print_message("# %s at %" PRIu64 " '%.80s': %s says %s\n", file,
			      ours ? ours->begin : 0, ours ? ours->name : "", NAMES[reader], what);
}

/* What a reader says, where it is something else; NULL: the same. */
static const char *difference(const struct row *ours, const struct row *theirs, enum reader reader)
{
	static char text[600];
	const struct {
		const char *what;
		int64_t ours, theirs;
	} NUMBERS[] = {
		{ "type", ours->type, theirs->type }, { "mode", ours->mode, theirs->mode },
		{ "uid", ours->uid, theirs->uid },    { "gid", ours->gid, theirs->gid },
		{ "size", ours->size, theirs->size }, { "mtime", ours->mtime, theirs->mtime },
	};

	const char *name = ours->name;

	if (reader == READER_GNU) /* names stand behind padded times there */
		name += strspn(name, " ");
	for (size_t i = 0; i < sizeof(NUMBERS) / sizeof(*NUMBERS); i++) {
		if (NUMBERS[i].ours == NUMBERS[i].theirs)
			continue;
		snprintf(text, sizeof(text), "%s %" PRId64 ", not %" PRId64, NUMBERS[i].what,
			 NUMBERS[i].theirs, NUMBERS[i].ours);
		return text;
	}
	if (strcmp(name, theirs->name) != 0) {
		snprintf(text, sizeof(text), "name '%.200s'", theirs->name);
		return text;
	}
	if (strcmp(ours->link, theirs->link) != 0) {
		snprintf(text, sizeof(text), "link '%.200s', not '%.200s'", theirs->link,
			 ours->link);
		return text;
	}
	return NULL;
}

static void compare(const char *file, enum reader reader, const struct listing *ours,
		    const struct problem_list *problems, const struct listing *theirs)
{
	size_t common =
		ours->rows.count < theirs->rows.count ? ours->rows.count : theirs->rows.count;

	for (size_t i = 0; i < common; i++) {
		const struct row *row = &ours->rows.items[i];
		const char *what = difference(row, &theirs->rows.items[i], reader);

		tally.entries[reader]++;
		if (what && (row->begin >= ours->other_from ||
			     is_explained(problems, row->begin, row->end)))
			tally.explained++;
		else if (what)
			complain(file, reader, row, what);
	}
	if (ours->rows.count == theirs->rows.count)
		return;

	const struct row *last = common ? &ours->rows.items[common - 1] : NULL;

	if (ours->stopped || is_known(file, reader) || ours->other_from != UINT64_MAX ||
	    is_explained(problems, last ? last->begin : 0, PROBLEM_NOWHERE))
		tally.explained++;
	else
		complain(file, reader, last,
			 theirs->rows.count < common + 1 ? "that is all" : "more");
}

static void check_file(const char *file)
{
	static void (*const LIST[READERS])(const char *, struct listing *) = {
		list_go,
		list_libarchive,
		list_gnu,
	};
	struct problem_list problems = { 0 };
	struct listing ours = { .other_from = UINT64_MAX };

	tally.files++;
	list_ours(file, &ours, &problems);
	for (enum reader reader = 0; reader < READERS; reader++) {
		struct listing theirs = { 0 };

		if ((reader == READER_GO && !has_go) || (reader == READER_GNU && !has_gnu))
			continue;
		LIST[reader](file, &theirs);
		compare(file, reader, &ours, &problems, &theirs);
		listing_done(&theirs);
	}
	listing_done(&ours);
	problem_list_done(&problems);
}

/* ---- Tars ---- */

static int check_found(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
	size_t len = strlen(path);

	(void)status;
	(void)ftw;
	if (kind == FTW_F && len > 4 && strcmp(path + len - 4, ".tar") == 0)
		check_file(path);
	return 0;
}

static void print_tally(void)
{
	for (enum reader reader = 0; reader < READERS; reader++)
		print_message("# %s: %zu entries compared\n", NAMES[reader], tally.entries[reader]);
	print_message("# %zu tars, %zu differences explained, %zu unexplained\n", tally.files,
		      tally.explained, tally.wrong);
	assert_int_equal(tally.wrong, 0);
	tally = (struct tally){ 0 };
}

static void readers_agree_on_the_corpus_or_we_say_so(void **state)
{
	const char *corpus = getenv("IMGTUI_CORPUS");

	(void)state;
	if (!corpus)
		return;
	assert_int_equal(nftw(corpus, check_found, 32, FTW_PHYS), 0);
	print_tally();
}

static uint64_t seed;

static void add_random(struct tb *tar, uint64_t *number)
{
	static const char TYPES[] = "0000122345567";
	static const long long IDS[] = { 0, 1000, 2097151, 2097152, 4294967294, 4294967296, -1 };
	static const long long TIMES[] = { 0, 1, 1700000000, 8589934591, 8589934592, -1 };
	static const char *const PAX[] = {
		"uid=1000",
		"gid=4294967294",
		"mtime=1.5",
		"mtime=-1.5",
		"mtime=1700000000.123456789",
		"path=pax/\xc3\xa4",
		"linkpath=pax link",
		"comment=x",
		"size=3",
		"atime=7",
		"SCHILY.xattr.user.x=y",
		"uname=me",
		"path=",
		"gid=",
		"mtime=.5",
	};
	static const char *const PATHS[] = { "a",    "./a/b", "d/",  "/abs",  "../up", "n\nl",
					     "\xff", "a//b",  "-rf", "\\\\t", " x" };
	const char *pax[4] = { NULL };
	char path[300];
	char type = TYPES[stack_draw(number, sizeof(TYPES) - 1)];

	snprintf(path, sizeof(path), "%s",
		 PATHS[stack_draw(number, sizeof(PATHS) / sizeof(*PATHS))]);
	if (stack_draw(number, 4) == 0)
		snprintf(path, sizeof(path), "long/%0*u", (int)(80 + stack_draw(number, 200)), 1);
	for (unsigned i = stack_draw(number, 4); i > 0; i--)
		pax[i - 1] = PAX[stack_draw(number, sizeof(PAX) / sizeof(*PAX))];
	tb_add(tar, &(struct tb_entry){
			    .path = path,
			    .type = type,
			    .mode = stack_draw(number, 010000),
			    .uid = IDS[stack_draw(number, sizeof(IDS) / sizeof(*IDS))],
			    .gid = IDS[stack_draw(number, sizeof(IDS) / sizeof(*IDS))],
			    .mtime = TIMES[stack_draw(number, sizeof(TIMES) / sizeof(*TIMES))],
			    .body = type == '0' || type == '7' ? "abc" : NULL,
			    .size = type == '0' || type == '7' ? 3 : 0,
			    .link = type == '1' || type == '2' ? "to/there" : NULL,
			    .pax = pax,
		    });
}

static void readers_agree_on_generated_tars_or_we_say_so(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TARS; i++) {
		uint64_t number = seed + i;
		struct tb tar = { 0 };
		char name[40];

		for (unsigned n = 1 + stack_draw(&number, MOST_ENTRIES); n > 0; n--)
			add_random(&tar, &number);
		tb_end(&tar);
		snprintf(name, sizeof(name), "seed-%" PRIu64 ".tar", seed + i);
		test_write(test_path(name), tar.bytes, tar.len);
		check_file(test_path(name));
		tb_free(&tar);
	}
	print_message("# IMGTUI_SEED=%" PRIu64 "\n", seed);
	print_tally();
}

/* The listing program in Go, where there is a compiler. */
static void build_go(void)
{
	const char *top = getenv("top_srcdir");
	char command[COMMAND_ROOM];

	snprintf(go_program, sizeof(go_program), "%s", test_path("tarlist"));
	snprintf(command, sizeof(command),
		 "command -v go >/dev/null && cd '%s' && GO111MODULE=off go build -o '%s' "
		 "tests/oracle/tarlist.go 2>&1",
		 top ? top : ".", go_program);
	has_go = system(command) == 0;
	if (!has_go)
		printf("# no Go compiler here: its reader is not asked\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_agree_on_generated_tars_or_we_say_so),
		cmocka_unit_test(readers_agree_on_the_corpus_or_we_say_so),
	};
	const char *wanted = getenv("IMGTUI_SEED");

	setlocale(LC_ALL, "C.UTF-8");
	build_go();
	has_gnu = system("tar --version 2>/dev/null | grep -q GNU") == 0;
	if (!has_gnu)
		printf("# no GNU tar here\n");
	seed = wanted ? strtoull(wanted, NULL, 10) : (uint64_t)time(NULL) * 1000;
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
