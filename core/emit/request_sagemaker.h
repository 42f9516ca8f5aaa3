/* The files of a request for SageMaker (request_sagemaker_files.c). */
#ifndef EMIT_REQUEST_SAGEMAKER_H
#define EMIT_REQUEST_SAGEMAKER_H

#include "request_priv.h"

/* All of them, when the JSON is built. ERR_NOMEM. */
int request__write_sagemaker(struct request_maker *maker, struct err *err);

#endif
