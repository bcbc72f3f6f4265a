/* SPDX-License-Identifier: Apache-2.0 */
#include "lies.h"

#include "registry/registry.h"

/* Lies in ServerHello, HelloRetryRequest and EncryptedExtensions. */

static void version_1_1(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->legacy_version = 0x0302;
}

static void version_1_2_of_1_1(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->legacy_version = 0x0303;
}

static void version_1_4(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->legacy_version = 0x0305;
}

static void another_suite(struct rogue *rogue, struct server_hello *hello)
{
	hello->suite = rogue->version == TLS1_3 ? 0x1302 : 0xC014;
}

static void the_signal(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->suite = SUITE_EMPTY_RENEGOTIATION_INFO_SCSV;
}

static void suite_of_1_3(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->suite = 0x1301;
}

static void suite_of_1_2(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->suite = 0xC02F;
}

static void misfits_offered(struct scene *scene)
{
	scene->offer.suites[1] = 0x1301;
	scene->offer.suites[2] = 0xC02F;
}

static void deflate(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->compression = 1;
}

static void another_session(struct rogue *rogue, struct server_hello *hello)
{
	hello->session_id = span_of(rogue->session_id, 32);
}

static struct span random_with(const char *sentinel)
{
	static uint8_t random[32];
	memset(random, 0x42, 24);
	memcpy(random + 24, sentinel, 8);
	return span_of(random, sizeof random);
}

static void sentinel_1_2(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->random = random_with("DOWNGRD\1");
}

static void sentinel_1_1(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->random = random_with("DOWNGRD\0");
}

static void no_extensions(struct rogue *rogue, struct server_hello *hello)
{
	(void)rogue;
	hello->extensions = span_of("\0\53\0\2\3\4", 6);
}

static void point_of_zeros(struct rogue *rogue, struct server_hello *hello)
{
	static uint8_t extensions[6 + 8 + 32] = { 0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 0x1D, 0, 32 };
	(void)rogue;
	hello->extensions = span_of(extensions, sizeof extensions);
}

static void point_off_the_curve(struct rogue *rogue, struct server_hello *hello)
{
	static uint8_t extensions[6 + 8 + 65] = { 0, 43, 0, 2,	  3, 4,	 0, 51,
						  0, 69, 0, 0x17, 0, 65, 4, 1 };
	(void)rogue;
	hello->extensions = span_of(extensions, sizeof extensions);
}

static void two_groups(struct scene *scene)
{
	scene->offer.also_tls12 = true;
	scene->rogue.version = TLS1_2;
	scene->rogue.suite = 0xC02F;
	scene->offer.suites[1] = 0xC02F;
	scene->rogue.extended_master_secret = true;
	scene->rogue.row = cipher_suite_by_code(0xC02F);
	scene->rogue.scheme = 0x0401;
	static const enum step steps[] = { STEP_SERVER_HELLO, STEP_CERTIFICATE, STEP_EXCHANGE,
					   STEP_DONE,	      STEP_AWAIT,	STEP_CCS,
					   STEP_FINISHED };
	script_set(&scene->rogue, steps, 7);
}

static void session_id(struct scene *scene)
{
	scene->offer.session_id = span_text("thirty-two bytes of session id..");
}

static void unshared_group(struct scene *scene)
{
	scene->rogue.group = GROUP_SECP256R1;
}

static void unsolicited(struct scene *scene)
{
	scene->rogue.hello_extra = span_of("\0\17\0\1\1", 5); /* heartbeat */
}

static void twice(struct scene *scene)
{
	scene->rogue.hello_extra = span_of("\377\1\0\1\0", 5);
}

static void unknown_twice(struct scene *scene)
{
	scene->rogue.hello_extra = span_of("\x7f\1\0\0\x7f\1\0\0", 8);
}

static void renegotiating(struct scene *scene)
{
	scene->rogue.lie_message = lie_renegotiation;
}

static void in_the_wrong_place(struct scene *scene)
{
	scene->rogue.hello_extra = span_of("\0\20\0\15\0\13\12postgresql", 17);
}

static void cookie_in_hello(struct scene *scene)
{
	scene->offer.cookie = span_text("baked");
	scene->rogue.hello_extra = span_of("\0\54\0\3\0\1c", 7);
}

static void share_of_1_3_in_1_2(struct scene *scene)
{
	two_groups(scene);
	scene->rogue.hello_extra = span_of("\0\53\0\2\3\3", 6);
}

static void unselected_psk(struct scene *scene)
{
	scene->rogue.hello_extra = span_of("\0\51\0\2\0\0", 6);
}

