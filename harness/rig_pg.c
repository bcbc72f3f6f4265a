/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_pg.h"

#include "oracle_json.h"
#include "unseen.h"
#include "upgrade/pg_violation.h"

UNSEEN_BEGIN

#define FINAL_MAX 1024

static struct pg_options options_of(uint8_t choice)
{
	struct pg_options options = {
		.user = "tester",
		.database = choice & 1 ? "db" : NULL,
		.password = choice & 2 ? "pencil" : NULL,
		.end_point = choice & 4 ? span_of("0123456789abcdef0123456789abcdef", 32)
					: span_of(NULL, 0),
	};
	rng_init(&options.rng, 7, 1);
	return options;
}

static void listen(struct pg_session *session)
{
	struct span said = pg_session_output(session);
	CHECK(session->out_len <= sizeof(session->out));
	harness_note(said);
	pg_session_sent(session, said.len);
}

/* Whether the server tells of what was negotiated: never both agreement and a reason against it. */
static void agree(const struct pg_tls *row, enum version version, uint16_t suite)
{
	char why[256] = "";
	bool agrees = pg_tls_agrees(row, version, suite, why, sizeof(why));
	CHECK(agrees == !why[0] && (!agrees || row->has_row));
	harness_note(span_text(why));
}

static void compare(const struct pg_session *session)
{
	static const uint16_t suites[] = { 0xC030, 0x1301, 0x000A, 0xCCA8, 0xCAFE };
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
		agree(&session->stat, TLS1_2, suites[i]);
		agree(&session->sslinfo, TLS1_3, suites[i]);
		agree(&session->stat, VERSION_NONE, suites[i]);
	}
}

void rig_pg_session(struct pg_session *session, uint8_t choice, struct span server, size_t chunk)
{
	struct pg_options options = options_of(choice);
	CHECK(pg_session_start(session, &options) == FAULT_NONE);
	listen(session);
	while (server.len && session->state == PG_TALKING) {
		harness_step();
		size_t n = server.len < chunk ? server.len : chunk;
		pg_session_input(session, span_of(server.at, n));
		server = span_skip(server, n);
		listen(session);
	}
	CHECK((session->state == PG_MALFORMED) == (session->violation != PG_VIOLATION_NONE));
	CHECK(pg_violation_name(session->violation) && pg_violation_text(session->violation));
	CHECK(pg_authentication_name(session->authentication));
	CHECK(session->state != PG_READY || session->logged_in);
	CHECK(session->state != PG_FAILED || session->fault != FAULT_NONE);
	compare(session);
}

void rig_pg_same(const struct pg_session *a, const struct pg_session *b)
{
	CHECK(a->state == b->state && a->step == b->step && a->violation == b->violation);
	CHECK(a->authentication == b->authentication && a->logged_in == b->logged_in);
	CHECK(strcmp(a->stat.version, b->stat.version) == 0);
	CHECK(strcmp(a->refusal.message, b->refusal.message) == 0);
	CHECK(strlen(a->stat.cipher) < sizeof(a->stat.cipher));
	CHECK(pg_refusal_name(pg_refusal_kind(&a->refusal)));
	harness_note_number(a->state);
}

void rig_pg_scram(enum pg_binding binding, struct span server_first, struct span server_final)
{
	struct pg_scram scram;
	enum pg_violation wrong = PG_VIOLATION_NONE;
	uint8_t bytes[FINAL_MAX];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	pg_scram_init(&scram, binding, span_of("0123456789abcdef", 16), "user",
		      "rOprNGfwEbeRWgbNEkqO");
	pg_scram_first(&scram, &b);
	CHECK(builder_fault(&b) == FAULT_NONE);
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	enum fault fault = pg_scram_answer(&scram, server_first, span_text("pencil"), &b, &wrong);
	CHECK(fault == FAULT_NONE && builder_fault(&b) == FAULT_NONE);
	CHECK((wrong == PG_VIOLATION_NONE) == (b.len > 0));
	harness_note_number(wrong);
	harness_note(builder_view(&b));
	if (wrong == PG_VIOLATION_NONE)
		harness_note_number(pg_scram_verify(&scram, server_final));
}

UNSEEN_END
