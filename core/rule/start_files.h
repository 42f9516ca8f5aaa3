/*
 * The files of the start chain: the start command, the scripts that it runs or
 * reads, what these run or read in their turn, Python modules beside them, and
 * the configuration of well-known servers. Found by reading, never by running:
 * a heuristic.
 */
#ifndef RULE_START_FILES_H
#define RULE_START_FILES_H

#include "access/shell_line.h"
#include "rule_priv.h"

enum start_file_kind {
	START_FILE_SHELL,
	START_FILE_PYTHON,
	START_FILE_NODE,
	START_FILE_CONFIG,
	START_FILE_OTHER,
	START_FILE_KINDS
};

/* "shell", "python", "node", "config", "other". */
const char *rule__start_kind_name(enum start_file_kind kind);

struct start_file {
	node_id node;      /* NODE_NONE: the start command itself, or the code behind its "-c" */
	const char *bytes; /* NUL-ended */
	size_t len;
	enum start_file_kind kind;
	unsigned depth; /* how many files lie between the command and this one */
};

struct start_files {
	const struct start_file *items; /* the command first, nearer files before others */
	size_t count;
	size_t left_out; /* too many, too large, or not readable in this image */
};

/*
 * Loaded with the first call and kept with the judgement: 64 files of 1 MiB at
 * most, 8 MiB in all. ERR_CANCELLED, ERR_IO, ERR_NOMEM.
 */
int rule__start_files(struct rule_run *run, const struct start_files **ret_files, struct err *err);

/* Whether there is more than the command itself. */
bool rule__start_has_text(const struct start_files *files);

/* ---- one line of a file ---- */

struct start_line {
	const struct start_file *file;
	const char *text; /* without indentation; not NUL-ended */
	size_t len;
	unsigned number; /* from 1; of a line that goes on with "\": the first */
	size_t next;     /* where the next one begins … */
	unsigned passed; /* … and how many lines lie before it */
};

/*
 * The next line that is no comment. Begin with {0} but for the file.
 *
 *	struct start_line line = { .file = file };
 *	while (rule__start_line_next(&line))
 */
bool rule__start_line_next(struct start_line *line);

/* ---- between start_files.c and start_scan.c ---- */

/* A file is being read for what it names. All borrowed. */
struct start_scan {
	const struct rule_run *run;
	const struct start_file *file;
	node_id beside; /* the folder of the file, or the working directory */
	node_id folder; /* where relative names begin: WorkingDir, or after "cd" */
	struct arena *arena;
	void *context;
	int (*found)(void *context, node_id node, bool is_sourced, struct err *err);
	int (*code)(void *context, const char *code, struct err *err); /* behind "-c" */
};

/* Reports the regular files that it names. Errors of the callbacks, ERR_NOMEM. */
int rule__start_scan(struct start_scan *scan, struct err *err);

/* Whether the name alone says what a file is. ret_kind may be NULL. */
bool rule__start_kind(const char *name, enum start_file_kind *ret_kind);

#endif
