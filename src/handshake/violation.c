/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "handshake/handshake_internal.h"

static const struct {
	const char *name;
	uint8_t alert;
	const char *text;
} violations[] = {
#define X(name, alert, text) { #name, alert, text },
	VIOLATION_LIST(X)
#undef X
};

const char *violation_name(enum violation violation)
{
	return violations[violation].name;
}

const char *violation_text(enum violation violation)
{
	return violations[violation].text;
}

static bool ended(const struct handshake *h)
{
	if (h->options.directed)
		return h->facts.phase == PHASE_ALERTED || h->facts.phase == PHASE_UNABLE;
	return h->facts.phase != PHASE_NEGOTIATING && h->facts.phase != PHASE_FINISHED &&
	       h->facts.phase != PHASE_RETRY;
}

static void stop(struct handshake *h, enum handshake_phase phase, enum violation violation)
{
	if (h->options.directed) { /* a record is kept, and nothing is said */
		if (phase == PHASE_UNABLE)
			h->facts.phase = phase;
		if (h->facts.violation == VIOLATION_NONE)
			h->facts.violation = violation;
		return;
	}
	send_alert(h, ALERT_FATAL, violations[violation].alert);
	h->facts.phase = phase;
	h->facts.violation = violation;
}

void violate(struct handshake *h, enum violation violation, const char *format, ...)
{
	va_list args;
	if (ended(h) || h->facts.violation != VIOLATION_NONE) /* of the first: no news */
		return;
	va_start(args, format);
	vsnprintf(h->facts.detail, sizeof(h->facts.detail), format, args);
	va_end(args);
	stop(h, PHASE_VIOLATED, violation);
}

void unable(struct handshake *h, enum violation violation, const char *format, ...)
{
	va_list args;
	if (ended(h)) /* what comes of the first is no news */
		return;
	va_start(args, format);
	if (h->facts.violation == VIOLATION_NONE)
		vsnprintf(h->facts.detail, sizeof(h->facts.detail), format, args);
	va_end(args);
	stop(h, PHASE_UNABLE, violation);
}
