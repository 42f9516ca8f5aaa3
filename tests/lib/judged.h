/*
 * Images judged by the built-in profile, for tests. Files are lines of text,
 * "--" begins the next layer:
 *
 *	755 0:0 opt/                       a directory
 *	644 0:0 opt/x = one|two            a file; '|' is a line end
 *	755 0:0 bin/sh = \177ELF           a program without a loader; it may go on
 *	                                   with " arm64" or " LOADER LIBRARY"
 *	l usr/bin/python -> ../../opt/x    a symlink
 *	h opt/y -> opt/x                   a hard link, with 644 0:0
 *	x etc/passwd                       a whiteout
 *	run RUN make                       the instruction of the layer
 *	cap 755 0:0 bin/ping               an empty file with CAP_NET_RAW
 *	acl 640 0:0 opt/x 1000:6           an empty file, its ACL gives user 1000 rw-
 *
 * Layer 1 is always JUDGED_GOOD, with which every rule is content.
 */
#ifndef TESTS_LIB_JUDGED_H
#define TESTS_LIB_JUDGED_H

#include "image/image.h"
#include "rule/judge.h"

extern const char JUDGED_GOOD[];
extern const char JUDGED_CONFIG[];

enum { JUDGED_LAYERS = 4 };

struct judged {
	struct source *source;
	struct image *image;
	struct layer_index *layers[JUDGED_LAYERS];
	struct tree *tree;
	struct profile *profile;
	struct judgement *judgement;
};

struct judged_input {
	const char *config; /* members over JUDGED_CONFIG, with ' for "; null removes; NULL: none */
	const char *base;   /* layer 1; NULL: JUDGED_GOOD */
	const char *files;  /* layer 2 and on; NULL: none */
	const char *set;    /* "name=value" for profile_set(); NULL */
	const char *user;
	const char *profile; /* NULL: modelarts-training */
	const char *request, *model_config; /* documents, with ' for "; NULL: none */
};

void judged_open(struct judged *judged, const struct judged_input *input);
void judged_done(struct judged *judged);

/* The first finding of the rule with this case and path (each may be NULL: any). */
const struct finding *judged_find(const struct judged *judged, const char *rule,
				  const char *case_name, const char *path);
size_t judged_count(const struct judged *judged, const char *rule);
enum rule_status judged_status(const struct judged *judged, const char *rule);

/* One image and what one rule says of it. */
struct judged_row {
	const char *config, *base, *files, *set, *profile, *request, *model_config; /* as struct judged_input */
	const char *rule;
	const char *case_name; /* NULL: the rule has no finding */
	const char *path;      /* NULL: the finding has none */
	enum severity severity;
	unsigned layer;     /* 0: not looked at */
	const char *detail; /* NULL: not looked at */
	bool is_open;       /* the rule is, with its findings */
};
void judged_check(const struct judged_row *rows, size_t count);

/* All findings as "severity rule case path" lines; free(). */
char *judged_text(const struct judged *judged);

#endif
