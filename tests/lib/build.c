/*
 * Images for tests, built in memory; see build.h. Plain code that shares
 * nothing with the product, so that a mistake there is not repeated here.
 */
#include "lib/build.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <ftw.h>
#include <jansson.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

#define NEED(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "%s:%d: not so: %s (%m)\n", __FILE__, __LINE__,            \
				#condition);                                                       \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

enum { BLOCK = 512, PATH_ROOM = 4096, PATHS = 8 };

/* Offsets and lengths of the fields of a ustar header. */
enum {
	NAME_AT = 0,
	NAME_LEN = 100,
	MODE_AT = 100,
	UID_AT = 108,
	GID_AT = 116,
	ID_LEN = 8,
	SIZE_AT = 124,
	MTIME_AT = 136,
	BIG_LEN = 12,
	SUM_AT = 148,
	TYPE_AT = 156,
	LINK_AT = 157,
	MAGIC_AT = 257,
	MAJOR_AT = 329,
	MINOR_AT = 337,
};

/* The tar. */

void tb_raw(struct tb *tar, const void *bytes, size_t len)
{
	if (tar->len + len > tar->room) {
		tar->room = (tar->len + len) * 2 + 4096;
		tar->bytes = realloc(tar->bytes, tar->room);
		NEED(tar->bytes);
	}
	if (len)
		memcpy(tar->bytes + tar->len, bytes, len);
	tar->len += len;
}

static void pad(struct tb *tar)
{
	static const unsigned char ZEROS[BLOCK];

	if (tar->len % BLOCK)
		tb_raw(tar, ZEROS, BLOCK - tar->len % BLOCK);
}

/* Octal with a NUL behind it; base-256 where that does not fit. */
static void put_number(unsigned char *field, size_t len, long long value)
{
	if (value >= 0 && value < 1LL << 3 * (len - 1)) {
		char digits[24];

		snprintf(digits, sizeof(digits), "%0*llo", (int)len - 1, (unsigned long long)value);
		memcpy(field, digits, len);
		return;
	}
	for (size_t i = 0; i < len; i++) {
		size_t shift = 8 * (len - 1 - i);

		field[i] = (unsigned char)(value >> (shift < 63 ? shift : 63));
	}
	field[0] |= 0x80;
}

static void put_text(unsigned char *field, size_t room, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len)
		memcpy(field, text, len < room ? len : room);
}

static void put_header(struct tb *tar, const struct tb_entry *entry)
{
	unsigned char block[BLOCK] = { 0 };
	unsigned sum = 0;

	put_text(block + NAME_AT, NAME_LEN, entry->path);
	put_number(block + MODE_AT, ID_LEN, entry->mode);
	put_number(block + UID_AT, ID_LEN, entry->uid);
	put_number(block + GID_AT, ID_LEN, entry->gid);
	put_number(block + SIZE_AT, BIG_LEN, (long long)entry->size);
	put_number(block + MTIME_AT, BIG_LEN, entry->mtime);
	block[TYPE_AT] = (unsigned char)entry->type;
	put_text(block + LINK_AT, NAME_LEN, entry->link);
	memcpy(block + MAGIC_AT, "ustar\00000", 8);
	put_number(block + MAJOR_AT, ID_LEN, entry->dev_major);
	put_number(block + MINOR_AT, ID_LEN, entry->dev_minor);
	memset(block + SUM_AT, ' ', ID_LEN);
	for (size_t i = 0; i < BLOCK; i++)
		sum += block[i];
	snprintf((char *)block + SUM_AT, ID_LEN, "%06o", sum);
	tb_raw(tar, block, BLOCK);
}

/* "LEN key=value\n", where LEN counts itself. */
static void put_bytes_record(struct tb *records, const char *key, const void *value,
			     size_t value_len)
{
	size_t rest = strlen(key) + value_len + 3;
	size_t len = rest + 1;
	char number[24];

	while (rest + (size_t)snprintf(number, sizeof(number), "%zu", len) > len)
		len++;
	tb_raw(records, number, strlen(number));
	tb_raw(records, " ", 1);
	tb_raw(records, key, strlen(key));
	tb_raw(records, "=", 1);
	tb_raw(records, value, value_len);
	tb_raw(records, "\n", 1);
}

