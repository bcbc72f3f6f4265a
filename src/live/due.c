/* SPDX-License-Identifier: Apache-2.0 */
#include "live/due.h"

#include "registry/registry.h"

/* What a server may say to a hello of which it wants no version (RFC 5246 E.1) or no suite (RFC
 * 5246 7.4.1.3), or that falls back. */
static bool is_due_to_policy(const struct demand *demand, uint8_t alert)
{
	bool of_suites = alert == ALERT_HANDSHAKE_FAILURE || alert == ALERT_INSUFFICIENT_SECURITY;
	bool of_versions = alert == ALERT_PROTOCOL_VERSION;
	bool of_fallback = alert == ALERT_INAPPROPRIATE_FALLBACK;
	return (of_fallback && demand->may_fall_back) || (of_suites && !demand->version_unfit) ||
	       (of_versions && !demand->version_fits);
}

/* A broken hello that could not have been accepted either. */
static bool is_due_besides(const struct reading *reading, const struct demand *demand,
			   uint8_t alert)
{
	bool protocol = alert == ALERT_NO_APPLICATION_PROTOCOL &&
			client_hello_has(&reading->hello, EXTENSION_ALPN);
	bool policy = alert == ALERT_HANDSHAKE_FAILURE || alert == ALERT_INSUFFICIENT_SECURITY ||
		      alert == ALERT_PROTOCOL_VERSION;
	bool fallback = alert == ALERT_INAPPROPRIATE_FALLBACK &&
			list_u16_has(reading->hello.suites, SUITE_FALLBACK_SCSV);
	return reading->decoded && (protocol || fallback || (policy && demand->policy_rejects));
}

/* A record of another type than a hello's is wrong whatever its header says. */
static bool is_due_to_type(const struct reading *reading, enum form_rule rule, uint8_t alert)
{
	bool of_records = rule == FORM_RECORD_VERSION || rule == FORM_RECORD_OVERFLOW ||
			  rule == FORM_RECORD_EMPTY;
	return of_records && reading->record_type != CONTENT_HANDSHAKE &&
	       (alert == ALERT_UNEXPECTED_MESSAGE || alert == ALERT_DECODE_ERROR);
}

/* RFC 5246 7.2.2: a field out of range, or one that is inconsistent. */
static bool is_due_to_body(enum form_rule rule, uint8_t alert)
{
	bool of_bodies = rule == FORM_EXTENSIONS || rule == FORM_EXTENSION_CORE ||
			 rule == FORM_EXTENSION_BODY;
	return of_bodies && alert == ALERT_ILLEGAL_PARAMETER;
}

bool alert_is_due(const struct reading *reading, const struct demand *demand,
		  const struct observation *seen)
{
	uint8_t due = form_rule_info(demand->rule)->alert;
	if (demand->rule != FORM_SOUND && !due)
		return true;
	if (seen->outcome != OUTCOME_ALERT || seen->alert_level != ALERT_FATAL)
		return false;
	/* Whoever does not know SSLv2 sees some record of an unknown type. */
	if (reading->kind == READING_SSLV2)
		return true;
	if (demand->rule == FORM_SOUND)
		return is_due_to_policy(demand, seen->alert);
	return seen->alert == due || is_due_to_body(demand->rule, seen->alert) ||
	       is_due_to_type(reading, demand->rule, seen->alert) ||
	       is_due_besides(reading, demand, seen->alert);
}
