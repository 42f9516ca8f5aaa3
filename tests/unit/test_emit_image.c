/* Whole images: every format, mode and compression, read back by our own reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/json.h"
#include "lib/emitted.h"

static const char *const COMPRESSION_NAMES[] = { "none", "gzip", "zstd", "xz" };

static void add_layer(struct ib *image, struct tb *tar, const char *compression, const char *step)
{
	tb_end(tar);
	ib_layer(image, tar, compression, step);
	tb_free(tar);
}

/* Two layers: one that no plan of these tests changes, and one that each does. */
static void build(struct ib *image, const char *compression)
{
	struct tb tar = { 0 };

	ib_config(
		image,
		"{\"User\":\"root\",\"WorkingDir\":\"/\",\"X-Unknown\":{\"a\":[1,null,\"\\u00e4\"]}}");
	tb_dir(&tar, "etc", 0755, 0, 0);
	tb_file(&tar, "etc/hosts", 0644, 0, 0, "localhost\n");
	add_layer(image, &tar, compression, "RUN one");
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, "app/x", 0600, 0, 0, "x");
	add_layer(image, &tar, compression, "RUN two");
}

/* Fresh names, so that nothing of another test is in the way. */
static const char *fresh(const char *stem)
{
	static unsigned number;
	char name[64];

	snprintf(name, sizeof(name), "%s-%u", stem, number++);
	return test_path(name);
}

static const char *store(struct ib *image, enum source_format format)
{
	const char *path = fresh("in");

	if (format == SOURCE_DOCKER_ARCHIVE)
		ib_docker(image, path, "host/name:tag");
	else if (format == SOURCE_OCI_ARCHIVE)
		ib_oci_archive(image, path, "tag");
	else
		ib_oci_layout(image, path, "tag");
	ib_free(image);
	return path;
}

/* What the plan wants in all tests here. */
static void plan_it(struct emitted *emitted)
{
	emitted_want(emitted, &(struct tree_want){ .path = "app", .set_mode = true, .mode = 0755 });
	emitted_want(emitted, &(struct tree_want){ .path = "app/x", .set_uid = true, .uid = 1000 });
	emitted_config(emitted, &(struct config_edit){ .user = "1000" });
	emitted_preview(emitted);
}

static const char *write_image(const struct emitted *emitted,
			       const struct emit_image_options *options)
{
	const char *path = fresh("out");
	bool is_folder = options->format == SOURCE_OCI_LAYOUT;
	struct err err = { 0 };
	int fd;

	if (is_folder)
		assert_int_equal(mkdir(path, 0755), 0);
	fd = is_folder ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
		       : open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	if (emit_image(&emitted->input, options, fd, &err) < 0)
		fail_msg("%s", err.text);
	close(fd);
	return path;
}

static void same_blob(const struct emitted *a, const struct emitted *b, size_t layer)
{
	const struct stream_span *x = &image_layer(a->image, layer)->blob.span;
	const struct stream_span *y = &image_layer(b->image, layer)->blob.span;
	char left[4096], right[4096];

	assert_int_equal(x->length, y->length);
	assert_true(x->length <= sizeof(left));
	assert_int_equal(io_pread(x->fd, left, x->length, x->offset, NULL), x->length);
	assert_int_equal(io_pread(y->fd, right, y->length, y->offset, NULL), y->length);
	assert_memory_equal(left, right, x->length);
}

/* Digests and diff IDs are those of the bytes. */
static void check_digests(const struct emitted *written)
{
	assert_false(image_problems(written->image)->damaged);
	for (size_t i = 0; i < written->count; i++) {
		const struct image_layer *layer = image_layer(written->image, i);
		unsigned char blob[HASH_MAX_BYTES], plain[HASH_MAX_BYTES];

		if (!layer_hashes(written->layers[i], blob, plain)) {
			assert_int_equal(layer_hash_span(&layer->blob.span, NULL, NULL, blob, NULL),
					 0);
			memcpy(plain, blob, sizeof(plain));
		}
		assert_true(layer->has_diff_id);
		assert_memory_equal(plain, layer->diff_id.bytes, 32);
		if (layer->has_digest)
			assert_memory_equal(blob, layer->digest.bytes, 32);
	}
}

