/* What a line declares as a route; see start_routes.h. */
#include "start_routes.h"

#include <ctype.h>
#include <string.h>

/* Text that declares a route: the first literal behind it that begins with a slash is the path. */
static const struct marker {
	const char *text;
	const char *method; /* NULL: any */
	bool is_decorator;  /* the line begins with "@" */
	enum start_file_kind kind;
} MARKERS[] = {
	/* clang-format off */
	{ ".route(",           NULL,     true,  START_FILE_PYTHON },
	{ ".get(",             "GET",    true,  START_FILE_PYTHON },
	{ ".post(",            "POST",   true,  START_FILE_PYTHON },
	{ ".put(",             "PUT",    true,  START_FILE_PYTHON },
	{ ".delete(",          "DELETE", true,  START_FILE_PYTHON },
	{ ".patch(",           "PATCH",  true,  START_FILE_PYTHON },
	{ ".api_route(",       NULL,     true,  START_FILE_PYTHON },
	{ ".websocket(",       NULL,     true,  START_FILE_PYTHON },
	{ "add_url_rule(",     NULL,     false, START_FILE_PYTHON },
	{ "add_api_route(",    NULL,     false, START_FILE_PYTHON },
	{ "add_resource(",     NULL,     false, START_FILE_PYTHON },
	{ ".add_route(",       NULL,     false, START_FILE_PYTHON },
	{ ".add_post(",        "POST",   false, START_FILE_PYTHON },
	{ ".add_get(",         "GET",    false, START_FILE_PYTHON },
	{ ".add_put(",         "PUT",    false, START_FILE_PYTHON },
	{ "web.post(",         "POST",   false, START_FILE_PYTHON },
	{ "web.get(",          "GET",    false, START_FILE_PYTHON },
	{ "Route(",            NULL,     false, START_FILE_PYTHON },
	{ "Mount(",            NULL,     false, START_FILE_PYTHON },
	{ "app.get(",          "GET",    false, START_FILE_NODE },
	{ "app.post(",         "POST",   false, START_FILE_NODE },
	{ "app.put(",          "PUT",    false, START_FILE_NODE },
	{ "app.all(",          NULL,     false, START_FILE_NODE },
	{ "app.use(",          NULL,     false, START_FILE_NODE },
	{ "router.get(",       "GET",    false, START_FILE_NODE },
	{ "router.post(",      "POST",   false, START_FILE_NODE },
	{ "router.put(",       "PUT",    false, START_FILE_NODE },
	{ "router.all(",       NULL,     false, START_FILE_NODE },
	{ "location ",         NULL,     false, START_FILE_CONFIG },
	/* clang-format on */
};

static const char *find(const struct start_line *line, const char *text)
{
	return memmem(line->text, line->len, text, strlen(text));
}

/* The path between the quotes behind 'at'; of nginx, which has none, the word. */
static const char *path_behind(struct rule_run *run, const struct start_line *line, const char *at)
{
	const char *end = line->text + line->len, *stops = "\"'`";

	if (line->file->kind == START_FILE_CONFIG) {
		stops = " \t{;\"";
		while (at < end && strchr(" =~^*", *at))
			at++;
	} else {
		while (at + 1 < end && !(strchr("\"'`", *at) && at[1] == '/'))
			at++;
		at++;
	}
	size_t len = 0;
	while (at + len < end && !strchr(stops, at[len]))
		len++;
	if (at >= end || *at != '/')
		return NULL;
	return arena_copy(&run->judgement->arena, at, len);
}

/* "methods=['POST']" of Flask, if there is one alone. */
static const char *named_method(const struct start_line *line)
{
	static const char *const METHODS[] = { "GET", "POST", "PUT", "DELETE", "PATCH" };
	const char *found = NULL;

	if (!find(line, "method"))
		return NULL;
	for (size_t i = 0; i < sizeof(METHODS) / sizeof(*METHODS); i++) {
		char quoted[16];

		snprintf(quoted, sizeof(quoted), "%s", METHODS[i]);
		if (!find(line, quoted))
			continue;
		if (found)
			return NULL;
		found = METHODS[i];
	}
	return found;
}

static int look_at_line(struct rule_run *run, const struct start_line *line,
			struct start_routes *routes, struct err *err)
{
	for (size_t i = 0; i < sizeof(MARKERS) / sizeof(*MARKERS); i++) {
		const struct marker *marker = &MARKERS[i];
		const char *at = marker->kind == line->file->kind ? find(line, marker->text) : NULL;

		if (!at || (marker->is_decorator && line->text[0] != '@') ||
		    (marker->kind == START_FILE_CONFIG && at != line->text))
			continue;
		const char *path = path_behind(run, line, at + strlen(marker->text));
		if (!path)
			continue;
		const struct start_route route = {
			.path = path,
			.method = marker->method ? marker->method : named_method(line),
			.node = line->file->node,
			.line = line->number,
		};
		return VEC_PUSH(&routes->all, route, err);
	}
	return 0;
}

int rule__routes(struct rule_run *run, struct start_routes *ret_routes, struct err *err)
{
	const struct start_files *files;
	int rc = rule__start_files(run, &files, err);

	*ret_routes = (struct start_routes){ 0 };
	for (size_t i = 0; rc == 0 && i < files->count; i++) {
		struct start_line line = { .file = &files->items[i] };

		rc = cancel_check(run->cancel, err);
		while (rc == 0 && rule__start_line_next(&line))
			rc = look_at_line(run, &line, ret_routes, err);
	}
	return rc;
}

void rule__routes_done(struct start_routes *routes)
{
	VEC_DONE(&routes->all);
}

/* How long the component is that begins here. */
static size_t component(const char *at)
{
	return strcspn(at, "/");
}

static bool is_parameter(const char *at)
{
	return *at == '<' || *at == '{' || *at == ':';
}

bool rule__route_matches(const struct start_route *route, const char *path)
{
	const char *mine = route->path;

	for (;;) {
		mine += strspn(mine, "/");
		path += strspn(path, "/");
		size_t len = component(mine), other = component(path);
		if (!len || !other)
			return !len && !other;
		if (!is_parameter(mine) && (len != other || strncmp(mine, path, len) != 0))
			return false;
		mine += len;
		path += other;
	}
}
