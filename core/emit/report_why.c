/* One path explained, and the way of a start command: what "why" says. */
#include <inttypes.h>
#include <string.h>

#include "access/attributes.h"
#include "base/json.h"
#include "plan/open_path.h"
#include "report_priv.h"
#include "rule/finding_text.h"
#include "tree/resolve.h"

enum { INDENT = 2, INDENT_WHY = 4 };

/* A path and what is known of it. */
struct subject {
	const struct judgement *judgement;
	const char *path;
	bool is_there, is_known; /* known: not to the runtime alone */
	node_id node;            /* by its own names: a link is itself */
	node_id target, blocker; /* what it leads to, and what is in the way; NODE_NONE */
	struct tree_stat stat;
	unsigned granted;
};

static struct subject look(const struct judgement *judgement, const char *path)
{
	const struct tree *tree = judgement->input.tree;
	unsigned at = judgement_at(judgement);
	struct resolve_result found = resolve_path(tree, at, NODE_ROOT, path, false, NULL);
	struct resolve_result target = resolve_path(tree, at, NODE_ROOT, path, true, NULL);
	struct subject subject = {
		.judgement = judgement,
		.path = path,
		.node = NODE_NONE,
		.target = NODE_NONE,
		.blocker = access_path(tree, at, &judgement->identity, path, ACCESS_READ).blocker,
	};

	if (found.outcome == RESOLVE_FOUND)
		subject.node = found.node;
	else if (found.outcome == RESOLVE_RUNTIME)
		subject.node = tree_find(tree, path);
	subject.is_there =
		!node_is_none(subject.node) && tree_stat(tree, subject.node, at, &subject.stat);
	if (target.outcome == RESOLVE_FOUND)
		subject.target = target.node;
	subject.is_known =
		subject.is_there && access_map_get(judgement->map, subject.node, &subject.granted);
	return subject;
}

/* What is to be explained: the first thing that is denied, else how it is read. */
static unsigned wanted_bits(const struct subject *subject)
{
	bool runs = subject->is_there &&
		    (subject->stat.type == TAR_DIR || (subject->stat.mode & 0111) != 0);

	if (!(subject->granted & ACCESS_READ))
		return ACCESS_READ;
	if (runs && !(subject->granted & ACCESS_EXECUTE))
		return ACCESS_EXECUTE;
	return subject->granted & ACCESS_WRITE ? ACCESS_READ : ACCESS_WRITE;
}

/* ---- as text ---- */

static int write_lines(char *const *lines, const struct report_options *options, struct err *err)
{
	int result = lines ? 0 : err_nomem(err);

	for (size_t i = 0; result == 0 && lines[i]; i++) {
		fprintf(options->out, "%*s", INDENT_WHY, "");
		result = report__paragraph(options, INDENT_WHY, INDENT_WHY + 2, lines[i], err);
	}
	return result;
}

static int write_why(const struct judgement *judgement, const char *path, unsigned wanted,
		     const struct report_options *options, struct err *err)
{
	char **lines = path_why(judgement, path, wanted);
	int result = write_lines(lines, options, err);

	finding_why_free(lines);
	return result;
}

static int write_stat(const struct subject *subject, const struct report_options *options,
		      struct err *err)
{
	const struct tree_stat *stat = &subject->stat;
	CLEANUP(freep) char *owner = report__owner(subject->judgement, stat);
	char mode[11], size[16];
	char *line;

	if (!owner ||
	    asprintf(&line, "%s %s, %s%s%s",
		     text_mode(mode, report__type_letter(stat->type), stat->mode), owner,
		     text_size(size, sizeof(size), stat->size),
		     stat->links > 1 ? ", with other names too" : "",
		     stat->flags & TREE_IMPLIED ? ", no layer has a header for it" : "") < 0)
		return err_nomem(err);
	fprintf(options->out, "%*s", INDENT, "");
	return report__paragraph_take(options, INDENT, INDENT_WHY, line, err);
}