static void check_config(const struct emitted *emitted, const struct emitted *written,
			 enum emit_mode mode)
{
	const struct config *config = image_config(written->image);
	json_t *old = json_object_get(json_object_get(image_config(emitted->image)->json, "config"),
				      "X-Unknown");
	json_t *new = json_object_get(json_object_get(config->json, "config"), "X-Unknown");

	assert_string_equal(config->user, "1000");
	assert_true(json_equal(old, new));
	assert_int_equal(config->history_count, 3);
	assert_string_equal(config->history[2].created_by, "imgtui: RULE-1, RULE-2");
	assert_int_equal(config->history[2].empty_layer, mode == EMIT_REWRITE);
	assert_int_equal(config->diff_id_count, mode == EMIT_REWRITE ? 2 : 3);
}

static void round_trip(enum source_format from, const char *compression, enum emit_mode mode,
		       enum source_format to)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	struct err err = { 0 };

	build(&image, compression);
	emitted_open(&emitted, store(&image, from));
	plan_it(&emitted);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){ .mode = mode,
										   .format = to }));
	assert_int_equal(source_format(written.source), to);
	if (tree_compare(emitted.preview, written.tree, &err) < 0)
		fail_msg("%s", err.text);
	check_digests(&written);
	check_config(&emitted, &written, mode);
	same_blob(&emitted, &written, 0);
	if (mode == EMIT_APPEND)
		same_blob(&emitted, &written, 1);
	for (size_t i = 0; i < written.count; i++)
		assert_string_equal(compression_name(layer_compression(written.layers[i])),
				    compression);
	emitted_done(&written);
	emitted_done(&emitted);
}

static void every_format_mode_and_compression_comes_back(void **state)
{
	(void)state;
	for (enum source_format from = 0; from < SOURCE_FORMATS; from++) {
		for (enum source_format to = 0; to < SOURCE_FORMATS; to++) {
			for (size_t i = 0; i < 4; i++) {
				round_trip(from, COMPRESSION_NAMES[i], EMIT_REWRITE, to);
				round_trip(from, COMPRESSION_NAMES[i], EMIT_APPEND, to);
			}
		}
	}
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	(void)state;
	for (enum source_format to = SOURCE_DOCKER_ARCHIVE; to <= SOURCE_OCI_ARCHIVE; to++) {
		struct emitted emitted;
		struct ib image = { 0 };
		struct emit_image_options options = { .mode = EMIT_APPEND, .format = to };
		unsigned char *first, *second;
		size_t a, b;

		build(&image, "gzip");
		emitted_open(&emitted, store(&image, SOURCE_OCI_ARCHIVE));
		plan_it(&emitted);
		first = test_read(write_image(&emitted, &options), &a);
		second = test_read(write_image(&emitted, &options), &b);
		assert_int_equal(a, b);
		assert_memory_equal(first, second, a);
		free(first);
		free(second);
		emitted_done(&emitted);
	}
}

static void check_tag(enum source_format from, enum source_format to, const char *tag,
		      const char *expected)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	const char *const *tags;

	build(&image, "none");
	emitted_open(&emitted, store(&image, from));
	plan_it(&emitted);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){ .format = to,
										   .tag = tag }));
	tags = image_entry(written.image)->tags;
	if (expected)
		assert_string_equal(tags[0], expected);
	else
		assert_null(tags[0]);
	emitted_done(&written);
	emitted_done(&emitted);
}

