/* How fast a job goes, and how long it takes at that: from what struct progress tells. */
#ifndef BASE_PACE_H
#define BASE_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pace {
	uint64_t per_second;   /* bytes, on the average */
	bool has_left;         /* the whole is known */
	uint64_t seconds_left; /* rounded up */
};

/*
 * After 'elapsed_ms' of work; total 0: not known. false: too early to tell,
 * or nothing was done yet.
 */
bool pace_of(uint64_t done, uint64_t total, int64_t elapsed_ms, struct pace *ret_pace);

enum { PACE_TEXT = 64 };

/* "3.1 MB/s, 9 s left", "3.10 MB/s, 1 h 5 min left"; returns 'out'. */
const char *pace_text(const struct pace *pace, char out[PACE_TEXT]);

/* Since when the job in front is at it. {0}: none was seen. */
struct pace_watch {
	const char *job; /* its name, compared as a pointer; borrowed */
	uint64_t done;
	int64_t since_ms;
};

/* Look at it now and then: another job, or one that begins anew, starts the time. Milliseconds
 * since that start. */
int64_t pace_watch(struct pace_watch *watch, const char *job, uint64_t done, int64_t now_ms);

#endif