static void write_access(const struct subject *subject, const struct report_options *options)
{
	bool is_dir = subject->stat.type == TAR_DIR;
	unsigned granted = subject->granted;
	char user[128];

	fprintf(options->out, "%*s", INDENT, "");
	report__begin(options, granted & ACCESS_READ ? REPORT_STRONG : REPORT_ERROR);
	report__text(options, identity_text(&subject->judgement->identity, user));
	if (!subject->is_known)
		fputs(": only the runtime knows", options->out);
	else if (!granted)
		fputs(" may do nothing with it", options->out);
	else
		fprintf(options->out, " may%s%s%s", granted & ACCESS_READ ? " read" : "",
			granted & ACCESS_WRITE ? " write" : "",
			granted & ACCESS_EXECUTE ? (is_dir ? " enter" : " execute") : "");
	report__end(options, REPORT_STRONG);
	fputc('\n', options->out);
}

static int write_finding(const struct judgement *judgement, const struct finding *finding,
			 const struct report_options *options, struct err *err)
{
	enum report_role role = report__severity_role(finding->severity);

	fprintf(options->out, "%*s", INDENT, "");
	report__begin(options, role);
	fprintf(options->out, "%s %s", report__severity_mark(options, finding->severity),
		finding->rule->id);
	report__end(options, role);
	fputc(' ', options->out);
	return report__paragraph_take(options, INDENT + 3 + text_width(finding->rule->id),
				      INDENT_WHY, finding_message(judgement, finding), err);
}

/* The least that would allow to use it, and what that costs. */
static int write_open(const struct judgement *judgement, const char *path,
		      const struct report_options *options, struct err *err)
{
	char *line;
	int result = open_path_line(judgement, path, &line, err);

	if (result < 0 || !line)
		return result;
	fprintf(options->out, "%*s", INDENT, "");
	return report__paragraph_take(options, INDENT, INDENT_WHY, line, err);
}

/* About the path, what it leads to, or what is in the way. */
static bool is_about(const struct finding *finding, const struct subject *subject)
{
	if (!node_is_none(finding->node) &&
	    (finding->node.v == subject->node.v || finding->node.v == subject->target.v ||
	     finding->node.v == subject->blocker.v))
		return true;
	return finding->path && strcmp(finding->path, subject->path) == 0;
}

int report_why_text(const struct judgement *judgement, const char *path,
		    const struct report_options *options, struct err *err)
{
	const struct subject subject = look(judgement, path);
	int result;

	report__begin(options, REPORT_STRONG);
	report__text(options, path);
	report__end(options, REPORT_STRONG);
	fputc('\n', options->out);
	if (subject.is_there) {
		if ((result = write_stat(&subject, options, err)) < 0)
			return result;
		write_access(&subject, options);
	}
	result = write_why(judgement, path, wanted_bits(&subject), options, err);
	if (result == 0 && subject.is_there)
		result = write_open(judgement, path, options, err);
	for (size_t i = 0; result == 0 && i < judgement->findings.count; i++) {
		if (is_about(&judgement->findings.items[i], &subject))
			result = write_finding(judgement, &judgement->findings.items[i], options,
					       err);
	}
	return result;
}

/* One word for what came of a step. */
static const char *step_verdict(const struct start_step *step)
{
	static const char *const VERDICTS[] = {
		[ACCESS_ALLOWED] = "ok",           [ACCESS_DENIED] = "denied",
		[ACCESS_NOT_FOUND] = "not there",  [ACCESS_NOT_DIRECTORY] = "not there",
		[ACCESS_LOOP] = "links in a loop", [ACCESS_TOO_LONG] = "too long",
		[ACCESS_RUNTIME] = "open",
	};

	return VERDICTS[step->verdict.outcome];
}

/* The obstacle itself is told below the steps. */
static void write_step(const struct start_step *step, bool is_obstacle,
		       const struct report_options *options)
{
	fprintf(options->out, "%*s%-12s ", INDENT, "", step->what);
	report__text(options, step->path);
	if (!is_obstacle)
		fprintf(options->out, "  %s", step_verdict(step));
	fputc('\n', options->out);
}