static void put_record(struct tb *records, const char *key, const char *value)
{
	put_bytes_record(records, key, value, strlen(value));
}

static void put_records(struct tb *tar, const struct tb_entry *entry)
{
	struct tb records = { 0 };

	if (strlen(entry->path) > NAME_LEN)
		put_record(&records, "path", entry->path);
	if (entry->link && strlen(entry->link) > NAME_LEN)
		put_record(&records, "linkpath", entry->link);
	for (const char *const *pax = entry->pax; pax && *pax; pax++) {
		const char *equals = strchr(*pax, '=');
		char key[256];

		NEED(equals && (size_t)(equals - *pax) < sizeof(key));
		snprintf(key, sizeof(key), "%.*s", (int)(equals - *pax), *pax);
		put_record(&records, key, equals + 1);
	}
	for (const struct tb_xattr *xattr = entry->xattrs; xattr && xattr->name; xattr++) {
		char key[256];

		snprintf(key, sizeof(key), "SCHILY.xattr.%s", xattr->name);
		put_bytes_record(&records, key, xattr->value, xattr->len);
	}
	if (records.len) {
		put_header(tar, &(struct tb_entry){ .path = "PaxHeaders/x",
						    .type = 'x',
						    .mode = 0644,
						    .size = records.len });
		tb_raw(tar, records.bytes, records.len);
		pad(tar);
	}
	tb_free(&records);
}

void tb_add(struct tb *tar, const struct tb_entry *entry)
{
	put_records(tar, entry);
	put_header(tar, entry);
	if (entry->body)
		tb_raw(tar, entry->body, entry->size);
	pad(tar);
}

void tb_dir(struct tb *tar, const char *path, unsigned mode, long long uid, long long gid)
{
	char slashed[PATH_ROOM];
	size_t len = strlen(path);

	snprintf(slashed, sizeof(slashed), "%s%s", path, len && path[len - 1] == '/' ? "" : "/");
	tb_add(tar, &(struct tb_entry){
			    .path = slashed, .type = '5', .mode = mode, .uid = uid, .gid = gid });
}

void tb_file(struct tb *tar, const char *path, unsigned mode, long long uid, long long gid,
	     const char *text)
{
	tb_add(tar, &(struct tb_entry){ .path = path,
					.type = '0',
					.mode = mode,
					.uid = uid,
					.gid = gid,
					.body = text,
					.size = text ? strlen(text) : 0 });
}

void tb_symlink(struct tb *tar, const char *path, const char *target)
{
	tb_add(tar, &(struct tb_entry){ .path = path, .type = '2', .mode = 0777, .link = target });
}

void tb_hardlink(struct tb *tar, const char *path, const char *target)
{
	tb_add(tar, &(struct tb_entry){ .path = path, .type = '1', .mode = 0644, .link = target });
}

void tb_whiteout(struct tb *tar, const char *path)
{
	const char *slash = strrchr(path, '/');
	int parent = slash ? (int)(slash - path) + 1 : 0;
	char name[PATH_ROOM];

	snprintf(name, sizeof(name), "%.*s.wh.%s", parent, path, path + parent);
	tb_file(tar, name, 0, 0, 0, NULL);
}

void tb_opaque(struct tb *tar, const char *dir)
{
	char name[PATH_ROOM];

	snprintf(name, sizeof(name), "%s%s.wh..wh..opq", dir, *dir ? "/" : "");
	tb_file(tar, name, 0, 0, 0, NULL);
}

void tb_end(struct tb *tar)
{
	static const unsigned char ZEROS[2 * BLOCK];

	tb_raw(tar, ZEROS, sizeof(ZEROS));
}

