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
	return h->facts.phase != PHASE_NEGOTIATING && h->facts.phase != PHASE_FINISHED &&
	       h->facts.phase != PHASE_RETRY;
}

static void stop(struct handshake *h, enum handshake_phase phase, enum violation violation)
{
	send_alert(h, ALERT_FATAL, violations[violation].alert);
	h->facts.phase = phase;
	h->facts.violation = violation;
}

void violate(struct handshake *h, enum violation violation, const char *format, ...)
{
	va_list args;
	if (ended(h)) /* what comes of the first is no news */
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
	vsnprintf(h->facts.detail, sizeof(h->facts.detail), format, args);
	va_end(args);
	stop(h, PHASE_UNABLE, violation);
}