static void tags_stay_or_are_replaced(void **state)
{
	(void)state;
	check_tag(SOURCE_DOCKER_ARCHIVE, SOURCE_DOCKER_ARCHIVE, NULL, "host/name:tag");
	check_tag(SOURCE_DOCKER_ARCHIVE, SOURCE_OCI_LAYOUT, NULL, "host/name:tag");
	check_tag(SOURCE_OCI_LAYOUT, SOURCE_OCI_ARCHIVE, NULL, "tag");
	/* A tag alone names nothing in a docker-archive. */
	check_tag(SOURCE_OCI_LAYOUT, SOURCE_DOCKER_ARCHIVE, NULL, NULL);
	check_tag(SOURCE_OCI_LAYOUT, SOURCE_DOCKER_ARCHIVE, "a/b:c", "a/b:c");
	check_tag(SOURCE_DOCKER_ARCHIVE, SOURCE_DOCKER_ARCHIVE, "host:80/b", "host:80/b:latest");
	check_tag(SOURCE_DOCKER_ARCHIVE, SOURCE_OCI_ARCHIVE, "v2", "v2");
}

/* ---- The manifest ---- */

/* The layout's only manifest with other members and types, by its new digest. */
static void alter_manifest(const char *folder, const char *members, bool is_docker)
{
	char path[4300], name[4500], hex[DIGEST_TEXT];
	unsigned char *bytes;
	size_t len;
	json_t *index, *item, *manifest, *over = json_loads(members, 0, NULL);
	struct digest digest;
	char text[DIGEST_TEXT], *dump;

	snprintf(path, sizeof(path), "%s/index.json", folder);
	bytes = test_read(path, &len);
	index = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	item = json_array_get(json_object_get(index, "manifests"), 0);
	snprintf(name, sizeof(name), "%s/blobs/sha256/%s", folder,
		 json_string_value(json_object_get(item, "digest")) + 7);
	bytes = test_read(name, &len);
	manifest = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	json_object_update(manifest, over);
	if (is_docker) {
		json_t *layers = json_object_get(manifest, "layers");

		json_object_set_new(json_object_get(manifest, "config"), "mediaType",
				    json_string("application/vnd.docker.container.image.v1+json"));
		for (size_t i = 0; i < json_array_size(layers); i++)
			json_object_set_new(
				json_array_get(layers, i), "mediaType",
				json_string("application/vnd.docker.image.rootfs.diff.tar.gzip"));
		json_object_set(item, "mediaType", json_object_get(manifest, "mediaType"));
	}
	dump = json_dumps(manifest, 0);
	assert_int_equal(digest_of(dump, strlen(dump), &digest, NULL), 0);
	snprintf(name, sizeof(name), "%s/blobs/sha256/%s", folder, digest_hex(&digest, hex));
	test_write(name, dump, strlen(dump));
	json_object_set_new(item, "digest", json_string(digest_text(&digest, text)));
	json_object_set_new(item, "size", json_integer((json_int_t)strlen(dump)));
	free(dump);
	dump = json_dumps(index, 0);
	test_write(path, dump, strlen(dump));
	free(dump);
	json_decref(index);
	json_decref(manifest);
	json_decref(over);
}

static void the_manifest_keeps_what_we_do_not_know(void **state)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	const char *path;
	const json_t *json;

	(void)state;
	build(&image, "gzip");
	path = store(&image, SOURCE_OCI_LAYOUT);
	alter_manifest(
		path,
		"{\"annotations\":{\"a\":\"b\"},\"x-unknown\":[1,2],"
		"\"subject\":{\"mediaType\":\"x\",\"digest\":\"sha256:"
		"0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1}}",
		false);
	emitted_open(&emitted, path);
	plan_it(&emitted);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
							     .format = SOURCE_OCI_ARCHIVE }));
	json = image_manifest(written.image)->json;
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(json, "annotations"), "a")), "b");
	assert_int_equal(json_array_size(json_object_get(json, "x-unknown")), 2);
	/* What it refers to was made for the old image. */
	assert_null(json_object_get(json, "subject"));
	emitted_done(&written);
	emitted_done(&emitted);
}

