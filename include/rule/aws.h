/* What AWS calls things: instance families and the hosts of its own registry. */
#ifndef RULE_AWS_H
#define RULE_AWS_H

#include <stdbool.h>
#include <stddef.h>

/* A family of instance types, as "m5" of "ml.m5.xlarge". */
struct aws_family {
	const char *name;
	const char *architecture; /* in Go's names */
	bool has_disk;            /* its own, of fixed size */
	bool trains;              /* for training jobs; all others are for inference alone */
};

/* NULL: the type is not "ml.FAMILY.SIZE", or of a family that is not known here. */
const struct aws_family *aws_family_find(const char *instance_type);

/* The families one by one, for tests; NULL behind the last one. */
const struct aws_family *aws_family(size_t i);

/* Whether 'host' is an Amazon ECR registry: nobody needs VPC access for its images. */
bool aws_is_ecr(const char *host);

#endif
