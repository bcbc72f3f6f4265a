/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_handshake.h"

#include "base/limits.h"
#include "handshake/handshake_directed.h"
#include "registry/registry.h"
#include "upgrade/upgrades.h"
#include "wire/handshake.h"
#include "wire/record.h"

static const struct shape plain, named = { .server_name = "db.example.org", .alpn = "postgresql" };

#define KIND(v, s, with)                                                                           \
	{                                                                                          \
		.version = v, .suites = { s }, .suites_len = 1, .shape = &(with),                  \
		.upgrade = &upgrade_tls, .depth = DEPTH_FINISHED, .seed = 1                        \
	}

static const struct probe probes[RIG_HANDSHAKE_KINDS] = {
	KIND(TLS1_0, 0x002F, plain), KIND(TLS1_1, 0xC013, plain), KIND(TLS1_2, 0x009C, plain),
	KIND(TLS1_2, 0xC02F, plain), KIND(TLS1_2, 0xC02B, named), KIND(TLS1_2, 0x009E, plain),
	KIND(TLS1_2, 0xC027, named), KIND(TLS1_2, 0xCCA8, plain), KIND(TLS1_2, 0xC018, plain),
	KIND(TLS1_3, 0x1301, plain), KIND(TLS1_3, 0x1302, named), KIND(TLS1_3, 0x1303, plain),
};

static struct span encode(struct rig_handshake *rig, size_t index, const struct retry *retry,
			  size_t *len)
{
	struct builder b;
	builder_init(&b, rig->records[index], PROBE_HELLO_MAX, NULL, 0);
	probe_encode(&b, rig->probe, retry);
	*len = b.len;
	/* The limit of what a cookie may make of a second hello. */
	if (builder_fault(&b) != FAULT_NONE)
		return span_of(NULL, 0);
	return span_skip(builder_view(&b), RECORD_HEADER_LEN);
}

void rig_handshake_init(struct rig_handshake *rig, struct arena *arena, uint8_t kind, bool directed)
{
	*rig = (struct rig_handshake){ .probe = &probes[kind % RIG_HANDSHAKE_KINDS],
				       .directed = directed,
				       .is_waiting = directed };
	rig->hello = encode(rig, 0, NULL, &rig->first_len);
	const struct handshake_options options = {
		.client_hello = rig->hello,
		.seed = 1,
		.stream = kind % RIG_HANDSHAKE_KINDS,
		.directed = directed,
	};
	rig->client = handshake_new(arena, &options);
	CHECK(rig->client);
	rig->facts = handshake_facts(rig->client);
}

void rig_handshake_release(struct rig_handshake *rig)
{
	handshake_free(rig->client);
}

static void retry(struct rig_handshake *rig)
{
	const struct server_hello *request = handshake_retry_request(rig->client);
	if (!request || rig->second.len)
		return;
	const struct retry demands = { .group = request->selected_group,
				       .cookie = request->cookie };
	rig->second = rig->probe ? encode(rig, 1, &demands, &rig->second_len) : rig->second_hello;
	if (rig->second.len)
		handshake_retry(rig->client, rig->second);
}

void rig_handshake_hear(struct rig_handshake *rig, struct span bytes)
{
	handshake_input(rig->client, bytes);
	retry(rig);
}

/* No acceptance without a ServerHello and a Finished; nothing wrong without its name. */
static void check(const struct rig_handshake *rig)
{
	const struct handshake_facts *facts = rig->facts;
	/* The list ends where it is full: what came later cannot be looked up. Only a directed
	 * client hears anything before the ServerHello. */
	bool full = facts->seen_len == MESSAGES_SEEN_MAX;
	bool hello = (full && rig->directed) ||
		     memchr(facts->seen, HANDSHAKE_SERVER_HELLO, facts->seen_len) != NULL;
	bool finished = full || memchr(facts->seen, HANDSHAKE_FINISHED, facts->seen_len) != NULL;
	CHECK(facts->seen_len <= MESSAGES_SEEN_MAX && facts->alerts_len <= ALERTS_SEEN_MAX);
	CHECK(facts->key_log_len <= KEY_LOG_LINES_MAX);
	CHECK(facts->phase != PHASE_FINISHED || (hello && finished));
	CHECK(facts->phase != PHASE_VIOLATED || facts->violation != VIOLATION_NONE);
	CHECK(!facts->has_finished || finished);
	CHECK(strlen(facts->detail) < sizeof(facts->detail));
	CHECK(violation_name(facts->violation) && violation_text(facts->violation));
	CHECK(!rig->directed || facts->phase != PHASE_VIOLATED);
	CHECK(!rig->is_waiting || !handshake_output(rig->client).len);
	if (facts->phase == PHASE_FINISHED && !rig->directed && rig->probe)
		CHECK(facts->version == rig->probe->version &&
		      facts->suite == rig->probe->suites[0]);
}

void rig_handshake_listen(struct rig_handshake *rig, struct span flight, size_t chunk)
{
	while (flight.len) {
		harness_step();
		size_t n = flight.len < chunk ? flight.len : chunk;
		rig_handshake_hear(rig, span_of(flight.at, n));
		flight = span_skip(flight, n);
		check(rig);
		handshake_sent(rig->client, handshake_output(rig->client).len);
		harness_note(handshake_read(rig->client));
	}
}

void rig_handshake_same(const struct rig_handshake *a, const struct rig_handshake *b)
{
	const struct handshake_facts *x = a->facts, *y = b->facts;
	CHECK(x->phase == y->phase && x->violation == y->violation);
	CHECK(x->alert == y->alert && x->version == y->version && x->suite == y->suite);
	CHECK(x->group == y->group && x->has_finished == y->has_finished);
	CHECK(span_equal(span_of(x->seen, x->seen_len), span_of(y->seen, y->seen_len)));
	CHECK(strcmp(x->detail, y->detail) == 0);
	harness_note_number(x->phase);
	harness_note_number(x->violation);
	harness_note(span_text(x->detail));
}

static void say(struct rig_handshake *rig, uint8_t type)
{
	uint8_t bytes[4096];
	struct builder b;
	struct span body = handshake_body(rig->client, type);
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	handshake_encode(&b, type, body, 0);
	if (builder_fault(&b) == FAULT_NONE)
		handshake_note_message(rig->client, builder_view(&b));
	harness_note(body);
}

void rig_handshake_direct(struct rig_handshake *rig, uint8_t order)
{
	static const uint8_t types[] = { HANDSHAKE_CLIENT_KEY_EXCHANGE, HANDSHAKE_CERTIFICATE,
					 HANDSHAKE_CERTIFICATE_VERIFY, HANDSHAKE_FINISHED };
	uint8_t record[256];
	struct builder b;
	for (size_t i = 0; i < 4; i++) {
		if (order >> 2 * i & 1)
			say(rig, types[i]);
		if ((order >> 2 * i & 3) == 2)
			handshake_note_change_cipher_spec(rig->client);
	}
	if (order >> 6 == 3) {
		say(rig, HANDSHAKE_KEY_UPDATE);
		handshake_note_message(rig->client, rig->hello);
	}
	builder_init(&b, record, sizeof(record), NULL, 0);
	enum fault fault = handshake_seal_record(rig->client, &b, CONTENT_APPLICATION_DATA, 0x0303,
						 span_of("?", 1), order % 3);
	CHECK(fault != FAULT_NONE || handshake_is_sealing(rig->client));
	rig->is_waiting = false;
	handshake_continue(rig->client);
	harness_note(handshake_output(rig->client));
	handshake_sent(rig->client, handshake_output(rig->client).len);
	harness_note(handshake_messages_after(rig->client));
}