/* Also of layers that the plan does not touch; their contents stay. */
static void all_layers_are_recompressed_where_asked(void **state)
{
	static const enum compression ALL[] = { COMPRESSION_NONE, COMPRESSION_GZIP,
						COMPRESSION_ZSTD, COMPRESSION_XZ };

	(void)state;
	for (size_t i = 0; i < sizeof(ALL) / sizeof(*ALL); i++) {
		struct emitted emitted, written;
		struct ib image = { 0 };
		struct err err = { 0 };

		build(&image, "gzip");
		emitted_open(&emitted, store(&image, SOURCE_OCI_ARCHIVE));
		plan_it(&emitted);
		emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
								     .format = SOURCE_HYBRID,
								     .recompress = &ALL[i] }));
		for (size_t k = 0; k < written.count; k++)
			assert_int_equal(layer_compression(written.layers[k]), ALL[i]);
		assert_true(digest_equal(&image_layer(emitted.image, 0)->diff_id,
					 &image_layer(written.image, 0)->diff_id));
		if (tree_compare(emitted.preview, written.tree, &err) < 0)
			fail_msg("%s", err.text);
		check_digests(&written);
		assert_int_equal(source_problems(written.source)->all.count, 0);
		emitted_done(&written);
		emitted_done(&emitted);
	}
}

/* Docker's manifests have no name for zstd: all of the manifest becomes OCI's. */
static void one_manifest_holds_one_family(void **state)
{
	const enum compression zstd = COMPRESSION_ZSTD;
	struct emitted emitted, written;
	struct ib image = { 0 };
	const struct manifest *manifest;
	const char *path;

	(void)state;
	build(&image, "gzip");
	path = store(&image, SOURCE_OCI_LAYOUT);
	alter_manifest(path,
		       "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"}",
		       true);
	emitted_open(&emitted, path);
	plan_it(&emitted);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
							     .format = SOURCE_OCI_ARCHIVE,
							     .recompress = &zstd }));
	manifest = image_manifest(written.image);
	assert_int_equal(manifest->family, FAMILY_OCI);
	assert_string_equal(manifest->layers[0].media_type,
			    "application/vnd.oci.image.layer.v1.tar+zstd");
	assert_string_equal(manifest->config.media_type,
			    "application/vnd.oci.image.config.v1+json");
	emitted_done(&written);
	emitted_done(&emitted);
}

static void what_would_lie_is_left_out_and_named(void **state)
{
	struct problem_list notes = { 0 };
	struct emitted emitted, written;
	struct ib image = { 0 };
	const char *path;

	(void)state;
	build(&image, "gzip");
	path = store(&image, SOURCE_OCI_LAYOUT);
	alter_manifest(
		path,
		"{\"subject\":{\"mediaType\":\"x\",\"digest\":\"sha256:"
		"0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1}}",
		false);
	emitted_open(&emitted, path);
	plan_it(&emitted);
	emitted_open(&written,
		     write_image(&emitted, &(struct emit_image_options){
						   .format = SOURCE_OCI_ARCHIVE, .notes = &notes }));
	assert_int_equal(notes.all.count, 1);
	assert_int_equal(notes.all.items[0].kind, PROBLEM_LEFT_OUT);
	assert_non_null(strstr(notes.all.items[0].text, "subject"));
	assert_false(notes.damaged);
	problem_list_done(&notes);
	emitted_done(&written);
	emitted_done(&emitted);
}

static void a_tag_alone_names_nothing_in_a_docker_archive(void **state)
{
	static const enum source_format formats[] = { SOURCE_DOCKER_ARCHIVE, SOURCE_HYBRID };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct problem_list notes = { 0 };
		struct emitted emitted, written;
		struct ib image = { 0 };

		build(&image, "gzip");
		emitted_open(&emitted, store(&image, SOURCE_OCI_ARCHIVE));
		plan_it(&emitted);
		emitted_open(&written,
			     write_image(&emitted, &(struct emit_image_options){
							   .format = formats[i], .notes = &notes }));
		assert_int_equal(notes.all.count, 1);
		assert_int_equal(notes.all.items[0].kind, PROBLEM_LEFT_OUT);
		assert_string_equal(notes.all.items[0].text,
				    "the tag 'tag' is no whole name, so manifest.json has none; "
				    "--tag gives one");
		problem_list_done(&notes);
		emitted_done(&written);
		emitted_done(&emitted);
	}
}