static void encrypted_twice(struct scene *scene)
{
	scene->rogue.other_extra = span_of("\0\20\0\15\0\13\12postgresql", 17);
}

static void encrypted_unsolicited(struct scene *scene)
{
	scene->rogue.other_extra = span_of("\0\17\0\1\1", 5);
}

static void encrypted_misplaced(struct scene *scene)
{
	scene->rogue.other_extra = span_of("\0\13\0\2\1\0", 6);
}

static void encrypted_malformed(struct scene *scene)
{
	scene->rogue.other_extra = span_of("\0\12\0\3\0\1\0", 7);
}

static void other_protocol(struct scene *scene)
{
	scene->rogue.hello_extra = span_of("\0\20\0\5\0\3\2h2", 9);
}

static void etm_of_aead(struct scene *scene)
{
	scene->rogue.encrypt_then_mac = true;
}

static void retry(struct scene *scene, unsigned times)
{
	scene->rogue.group = GROUP_SECP256R1;
	for (unsigned i = 0; i < times; i++) {
		script_insert(&scene->rogue, 0, STEP_AWAIT);
		script_insert(&scene->rogue, 0, STEP_RETRY);
	}
}

static void retried(struct scene *scene)
{
	retry(scene, 1);
}

static void retried_twice(struct scene *scene)
{
	retry(scene, 2);
}

static void retried_for_what_is_there(struct scene *scene)
{
	retry(scene, 1);
	scene->rogue.group = GROUP_X25519;
}

static void retried_for_an_unknown_group(struct scene *scene)
{
	retry(scene, 1);
	scene->rogue.group = GROUP_SECP521R1;
}

static void suite_after_retry(struct rogue *rogue, struct server_hello *hello)
{
	if (hello->random.at == rogue->random)
		hello->suite = 0x1303;
}

static void retried_with_two_suites(struct scene *scene)
{
	retry(scene, 1);
	scene->offer.suites[1] = 0x1303;
}

static void version_after_retry(struct rogue *rogue, struct server_hello *hello)
{
	if (hello->random.at != rogue->random)
		return;
	hello->suite = 0xC02F;
	hello->extensions = span_of("", 0);
}

static void retried_with_two_versions(struct scene *scene)
{
	retry(scene, 1);
	scene->offer.also_tls12 = true;
	scene->offer.suites[1] = 0xC02F;
}

static void asks_for_nothing(struct rogue *rogue, struct server_hello *hello)
{
	if (hello->random.at != rogue->random)
		hello->extensions = span_of("\0\53\0\2\3\4", 6);
}

static void changes_its_group(struct rogue *rogue, struct server_hello *hello)
{
	static uint8_t extensions[6 + 8 + 32] = {
		0, 43, 0, 2, 3, 4, 0, 51, 0, 36, 0, 0x1D, 0, 32, 9
	};
	if (hello->random.at == rogue->random)
		hello->extensions = span_of(extensions, sizeof extensions);
}

#define V(name) VIOLATION_##name