void tb_free(struct tb *tar)
{
	free(tar->bytes);
	*tar = (struct tb){ 0 };
}

/* Compression. */

static void *copy(const void *bytes, size_t len)
{
	unsigned char *new = malloc(len + 1);

	NEED(new);
	if (len)
		memcpy(new, bytes, len);
	new[len] = '\0';
	return new;
}

static void compress_none(const struct tb *tar, struct ib_layer *layer)
{
	layer->blob = copy(tar->bytes, tar->len);
	layer->blob_len = tar->len;
}

static void compress_gzip(const struct tb *tar, struct ib_layer *layer)
{
	z_stream z = { .next_in = tar->bytes, .avail_in = (uInt)tar->len };

	NEED(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
	uLong room = deflateBound(&z, (uLong)tar->len);
	layer->blob = malloc(room);
	NEED(layer->blob);
	z.next_out = layer->blob;
	z.avail_out = (uInt)room;
	NEED(deflate(&z, Z_FINISH) == Z_STREAM_END);
	layer->blob_len = z.total_out;
	deflateEnd(&z);
}

#ifdef HAVE_ZSTD
static void compress_zstd(const struct tb *tar, struct ib_layer *layer)
{
	size_t room = ZSTD_compressBound(tar->len);

	layer->blob = malloc(room);
	NEED(layer->blob);
	layer->blob_len = ZSTD_compress(layer->blob, room, tar->bytes, tar->len, 3);
	NEED(!ZSTD_isError(layer->blob_len));
}
#endif

static void add_blob(struct ib_layer *layer, const void *bytes, size_t len)
{
	layer->blob = realloc(layer->blob, layer->blob_len + len);
	NEED(layer->blob);
	memcpy(layer->blob + layer->blob_len, bytes, len);
	layer->blob_len += len;
}

/* A member of gzip for each two blocks of the tar, as eStargz has one for each piece of a file. */
static void compress_members(const struct tb *tar, struct ib_layer *layer)
{
	enum { MEMBER = 1024 };

	for (size_t at = 0; at < tar->len; at += MEMBER) {
		struct tb part = { .bytes = tar->bytes + at };
		struct ib_layer member = { 0 };

		part.len = tar->len - at < MEMBER ? tar->len - at : MEMBER;
		compress_gzip(&part, &member);
		add_blob(layer, member.blob, member.blob_len);
		free(member.blob);
	}
}

/* The same with the footer: an empty member, whose extra field has the place of the table. */
static void compress_estargz(const struct tb *tar, struct ib_layer *layer)
{
	static const char FOOTER[] = "\x1f\x8b\x08\x04\0\0\0\0\0\xff\x1a\0SG\x16\0"
				     "0000000000000000STARGZ"
				     "\x01\0\0\xff\xff\0\0\0\0\0\0\0\0";

	compress_members(tar, layer);
	add_blob(layer, FOOTER, sizeof(FOOTER) - 1);
}

#ifdef HAVE_ZSTD
/* zstd:chunked: behind the frame one that is skipped, which ends in the mark. */
static void compress_chunked(const struct tb *tar, struct ib_layer *layer)
{
	unsigned char footer[8 + 64] = "\x50\x2a\x4d\x18\x40";

	compress_zstd(tar, layer);
	memcpy(footer + sizeof(footer) - 8, "GNUlInUx", 8);
	add_blob(layer, footer, sizeof(footer));
}
#endif

/* xz by libarchive's raw format. */
static void compress_xz(const struct tb *tar, struct ib_layer *layer)
{
	size_t room = tar->len * 2 + 65536;
	struct archive *out = archive_write_new();
	struct archive_entry *entry = archive_entry_new();

	layer->blob = malloc(room);
	NEED(out && entry && layer->blob);
	NEED(archive_write_set_format_raw(out) == ARCHIVE_OK);
	NEED(archive_write_add_filter_xz(out) == ARCHIVE_OK);
	NEED(archive_write_set_bytes_in_last_block(out, 1) == ARCHIVE_OK);
	NEED(archive_write_open_memory(out, layer->blob, room, &layer->blob_len) == ARCHIVE_OK);
	archive_entry_set_filetype(entry, S_IFREG);
	NEED(archive_write_header(out, entry) == ARCHIVE_OK);
	NEED(archive_write_data(out, tar->bytes, tar->len) == (la_ssize_t)tar->len);
	NEED(archive_write_close(out) == ARCHIVE_OK);
	archive_entry_free(entry);
	archive_write_free(out);
}

static const struct compressor {
	const char *name, *suffix;
	void (*compress)(const struct tb *tar, struct ib_layer *layer);
} COMPRESSORS[] = {
	{ "none", "", compress_none },
	{ "gzip", "+gzip", compress_gzip },
	{ "members", "+gzip", compress_members },
	{ "estargz", "+gzip", compress_estargz },
#ifdef HAVE_ZSTD
	{ "chunked", "+zstd", compress_chunked },
	{ "zstd", "+zstd", compress_zstd },
#endif
	{ "xz", "+xz", compress_xz },
};

static const struct compressor *compressor_find(const char *name)
{
	for (size_t i = 0; i < sizeof(COMPRESSORS) / sizeof(COMPRESSORS[0]); i++)
		if (!strcmp(COMPRESSORS[i].name, name))
			return &COMPRESSORS[i];
	NEED(!"a known compression");
	return NULL;
}

/* The image. */

static void digest(const void *bytes, size_t len, char out[72])
{
	unsigned char value[32];
	size_t at = (size_t)snprintf(out, 72, "sha256:");

	NEED(EVP_Digest(bytes, len, value, NULL, EVP_sha256(), NULL));
	for (size_t i = 0; i < sizeof(value); i++)
		at += (size_t)snprintf(out + at, 72 - at, "%02x", value[i]);
}

static const char *hex(const char *text)
{
	return strchr(text, ':') + 1;
}

void ib_layer(struct ib *image, const struct tb *tar, const char *compression,
	      const char *created_by)
{
	NEED(image->count < IB_LAYERS);
	struct ib_layer *layer = &image->layers[image->count++];
	const struct compressor *compressor = compressor_find(compression);

	layer->plain = copy(tar->bytes, tar->len);
	layer->plain_len = tar->len;
	compressor->compress(tar, layer);
	snprintf(layer->compression, sizeof(layer->compression), "%s", compression);
	layer->created_by = created_by ? copy(created_by, strlen(created_by)) : NULL;
	digest(layer->plain, layer->plain_len, layer->diff_id);
	digest(layer->blob, layer->blob_len, layer->digest);
}

void ib_config(struct ib *image, const char *json)
{
	free(image->config);
	image->config = copy(json, strlen(json));
}

static char *dump(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENSURE_ASCII);

	NEED(text);
	json_decref(json);
	return text;
}

