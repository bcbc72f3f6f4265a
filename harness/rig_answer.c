/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_answer.h"

#include "base/limits.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

#define VERSIONS_TYPE	 43
#define PROTOCOLS_TYPE	 16
#define COOKIE_TYPE	 44
#define RENEGOTIATION	 0xFF01
#define SCSV		 0x00FF
#define TLS13		 0x0304
#define EXTENSION_HEADER 4

static bool ask(enum violation *out, const struct rig_answer *rig)
{
	char detail[ANSWER_DETAIL_MAX];
	const struct answer_question question = {
		.hello = rig->message,
		.answer = &rig->answer,
		.retry = rig->retried ? &rig->retry : NULL,
	};
	*out = answer_check(&question, detail);
	harness_note_number(*out);
	harness_note(span_text(detail));
	return strlen(detail) < sizeof(detail);
}

bool rig_answer_init(struct rig_answer *rig, struct span hello, struct span retry,
		     struct span answer)
{
	enum violation violation;
	*rig = (struct rig_answer){ .message = hello, .body = answer };
	if (server_hello_decode(&rig->answer, cursor_over(answer)) != FAULT_NONE) {
		violation = answer_undecoded(answer);
		CHECK(violation == VIOLATION_MALFORMED_MESSAGE ||
		      violation == VIOLATION_EXTENSION_DUPLICATE);
		return false;
	}
	rig->retried = server_hello_decode(&rig->retry, cursor_over(retry)) == FAULT_NONE &&
		       rig->retry.is_retry_request;
	struct span body = span_skip(hello, HANDSHAKE_HEADER_LEN);
	if (client_hello_decode(&rig->hello, cursor_over(body), LENIENT_ALL, NULL) == FAULT_NONE)
		return true;
	CHECK(ask(&violation, rig) && violation == VIOLATION_NONE);
	return false;
}

enum violation rig_answer_check(const struct rig_answer *rig)
{
	enum violation violation;
	CHECK(ask(&violation, rig));
	CHECK(violation_name(violation) && violation_text(violation)[0]);
	CHECK(answer_rule(violation, version_by_code(rig->answer.version))[0]);
	return violation;
}

static uint16_t number(struct span bytes, size_t at)
{
	return (uint16_t)(bytes.at[at] << 8 | bytes.at[at + 1]);
}

static bool lists(struct span codes, uint16_t code)
{
	for (size_t at = 0; at + 1 < codes.len; at += 2) {
		if (number(codes, at) == code)
			return true;
	}
	return false;
}

/* How often a block of extensions has the type; the first body goes to `body`. */
static size_t count(struct span block, uint16_t type, struct span *body)
{
	size_t found = 0;
	while (block.len >= EXTENSION_HEADER) {
		size_t len = number(block, 2), rest = block.len - EXTENSION_HEADER;
		CHECK(len <= rest);
		if (number(block, 0) == type && found++ == 0)
			*body = span_of(block.at + EXTENSION_HEADER, len);
		block = span_skip(block, EXTENSION_HEADER + len);
	}
	return found;
}

static bool offers_version(const struct rig_answer *rig, uint16_t version)
{
	struct span body;
	if (count(rig->hello.extensions, VERSIONS_TYPE, &body) && (rig->hello.present & 1))
		return lists(span_skip(body, 1), version);
	return version <= rig->hello.legacy_version && version < TLS13;
}

static void extensions_were_asked_for(const struct rig_answer *rig)
{
	struct span block = rig->answer.extensions, body;
	while (block.len >= EXTENSION_HEADER) {
		uint16_t type = number(block, 0);
		bool by_signal = type == RENEGOTIATION && lists(rig->hello.suites, SCSV);
		bool cookie = type == COOKIE_TYPE && rig->answer.is_retry_request;
		CHECK(by_signal || cookie || count(rig->hello.extensions, type, &body) > 0);
		CHECK(count(rig->answer.extensions, type, &body) == 1);
		block = span_skip(block, EXTENSION_HEADER + (size_t)number(block, 2));
	}
}

void rig_answer_was_asked_for(const struct rig_answer *rig)
{
	const struct server_hello *answer = &rig->answer;
	CHECK(offers_version(rig, answer->version));
	CHECK(lists(rig->hello.suites, answer->suite));
	CHECK(!answer->compression ||
	      memchr(rig->hello.compression.at, answer->compression, rig->hello.compression.len));
	CHECK(answer->version != TLS13 || span_equal(answer->session_id, rig->hello.session_id));
	CHECK(!rig->retried || (answer->version == TLS13 && answer->suite == rig->retry.suite));
	extensions_were_asked_for(rig);
}

/* A name and its length byte, behind the length of a list. */
static bool names(struct span list, struct span name)
{
	size_t at = 2;
	while (at < list.len) {
		size_t len = list.at[at];
		if (at + 1 + len > list.len)
			return false;
		if (span_equal(span_of(list.at + at, 1 + len), name))
			return true;
		at += 1 + len;
	}
	return false;
}

void rig_answer_is_wrong(const struct rig_answer *rig, enum violation violation)
{
	struct span offered = span_of(NULL, 0), chosen = span_of(NULL, 0);
	bool asked = count(rig->hello.extensions, PROTOCOLS_TYPE, &offered) == 1;
	bool told = count(rig->answer.extensions, PROTOCOLS_TYPE, &chosen) == 1;
	if (violation == VIOLATION_EXTENSION_VALUE && asked && told && chosen.len > 3)
		CHECK(!names(offered, span_skip(chosen, 2)));
}

void rig_answer_ends_a_handshake(const struct rig_answer *rig)
{
	uint8_t bytes[RECORD_HEADER_LEN + HANDSHAKE_HEADER_LEN + 4096];
	struct builder b;
	const struct handshake_options options = { .client_hello = rig->message, .seed = 1 };
	if (rig->retried || rig->body.len > 4096)
		return;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	builder_u8(&b, "type", CONTENT_HANDSHAKE);
	builder_u16(&b, "version", 0x0303);
	struct prefix record = builder_open(&b, "record", 2);
	handshake_encode(&b, HANDSHAKE_SERVER_HELLO, rig->body, 0);
	builder_close(&b, record, 0);
	struct handshake *client = handshake_new(harness_arena(0, PROBE_ARENA_MAX), &options);
	CHECK(client && builder_fault(&b) == FAULT_NONE);
	handshake_input(client, builder_view(&b));
	enum handshake_phase phase = handshake_facts(client)->phase;
	CHECK(phase == PHASE_VIOLATED || phase == PHASE_UNABLE);
	handshake_free(client);
}