static const struct lie lies[] = {
	{ "an older version", TLS1_3, 0x1301, two_groups, version_1_1, V(VERSION_NOT_OFFERED) },
	{ "a newer version", TLS1_1, 0xC013, NULL, version_1_2_of_1_1, V(VERSION_NOT_OFFERED) },
	{ "an unknown version", TLS1_2, 0xC02F, NULL, version_1_4, V(VERSION_NOT_OFFERED) },
	{ "a legacy_version of 1.1", TLS1_3, 0x1301, NULL, version_1_1, V(VERSION_NOT_OFFERED) },
	{ "another suite", TLS1_2, 0xC02F, NULL, another_suite, V(SUITE_NOT_OFFERED) },
	{ "another suite", TLS1_3, 0x1301, NULL, another_suite, V(SUITE_NOT_OFFERED) },
	{ "a signal as suite", TLS1_2, 0xC02F, NULL, the_signal, V(SUITE_NOT_OFFERED) },
	{ "a suite of 1.3", TLS1_2, 0xC02F, misfits_offered, suite_of_1_3,
	  V(SUITE_NOT_IN_VERSION) },
	{ "a suite of 1.2", TLS1_1, 0xC013, misfits_offered, suite_of_1_2,
	  V(SUITE_NOT_IN_VERSION) },
	{ "compression", TLS1_2, 0xC02F, NULL, deflate, V(COMPRESSION_NOT_OFFERED) },
	{ "compression", TLS1_3, 0x1301, NULL, deflate, V(COMPRESSION_NOT_OFFERED) },
	{ "another session id", TLS1_3, 0x1301, session_id, another_session,
	  V(SESSION_ID_NOT_ECHOED) },
	{ "a session id out of nothing", TLS1_3, 0x1301, NULL, another_session,
	  V(SESSION_ID_NOT_ECHOED) },
	{ "the sentinel of 1.2", TLS1_3, 0x1301, two_groups, sentinel_1_2, V(DOWNGRADE) },
	{ "no sentinel", TLS1_3, 0x1301, two_groups, NULL, V(NONE) },
	{ "the sentinel of 1.1 in 1.2", TLS1_2, 0xC02F, NULL, sentinel_1_1, V(NONE) },
	{ "no key_share", TLS1_3, 0x1301, NULL, no_extensions, V(EXTENSION_MISSING) },
	{ "a share of zeros", TLS1_3, 0x1301, NULL, point_of_zeros, V(BAD_SHARE) },
	{ "a point off the curve", TLS1_3, 0x1301, share_p256, point_off_the_curve, V(BAD_SHARE) },
	{ "a group without our share", TLS1_3, 0x1301, unshared_group, NULL, V(GROUP_NOT_OFFERED) },
	{ "an unsolicited extension", TLS1_2, 0xC02F, unsolicited, NULL, V(EXTENSION_NOT_OFFERED) },
	{ "an unsolicited extension", TLS1_3, 0x1301, unsolicited, NULL, V(EXTENSION_NOT_OFFERED) },
	{ "an extension twice", TLS1_2, 0xC02F, twice, NULL, V(EXTENSION_DUPLICATE) },
	{ "an unknown extension twice", TLS1_2, 0xC02F, unknown_twice, NULL,
	  V(EXTENSION_NOT_OFFERED) },
	{ "renegotiation", TLS1_2, 0xC02F, renegotiating, NULL, V(RENEGOTIATION_INFO) },
	{ "alpn in the open", TLS1_3, 0x1301, in_the_wrong_place, NULL, V(EXTENSION_NOT_ALLOWED) },
	{ "a cookie in ServerHello", TLS1_3, 0x1301, cookie_in_hello, NULL,
	  V(EXTENSION_NOT_ALLOWED) },
	{ "supported_versions in 1.2", TLS1_3, 0x1301, share_of_1_3_in_1_2, NULL,
	  V(EXTENSION_NOT_ALLOWED) },
	{ "a PSK that was not offered", TLS1_3, 0x1301, unselected_psk, NULL,
	  V(EXTENSION_NOT_OFFERED) },
	{ "alpn twice", TLS1_3, 0x1301, encrypted_twice, NULL, V(EXTENSION_DUPLICATE) },
	{ "an unsolicited extension, encrypted", TLS1_3, 0x1301, encrypted_unsolicited, NULL,
	  V(EXTENSION_NOT_OFFERED) },
	{ "point formats, encrypted", TLS1_3, 0x1301, encrypted_misplaced, NULL,
	  V(EXTENSION_NOT_ALLOWED) },
	{ "malformed groups, encrypted", TLS1_3, 0x1301, encrypted_malformed, NULL,
	  V(MALFORMED_MESSAGE) },
	{ "another protocol", TLS1_2, 0xC02F, other_protocol, NULL, V(EXTENSION_VALUE) },
	{ "encrypt-then-MAC of an AEAD", TLS1_2, 0xC02F, etm_of_aead, NULL,
	  V(EXTENSION_NOT_ALLOWED) },
	{ "one retry", TLS1_3, 0x1301, retried, NULL, V(NONE) },
	{ "a second retry", TLS1_3, 0x1301, retried_twice, NULL, V(SECOND_RETRY) },
	{ "a retry for our own share", TLS1_3, 0x1301, retried_for_what_is_there, NULL,
	  V(GROUP_NOT_OFFERED) },
	{ "a retry for a strange group", TLS1_3, 0x1301, retried_for_an_unknown_group, NULL,
	  V(GROUP_NOT_OFFERED) },
	{ "a retry for nothing", TLS1_3, 0x1301, retried, asks_for_nothing, V(EXTENSION_MISSING) },
	{ "another suite after the retry", TLS1_3, 0x1301, retried_with_two_suites,
	  suite_after_retry, V(SUITE_NOT_OFFERED) },
	{ "another version after the retry", TLS1_3, 0x1301, retried_with_two_versions,
	  version_after_retry, V(VERSION_NOT_OFFERED) },
	{ "another group after the retry", TLS1_3, 0x1301, retried, changes_its_group,
	  V(GROUP_NOT_OFFERED) },
};

Test(lies, in_a_server_hello_have_their_names)
{
	lies_play(lies, sizeof lies / sizeof lies[0]);
}
