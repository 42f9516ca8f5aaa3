/* A content descriptor: what a manifest or an index says of a blob. */
#ifndef OCI_DESCRIPTOR_H
#define OCI_DESCRIPTOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "oci/digest.h"
#include "oci/platform.h"

struct descriptor {
	const char *media_type; /* borrowed from the JSON; NULL if absent */
	struct digest digest;
	uint64_t size;
	struct platform platform;
	const char *ref_name;   /* io.containerd.image.name, or org.opencontainers.image.ref.name; NULL */
	bool is_attestation;    /* vnd.docker.reference.type, unknown/unknown, an artifactType,
				   or cosign's tag */
};

/* 'json' is borrowed and must outlive the result. ERR_FORMAT names the member. */
int descriptor_from_json(const json_t *json, struct descriptor *ret_descriptor, struct err *err);

/* {mediaType, digest, size}; new reference. NULL: out of memory. */
json_t *descriptor_to_json(const char *media_type, const struct digest *digest, uint64_t size);

#endif
