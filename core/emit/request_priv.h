/* What the files about requests share: values while they are checked. */
#ifndef EMIT_REQUEST_PRIV_H
#define EMIT_REQUEST_PRIV_H

#include "emit/request.h"
#include "oci/reference.h"

enum { REQUEST_FIELDS_MOST = 64 };

struct request_values {
	VEC(const char *) items; /* texts; of a map "NAME=VALUE" */
	bool is_open; /* an example stands in its place */
};

/* A request on its way. */
struct request_maker {
	const struct request_input *input;
	struct request *request;
	struct request_values values[REQUEST_FIELDS_MOST]; /* by field */
	struct reference reference; /* of --image-ref; name "": none, or it is wrong */
};

/* What a kind does besides its table. All return 0 or -ERR_NOMEM. */
struct request_work {
	/* Values that follow from others. */
	int (*derive)(struct request_maker *maker, struct err *err);
	/* Rules about several fields. */
	int (*check)(struct request_maker *maker, struct err *err);
	/* The files, when all is right. */
	int (*write)(struct request_maker *maker, struct err *err);
};

extern const struct request_kind request__sagemaker, request__modelarts,
	request__modelarts_inference;
extern const struct request_work request__sagemaker_work, request__modelarts_work,
	request__modelarts_inference_work;

/* The first value of a field; NULL: none, or left out. 'name' must be of the kind's table. */
const char *request__value(const struct request_maker *maker, const char *name);

/* Replace the values of a field by one text, which is copied. ERR_NOMEM. */
int request__set(struct request_maker *maker, const char *name, const char *text,
		 struct err *err);

/* Add a line. ERR_NOMEM. */
int request__error(struct request_maker *maker, struct err *err, const char *format, ...)
	PRINTF_LIKE(3, 4);
int request__warn(struct request_maker *maker, struct err *err, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* Add a file; the text, or the JSON indented, which is taken (NULL: out of memory). ERR_NOMEM. */
int request__add_text(struct request_maker *maker, const char *name, const char *text,
		      struct err *err);
int request__add_json(struct request_maker *maker, const char *name, json_t *json,
		      struct err *err);

/* Check every value against its row (request_check.c). ERR_NOMEM. */
int request__check_field(struct request_maker *maker, const struct request_field *field,
			 const struct request_values *values, struct err *err);

/* The name of a "NAME=VALUE" of a map: its length, and where the value begins. */
size_t request__key(const struct request_field *field, const char *text, const char **ret_key,
		    const char **ret_value);

/* The JSON of all values (request_json.c). ERR_NOMEM. */
int request__build(struct request_maker *maker, struct err *err);

/* Whether the whole text matches. */
bool request__matches(const char *pattern, const char *text);

#endif
