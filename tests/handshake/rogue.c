/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "rogue.h"

#include "base/limits.h"
#include "registry/registry.h"
#include "wire/record.h"

#define ROGUE_ARENA_MAX (64 * 1024 * 1024)

void tape_add(struct tape *tape, struct span bytes)
{
	if (tape->len + bytes.len > tape->cap) {
		tape->cap = 2 * (tape->len + bytes.len);
		tape->at = realloc(tape->at, tape->cap);
		cr_assert_not_null(tape->at);
	}
	if (bytes.len)
		memcpy(tape->at + tape->len, bytes.at, bytes.len);
	tape->len += bytes.len;
}

struct span tape_view(const struct tape *tape)
{
	return span_of(tape->at, tape->len);
}

static void tape_free(struct tape *tape)
{
	free(tape->at);
	*tape = (struct tape){ .len = 0 };
}

size_t script_len(const struct rogue *rogue)
{
	size_t len = 0;
	while (rogue->script[len] != STEP_END)
		len++;
	return len;
}

void script_set(struct rogue *rogue, const enum step *steps, size_t len)
{
	cr_assert_lt(len, SCRIPT_MAX);
	memset(rogue->script, 0, sizeof rogue->script);
	memcpy(rogue->script, steps, len * sizeof *steps);
}

void script_insert(struct rogue *rogue, size_t at, enum step step)
{
	size_t len = script_len(rogue);
	cr_assert_lt(len + 1, SCRIPT_MAX);
	for (size_t i = len; i > at; i--)
		rogue->script[i] = rogue->script[i - 1];
	rogue->script[at] = step;
	rogue->script[len + 1] = STEP_END;
}

void script_remove(struct rogue *rogue, size_t at)
{
	for (size_t i = at; rogue->script[i] != STEP_END; i++)
		rogue->script[i] = rogue->script[i + 1];
}

size_t script_find(const struct rogue *rogue, enum step step)
{
	for (size_t i = 0; rogue->script[i] != STEP_END; i++)
		if (rogue->script[i] == step)
			return i;
	cr_assert_fail("no such step");
	return 0;
}

static void put_record(struct rogue *rogue, uint8_t type, struct span fragment)
{
	static uint8_t bytes[RECORD_HEADER_LEN + RECORD_CIPHERTEXT_MAX];
	struct builder b;
	enum version version = rogue->version;
	uint16_t code = version == TLS1_3 ? 0x0303 : version_code(version);
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	if (rogue->writing && !(version == TLS1_3 && type == CONTENT_CHANGE_CIPHER_SPEC)) {
		bool spoil = ++rogue->records_sealed == rogue->spoil_record;
		if (rogue->protected_type)
			type = rogue->protected_type;
		cr_assert_eq(protection_seal(rogue->writing, &b, type, code, fragment, &rogue->rng,
					     spoil ? 1 : 0),
			     FAULT_NONE);
	} else {
		struct record record = { type, code, fragment };
		record_encode(&b, &record, 0);
	}
	tape_add(&rogue->out, builder_view(&b));
}

static void flush(struct rogue *rogue)
{
	struct span rest = tape_view(&rogue->pending);
	size_t most = rogue->fragment ? rogue->fragment : RECORD_PLAINTEXT_MAX;
	while (rest.len) {
		size_t len = rest.len < most ? rest.len : most;
		put_record(rogue, CONTENT_HANDSHAKE, span_of(rest.at, len));
		rest = span_skip(rest, len);
	}
	rogue->pending.len = 0;
}

static bool is_hashed(const struct rogue *rogue, enum step step)
{
	bool later = rogue->version == TLS1_3 && step == STEP_TICKET;
	return step != STEP_HELLO_REQUEST && step != STEP_KEY_UPDATE &&
	       step != STEP_KEY_UPDATE_SILENT && !later;
}

/* RFC 8446 4.4.1: the hello before a HelloRetryRequest leaves its hash. */
static void replace_hello(struct rogue *rogue)
{
	uint8_t digest[64], header[] = { 254, 0, 0, 0 };
	size_t len;
	rogue_digest(rogue, digest, &len);
	header[3] = (uint8_t)len;
	rogue->transcript.len = 0;
	tape_add(&rogue->transcript, span_of(header, 4));
	tape_add(&rogue->transcript, span_of(digest, len));
}

