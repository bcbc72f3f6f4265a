/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_exchange.h"

#include "oracle_json.h"

#define KEEP_MAX ((size_t)4 << 20)

static const struct shape plain, named = { .server_name = "db.example.org", .alpn = "postgresql" };

/* The choice: its first three bits a way to TLS and the depth, the others what is asked. */
static const struct probe questions[] = {
	{ .version = TLS1_2, .suites = { 0xC02F, 0x009C, 0x002F }, .suites_len = 3 },
	{ .version = TLS1_3, .suites = { 0x1301, 0x1303 }, .suites_len = 2 },
	{ .version = TLS1_0, .suites = { 0x002F }, .suites_len = 1 },
	{ .version = TLS1_2, .suites = { 0x009E }, .suites_len = 1, .whole_flight = true },
	{ .version = SSLV3, .suites = { 0x000A }, .suites_len = 1 },
	{ .kind = PROBE_SSLV2, .version = SSLV2, .suites = { 0x010080 }, .suites_len = 1 },
	{ .kind = PROBE_PLAINTEXT, .version = VERSION_NONE },
};
#define QUESTIONS_LEN (sizeof(questions) / sizeof(questions[0]))

static struct probe probe_of(uint8_t choice)
{
	struct probe probe = questions[choice / 8 % QUESTIONS_LEN];
	const char *way = choice & 1 ? "postgresql" : "tls";
	probe.id = 7;
	probe.seed = 1;
	probe.shape = choice & 4 ? &named : &plain;
	probe.user = "tester";
	probe.database = "db";
	probe.depth = choice & 2 ? DEPTH_SESSION : DEPTH_HELLO;
	if (probe.kind == PROBE_PLAINTEXT)
		way = "postgresql";
	if (probe.kind != PROBE_HELLO || probe.version < TLS1_0)
		probe.depth = DEPTH_HELLO;
	probe.upgrade = upgrade_by_name(span_text(way));
	return probe;
}

static void send_all(struct exchange *exchange)
{
	for (struct span out = exchange_output(exchange); out.len;
	     out = exchange_output(exchange)) {
		harness_step();
		exchange_sent(exchange, out.len);
	}
}

static void check(struct rig_exchange *rig)
{
	char phrase[SERVER_MESSAGE_MAX + 256];
	const struct observation *seen = &rig->exchange.observation;
	CHECK(rig->exchange.phase == EXCHANGE_DONE && seen->outcome != OUTCOME_NONE);
	CHECK(outcome_name(seen->outcome) && layer_name(seen->layer));
	CHECK(!(observation_is_rejection(seen) && seen->outcome == OUTCOME_SERVER_HELLO));
	CHECK(seen->depth == DEPTH_HELLO || seen->outcome == OUTCOME_SERVER_HELLO);
	CHECK(rig->exchange.sent.len <= PEER_BYTES_MAX);
	observation_describe(phrase, sizeof(phrase), seen);
	CHECK(phrase[0] && strlen(phrase) < sizeof(phrase));
	harness_note(span_text(phrase));
}

void rig_exchange(struct rig_exchange *rig, size_t first, uint8_t choice, struct span peer,
		  size_t chunk, uint8_t end)
{
	struct exchange *exchange = &rig->exchange;
	rig->probe = probe_of(choice);
	CHECK(exchange_start(exchange, &rig->probe, harness_arena(first, PROBE_ARENA_MAX),
			     harness_arena(first + 1, KEEP_MAX)) == FAULT_NONE);
	send_all(exchange);
	while (peer.len && exchange->phase != EXCHANGE_DONE) {
		harness_step();
		size_t want = exchange_want(exchange), n = chunk < want ? chunk : want;
		CHECK(want > 0);
		n = n < peer.len ? n : peer.len;
		exchange_input(exchange, span_of(peer.at, n));
		peer = span_skip(peer, n);
		send_all(exchange);
	}
	exchange_quiet(exchange);
	exchange_finish(exchange, end % (EXCHANGE_UNREACHABLE + 1), "no route");
	check(rig);
}

void rig_exchange_same(const struct rig_exchange *a, const struct rig_exchange *b)
{
	const struct observation *x = &a->exchange.observation, *y = &b->exchange.observation;
	CHECK(observation_same_class(x, y) && x->depth == y->depth);
	CHECK(x->group == y->group && x->downgrade == y->downgrade);
	CHECK(x->overload == y->overload && x->flight_complete == y->flight_complete);
	CHECK(!x->certificates == !y->certificates && !x->broken == !y->broken);
	harness_note_number(x->outcome);
	harness_note_number(x->suite);
}
