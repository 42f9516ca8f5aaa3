/* Images judged by the built-in profile; see judged.h. */
#include "lib/judged.h"

#include <elf.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/acls.h"
#include "lib/build.h"
#include "lib/elf.h"
#include "rule/finding_text.h"

const char JUDGED_GOOD[] = "755 0:0 etc/\n"
			   "644 0:0 etc/passwd = root:x:0:0:root:/root:/bin/sh|"
			   "ma-user:x:1000:100::/home/ma-user:/bin/sh|\n"
			   "644 0:0 etc/group = root:x:0:|ma-group:x:100:|\n"
			   "755 0:0 bin/\n"
			   "755 0:0 bin/sh = \177ELF\n"
			   "755 0:0 home/\n"
			   "750 1000:100 home/ma-user/\n"
			   "700 0:0 root/\n"
			   "1777 0:0 tmp/\n"
			   "755 0:0 var/\n"
			   "1777 0:0 var/tmp/\n";

const char JUDGED_CONFIG[] =
	"{\"User\":\"1000\",\"WorkingDir\":\"/home/ma-user\",\"Env\":[\"PATH=/bin:/usr/bin\"],"
	"\"Cmd\":[\"/bin/sh\"]}";

/* "\177ELF", "\177ELF arm64", "\177ELF LOADER LIBRARY". */
static void add_program(struct tb *tar, const char *path, unsigned mode, const long long ids[2],
			char *body)
{
	struct elf_spec spec = { 0 };
	const char *needed[2] = { NULL };
	size_t len;

	strsep(&body, " ");
	if (body && !strcmp(body, "arm64"))
		spec.machine = EM_AARCH64;
	else
		spec.loader = strsep(&body, " ");
	needed[0] = spec.loader ? body : NULL;
	spec.needed = needed;

	unsigned char *bytes = elf_build(&spec, &len);

	tb_add(tar, &(struct tb_entry){ .path = path,
					.type = '0',
					.mode = mode,
					.uid = ids[0],
					.gid = ids[1],
					.body = bytes,
					.size = len });
	free(bytes);
}

static void add_file(struct tb *tar, const char *path, unsigned mode, const long long ids[2],
		     char *body)
{
	for (char *at = body; *at; at++)
		*at = *at == '|' ? '\n' : *at;
	if (!strncmp(body, "\177ELF", 4))
		add_program(tar, path, mode, ids, body);
	else
		tb_file(tar, path, mode, ids[0], ids[1], body);
}

/* "MODE UID:GID PATH USER:PERM": an empty file whose ACL names one user. */
static void add_acl(struct tb *tar, const char *line)
{
	unsigned char bytes[ACL_BYTES(5)];
	const struct tb_xattr xattrs[] = { { "system.posix_acl_access", bytes, sizeof(bytes) },
					   { NULL, NULL, 0 } };
	struct acl_row rows[] = {
		{ 1, 7, -1 }, { 2, 0, 0 }, { 4, 7, -1 }, { 16, 7, -1 }, { 32, 7, -1 }
	};
	struct tb_entry entry = { .type = '0', .xattrs = xattrs };
	char path[64];
	long long user;

	assert_int_equal(sscanf(line, "%o %lld:%lld %63s %lld:%u", &entry.mode, &entry.uid,
				&entry.gid, path, &user, &rows[1].perm),
			 6);
	rows[1].id = user;
	entry.path = path;
	acl_bytes(bytes, rows, 5);
	tb_add(tar, &entry);
}

/* "MODE UID:GID PATH": an empty program that may open raw sockets. */
static void add_capable(struct tb *tar, const char *line)
{
	/* struct vfs_cap_data: revision 2, effective; permitted CAP_NET_RAW */
	static const unsigned char VALUE[20] = { 1, 0, 0, 2, 0, 0x20 };
	const struct tb_xattr xattrs[] = { { "security.capability", VALUE, sizeof(VALUE) },
					   { NULL, NULL, 0 } };
	struct tb_entry entry = { .type = '0', .xattrs = xattrs };
	char path[64];

	assert_int_equal(sscanf(line, "%o %lld:%lld %63s", &entry.mode, &entry.uid, &entry.gid,
				path),
			 4);
	entry.path = path;
	tb_add(tar, &entry);
}

