/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "registry/registry.h"
#include "rogue.h"

static const struct kind {
	enum version version;
	uint16_t suite;
} kinds[] = { { TLS1_0, 0x002F }, { TLS1_1, 0xC009 }, { TLS1_2, 0x002F },
	      { TLS1_2, 0xC02F }, { TLS1_3, 0x1301 }, { TLS1_3, 0x1302 } };
#define KINDS_LEN (sizeof kinds / sizeof kinds[0])

static void prepare(struct scene *scene, const struct kind *kind)
{
	scene_init(scene, kind->version, kind->suite);
	struct rogue *rogue = &scene->rogue;
	script_insert(rogue,
		      script_find(rogue, kind->version == TLS1_3 ? STEP_CERTIFICATE : STEP_DONE),
		      STEP_REQUEST);
}

static void expect_finished(const struct scene *scene)
{
	const struct handshake_facts *facts = handshake_facts(scene->client);
	cr_expect_eq(facts->phase, PHASE_FINISHED, "%s", facts->detail);
	cr_expect(facts->certificate_requested);
	cr_expect(scene->rogue.client_finished);
}

Test(client_certificate, without_a_key_is_empty)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		prepare(&scene, &kinds[i]);
		scene_play(&scene);
		expect_finished(&scene);
		cr_expect_eq(scene.rogue.client_certificates, 0);
		cr_expect_not(scene.rogue.client_verified);
		scene_release(&scene);
	}
}

Test(client_certificate, is_sent_and_its_key_proven)
{
	static const char *const names[] = { "rsa", "ecdsa" };
	for (size_t i = 0; i < 2 * KINDS_LEN; i++) {
		struct scene scene;
		char why[128];
		const char *name = names[i % 2];
		struct signing_key *key =
			signing_key_read(rogue_fixture(name, "key"), why, sizeof why);
		struct certificate_list chain = { .der = { rogue_certificate(name) }, .len = 1 };
		prepare(&scene, &kinds[i / 2]);
		scene.options.client_key = key;
		scene.options.client_chain = &chain;
		scene_play(&scene);
		expect_finished(&scene);
		cr_expect_eq(scene.rogue.client_certificates, 1);
		cr_expect(scene.rogue.client_verified, "%s: %s", version_name(kinds[i / 2].version),
			  name);
		scene_release(&scene);
		signing_key_free(key);
	}
}

/* A CertificateVerify without a certificate would be an error of ours. */
Test(client_certificate, of_a_key_without_a_chain_is_empty)
{
	for (size_t i = 0; i < KINDS_LEN; i++) {
		struct scene scene;
		char why[128];
		struct signing_key *key =
			signing_key_read(rogue_fixture("rsa", "key"), why, sizeof why);
		prepare(&scene, &kinds[i]);
		scene.options.client_key = key;
		scene_play(&scene);
		expect_finished(&scene);
		cr_expect_eq(scene.rogue.client_certificates, 0);
		scene_release(&scene);
		signing_key_free(key);
	}
}
