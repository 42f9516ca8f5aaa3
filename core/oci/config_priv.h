/* Shared by the two files that make a struct config. */
#ifndef CORE_OCI_CONFIG_PRIV_H
#define CORE_OCI_CONFIG_PRIV_H

#include "oci/config.h"

/* Read the members of 'json' (taken, also on failure). ERR_FORMAT, ERR_LIMIT, ERR_NOMEM. */
int config__read(json_t *json, const struct limits *limits, struct config **ret_config,
		 struct err *err);

#endif