static void add_line(struct tb *tar, char *line)
{
	char *arrow = strstr(line, " -> "), *body = strstr(line, " = "), *path;
	long long ids[2];
	unsigned mode;
	int at;

	if (!strncmp(line, "x ", 2)) {
		tb_whiteout(tar, line + 2);
		return;
	}
	if (!strncmp(line, "cap ", 4)) {
		add_capable(tar, line + 4);
		return;
	}
	if (!strncmp(line, "acl ", 4)) {
		add_acl(tar, line + 4);
		return;
	}
	if (arrow) {
		*arrow = '\0';
		(*line == 'h' ? tb_hardlink : tb_symlink)(tar, line + 2, arrow + 4);
		return;
	}
	assert_int_equal(sscanf(line, "%o %lld:%lld %n", &mode, &ids[0], &ids[1], &at), 3);
	path = line + at;
	if (body) {
		*body = '\0';
		add_file(tar, path, mode, ids, body + 3);
	} else {
		path[strlen(path) - 1] = '\0';
		tb_dir(tar, path, mode, ids[0], ids[1]);
	}
}

static void finish_layer(struct ib *ib, struct tb *tar, const char *said)
{
	char instruction[32];

	snprintf(instruction, sizeof(instruction), "RUN step %zu", ib->count + 1);
	tb_end(tar);
	ib_layer(ib, tar, "none", said ? said : instruction);
	tb_free(tar);
	*tar = (struct tb){ 0 };
}

static void add_layers(struct ib *ib, const char *files)
{
	char *copy = strdup(files);
	const char *said = NULL;
	struct tb tar = { 0 };

	assert_non_null(copy);
	for (char *rest = copy, *line; (line = strsep(&rest, "\n"));) {
		if (!strncmp(line, "run ", 4)) {
			said = line + 4;
		} else if (!strcmp(line, "--")) {
			finish_layer(ib, &tar, said);
			said = NULL;
		} else if (*line) {
			add_line(&tar, line);
		}
	}
	finish_layer(ib, &tar, said);
	free(copy);
}

static void build_tree(struct judged *judged)
{
	const struct layer_index *layers[JUDGED_LAYERS];
	const struct layer_options options = { .keep = judge_keep() };
	size_t count = image_layer_count(judged->image);
	struct err err = { 0 };

	assert_true(count <= JUDGED_LAYERS);
	for (size_t i = 0; i < count; i++) {
		const struct image_layer *layer = image_layer(judged->image, i);

		if (layer_index_build(&layer->blob.span, &options, &judged->layers[i], &err) < 0)
			fail_msg("%s", err.text);
		layers[i] = judged->layers[i];
	}
	if (tree_build(layers, count, NULL, &judged->tree, &err) < 0)
		fail_msg("%s", err.text);
}

/* JUDGED_CONFIG with members replaced; free(). */
static char *make_config(const char *members)
{
	json_t *config = json_loads(JUDGED_CONFIG, 0, NULL), *over = NULL, *value;
	const char *key;
	void *next;

	if (members) {
		char *text = strdup(members);

		for (char *at = text; (at = strchr(at, '\''));)
			*at = '"';
		over = json_loads(text, 0, NULL);
		assert_non_null(over);
		free(text);
		assert_int_equal(json_object_update(config, over), 0);
	}
	json_object_foreach_safe(over, next, key, value)
	{
		if (json_is_null(value))
			json_object_del(config, key);
	}
	char *text = json_dumps(config, 0);
	json_decref(config);
	json_decref(over);
	return text;
}