/* What a step wanted, for its explanation. */
static unsigned step_bits(const struct start_step *step)
{
	return step->verdict.wanted ? step->verdict.wanted : ACCESS_EXECUTE;
}

/* The step that the obstacle is about; NULL: none, or what would come next cannot be told. */
static const struct start_step *obstacle_step(const struct start *start)
{
	const struct start_step *last =
		start->step_count ? &start->steps[start->step_count - 1] : NULL;

	if (!last || start->obstacle == START_OK ||
	    (start->obstacle == START_UNKNOWN && last->verdict.outcome == ACCESS_ALLOWED))
		return NULL;
	return last;
}

int report_start_text(const struct judgement *judgement, const struct start *start,
		      const struct report_options *options, struct err *err)
{
	enum report_role role = start->obstacle == START_OK ? REPORT_STRONG : REPORT_ERROR;
	const struct start_step *last = obstacle_step(start);
	char user[128];

	report__begin(options, REPORT_STRONG);
	fputs("the start command as ", options->out);
	report__text(options, identity_text(&judgement->identity, user));
	report__end(options, REPORT_STRONG);
	fputc('\n', options->out);
	for (size_t i = 0; i < start->step_count; i++)
		write_step(&start->steps[i], &start->steps[i] == last, options);
	fprintf(options->out, "%*s", INDENT, "");
	report__begin(options, role);
	if (last) {
		report__text(options, last->path);
		fputc(' ', options->out);
	} else if (start->obstacle == START_UNKNOWN) {
		fputs("what comes next ", options->out);
	}
	fputs(start_obstacle_text(start->obstacle), options->out);
	report__end(options, role);
	fputc('\n', options->out);
	if (start->detail) {
		fprintf(options->out, "%*s", INDENT_WHY, "");
		if (report__paragraph(options, INDENT_WHY, INDENT_WHY + 2, start->detail, err) < 0)
			return -ERR_NOMEM;
	}
	/* A library or a command that is nowhere is a name, no path. */
	if (!last || last->path[0] != '/')
		return 0;
	if (write_why(judgement, last->path, step_bits(last), options, err) < 0)
		return -ERR_NOMEM;
	return write_open(judgement, last->path, options, err);
}

/* ---- as objects ---- */

static json_t *findings_json(const struct subject *subject)
{
	const struct judgement *judgement = subject->judgement;
	json_t *array = json_array();

	for (size_t i = 0; array && i < judgement->findings.count; i++) {
		const struct finding *finding = &judgement->findings.items[i];

		if (!is_about(finding, subject))
			continue;
		CLEANUP(freep) char *message = finding_message(judgement, finding);
		json_array_append_new(array, json_pack("{s:s, s:s, s:o}", "rule", finding->rule->id,
						       "severity", severity_name(finding->severity),
						       "message", report__string_json(message)));
	}
	return array;
}

static int set_why(json_t *object, const struct judgement *judgement, const char *path,
		   unsigned wanted, struct err *err)
{
	char **lines = path_why(judgement, path, wanted);
	json_t *array = lines ? report__lines_json(lines) : NULL;

	finding_why_free(lines);
	return report__set(object, "why", array, err);
}

static json_t *changes_json(const struct open_path *open)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < open->changes.count; i++) {
		const struct open_change *change = &open->changes.items[i];
		char before[8], after[8], bits[4];

		snprintf(before, sizeof(before), "%04o", change->before);
		snprintf(after, sizeof(after), "%04o", change->after);
		json_array_append_new(array, json_pack("{s:o, s:s, s:s, s:s, s:s, s:I}", "path",
						       report__string_json(change->path), "class",
						       access_class_name(change->class), "add",
						       report__bits(change->bits, bits), "before",
						       before, "after", after, "bytes",
						       (json_int_t)change->bytes));
	}
	return array;
}

