/*
 * The routes that the start chain declares: decorators of Flask and FastAPI,
 * add_url_rule, aiohttp, express, and nginx' locations. Found by reading lines:
 * a heuristic; a route that is computed is not seen.
 */
#ifndef RULE_START_ROUTES_H
#define RULE_START_ROUTES_H

#include "start_files.h"

struct start_route {
	const char *path;   /* "/", "/predict"; as it is written, parameters and patterns too */
	const char *method; /* "POST"; NULL: any, or not said */
	node_id node;       /* the file; NODE_NONE: code behind "-c" */
	unsigned line;      /* from 1 */
};

struct start_routes {
	VEC(struct start_route) all; /* strings live as long as the judgement */
};

/* ERR_CANCELLED, ERR_IO, ERR_NOMEM; rule__routes_done() also on failure. */
int rule__routes(struct rule_run *run, struct start_routes *ret_routes, struct err *err);
void rule__routes_done(struct start_routes *routes);

/*
 * Whether a request for 'path' (an absolute path of a URL) may reach the route:
 * the same but for a slash at the end, or with values
 * for parameters as "<name>", "{name}" and ":name".
 */
bool rule__route_matches(const struct start_route *route, const char *path);

#endif
