/* case_answer.h - what a case saw beyond the outcome: every fact that an expectation or an
 * assertion may speak of. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_CASE_ANSWER_H
#define PROBE_CASE_ANSWER_H

#include "base/arena.h"
#include "case/encode.h"
#include "wire/server_hello.h"

/* What is asked, and how long silence must last to count as silence. Outlives the probe. */
struct conduct {
	const struct conformance_case *of;
	struct case_setting setting;
	bool is_control; /* the base hello of `setting`, followed to the end of the server's flight
			  */
	unsigned quiet_ms; /* after the last byte in either direction, once the last step is done */
};

/*
 * Hangs at observation.answer for a PROBE_CASE. The observation itself holds the outcome after the
 * last step: SERVER_HELLO (also when the flight went on), HELLO_RETRY_REQUEST, ALERT (fatal or
 * warning), CLOSE, RESET, TIMEOUT (nothing came within quiet_ms), GARBAGE, PLAINTEXT (bytes in
 * clear: `clear`), UNREACHABLE, REFUSED (the upgrade), NONE never. Views live in the run's arena.
 */
struct case_answer {
	const char *unmet; /* an `await` or `complete` did not come about, and this came instead; or
			      NULL. The outcome is then what came */
	bool unmet_silence; /* nothing came at all */
	size_t steps_done;
	bool server_hello, retry_request, flight_complete, finished, change_cipher_spec, opaque;
	bool closed, reset; /* the end of the connection was seen */
	const char *broken; /* which rule the ServerHello broke, with its citation; or NULL */
	const char *broken_before; /* the same of a HelloRetryRequest that was gone on from */
	unsigned alerts;	   /* how many came */
	uint16_t record_version;   /* of the first record; `record_versions_differ` */
	bool record_versions_differ;
	uint16_t legacy_version, largest_record;
	uint16_t signature_scheme, group;
	struct span random, session_id, sent_session_id, extensions;
	struct span clear, application; /* bytes in clear; data inside TLS */
	struct span ticket;
	bool certificate_requested, certificate_seen;
	uint8_t compression, downgrade; /* downgrade: as struct server_hello has it */
	uint64_t last_sent_us, first_received_us;
};

struct observation;

/*
 * expectation_met says whether what was seen is that outcome; it looks neither at `tolerated` nor
 * at `broken`. FINISHED is met when `finished` is set and nothing but silence, the ServerHello or
 * application data came after it; APPLICATION_DATA by what `application` begins with.
 */
bool expectation_met(const struct expectation *expectation, const struct conduct *conduct,
		     const struct observation *seen);

#endif
