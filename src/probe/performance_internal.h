/* performance_internal.h - the state that the parts of a performance share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PERFORMANCE_INTERNAL_H
#define PROBE_PERFORMANCE_INTERNAL_H

#include "handshake/handshake_directed.h"
#include "probe/case_answer.h"
#include "probe/exchange_internal.h"
#include "probe/performance.h"

enum performing {
	PERFORM_PAUSING,    /* before a step: `after MS` */
	PERFORM_SENDING,    /* segments go out */
	PERFORM_AWAITING,   /* the step's `await` is not met yet */
	PERFORM_COMPLETING, /* the handshake is brought to its end */
	PERFORM_LISTENING,  /* the last step is done, or nothing more can be sent */
};

/* What came since the last `await` or `complete` that was met: out of this an outcome is made. */
struct hearing {
	bool server_hello, retry_request, done, flight_complete, finished;
	bool fatal, opaque_alert;
	bool flight_noted, flight_last; /* the flight came; behind our last step */
	uint8_t level, alert, warning;
	unsigned warnings, records;
	const char *garbage, *note;
	bool sslv2_error;
	size_t opaque_len; /* of the last record, if it could not be read */
	size_t application_from, clear_from;
};

struct performance {
	struct exchange *exchange;
	const struct conduct *conduct;
	const struct conformance_case *of;
	struct case_answer *answer;
	enum performing state;
	size_t step;
	const struct step *sending; /* the step whose bytes are in `out` */
	enum performing before;	    /* a retry was followed up: what goes on then */
	bool following, followed;
	bool last_completed; /* the last step was `complete` */

	uint64_t now_ms, last_ms, due_ms;
	bool told_time;
	const char *failed; /* why the first step cannot be sent, until the clock tells it */

	uint8_t *out; /* of the step, or of the part that is ready */
	size_t out_len, out_cap, out_at, segment_end, segment;
	bool shut, continued, has_sent;

	bool clear;	    /* `over`: the records have not begun */
	size_t clear_len;   /* bytes of the stream before the records begin */
	bool server_sealed; /* the server's records are protected */
	bool tls13, started_hello, bad_stream, odd_alert;
	struct stream content; /* records in clear, for reassembly */
	size_t records, fed, after_len;
	bool follows; /* every record goes to the handshake as well */
	struct handshake *handshake;
	struct span hello, retry_cookie;
	uint16_t retry_group;
	struct server_hello retry;
	bool has_retry;
	struct hearing hearing;
};

/* performance_send.c: encodes, frames and seals a step. */
MUST_USE enum fault performance_encode(struct performance *performance, const struct step *step);

/* performance_next_segment moves on to the next TCP segment of what was encoded; false at its end.
 */
bool performance_next_segment(struct performance *performance);

/* performance_catch_up gives everything received so far to the handshake, if there is one. */
void performance_catch_up(struct performance *performance);

/* performance_is_readable says whether the handshake has keys to read what is protected. */
bool performance_is_readable(const struct performance *performance);

/* performance_hear.c: takes what the stream holds, until the exchange is done. */
void performance_hear(struct performance *performance);

/* performance_messages.c: one record's content in clear, and what the handshake learnt. */
void performance_take_clear(struct performance *performance, const struct stream_event *record);
void performance_take_facts(struct performance *performance);
/* performance_take_after looks for a second handshake that the server began inside the first. */
void performance_take_after(struct performance *performance);
void performance_take_alert(struct performance *performance, uint8_t level, uint8_t description);

/* performance_advance does what may be done now, step after step; it may conclude the exchange. */
void performance_advance(struct performance *performance);

/* performance_settle.c: how it ended, or that it has not. */
enum ending { ENDING_NONE, ENDING_FIN, ENDING_RESET, ENDING_QUIET };

/* performance_is_conclusive says that nothing that may still come could change the answer. */
bool performance_is_conclusive(const struct performance *performance);

/* performance_is_warned says that a warning came which is expected, and nothing else. */
bool performance_is_warned(const struct performance *performance);

void performance_conclude(struct performance *performance, enum ending ending);

/* performance_unmet concludes because a step did not come about; `why` lives in the run's arena, or
 * is NULL for what came instead. */
void performance_unmet(struct performance *performance, enum ending ending, const char *why);

/* performance_clear views the bytes in clear that no `await` has taken. */
struct span performance_clear(const struct performance *performance);

#endif
