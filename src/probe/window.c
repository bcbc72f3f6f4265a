/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/prover_internal.h"

/*
 * A rejection counts only in a window between two successful controls: some accepted hello ended
 * before it was asked, some accepted hello was asked after it was answered, and no control failed
 * in between. Without a control after it, an endpoint that died looks like one that rejects.
 */

void window_note(struct prover *prover, const struct observation *observation, bool success)
{
	struct control_event *event = LIST_ADD(prover, prover->events);
	if (event)
		*event = (struct control_event){ observation->started_us, observation->ended_us,
						 success };
}

struct window {
	bool opened, closed;
	uint64_t from_us, until_us; /* end of the control before, start of the control after */
};

static struct window window_around(const struct prover *prover, const struct observation *negative)
{
	struct window window = { 0 };
	for (size_t i = 0; i < prover->events.len; i++) {
		const struct control_event *event = &prover->events.at[i];
		if (!event->success)
			continue;
		if (event->ended_us <= negative->started_us &&
		    (!window.opened || event->ended_us > window.from_us)) {
			window.opened = true;
			window.from_us = event->ended_us;
		}
		if (event->started_us >= negative->ended_us &&
		    (!window.closed || event->started_us < window.until_us)) {
			window.closed = true;
			window.until_us = event->started_us;
		}
	}
	return window;
}

bool window_opened(const struct prover *prover, const struct observation *negative)
{
	return window_around(prover, negative).opened;
}

bool window_covers(const struct prover *prover, const struct observation *negative)
{
	struct window window = window_around(prover, negative);
	if (!window.opened || !window.closed)
		return false;
	for (size_t i = 0; i < prover->events.len; i++) {
		const struct control_event *event = &prover->events.at[i];
		if (!event->success && event->ended_us >= window.from_us &&
		    event->started_us <= window.until_us)
			return false;
	}
	return true;
}

enum version window_good_version(const struct prover *prover, enum version version)
{
	static const enum version order[] = { TLS1_2, TLS1_3, TLS1_1, TLS1_0, SSLV3 };
	if (version < VERSIONS_LEN && prover->good[version] != NO_INDEX)
		return version;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (prover->good[order[i]] != NO_INDEX)
			return order[i];
	return VERSION_NONE;
}

/* Where only plaintext is let in, or a refusal is declared to be positive, that is the control. */
bool window_has_control(const struct prover *prover)
{
	for (size_t i = 0; i < prover->events.len; i++)
		if (prover->events.at[i].success)
			return true;
	return false;
}