static void attach(struct profile *profile, const char *name, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (!copy)
		return;
	for (char *c = copy; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	json_t *json = json_loads(copy, 0, NULL);
	assert_non_null(json);
	assert_int_equal(profile_set_document(profile, name, json, NULL), 0);
	json_decref(json);
	free(copy);
}

void judged_open(struct judged *judged, const struct judged_input *input)
{
	const char *path = test_path("judged.tar");
	struct ib ib = { 0 };
	struct err err = { 0 };

	*judged = (struct judged){ 0 };
	add_layers(&ib, input->base ? input->base : JUDGED_GOOD);
	if (input->files)
		add_layers(&ib, input->files);
	char *config = make_config(input->config);
	ib_config(&ib, config);
	free(config);
	ib_docker(&ib, path, "judged:1");
	ib_free(&ib);
	if (source_open(path, NULL, &judged->source, &err) < 0 ||
	    image_open(judged->source, 0, NULL, &judged->image, &err) < 0)
		fail_msg("%s", err.text);
	build_tree(judged);
	if (profile_load(input->profile ? input->profile : "modelarts-training", NULL,
			 &judged->profile, &err) < 0 ||
	    (input->set && profile_set(judged->profile, input->set, &err) < 0))
		fail_msg("%s", err.text);
	attach(judged->profile, "request", input->request);
	attach(judged->profile, "model-config", input->model_config);
	const struct judge_input judge_input = {
		.image = judged->image,
		.config = image_config(judged->image),
		.tree = judged->tree,
		.profile = judged->profile,
		.user = input->user,
	};
	if (judge(&judge_input, &judged->judgement, &err) < 0)
		fail_msg("%s", err.text);
}

void judged_done(struct judged *judged)
{
	judgement_free(judged->judgement);
	profile_free(judged->profile);
	tree_free(judged->tree);
	for (size_t i = 0; i < JUDGED_LAYERS; i++)
		layer_index_free(judged->layers[i]);
	image_close(judged->image);
	source_close(judged->source);
}

const struct finding *judged_find(const struct judged *judged, const char *rule,
				  const char *case_name, const char *path)
{
	const struct judgement *judgement = judged->judgement;
	const struct finding *found = NULL;

	for (size_t i = 0; i < judgement->findings.count && !found; i++) {
		const struct finding *finding = &judgement->findings.items[i];
		char *own = finding_path(judgement, finding);

		if (!strcmp(finding->rule->id, rule) &&
		    (!case_name || !strcmp(finding->rule_case->name, case_name)) &&
		    (!path || (own && !strcmp(own, path))))
			found = finding;
		free(own);
	}
	return found;
}

size_t judged_count(const struct judged *judged, const char *rule)
{
	size_t count = 0;

	for (size_t i = 0; i < judged->judgement->findings.count; i++)
		count += !strcmp(judged->judgement->findings.items[i].rule->id, rule);
	return count;
}

enum rule_status judged_status(const struct judged *judged, const char *rule)
{
	for (size_t i = 0; i < profile_rule_count(judged->profile); i++) {
		if (!strcmp(profile_rule(judged->profile, i)->id, rule))
			return judged->judgement->status[i];
	}
	fail_msg("no rule %s", rule);
	return RULE_OPEN;
}

char *judged_text(const struct judged *judged)
{
	const struct judgement *judgement = judged->judgement;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	for (size_t i = 0; i < judgement->findings.count; i++) {
		const struct finding *finding = &judgement->findings.items[i];
		char *path = finding_path(judgement, finding);

		fprintf(out, "%s %s %s %s\n", severity_name(finding->severity), finding->rule->id,
			finding->rule_case->name, path ? path : "-");
		free(path);
	}
	fclose(out);
	return text;
}

static void check_row(const struct judged_row *row, size_t i)
{
	struct judged judged;

	judged_open(&judged, &(struct judged_input){ .config = row->config,
						     .base = row->base,
						     .files = row->files,
						     .set = row->set,
						     .profile = row->profile,
						     .request = row->request,
						     .model_config = row->model_config });
	char *all = judged_text(&judged);
	const struct finding *finding = judged_find(&judged, row->rule, row->case_name, row->path);
	if (!row->case_name && finding)
		fail_msg("row %zu: %s should be content:\n%s", i, row->rule, all);
	if (row->case_name && !finding)
		fail_msg("row %zu: no %s %s %s in:\n%s", i, row->rule, row->case_name,
			 row->path ? row->path : "", all);
	if (finding) {
		char *path = finding_path(judged.judgement, finding);

		if (!row->path)
			assert_null(path);
		free(path);
		assert_int_equal(finding->severity, row->severity);
		if (row->layer)
			assert_int_equal(finding->layer, row->layer);
		if (row->detail)
			assert_string_equal(finding->detail, row->detail);
		assert_int_equal(judged_status(&judged, row->rule),
				 row->is_open                        ? RULE_OPEN
				 : finding->severity > SEVERITY_INFO ? RULE_FAIL
								     : RULE_PASS);
	}
	free(all);
	judged_done(&judged);
}

void judged_check(const struct judged_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i], i);
}
