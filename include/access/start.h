/*
 * "Would it start": the start command followed as execve(2) would for the
 * identity: PATH look-up, shell forms, "#!" chains, the machine, the loader and
 * the libraries of programs, scripts as arguments of interpreters. Every step has its verdict; the first obstacle is what the
 * user reads as "Permission denied".
 */
#ifndef ACCESS_START_H
#define ACCESS_START_H

#include "access/access.h"
#include "content/content.h"
#include "oci/config.h"

enum start_obstacle {
	START_OK,
	START_NO_COMMAND, /* neither Entrypoint nor Cmd */
	START_NOT_FOUND,
	START_DENIED,
	START_NOT_EXECUTABLE_TYPE, /* a directory, …: EACCES */
	START_BAD_INTERPRETER,     /* "#!" names what is not there, CRLF included */
	START_BAD_FORMAT,          /* no program, no "#!", a damaged program: ENOEXEC */
	START_WRONG_ARCHITECTURE,  /* a program for another machine than the image's */
	START_NO_LIBRARY,          /* in no folder where the loader looks */
	START_RUNTIME,             /* only the runtime knows */
	START_UNKNOWN,             /* a shell line too involved to follow; no verdict */
};

/* What a step looks at. */
enum start_kind {
	START_STEP_COMMAND,
	START_STEP_INTERPRETER, /* of a "#!" line */
	START_STEP_LOADER,      /* PT_INTERP of a program */
	START_STEP_LIBRARY,     /* DT_NEEDED of a program or of a library */
	START_STEP_SCRIPT,      /* read by its interpreter */
	START_STEP_DIRECTORY,   /* of "cd" */
	START_STEP_VENV,        /* pyvenv.cfg of a virtual environment */
	START_STEP_MODULES,     /* a folder from which an interpreter imports */
};

/* "command", "interpreter", …: what 'what' of a step says. */
const char *start_kind_name(enum start_kind kind);

struct start_step {
	const char *what; /* "command", "interpreter", "script", … */
	const char *path; /* as it is looked up; a library that is nowhere: its name */
	struct access_verdict verdict;
	enum start_kind kind;
	const char *by; /* the path of who needs it; NULL: the step before, or the command line */
};

struct start {
	enum start_obstacle obstacle;
	struct start_step *steps; /* the last one is the obstacle, if there is one */
	size_t step_count;
	struct arena arena;
	const char *detail; /* more about the obstacle; NULL: the last step says all */
};

struct start_input {
	const struct content *content;
	const struct config *config;
	const struct identity *identity;
	const char *const *command; /* NULL: Entrypoint and Cmd of the config */
};

/* ERR_CANCELLED, ERR_IO, ERR_NOMEM. Free with start_free(). */
int start_follow(const struct start_input *input, struct start **ret_start, struct err *err);
void start_free(struct start *start);
void start_freep(struct start **start);

/* One sentence for an obstacle, as "is not there". */
const char *start_obstacle_text(enum start_obstacle obstacle);

#endif