/* null where nothing need or may be changed. */
static int set_open(json_t *object, const struct subject *subject, struct err *err)
{
	CLEANUP(open_path_done) struct open_path open = { 0 };
	unsigned wanted = open_path_use(subject->judgement, subject->path);
	char bits[4];
	int result = open_path_find(subject->judgement, subject->path, wanted, &open, err);

	if (result < 0)
		return result;
	if (open.outcome != OPEN_BY_MODES)
		return report__set(object, "open", json_null(), err);
	return report__set(object, "open",
			   json_pack("{s:s, s:o, s:I}", "access", report__bits(wanted, bits),
				     "changes", changes_json(&open), "bytes",
				     (json_int_t)open.bytes),
			   err);
}

static int set_stat(json_t *object, const struct subject *subject, struct err *err)
{
	const struct tree_stat *stat = &subject->stat;
	char mode[8], bits[4];

	snprintf(mode, sizeof(mode), "%04o", stat->mode & 07777);
	if (report__set(object, "type", json_string(report__type_name(stat->type)), err) < 0 ||
	    report__set(object, "mode", json_string(mode), err) < 0 ||
	    report__set_owner(object, subject->judgement, stat, err) < 0 ||
	    report__set(object, "size", json_integer((json_int_t)stat->size), err) < 0 ||
	    report__set(object, "layer", json_integer(stat->layer), err) < 0 ||
	    attributes_add_json(object, subject->judgement->accounts,
				subject->judgement->input.tree, stat, err) < 0)
		return -ERR_NOMEM;
	return report__set(object, "access",
			   subject->is_known ? json_string(report__bits(subject->granted, bits))
					     : json_null(),
			   err);
}

int report_why_json(const struct judgement *judgement, const char *path,
		    const struct report_options *options, struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	const struct subject subject = look(judgement, path);
	char user[128];

	if (!object)
		return err_nomem(err);
	if (report__set(object, "schema", json_string("imgtui.why/1"), err) < 0 ||
	    json_set_bytes(object, "path", path, strlen(path), err) < 0 ||
	    report__set(object, "as", json_string(identity_text(&judgement->identity, user)), err) <
		    0 ||
	    report__set(object, "exists", json_boolean(subject.is_there), err) < 0 ||
	    (subject.is_there && set_stat(object, &subject, err) < 0) ||
	    set_why(object, judgement, path, wanted_bits(&subject), err) < 0 ||
	    (subject.is_there && set_open(object, &subject, err) < 0) ||
	    report__set(object, "findings", findings_json(&subject), err) < 0)
		return -ERR_NOMEM;
	return report__write_json(options, STEAL(object), err);
}

static json_t *steps_json(const struct start *start)
{
	json_t *array = json_array();

	for (size_t i = 0; array && i < start->step_count; i++) {
		const struct start_step *step = &start->steps[i];
		json_t *object = json_pack("{s:s, s:o, s:s}", "what", step->what, "path",
					   report__string_json(step->path), "verdict",
					   step_verdict(step));

		if (step->by)
			json_object_set_new(object, "by", report__string_json(step->by));
		json_array_append_new(array, object);
	}
	return array;
}

int report_start_json(const struct judgement *judgement, const struct start *start,
		      const struct report_options *options, struct err *err)
{
	CLEANUP(json_decrefp) json_t *object = json_object();
	const struct start_step *last = obstacle_step(start);
	bool known = start->obstacle != START_RUNTIME && start->obstacle != START_UNKNOWN;
	char user[128];

	if (!object)
		return err_nomem(err);
	if (report__set(object, "schema", json_string("imgtui.start/1"), err) < 0 ||
	    report__set(object, "user", json_string(identity_text(&judgement->identity, user)),
			err) < 0 ||
	    report__set(object, "starts",
			known ? json_boolean(start->obstacle == START_OK) : json_null(), err) < 0 ||
	    report__set(object, "verdict", json_string(start_obstacle_text(start->obstacle)), err) <
		    0 ||
	    report__set(object, "steps", steps_json(start), err) < 0 ||
	    (start->detail &&
	     report__set(object, "detail", report__string_json(start->detail), err) < 0) ||
	    (last && last->path[0] == '/' &&
	     set_why(object, judgement, last->path, step_bits(last), err) < 0))
		return -ERR_NOMEM;
	return report__write_json(options, STEAL(object), err);
}