/* The whole config document as text; a layer without created_by has no history entry. */
static char *config_document(const struct ib *image)
{
	json_t *inner = json_loads(image->config ? image->config : "{}", 0, NULL);
	json_t *diff_ids = json_array();
	json_t *history = json_array();

	NEED(inner && diff_ids && history);
	for (size_t i = 0; i < image->count; i++) {
		const struct ib_layer *layer = &image->layers[i];

		json_array_append_new(diff_ids, json_string(layer->diff_id));
		if (layer->created_by)
			json_array_append_new(history,
					      json_pack("{ss}", "created_by", layer->created_by));
	}
	json_t *all = json_pack("{ss,ss,so,s{ss,so}}", "architecture",
				image->architecture ? image->architecture : "amd64", "os",
				image->os ? image->os : "linux", "config", inner, "rootfs", "type",
				"layers", "diff_ids", diff_ids);
	NEED(all);
	if (json_array_size(history))
		json_object_set(all, "history", history);
	json_decref(history);
	return dump(all);
}

/* Where the members of an image go: a tar, or a folder. */
struct place {
	struct tb *tar;
	const char *folder;
};

static void put_member(const struct place *place, const char *name, const void *bytes, size_t len)
{
	if (place->folder) {
		char path[PATH_ROOM];

		snprintf(path, sizeof(path), "%s/%s", place->folder, name);
		test_write(path, bytes, len);
		return;
	}
	tb_add(place->tar,
	       &(struct tb_entry){
		       .path = name, .type = '0', .mode = 0644, .body = bytes, .size = len });
}

