/*
 * The configuration of an image: who runs what where, and the layers' diff IDs
 * and history. Read from JSON; changes are made in the JSON, so that members
 * that we do not know survive.
 */
#ifndef OCI_CONFIG_H
#define OCI_CONFIG_H

#include <jansson.h>
#include <stdbool.h>

#include "base/limits.h"
#include "base/problem.h"
#include "oci/digest.h"
#include "oci/platform.h"

struct config_history {
	const char *created_by; /* "" if absent */
	const char *comment;
	bool empty_layer;
};

struct config {
	json_t *json;          /* owned; strings below are borrowed from it */
	struct platform platform;
	const char *user;      /* "" if absent, as for working_dir */
	const char *working_dir;
	const char **env;      /* "NAME=value"; owned array, NULL-ended, as the next two */
	const char **entrypoint;
	const char **cmd;
	const char **volumes;
	const char **exposed_ports; /* "8080/tcp", "8080" */
	struct digest *diff_ids;
	size_t diff_id_count;
	struct config_history *history;
	size_t history_count;
};

/* ERR_FORMAT (which member), ERR_LIMIT, ERR_NOMEM. */
int config_parse(const char *bytes, size_t len, const char *what, const struct limits *limits,
		 struct problem_list *problems, struct config **ret_config, struct err *err);
void config_free(struct config *config);
void config_freep(struct config **config);

/* The value of an environment variable, borrowed; NULL: not set. The last one wins. */
const char *config_env(const struct config *config, const char *name);

/* Words in JSON form, as a Dockerfile's ENTRYPOINT has them: '["a", "b"]'. NULL: out of memory. free(). */
char *config_words_text(const char *const *words);

/* Whether two NULL-ended lists have the same words. */
bool config_same_words(const char *const *a, const char *const *b);

/* A changed copy of a config. Each takes and returns 0 or -ERR_NOMEM. */
struct config_edit {
	const char *user;        /* NULL: as it is, as for all members */
	const char *working_dir;
	const char *const *env;  /* "NAME=value" to set or replace, NULL-ended; "NAME" alone removes */
	const char *const *entrypoint;
	const char *const *cmd;
	const char *const *expose; /* ports to add, as "8080/tcp" */
};
int config_edit(const struct config *config, const struct config_edit *edit,
		struct config **ret_config, struct err *err);

/*
 * The JSON of a copy with other diff IDs (count of them) and further history.
 * A config without history stays without. New reference; ERR_NOMEM.
 */
struct config_layers {
	const struct digest *diff_ids;
	size_t count;
	const char *created;    /* RFC 3339 time of the new history entries */
	const char *created_by; /* NULL: no new history entry */
	size_t new_layers;      /* an entry for each; 0: one entry that adds no layer */
};
int config_to_json(const struct config *config, const struct config_layers *layers,
		   json_t **ret_json, struct err *err);

#endif