/* The folder app, then etc/hosts, then app/x: a file with its folder and the end takes 2,560 bytes. */
static void a_limit_makes_several_layers(void **state)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	const struct config *config;

	(void)state;
	build(&image, "gzip");
	emitted_open(&emitted, store(&image, SOURCE_OCI_LAYOUT));
	plan_it(&emitted);
	emitted_want(&emitted, &(struct tree_want){ .path = "etc/hosts", .set_uid = true, .uid = 9 });
	tree_free(emitted.preview);
	config_free(emitted.config);
	emitted_preview(&emitted);
	emitted.input.layer_limit = 5 * TAR_BLOCK;
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
							     .mode = EMIT_APPEND,
							     .format = SOURCE_OCI_ARCHIVE }));
	config = image_config(written.image);
	assert_int_equal(written.count, 5);
	assert_int_equal(config->diff_id_count, 5);
	assert_int_equal(config->history_count, 5);
	assert_string_equal(config->history[4].created_by, config->history[2].created_by);
	assert_int_equal(tree_compare(emitted.preview, written.tree, NULL), 0);
	emitted_done(&written);
	emitted_done(&emitted);
}

/* cosign's signature, BuildKit's attestation, and another image: none is what is written. */
static void what_else_the_layout_holds_is_left_out_by_name(void **state)
{
	static const char COSIGN[] =
		"sha256-0000000000000000000000000000000000000000000000000000000000000000.sig";
	struct problem_list notes = { 0 };
	struct emitted emitted, written;
	struct ib image = { 0 };
	char name[600], digest[80], *dump;
	const char *path;
	unsigned char *bytes;
	json_t *index, *list, *own;
	size_t len;

	(void)state;
	build(&image, "gzip");
	path = store(&image, SOURCE_OCI_LAYOUT);
	snprintf(name, sizeof(name), "%s/index.json", path);
	bytes = test_read(name, &len);
	index = json_loadb((char *)bytes, len, 0, NULL);
	free(bytes);
	list = json_object_get(index, "manifests");
	own = json_array_get(list, 0);
	snprintf(digest, sizeof(digest), "%s", json_string_value(json_object_get(own, "digest")));
	json_array_append_new(list, json_pack("{s:O, s:O, s:O, s:{s:s}}", "mediaType",
					      json_object_get(own, "mediaType"), "digest",
					      json_object_get(own, "digest"), "size",
					      json_object_get(own, "size"), "annotations",
					      "org.opencontainers.image.ref.name", COSIGN));
	json_array_append_new(list, json_pack("{s:O, s:O, s:O, s:{s:s}}", "mediaType",
					      json_object_get(own, "mediaType"), "digest",
					      json_object_get(own, "digest"), "size",
					      json_object_get(own, "size"), "annotations",
					      "vnd.docker.reference.type", "attestation-manifest"));
	dump = json_dumps(index, 0);
	test_write(name, dump, strlen(dump));
	free(dump);
	json_decref(index);
	emitted_open(&emitted, path);
	plan_it(&emitted);
	emitted_open(&written,
		     write_image(&emitted, &(struct emit_image_options){
						   .format = SOURCE_OCI_ARCHIVE, .notes = &notes }));
	assert_int_equal(source_image_count(written.source), 1);
	assert_int_equal(notes.all.count, 2);
	assert_non_null(strstr(notes.all.items[0].text, COSIGN));
	assert_non_null(strstr(notes.all.items[1].text, digest));
	problem_list_done(&notes);
	emitted_done(&written);
	emitted_done(&emitted);
}

