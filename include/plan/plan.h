/*
 * A plan: the wanted final state per path and of the config. It grows by
 * steps, each a chosen fix or an edit by hand, and shrinks by undo. The image
 * is not touched.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <jansson.h>

#include "oci/config.h"
#include "rule/judge.h"
#include "tree/tree_over.h"

struct plan;

/* tree and config are the image's own; borrowed. ERR_NOMEM. */
int plan_new(const struct tree *tree, const struct config *config, struct plan **ret_plan,
	     struct err *err);
void plan_free(struct plan *plan);
void plan_freep(struct plan **plan);

/* A copy for another thread; same tree and config. ERR_NOMEM. */
int plan_copy(const struct plan *plan, struct plan **ret_plan, struct err *err);

/* Open a step, to which the following wants and edits belong. title is copied. ERR_NOMEM. */
int plan_begin_step(struct plan *plan, const char *rule_id, const char *title, struct err *err);

/* Add to the open step; everything is copied. Later wants for a path win member by member. ERR_NOMEM. */
int plan_want(struct plan *plan, const struct tree_want *want, struct err *err);
int plan_edit_config(struct plan *plan, const struct config_edit *edit, struct err *err);

/* Packages that a build is to install: rule/packages.h. No preview shows them. */
struct plan_packages {
	const char *manager;
	const char *const *names; /* NULL-ended */
};
/* The same for packages. ERR_INVALID: no such manager, or a name that is none; ERR_NOMEM. */
int plan_install(struct plan *plan, const struct plan_packages *packages, struct err *err);
bool plan_has_package(const struct plan *plan, const char *manager, const char *name);

/* Take the last step back; false if there is none. */
bool plan_undo(struct plan *plan);
/* Bring the step again that was taken back last; false if there is none. Another step ends that,
 * and copies and JSON carry only the steps that are there. */
bool plan_redo(struct plan *plan);
/* Close the open step; a step without effect is dropped. Returns whether it stayed. */
bool plan_end_step(struct plan *plan);

struct plan_step {
	const char *rule_id, *title;
	size_t first_want, want_count;
	size_t first_packages, packages_count;
};
size_t plan_step_count(const struct plan *plan);
struct plan_step plan_step(const struct plan *plan, size_t i);

/* All wants in order, one per path and step; borrowed until the plan changes. */
const struct tree_want *plan_wants(const struct plan *plan, size_t *ret_count);

/* Those of all steps in order; borrowed until the plan changes. */
const struct plan_packages *plan_packages(const struct plan *plan, size_t *ret_count);

/*
 * Wants merged to one per path, parents before children. The array is the
 * caller's, to be freed with free(); its strings are borrowed from the plan.
 * ERR_NOMEM.
 */
int plan_merge(const struct plan *plan, struct tree_want **ret_wants, size_t *ret_count,
	       struct err *err);

bool plan_changes_config(const struct plan *plan);
bool plan_is_empty(const struct plan *plan);
/* Whether it has packages and nothing else: a Dockerfile alone can carry it. */
bool plan_needs_build(const struct plan *plan);

/* The preview: what the image would be. The results borrow the plan and the image. ERR_NOT_FOUND, ERR_NOMEM. */
int plan_preview(const struct plan *plan, struct tree **ret_tree, struct config **ret_config,
		 struct err *err);

/*
 * As JSON, for review and --plan. Reading adds the steps to those that are
 * there, all or none; ERR_FORMAT names the member.
 */
int plan_to_json(const struct plan *plan, json_t **ret_json, struct err *err);
int plan_from_json(struct plan *plan, const json_t *json, struct err *err);

#endif
