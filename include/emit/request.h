/*
 * The request that starts a job with an image: values in, JSON and the files
 * around it out. What a platform takes is data: a table of fields for each kind
 * of request. Nothing is made of values that break a rule, and all mistakes are
 * told at once.
 */
#ifndef EMIT_REQUEST_H
#define EMIT_REQUEST_H

#include <jansson.h>

#include "base/arena.h"
#include "base/vec.h"

enum request_type {
	REQUEST_TEXT,
	REQUEST_INT,
	REQUEST_BOOL,
	REQUEST_LIST, /* each --set adds one text */
	REQUEST_MAP,  /* each --set adds one NAME=VALUE */
	REQUEST_JSON, /* 'otherwise' as it stands; never set */
};

enum request_need {
	REQUEST_OPTIONAL, /* left out where there is neither a value nor a default */
	REQUEST_WANTED,   /* must be given; as empty text it is left out */
	REQUEST_REQUIRED,
};

/* One row. Empty text leaves every field out that is not required, also one with a default. */
struct request_field {
	const char *name; /* of --set; "--NAME": of an option of its own; NULL: always 'otherwise' */
	const char *path; /* base/json_path.h, "*": every element of the array; NULL: not written */
	const char *key_path;      /* of a map that is written as an array: where NAME goes */
	enum request_type type;
	enum request_need need;
	bool is_derived;           /* else it follows from the image or from other values */
	bool is_public;            /* a map that anybody who sees the job can read */
	const char *otherwise;     /* the default */
	long long least, most;     /* of a number, or characters of a text or item; both 0: any */
	size_t items_most;         /* of a list or map; 0: any */
	const char *pattern;       /* PCRE2, of the whole text or item */
	const char *key_pattern;   /* the same for NAME */
	long long key_most;        /* characters of NAME */
	const char *key_otherwise; /* NAME where the text does not begin with one */
	const char *usual;         /* as 'pattern', but what does not match is only warned about */
	const char *example, *help, *source;
};

struct request_kind {
	const char *name, *title;
	const char *profile; /* whose errors say that the image would not run */
	const struct request_field *fields;
	size_t field_count;
	const char *const *next; /* commands to run in the folder; NULL-ended */
};

/* Kind i; NULL behind the last one. */
const struct request_kind *request_kind(size_t i);

/* NULL: there is none of this name. */
const struct request_kind *request_kind_find(const char *name);

/* All borrowed. */
struct request_input {
	const struct request_kind *kind;
	const char *const *settings; /* NAME=VALUE, NULL-ended; NULL: none */
	const char *reference;       /* --image-ref; NULL: not given */
	bool has_image;              /* false: the image is not open yet, only the settings are checked */
	const char *digest;          /* of its manifest; NULL: only the registry will know it */
	const char *architecture;    /* Go's name; "" not known */
	const char *boot_line;       /* its own command for a shell; "" or NULL: none */
	long long created;           /* seconds since 1970, for names */
};

struct request_file {
	const char *name, *text;
};

struct request {
	struct arena arena;
	json_t *json; /* NULL if there are errors */
	VEC(const char *) errors;   /* one line each, with bytes of the user: show by text_visible() */
	VEC(const char *) missing;  /* the same: values for which an example stands in the files */
	VEC(const char *) warnings; /* the same */
	VEC(struct request_file) files; /* empty if there are errors */
};

/* Mistakes of the user are in 'errors', not in 'err'. ERR_NOMEM. Free with request_free(). */
int request_make(const struct request_input *input, struct request **ret_request,
		 struct err *err);
void request_free(struct request *request);
void request_freep(struct request **request);

/* "ROLE" of the name and "NAME=VALUE" of how it is given, for people. Returns out. */
const char *request_field_usage(const struct request_field *field, char *out, size_t room);

#endif