static void put_json(const struct place *place, const char *name, json_t *json)
{
	char *text = dump(json);

	put_member(place, name, text, strlen(text));
	free(text);
}

/* Whether an earlier layer has the same name in the archive already. */
static bool is_repeated(const struct ib *image, size_t at, bool by_diff_id)
{
	for (size_t i = 0; i < at; i++) {
		const struct ib_layer *a = &image->layers[i], *b = &image->layers[at];

		if (!(by_diff_id ? strcmp(a->diff_id, b->diff_id) : strcmp(a->digest, b->digest)))
			return true;
	}
	return false;
}

/* {"name": {"tag": top}} of "name:tag". */
static json_t *repositories(const char *name_tag, const char *top)
{
	const char *colon = strrchr(name_tag, ':');
	size_t len = colon ? (size_t)(colon - name_tag) : strlen(name_tag);
	json_t *all = json_object();
	char *name = copy(name_tag, len);

	json_object_set_new(all, name, json_pack("{ss}", colon ? colon + 1 : "latest", top));
	free(name);
	return all;
}

void ib_docker(const struct ib *image, const char *file, const char *tag)
{
	struct tb tar = { 0 };
	struct place place = { .tar = &tar };
	json_t *layers = json_array();
	json_t *tags = tag ? json_pack("[s]", tag) : json_null();
	char *config = config_document(image);
	char text[72], name[160];

	for (size_t i = 0; i < image->count; i++) {
		const struct ib_layer *layer = &image->layers[i];

		snprintf(name, sizeof(name), "%s/layer.tar", hex(layer->diff_id));
		json_array_append_new(layers, json_string(name));
		if (!is_repeated(image, i, true))
			put_member(&place, name, layer->blob, layer->blob_len);
	}
	digest(config, strlen(config), text);
	snprintf(name, sizeof(name), "%s.json", hex(text));
	put_member(&place, name, config, strlen(config));
	put_json(&place, "manifest.json",
		 json_pack("[{ss,so,so}]", "Config", name, "RepoTags", tags, "Layers", layers));
	if (tag && image->count)
		put_json(&place, "repositories",
			 repositories(tag, hex(image->layers[image->count - 1].diff_id)));
	tb_end(&tar);
	test_write(file, tar.bytes, tar.len);
	tb_free(&tar);
	free(config);
}

static json_t *put_blob(const struct place *place, const char *media_type, const void *bytes,
			size_t len)
{
	char text[72], name[160];

	digest(bytes, len, text);
	snprintf(name, sizeof(name), "blobs/sha256/%s", hex(text));
	put_member(place, name, bytes, len);
	return json_pack("{ss,ss,sI}", "mediaType", media_type, "digest", text, "size",
			 (json_int_t)len);
}

static json_t *put_layer(const struct place *place, const struct ib *image, size_t at)
{
	const struct ib_layer *layer = &image->layers[at];
	char type[100];

	snprintf(type, sizeof(type), "application/vnd.oci.image.layer.v1.tar%s",
		 compressor_find(layer->compression)->suffix);
	if (!is_repeated(image, at, false))
		return put_blob(place, type, layer->blob, layer->blob_len);
	return json_pack("{ss,ss,sI}", "mediaType", type, "digest", layer->digest, "size",
			 (json_int_t)layer->blob_len);
}