static void say(struct rogue *rogue, enum step step)
{
	static uint8_t bytes[MESSAGE_LIMIT];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	if (!rogue_message(rogue, step, &b))
		return;
	if (step == STEP_RETRY && !rogue->retried) {
		replace_hello(rogue);
		rogue->retried = true;
	}
	if (is_hashed(rogue, step) && rogue->hash_silently)
		tape_add(&rogue->transcript, builder_view(&b));
	if (rogue->lie_message)
		rogue->lie_message(rogue, step, &b);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	if (is_hashed(rogue, step) && !rogue->hash_silently)
		tape_add(&rogue->transcript, builder_view(&b));
	tape_add(&rogue->pending, builder_view(&b));
	if (!rogue->coalesce)
		flush(rogue);
}

static void change_cipher_spec(struct rogue *rogue)
{
	put_record(rogue, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1));
	if (rogue->version == TLS1_3 || !rogue->next_writing)
		return;
	protection_free(rogue->writing);
	rogue->writing = rogue->next_writing;
	rogue->next_writing = NULL;
}

static void deliver(struct scene *scene)
{
	struct rogue *rogue = &scene->rogue;
	flush(rogue);
	struct span rest = tape_view(&rogue->out);
	size_t most = rogue->chunk ? rogue->chunk : rest.len;
	tape_add(&rogue->log, rest);
	while (rest.len) {
		size_t len = rest.len < most ? rest.len : most;
		handshake_input(scene->client, span_of(rest.at, len));
		rest = span_skip(rest, len);
	}
	rogue->out.len = 0;
	struct span answer = handshake_output(scene->client);
	cr_assert_leq(answer.len, 65536, "the output grows");
	tape_add(&rogue->in, answer);
	handshake_sent(scene->client, answer.len);
	rogue_listen(rogue);
}

/* A client that was asked to retry sends its second hello. */
static void retry(struct scene *scene)
{
	const struct server_hello *request = handshake_retry_request(scene->client);
	if (!request || scene->rogue.no_second_hello)
		return;
	struct offer second = scene->offer;
	second.share = request->selected_group;
	second.cookie = request->cookie;
	struct span hello = offer_message(&scene->arena, &second);
	handshake_retry(scene->client, hello);
	uint8_t header[RECORD_HEADER_LEN];
	record_header_encode(header, CONTENT_HANDSHAKE, 0x0303, (uint16_t)hello.len);
	tape_add(&scene->rogue.in, span_of(header, sizeof header));
	tape_add(&scene->rogue.in, hello);
	rogue_listen(&scene->rogue);
}

static void await(struct scene *scene)
{
	deliver(scene);
	retry(scene);
}

static void switch_keys(struct rogue *rogue, enum step step)
{
	if (rogue->version != TLS1_3)
		return;
	if (step == STEP_SERVER_HELLO) {
		flush(rogue);
		rogue_handshake_keys13(rogue);
	} else if (step == STEP_FINISHED && rogue->has_keys) {
		flush(rogue);
		rogue_application_keys13(rogue);
	} else if (step == STEP_KEY_UPDATE || step == STEP_KEY_UPDATE_SILENT) {
		flush(rogue);
		rogue_update13(rogue, false);
	}
}

static void take_step(struct scene *scene, enum step step)
{
	struct rogue *rogue = &scene->rogue;
	switch (step) {
	case STEP_CCS:
		/* A resumed session has its keys from the start. */
		if (rogue->resumed && rogue->version != TLS1_3 && !rogue->has_keys)
			rogue_block12(rogue);
		flush(rogue);
		change_cipher_spec(rogue);
		break;
	case STEP_AWAIT:
		await(scene);
		break;
	case STEP_APPLICATION:
		flush(rogue);
		put_record(rogue, CONTENT_APPLICATION_DATA, span_text("from the server"));
		break;
	case STEP_WARNING:
		flush(rogue);
		put_record(rogue, CONTENT_ALERT, span_of("\1\132", 2));
		break;
	case STEP_EMPTY:
		flush(rogue);
		put_record(rogue, CONTENT_HANDSHAKE, span_of(NULL, 0));
		break;
	default:
		say(rogue, step);
		switch_keys(rogue, step);
		break;
	}
}

static const enum step full12[] = { STEP_SERVER_HELLO, STEP_CERTIFICATE, STEP_EXCHANGE, STEP_DONE,
				    STEP_AWAIT,	       STEP_CCS,	 STEP_FINISHED };