static void dockers_family_is_kept(void **state)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	const struct manifest *manifest;
	const char *path;

	(void)state;
	build(&image, "gzip");
	path = store(&image, SOURCE_OCI_LAYOUT);
	alter_manifest(path,
		       "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\"}",
		       true);
	emitted_open(&emitted, path);
	plan_it(&emitted);
	for (enum emit_mode mode = EMIT_REWRITE; mode <= EMIT_APPEND; mode++) {
		emitted_open(
			&written,
			write_image(&emitted, &(struct emit_image_options){
						      .mode = mode, .format = SOURCE_OCI_LAYOUT }));
		manifest = image_manifest(written.image);
		assert_int_equal(manifest->family, FAMILY_DOCKER);
		assert_string_equal(json_string_value(json_object_get(manifest->json, "mediaType")),
				    "application/vnd.docker.distribution.manifest.v2+json");
		for (size_t i = 0; i < manifest->count; i++)
			assert_string_equal(manifest->layers[i].media_type,
					    "application/vnd.docker.image.rootfs.diff.tar.gzip");
		emitted_done(&written);
	}
	emitted_done(&emitted);
}

static void an_untouched_layer_keeps_its_annotations(void **state)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	const char *path;
	const json_t *old, *new;

	(void)state;
	build(&image, "gzip");
	path = store(&image, SOURCE_OCI_LAYOUT);
	emitted_open(&emitted, path);
	old = json_array_get(json_object_get(image_manifest(emitted.image)->json, "layers"), 0);
	json_object_set_new(
		json_array_get(json_object_get(image_manifest(emitted.image)->json, "layers"), 0),
		"annotations", json_pack("{s:s}", "k", "v"));
	plan_it(&emitted);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
							     .format = SOURCE_OCI_LAYOUT }));
	new = json_array_get(json_object_get(image_manifest(written.image)->json, "layers"), 0);
	assert_true(json_equal(old, new));
	assert_null(json_object_get(
		json_array_get(json_object_get(image_manifest(written.image)->json, "layers"), 1),
		"annotations"));
	emitted_done(&written);
	emitted_done(&emitted);
}

static void an_image_without_layers_gets_one(void **state)
{
	(void)state;
	for (enum emit_mode mode = EMIT_REWRITE; mode <= EMIT_APPEND; mode++) {
		struct emitted emitted, written;
		struct ib image = { 0 };
		struct err err = { 0 };

		ib_config(&image, "{}");
		emitted_open(&emitted, store(&image, SOURCE_OCI_ARCHIVE));
		emitted_want(&emitted, &(struct tree_want){ .path = "tmp",
							    .create = true,
							    .type = TAR_DIR,
							    .set_mode = true,
							    .mode = 01777 });
		emitted_preview(&emitted);
		emitted_open(
			&written,
			write_image(&emitted, &(struct emit_image_options){
						      .mode = mode, .format = SOURCE_OCI_LAYOUT }));
		assert_int_equal(written.count, 1);
		check_digests(&written);
		tf_assert(written.tree, 1, "d 0755 0:0 / implied\nd 1777 0:0 /tmp\n");
		(void)err;
		emitted_done(&written);
		emitted_done(&emitted);
	}
}

static void only_the_config_changes_where_only_it_is_planned(void **state)
{
	struct emitted emitted, written;
	struct ib image = { 0 };

	(void)state;
	build(&image, "gzip");
	emitted_open(&emitted, store(&image, SOURCE_DOCKER_ARCHIVE));
	emitted_config(&emitted, &(struct config_edit){ .user = "1000" });
	emitted_preview(&emitted);
	for (enum emit_mode mode = EMIT_REWRITE; mode <= EMIT_APPEND; mode++) {
		emitted_open(&written,
			     write_image(&emitted,
					 &(struct emit_image_options){
						 .mode = mode, .format = SOURCE_OCI_ARCHIVE }));
		assert_int_equal(written.count, 2);
		same_blob(&emitted, &written, 0);
		same_blob(&emitted, &written, 1);
		assert_true(image_config(written.image)->history[2].empty_layer);
		check_digests(&written);
		emitted_done(&written);
	}
	emitted_done(&emitted);
}

