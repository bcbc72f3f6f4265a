/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "rogue.h"
#include "wire/record.h"

/*
 * The client is deterministic, so what a server said to it once can be said again, without the
 * server: whole, cut off, and with bytes changed.
 */
static const struct kind {
	enum version version;
	uint16_t suite;
	bool retry;
} kinds[] = {
	{ TLS1_0, 0x002F, false }, { TLS1_1, 0xC009, false }, { TLS1_2, 0x003C, false },
	{ TLS1_2, 0xC02F, false }, { TLS1_2, 0x009E, false }, { TLS1_2, 0x008C, false },
	{ TLS1_2, 0xC018, false }, { TLS1_2, 0x0005, false }, { TLS1_2, 0x003B, false },
	{ TLS1_3, 0x1301, false }, { TLS1_3, 0x1303, true },
};
#define KINDS_LEN (sizeof kinds / sizeof kinds[0])

static void record_scene(struct scene *scene, const struct kind *kind)
{
	scene_init(scene, kind->version, kind->suite);
	if (kind->retry) {
		scene->rogue.group = GROUP_SECP256R1;
		script_insert(&scene->rogue, 0, STEP_AWAIT);
		script_insert(&scene->rogue, 0, STEP_RETRY);
	}
	if (kind->version == TLS1_2 && kind->suite == 0xC02F) {
		scene->rogue.ticket = true;
		script_insert(&scene->rogue, script_find(&scene->rogue, STEP_CCS), STEP_TICKET);
	}
	cr_assert_eq(scene_play(scene)->phase, PHASE_FINISHED);
}

/* Another client, told the same. */
struct listener {
	struct arena arena;
	struct handshake *client;
	const struct handshake_facts *facts;
	const struct scene *scene;
};

static void listener_init(struct listener *listener, const struct scene *scene)
{
	arena_init(&listener->arena, PROBE_ARENA_MAX);
	listener->scene = scene;
	listener->client = handshake_new(&listener->arena, &scene->options);
	cr_assert_not_null(listener->client);
	listener->facts = handshake_facts(listener->client);
}

static void listener_release(struct listener *listener)
{
	handshake_free(listener->client);
	arena_release(&listener->arena);
}

static void tell(struct listener *listener, struct span bytes)
{
	handshake_input(listener->client, bytes);
	const struct server_hello *request = handshake_retry_request(listener->client);
	if (request) {
		struct offer second = listener->scene->offer;
		second.share = request->selected_group;
		second.cookie = request->cookie;
		handshake_retry(listener->client, offer_message(&listener->arena, &second));
	}
	handshake_sent(listener->client, handshake_output(listener->client).len);
	cr_assert_leq(listener->arena.used, PROBE_ARENA_MAX);
}

Test(recorded, every_prefix_of_a_good_flight_is_not_an_acceptance)
{
	for (size_t k = 0; k < KINDS_LEN; k++) {
		struct scene scene;
		struct listener listener;
		record_scene(&scene, &kinds[k]);
		listener_init(&listener, &scene);
		struct span log = tape_view(&scene.rogue.log);
		for (size_t i = 0; i < log.len; i++) {
			cr_assert_eq(listener.facts->phase, PHASE_NEGOTIATING, "0x%04X after %zu",
				     kinds[k].suite, i);
			tell(&listener, span_of(log.at + i, 1));
		}
		cr_expect_eq(listener.facts->phase, PHASE_FINISHED, "0x%04X", kinds[k].suite);
		listener_release(&listener);
		scene_release(&scene);
	}
}

/* The version of a record in clear is covered by nothing (RFC 8446 5.1 has it ignored). */
static bool is_covered(struct span log, size_t at)
{
	struct cursor in = cursor_over(log);
	struct record record;
	size_t start = 0;
	bool seen_ccs = false;
	while (cursor_left(&in) && record_decode(&record, &in) == FAULT_NONE && in.at <= at) {
		start = in.at;
		seen_ccs = seen_ccs || record.type == CONTENT_CHANGE_CIPHER_SPEC;
	}
	bool in_clear = !seen_ccs || record.type == CONTENT_CHANGE_CIPHER_SPEC;
	return !(in_clear && (at - start == 1 || at - start == 2));
}

static void tell_all(struct listener *listener, struct span bytes)
{
	/* In two pieces, for a client that must answer a HelloRetryRequest between. */
	size_t half = bytes.len / 2;
	tell(listener, span_of(bytes.at, half));
	tell(listener, span_of(bytes.at + half, bytes.len - half));
}

static void expect_refused(const struct scene *scene, struct span bytes, const char *what,
			   size_t at)
{
	struct listener listener;
	listener_init(&listener, scene);
	tell_all(&listener, bytes);
	cr_expect_neq(listener.facts->phase, PHASE_FINISHED, "%s: 0x%04X with %s at %zu",
		      version_name(scene->rogue.version), scene->rogue.suite, what, at);
	if (listener.facts->phase == PHASE_VIOLATED)
		cr_expect_neq(listener.facts->violation, VIOLATION_NONE);
	listener_release(&listener);
}