static const enum step full13[] = { STEP_SERVER_HELLO, STEP_CCS,    STEP_ENCRYPTED_EXTENSIONS,
				    STEP_CERTIFICATE,  STEP_VERIFY, STEP_FINISHED };

static void default_script(struct rogue *rogue)
{
	const struct cipher_suite *row = rogue->row;
	if (rogue->version == TLS1_3) {
		script_set(rogue, full13, sizeof full13 / sizeof full13[0]);
		return;
	}
	script_set(rogue, full12, sizeof full12 / sizeof full12[0]);
	if (row->kx == KX_RSA || row->kx == KX_PSK)
		script_remove(rogue, script_find(rogue, STEP_EXCHANGE));
	if (row->auth == AUTH_ANON || row->auth == AUTH_PSK)
		script_remove(rogue, script_find(rogue, STEP_CERTIFICATE));
}

void scene_init(struct scene *scene, enum version version, uint16_t suite)
{
	struct rogue *rogue = &scene->rogue;
	memset(scene, 0, sizeof *scene);
	arena_init(&scene->arena, PROBE_ARENA_MAX);
	arena_init(&rogue->arena, ROGUE_ARENA_MAX);
	rng_init(&rogue->rng, 42, 0);
	rng_fill(&rogue->rng, rogue->random, sizeof rogue->random);
	rng_fill(&rogue->rng, rogue->session_id, sizeof rogue->session_id);
	scene->offer = (struct offer){ .version = version, .suites = { suite } };
	rogue->version = version;
	rogue->suite = suite;
	rogue->row = cipher_suite_by_code(suite);
	rogue->group = GROUP_X25519;
	bool ecdsa = rogue->row->auth == AUTH_ECDSA;
	rogue->key = ecdsa ? "ecdsa" : "rsa";
	rogue->scheme = ecdsa ? 0x0403 : version == TLS1_3 ? 0x0804 : 0x0401;
	rogue->extended_master_secret = version < TLS1_3;
	scene->options.seed = 1;
	rogue->psk = scene->options.psk = span_text("sixteen bytes...");
	scene->options.psk_identity = span_text("somebody");
	default_script(rogue);
}

static void start(struct scene *scene)
{
	struct rogue *rogue = &scene->rogue;
	struct span hello = offer_message(&scene->arena, &scene->offer);
	scene->options.client_hello = hello;
	scene->client = handshake_new(&scene->arena, &scene->options);
	cr_assert_not_null(scene->client);
	suite_params(&rogue->params, rogue->suite, rogue->version, NULL);
	if (rogue->version == TLS1_3) {
		rogue->schedule.md = rogue->params.prf;
		rogue->schedule.hash_len =
			mbedtls_md_get_size(mbedtls_md_info_from_type(rogue->params.prf));
	}
	if (rogue->master_before.len)
		memcpy(rogue->master, rogue->master_before.at, sizeof rogue->master);
	uint8_t header[RECORD_HEADER_LEN];
	record_header_encode(header, CONTENT_HANDSHAKE, 0x0301, (uint16_t)hello.len);
	tape_add(&rogue->in, span_of(header, sizeof header));
	tape_add(&rogue->in, hello);
	rogue_listen(rogue);
}

const struct handshake_facts *scene_play(struct scene *scene)
{
	start(scene);
	scene_steps(scene, scene->rogue.script, script_len(&scene->rogue));
	return handshake_facts(scene->client);
}

void scene_steps(struct scene *scene, const enum step *steps, size_t len)
{
	for (size_t i = 0; i < len; i++)
		take_step(scene, steps[i]);
	await(scene);
}

void scene_release(struct scene *scene)
{
	struct rogue *rogue = &scene->rogue;
	handshake_free(scene->client);
	protection_free(rogue->reading);
	protection_free(rogue->writing);
	protection_free(rogue->next_reading);
	protection_free(rogue->next_writing);
	struct tape *tapes[] = { &rogue->out,	     &rogue->pending,	      &rogue->log,
				 &rogue->in,	     &rogue->client_messages, &rogue->transcript,
				 &rogue->application };
	for (size_t i = 0; i < sizeof tapes / sizeof tapes[0]; i++)
		tape_free(tapes[i]);
	arena_release(&rogue->arena);
	arena_release(&scene->arena);
}
