/* SPDX-License-Identifier: Apache-2.0 */
#include "lies.h"

#include "base/limits.h"
#include "registry/registry.h"

void share_p256(struct scene *scene)
{
	scene->offer.share = scene->rogue.group = GROUP_SECP256R1;
}

/* The empty renegotiation_info is the first extension: its one byte becomes a verify_data. */
void lie_renegotiation(struct rogue *rogue, enum step step, struct builder *message)
{
	static const uint8_t before[] = { 0xFF, 0x01, 0, 1, 0 };
	static const uint8_t after[] = { 0xFF, 0x01, 0, 2, 1, 9 };
	(void)rogue;
	if (step != STEP_SERVER_HELLO)
		return;
	uint8_t *at = memmem(message->at, message->len, before, sizeof before);
	cr_assert_not_null(at);
	size_t rest = message->len - (size_t)(at - message->at) - sizeof before;
	memmove(at + sizeof after, at + sizeof before, rest);
	memcpy(at, after, sizeof after);
	message->len++;
	message->at[3]++; /* the message, and the block at its fixed place */
	at[-1]++;
}

static const uint8_t alerts[] = {
#define X(name, alert, text) alert,
	VIOLATION_LIST(X)
#undef X
};

static void expect_named(struct scene *scene, const struct lie *lie)
{
	const struct handshake_facts *facts = scene_play(scene);
	if (lie->violation == VIOLATION_NONE) {
		cr_expect_eq(facts->phase, PHASE_FINISHED, "%s: %s, %s", lie->name,
			     violation_name(facts->violation), facts->detail);
		return;
	}
	cr_expect_eq(facts->phase, PHASE_VIOLATED, "%s: phase %d", lie->name, facts->phase);
	cr_expect_eq(facts->violation, lie->violation, "%s: %s, %s", lie->name,
		     violation_name(facts->violation), facts->detail);
	cr_expect(facts->detail[0], "%s has no detail", lie->name);
	cr_expect_eq(scene->rogue.client_alert, alerts[lie->violation], "%s: alert %u", lie->name,
		     scene->rogue.client_alert);
	cr_expect_leq(scene->arena.used, PROBE_ARENA_MAX);
}

void lies_play(const struct lie *lies, size_t len)
{
	static const size_t chunks[] = { 0, 1 };
	for (size_t i = 0; i < 2 * len; i++) {
		const struct lie *lie = &lies[i / 2];
		struct scene scene;
		scene_init(&scene, lie->version, lie->suite);
		scene.rogue.lie_hello = lie->lie_hello;
		scene.rogue.chunk = chunks[i % 2];
		if (lie->prepare)
			lie->prepare(&scene);
		expect_named(&scene, lie);
		scene_release(&scene);
	}
}
