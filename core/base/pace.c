/* Bytes per second and time left; see base/pace.h. The average since the start: it does not jump.
 */
#include "base/pace.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"

static const double FASTEST = 1e18; /* fits every integer of 64 bits */

enum { LEAST_MS = 1000, LONGEST_HOURS = 99 };

bool pace_of(uint64_t done, uint64_t total, int64_t elapsed_ms, struct pace *ret_pace)
{
	double per_second;
	uint64_t left = total > done ? total - done : 0;

	if (!done || elapsed_ms < LEAST_MS)
		return false;
	per_second = (double)done * 1000 / (double)elapsed_ms;
	if (per_second < 1)
		return false;
	if (per_second > FASTEST)
		per_second = FASTEST;
	*ret_pace = (struct pace){
		.per_second = (uint64_t)per_second,
		.has_left = total > 0 && (double)left / per_second < LONGEST_HOURS * 3600.0,
	};
	if (ret_pace->has_left) {
		double seconds = (double)left / per_second;

		ret_pace->seconds_left = (uint64_t)seconds + ((double)(uint64_t)seconds < seconds);
	}
	return true;
}

const char *pace_text(const struct pace *pace, char out[PACE_TEXT])
{
	uint64_t minutes = pace->seconds_left / 60, seconds = pace->seconds_left % 60;
	char size[16], left[40] = "";

	if (pace->has_left && minutes >= 60)
		snprintf(left, sizeof(left), ", %" PRIu64 " h %" PRIu64 " min left", minutes / 60,
			 minutes % 60);
	else if (pace->has_left && minutes)
		snprintf(left, sizeof(left), ", %" PRIu64 " min %" PRIu64 " s left", minutes,
			 seconds);
	else if (pace->has_left)
		snprintf(left, sizeof(left), ", %" PRIu64 " s left", seconds);
	snprintf(out, PACE_TEXT, "%s/s%s", text_size(size, sizeof(size), pace->per_second), left);
	return out;
}

int64_t pace_watch(struct pace_watch *watch, const char *job, uint64_t done, int64_t now_ms)
{
	if (watch->job != job || done < watch->done || !done)
		watch->since_ms = now_ms;
	watch->job = job;
	watch->done = done;
	return now_ms - watch->since_ms;
}
