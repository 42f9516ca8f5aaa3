/* An image manifest or an index, from its JSON. Unknown members stay in 'json'. */
#ifndef OCI_MANIFEST_H
#define OCI_MANIFEST_H

#include "base/limits.h"
#include "base/problem.h"
#include "oci/descriptor.h"
#include "oci/media_type.h"

enum manifest_kind { MANIFEST_IMAGE, MANIFEST_INDEX };

struct manifest {
	json_t *json; /* owned */
	enum manifest_kind kind;
	enum media_family family;
	struct descriptor config;      /* of an image */
	struct descriptor *layers;     /* of an image; owned array */
	struct descriptor *manifests;  /* of an index; owned array */
	size_t count;                  /* of layers or manifests */
};

/*
 * 'what' names the document in errors. ERR_FORMAT: no JSON, both layers and
 * manifests ("ambiguous", CVE-2021-41190), schema 1, a bad descriptor;
 * ERR_UNSUPPORTED: an artifact that is no image. ERR_LIMIT, ERR_NOMEM.
 */
int manifest_parse(const char *bytes, size_t len, const char *what, const struct limits *limits,
		   struct problem_list *problems, struct manifest *ret_manifest,
		   struct err *err);
void manifest_done(struct manifest *manifest);

#endif
