/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "registry/registry.h"
#include "rogue.h"

static const struct kind {
	enum version version;
	uint16_t suite;
} kinds[] = {
	{ TLS1_0, 0x002F }, { TLS1_0, 0xC013 }, { TLS1_1, 0xC009 }, { TLS1_2, 0x002F },
	{ TLS1_2, 0x009D }, { TLS1_2, 0xC02F }, { TLS1_2, 0xC02C }, { TLS1_2, 0xC014 },
	{ TLS1_2, 0x009E }, { TLS1_2, 0xCCA8 }, { TLS1_2, 0x008C }, { TLS1_2, 0x00A8 },
	{ TLS1_2, 0xC018 }, { TLS1_2, 0x0034 }, { TLS1_2, 0x0005 }, { TLS1_3, 0x1301 },
	{ TLS1_3, 0x1302 }, { TLS1_3, 0x1303 }, { TLS1_3, 0x1304 },
};

/* Both ends hold the same keys if what one writes the other reads. */
static void expect_conversation(struct scene *scene)
{
	static const enum step application[] = { STEP_APPLICATION };
	const struct handshake_facts *facts = handshake_facts(scene->client);
	cr_expect_eq(facts->phase, PHASE_FINISHED, "0x%04X in %s: %s, %s", scene->rogue.suite,
		     version_name(scene->rogue.version), violation_name(facts->violation),
		     facts->detail);
	cr_expect(scene->rogue.client_finished, "0x%04X: the client's Finished",
		  scene->rogue.suite);
	if (facts->phase != PHASE_FINISHED)
		return;
	cr_expect_eq(handshake_write(scene->client, span_text("from the client")), FAULT_NONE);
	scene_steps(scene, application, 1);
	cr_expect(span_is(handshake_read(scene->client), "from the server"));
	cr_expect(span_is(tape_view(&scene->rogue.application), "from the client"));
	cr_expect_eq(facts->phase, PHASE_FINISHED);
}

Test(complete, every_kind_of_handshake_finishes_and_carries_data_in_any_chunking)
{
	static const size_t chunks[] = { 0, 1, 7, 1000 };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		for (size_t j = 0; j < 4; j++) {
			struct scene scene;
			scene_init(&scene, kinds[i].version, kinds[i].suite);
			scene.rogue.chunk = chunks[j];
			scene_play(&scene);
			expect_conversation(&scene);
			scene_release(&scene);
		}
	}
}

Test(complete, messages_may_share_records_and_records_may_split_them)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		for (size_t j = 0; j < 3; j++) {
			struct scene scene;
			scene_init(&scene, kinds[i].version, kinds[i].suite);
			scene.rogue.coalesce = j != 1;
			scene.rogue.fragment = j == 0 ? 0 : 3 + 50 * j;
			scene_play(&scene);
			expect_conversation(&scene);
			scene_release(&scene);
		}
	}
}