static void flip(const struct scene *scene, struct span log, struct rng *rng, uint8_t *bytes)
{
	size_t at = rng_below(rng, (uint32_t)log.len);
	memcpy(bytes, log.at, log.len);
	bytes[at] ^= (uint8_t)(1u << rng_below(rng, 8));
	if (is_covered(log, at))
		expect_refused(scene, span_of(bytes, log.len), "a flipped bit", at);
}

static void cut_out(const struct scene *scene, struct span log, struct rng *rng, uint8_t *bytes)
{
	size_t at = rng_below(rng, (uint32_t)log.len), len = 1 + rng_below(rng, 40);
	len = len > log.len - at ? log.len - at : len;
	memcpy(bytes, log.at, at);
	memcpy(bytes + at, log.at + at + len, log.len - at - len);
	expect_refused(scene, span_of(bytes, log.len - len), "a hole", at);
}

static void put_in(const struct scene *scene, struct span log, struct rng *rng, uint8_t *bytes)
{
	size_t at = rng_below(rng, (uint32_t)log.len), len = 1 + rng_below(rng, 40);
	size_t from = rng_below(rng, (uint32_t)(log.len - len));
	memcpy(bytes, log.at, at);
	memcpy(bytes + at, log.at + from, len);
	memcpy(bytes + at + len, log.at + at, log.len - at);
	/* An empty or foreign record may be passed over, so only the client's health is asked. */
	struct listener listener;
	listener_init(&listener, scene);
	tell_all(&listener, span_of(bytes, log.len + len));
	listener_release(&listener);
}

static void change_thousands(void (*change)(const struct scene *, struct span, struct rng *,
					    uint8_t *),
			     unsigned each)
{
	for (size_t k = 0; k < KINDS_LEN; k++) {
		struct scene scene;
		struct rng rng;
		record_scene(&scene, &kinds[k]);
		struct span log = tape_view(&scene.rogue.log);
		uint8_t *bytes = malloc(log.len + 64);
		rng_init(&rng, 2026, k);
		for (unsigned i = 0; i < each; i++)
			change(&scene, log, &rng, bytes);
		free(bytes);
		scene_release(&scene);
	}
}

Test(recorded, flights_with_a_flipped_bit_are_never_accepted)
{
	change_thousands(flip, 400);
}

Test(recorded, flights_with_a_hole_are_never_accepted)
{
	change_thousands(cut_out, 150);
}

Test(recorded, flights_with_bytes_put_in_do_no_harm)
{
	change_thousands(put_in, 150);
}

/* What one client heard means nothing to another, whose random differs. */
Test(recorded, flights_replayed_to_another_client_are_refused)
{
	for (size_t k = 0; k < KINDS_LEN; k++) {
		struct scene scene;
		struct listener listener;
		record_scene(&scene, &kinds[k]);
		struct scene other = scene;
		struct span hello = arena_copy(&scene.arena, scene.options.client_hello);
		uint8_t *random = scene.arena.fault ? NULL : (uint8_t *)(uintptr_t)(hello.at + 6);
		cr_assert_not_null(random);
		random[5] ^= 1;
		other.options.client_hello = hello;
		listener_init(&listener, &other);
		tell(&listener, tape_view(&scene.rogue.log));
		cr_expect_neq(listener.facts->phase, PHASE_FINISHED, "0x%04X", kinds[k].suite);
		listener_release(&listener);
		scene_release(&scene);
	}
}

/* Memory that runs out, at whatever moment, ends the handshake and nothing else. */
Test(recorded, flights_are_survived_in_arenas_of_any_size)
{
	for (size_t k = 0; k < KINDS_LEN; k++) {
		struct scene scene;
		size_t finished = 0;
		record_scene(&scene, &kinds[k]);
		for (size_t size = 256; size < 96 * 1024; size += 256) {
			struct listener listener;
			arena_init(&listener.arena, size);
			listener.scene = &scene;
			listener.client = handshake_new(&listener.arena, &scene.options);
			if (listener.client) {
				listener.facts = handshake_facts(listener.client);
				handshake_input(listener.client, tape_view(&scene.rogue.log));
				bool ended = listener.facts->phase == PHASE_VIOLATED ||
					     listener.facts->phase == PHASE_UNABLE ||
					     listener.facts->phase == PHASE_RETRY;
				bool good = listener.facts->phase == PHASE_FINISHED;
				finished += good;
				cr_expect(good || ended, "0x%04X: phase %d with %zu bytes: %s",
					  kinds[k].suite, listener.facts->phase, size,
					  listener.facts->detail);
				cr_expect(!listener.arena.fault || !good);
			}
			listener_release(&listener);
		}
		cr_expect(finished || kinds[k].retry, "0x%04X", kinds[k].suite);
		scene_release(&scene);
	}
}