static void put_oci(const struct ib *image, const struct place *place, const char *tag)
{
	static const char LAYOUT[] = "{\"imageLayoutVersion\":\"1.0.0\"}";
	json_t *layers = json_array();
	char *text = config_document(image);
	json_t *config =
		put_blob(place, "application/vnd.oci.image.config.v1+json", text, strlen(text));

	free(text);
	for (size_t i = 0; i < image->count; i++)
		json_array_append_new(layers, put_layer(place, image, i));
	text = dump(json_pack("{si,ss,so,so}", "schemaVersion", 2, "mediaType",
			      "application/vnd.oci.image.manifest.v1+json", "config", config,
			      "layers", layers));
	json_t *manifest =
		put_blob(place, "application/vnd.oci.image.manifest.v1+json", text, strlen(text));
	free(text);
	if (tag)
		json_object_set_new(manifest, "annotations",
				    json_pack("{ss}", "org.opencontainers.image.ref.name", tag));
	put_json(place, "index.json",
		 json_pack("{si,ss,s[o]}", "schemaVersion", 2, "mediaType",
			   "application/vnd.oci.image.index.v1+json", "manifests", manifest));
	put_member(place, "oci-layout", LAYOUT, sizeof(LAYOUT) - 1);
}

void ib_oci_archive(const struct ib *image, const char *file, const char *tag)
{
	struct tb tar = { 0 };

	put_oci(image, &(struct place){ .tar = &tar }, tag);
	tb_end(&tar);
	test_write(file, tar.bytes, tar.len);
	tb_free(&tar);
}

static void make_folder(const char *path)
{
	NEED(mkdir(path, 0755) == 0 || errno == EEXIST);
}

void ib_oci_layout(const struct ib *image, const char *folder, const char *tag)
{
	char path[PATH_ROOM];

	make_folder(folder);
	snprintf(path, sizeof(path), "%s/blobs", folder);
	make_folder(path);
	snprintf(path, sizeof(path), "%s/blobs/sha256", folder);
	make_folder(path);
	put_oci(image, &(struct place){ .folder = folder }, tag);
}

void ib_free(struct ib *image)
{
	for (size_t i = 0; i < image->count; i++) {
		free(image->layers[i].plain);
		free(image->layers[i].blob);
		free(image->layers[i].created_by);
	}
	free(image->config);
	*image = (struct ib){ 0 };
}

/* Files of the test program. */

static char folder_name[PATH_ROOM / 2];
static pid_t folder_owner;

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *ftw)
{
	(void)status;
	(void)kind;
	(void)ftw;
	remove(path);
	return 0;
}

/* A child that forked off the test leaves the folder alone. */
static void remove_folder(void)
{
	if (getpid() == folder_owner)
		nftw(folder_name, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *test_dir(void)
{
	const char *base = getenv("TMPDIR");

	if (folder_name[0])
		return folder_name;
	snprintf(folder_name, sizeof(folder_name), "%s/imgtui-test.XXXXXX",
		 base && *base ? base : "/tmp");
	NEED(mkdtemp(folder_name));
	folder_owner = getpid();
	atexit(remove_folder);
	return folder_name;
}

const char *test_path(const char *name)
{
	static char paths[PATHS][PATH_ROOM];
	static unsigned next;
	char *path = paths[next++ % PATHS];

	NEED(snprintf(path, PATH_ROOM, "%s/%s", test_dir(), name) < PATH_ROOM);
	return path;
}

void test_write(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	NEED(file);
	NEED(fwrite(bytes, 1, len, file) == len);
	NEED(fclose(file) == 0);
}

unsigned char *test_read(const char *path, size_t *ret_len)
{
	struct tb bytes = { 0 };
	FILE *file = fopen(path, "re");
	char buffer[65536];
	size_t got;

	NEED(file);
	while ((got = fread(buffer, 1, sizeof(buffer), file)) > 0)
		tb_raw(&bytes, buffer, got);
	NEED(!ferror(file));
	fclose(file);
	tb_raw(&bytes, "", 1);
	*ret_len = bytes.len - 1;
	return bytes.bytes;
}
