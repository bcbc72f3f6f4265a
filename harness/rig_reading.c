/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_reading.h"

#include "harness.h"
#include "live/oracle.h"
#include "registry/registry.h"
#include "rig_policy.h"
#include "unseen.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/stream.h"

#define TODAY 19167

UNSEEN_BEGIN

void rig_reading(struct reading *out, struct arena *arena, struct span bytes)
{
	reading_of(out, bytes, arena);
	CHECK(out->kind <= READING_UNDECIDED && *reading_kind_name(out->kind));
	CHECK((out->kind == READING_BROKEN) == (out->rule != FORM_SOUND));
	CHECK(out->rule < FORM_RULES_LEN);
	CHECK(out->kind != READING_HELLO || (out->decoded && !out->cut_short));
	CHECK(out->kind != READING_PARTIAL || (!out->message.len && out->cut_short));
	CHECK(!out->decoded || out->message.len > HANDSHAKE_HEADER_LEN);
	CHECK(out->message.len <= bytes.len);
	CHECK(arena->fault == FAULT_NONE);
	harness_note_number((uint64_t)out->kind << 8 | (uint64_t)out->rule);
	harness_note(out->message);
}

void rig_reading_copied(const struct reading *reading, struct arena *arena, struct span bytes)
{
	struct reading again;
	reading_of(&again, arena_copy(arena, bytes), arena);
	CHECK(again.kind == reading->kind && again.rule == reading->rule);
	CHECK(again.detail == reading->detail);
	CHECK(again.records == reading->records && again.warnings == reading->warnings);
	CHECK(again.record_version == reading->record_version);
	CHECK(again.cut_short == reading->cut_short && again.decoded == reading->decoded);
	CHECK(span_equal(again.message, reading->message));
}

void rig_reading_joined(const struct reading *reading, struct arena *arena, struct span bytes)
{
	struct client_hello hello;
	struct stream stream;
	struct stream_event event;
	struct cursor body = cursor_over(span_skip(reading->message, HANDSHAKE_HEADER_LEN));
	CHECK(client_hello_decode(&hello, body, STRICT, NULL) == FAULT_NONE);
	/* A stream is of 3.x; what is of another version is a matter of opinion. */
	if (reading->record_version >> 8 != 3)
		return;
	stream_init(&stream, arena, false);
	stream_feed(&stream, bytes);
	for (stream_next(&stream, &event); event.kind == STREAM_ALERT; stream_next(&stream, &event))
		harness_step();
	CHECK(event.kind == STREAM_HANDSHAKE && span_equal(event.whole, reading->message));
	stream_next(&stream, &event);
	CHECK(event.kind == STREAM_NEED_MORE);
}

void rig_reading_prefix(struct arena *arena, struct span bytes, size_t len)
{
	struct reading part;
	reading_of(&part, span_of(bytes.at, len), arena);
	CHECK(part.kind == READING_PARTIAL);
}

/* A rejection meets every demand but that of acceptance, whatever came before it. */
static void check_rejection(const struct oracle *oracle, const struct reading *reading,
			    const struct demand *demand)
{
	struct anomaly anomaly;
	const struct observation close = { .outcome = OUTCOME_CLOSE,
					   .layer = LAYER_TRANSPORT,
					   .version = VERSION_NONE };
	bool found = oracle_judge(&anomaly, oracle, reading, demand, &close);
	CHECK(found == (demand->kind == DEMAND_ACCEPT));
	CHECK(found == (anomaly.kind == ANOMALY_REFUSED));
	CHECK(!found || anomaly.inferred == demand->inferred);
	CHECK(memchr(anomaly.key, '\0', sizeof(anomaly.key)));
}

static void check_demand(const struct oracle *oracle, const struct reading *reading,
			 const struct demand *demand)
{
	CHECK(demand->rule == FORM_SOUND || demand->kind == DEMAND_REJECT);
	CHECK(demand->rule == FORM_SOUND || demand->rule == FORM_FALLBACK ||
	      demand->rule == reading->rule);
	CHECK(demand->rule != FORM_FALLBACK || reading->kind == READING_HELLO);
	CHECK(demand->kind != DEMAND_ACCEPT || (oracle->taken & VERSION_BIT(demand->highest)));
	CHECK(demand->kind != DEMAND_ACCEPT || demand->ruling.kind == RULING_ACCEPT);
	bool waits = reading->kind == READING_PARTIAL || reading->kind == READING_UNDECIDED;
	CHECK(!waits || demand->kind == DEMAND_NOTHING);
	CHECK(reading->kind != READING_HELLO || demand->kind != DEMAND_NOTHING);
}

void rig_reading_demand(const struct reading *reading, struct arena *arena, uint8_t policy,
			uint8_t taken)
{
	struct settings settings;
	struct demand demand;
	uint16_t *scratch = arena_array(arena, reading->message.len + 1, sizeof(*scratch));
	settings_init(&settings, rig_policy(policy), TODAY);
	struct oracle oracle = { .settings = &settings, .taken = taken & VERSIONS_ALL };
	for (size_t i = 0; i < VERSIONS_LEN; i++)
		oracle.controls[i] = *reading;
	oracle_demand(&demand, &oracle, reading, scratch);
	check_demand(&oracle, reading, &demand);
	check_rejection(&oracle, reading, &demand);
	harness_note_number((uint64_t)demand.kind << 8 | (uint64_t)demand.rule);
}

UNSEEN_END