static void a_blob_that_is_used_twice_is_stored_once(void **state)
{
	struct emitted emitted, written;
	struct ib image = { 0 };
	struct tb tar = { 0 };

	(void)state;
	build(&image, "gzip");
	tb_whiteout(&tar, "app");
	add_layer(&image, &tar, "gzip", "RUN rm");
	tb_dir(&tar, "app", 0700, 0, 0);
	tb_file(&tar, "app/x", 0600, 0, 0, "x");
	add_layer(&image, &tar, "gzip", "RUN two");
	emitted_open(&emitted, store(&image, SOURCE_OCI_ARCHIVE));
	assert_int_equal(image_layer(emitted.image, 1)->blob.span.offset,
			 image_layer(emitted.image, 3)->blob.span.offset);
	plan_it(&emitted);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
							     .mode = EMIT_APPEND,
							     .format = SOURCE_OCI_ARCHIVE }));
	assert_int_equal(image_layer(written.image, 1)->blob.span.offset,
			 image_layer(written.image, 3)->blob.span.offset);
	emitted_done(&written);
	emitted_open(&written, write_image(&emitted, &(struct emit_image_options){
							     .mode = EMIT_REWRITE,
							     .format = SOURCE_OCI_ARCHIVE }));
	same_blob(&emitted, &written, 1);
	assert_memory_not_equal(image_layer(written.image, 1)->digest.bytes,
				image_layer(written.image, 3)->digest.bytes, 32);
	check_digests(&written);
	emitted_done(&written);
	emitted_done(&emitted);
}

/* A file's entry becomes the link's where it lies, or the link goes on top. */
static void a_link_takes_the_place_of_a_file(void **state)
{
	(void)state;
	for (enum emit_mode mode = EMIT_REWRITE; mode <= EMIT_APPEND; mode++) {
		struct emitted emitted, written;
		struct ib image = { 0 };
		struct err err = { 0 };
		struct tree_stat stat;

		build(&image, "gzip");
		emitted_open(&emitted, store(&image, SOURCE_DOCKER_ARCHIVE));
		emitted_want(&emitted, &(struct tree_want){ .path = "app/x",
							    .create = true,
							    .type = TAR_SYMLINK,
							    .target = "/dev/stdout",
							    .set_mode = true,
							    .mode = 0777,
							    .set_uid = true,
							    .set_gid = true });
		emitted_preview(&emitted);
		emitted_open(&written,
			     write_image(&emitted, &(struct emit_image_options){ .mode = mode }));
		if (tree_compare(emitted.preview, written.tree, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(tree_stat(written.tree, tree_find(written.tree, "app/x"),
				      (unsigned)written.count, &stat));
		assert_int_equal(stat.type, TAR_SYMLINK);
		assert_string_equal(stat.target, "/dev/stdout");
		assert_int_equal(written.count, mode == EMIT_REWRITE ? 2 : 3);
		assert_int_equal(layer_problems(written.layers[1])->all.count, 0);
		emitted_done(&written);
		emitted_done(&emitted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_mode_and_compression_comes_back),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(tags_stay_or_are_replaced),
		cmocka_unit_test(the_manifest_keeps_what_we_do_not_know),
		cmocka_unit_test(all_layers_are_recompressed_where_asked),
		cmocka_unit_test(one_manifest_holds_one_family),
		cmocka_unit_test(what_would_lie_is_left_out_and_named),
		cmocka_unit_test(a_tag_alone_names_nothing_in_a_docker_archive),
		cmocka_unit_test(a_link_takes_the_place_of_a_file),
		cmocka_unit_test(a_limit_makes_several_layers),
		cmocka_unit_test(what_else_the_layout_holds_is_left_out_by_name),
		cmocka_unit_test(dockers_family_is_kept),
		cmocka_unit_test(an_untouched_layer_keeps_its_annotations),
		cmocka_unit_test(an_image_without_layers_gets_one),
		cmocka_unit_test(only_the_config_changes_where_only_it_is_planned),
		cmocka_unit_test(a_blob_that_is_used_twice_is_stored_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
