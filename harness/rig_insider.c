/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_insider.h"

#include "base/hex.h"
#include "base/limits.h"
#include "registry/registry.h"
#include "wire/handshake.h"

#define LOST_HELLO (RIG_INSIDER_LOST | RIG_INSIDER_RESUMES_12 | RIG_INSIDER_RESUMES_13)
#define HELLO_CUT  20
#define PSK_MUCH   1500

/* An extension of the hello, its body in digits. */
struct offer {
	uint16_t type;
	const char *body;
};

#define ZEROS_32 "0000000000000000000000000000000000000000000000000000000000000000"

static const char random_bytes[] =
	"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
static const char session_id[] = "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f";

/* Every key exchange and every way to authenticate, suites that we cannot speak included. */
static const char suites[] = "130113021303c02fc02bc030cca8009e009c002fc013c027c018003400a6c004c00e"
			     "008c00aac03500ac000300050001003b00320030cafe5600";

static const struct offer offers[] = {
	{ 0, "000e00000b6578616d706c652e6f7267" },
	{ 1, "01" },
	{ 5, "0100000000" },
	{ 10, "000c001d0017001800190100001e" },
	{ 11, "0100" },
	{ 13, "0010080404030401020102030807050308ff" },
	{ 15, "01" },
	{ 16, "000e0268320a706f737467726573716c" },
	{ 18, "" },
	{ 22, "" },
	{ 23, "" },
	{ 27, "020002" },
	{ 28, "4001" },
	{ 35, "" },
	{ 43, "080304030303020301" },
	{ 45, "020001" },
	{ 49, "" },
	{ 65281, "00" },
};

static const struct offer first_share = { 51, "0024001d0020" ZEROS_32 },
			  second_shares = { 51, "0038001d0020" ZEROS_32
						"0017000104001800010400190001040100000104" },
			  old_session = { 41, "000a0004aabbccdd00000000002120" ZEROS_32 };

static const char key_pem[] = "-----BEGIN PRIVATE KEY-----\n"
			      "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmnGyjnDbbY8c88Cu\n"
			      "vD07Jogk7Ln2nlX5ARjO+3UtiuGhRANCAAS6/LzUq+90MmfhfaLxPCuCXw+69AcG\n"
			      "S7aC9drldVZzVWqVRLJ95WWixZ6oFzHZGatXsYMV7QIlh0HXtE7oALlo\n"
			      "-----END PRIVATE KEY-----\n";

static void write_hex(struct builder *b, const char *name, const char *digits)
{
	uint8_t bytes[256];
	size_t len, fell;
	CHECK(hex_decode(bytes, sizeof(bytes), &len, span_text(digits), &fell) == FAULT_NONE);
	builder_bytes(b, name, span_of(bytes, len));
}

static void write_offer(struct builder *b, const struct offer *offer)
{
	builder_u16(b, "type", offer->type);
	struct prefix prefix = builder_open(b, "body", 2);
	write_hex(b, "value", offer->body);
	builder_close(b, prefix, 0);
}

static void write_vector(struct builder *b, const char *name, uint8_t width, const char *digits)
{
	struct prefix prefix = builder_open(b, name, width);
	write_hex(b, "value", digits);
	builder_close(b, prefix, 0);
}

/* The message; after a HelloRetryRequest it has a share for every group. */
static struct span write_hello(uint8_t *bytes, uint8_t choice, bool again)
{
	struct builder b;
	builder_init(&b, bytes, PROBE_HELLO_MAX, NULL, 0);
	builder_u8(&b, "type", HANDSHAKE_CLIENT_HELLO);
	struct prefix message = builder_open(&b, "length", 3);
	builder_u16(&b, "legacy_version", 0x0303);
	write_hex(&b, "random", random_bytes);
	write_vector(&b, "session_id", 1, choice & RIG_INSIDER_WITHOUT_SESSION ? "" : session_id);
	write_vector(&b, "cipher_suites", 2, suites);
	write_vector(&b, "compression_methods", 1, "00");
	if (!(choice & RIG_INSIDER_BARE)) {
		struct prefix extensions = builder_open(&b, "extensions", 2);
		for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++)
			write_offer(&b, &offers[i]);
		write_offer(&b, again ? &second_shares : &first_share);
		if (choice & RIG_INSIDER_RESUMES_13)
			write_offer(&b, &old_session);
		builder_close(&b, extensions, 0);
	}
	builder_close(&b, message, 0);
	CHECK(builder_fault(&b) == FAULT_NONE);
	return builder_view(&b);
}

static const struct signing_key *client_key(void)
{
	static struct signing_key *key;
	static bool ready;
	char why[128];
	if (harness_once(&ready)) {
		key = signing_key_read(span_text(key_pem), why, sizeof(why));
		CHECK(key);
		harness_prepared();
	}
	return key;
}

/* The session that the hello asks to resume, if it does. */
static const struct resumption *resumption(uint8_t choice)
{
	static const uint8_t secret[48] = { 1, 2, 3 };
	static const struct resumption known[] = {
		{ .version = TLS1_2,
		  .suite = 0xC02F,
		  .secret = { secret, 48 },
		  .extended_master_secret = true },
		{ .version = TLS1_3, .suite = 0x1301, .secret = { secret, 32 } },
		{ .version = TLS1_2, .suite = 0xC02F, .secret = { secret, 7 } },
		{ .version = TLS1_3, .suite = 0x1301, .secret = { secret, 7 } },
	};
	size_t lost = choice & RIG_INSIDER_LOST ? 2 : 0;
	if (choice & RIG_INSIDER_RESUMES_13)
		return &known[lost + 1];
	return choice & RIG_INSIDER_RESUMES_12 ? &known[lost] : NULL;
}

/* Without direction a hello that cannot be decoded begins nothing, as does one without memory. */
static void begins_nothing(struct arena *arena, struct span hello)
{
	const struct handshake_options options = { .client_hello = hello };
	insider_fails_at(0, 0);
	CHECK(!handshake_new(arena, &options));
	insider_fails_at(0, 1);
	CHECK(!handshake_new(arena, &options));
	insider_fails_at(0, 0);
}

void rig_insider_init(struct rig_handshake *rig, struct arena *arena, uint8_t choice)
{
	static const struct certificate_list chain = { .len = 1,
						       .der = { { (const uint8_t *)"leaf", 4 } } };
	static const uint8_t psk[PSK_MUCH] = { 'k' };
	insider_fails_at(0, 0);
	*rig = (struct rig_handshake){ .directed = choice & RIG_INSIDER_DIRECTED,
				       .is_waiting = choice & RIG_INSIDER_DIRECTED };
	rig->hello = write_hello(rig->records[0], choice, false);
	rig->second_hello = write_hello(rig->records[1], choice, true);
	bool cut = (choice & LOST_HELLO) == RIG_INSIDER_LOST;
	if (cut) {
		rig->second_hello.len = HELLO_CUT;
		begins_nothing(arena, rig->second_hello);
	}
	if (cut && rig->directed)
		rig->hello.len = HELLO_CUT;
	const struct handshake_options options = {
		.client_hello = rig->hello,
		.seed = 1,
		.client_key = choice & RIG_INSIDER_CLIENT_KEY ? client_key() : NULL,
		.client_chain = choice & RIG_INSIDER_CLIENT_KEY ? &chain : NULL,
		.psk = span_of(psk, choice & RIG_INSIDER_PSK ? cut ? sizeof(psk) : 16 : 0),
		.psk_identity = span_text("client"),
		.resume = resumption(choice),
		.offered_resumption_psk = choice & RIG_INSIDER_RESUMES_13,
		.directed = rig->directed,
	};
	rig->client = handshake_new(arena, &options);
	CHECK(rig->client);
	rig->facts = handshake_facts(rig->client);
}

void rig_insider_end(struct rig_handshake *rig)
{
	bool finished = rig->facts->phase == PHASE_FINISHED;
	uint8_t much[RECORD_PLAINTEXT_MAX + 1] = { 0 };
	enum fault fault = handshake_write(rig->client, span_of(much, sizeof(much)));
	CHECK(fault == (finished ? FAULT_TOO_LARGE : FAULT_USAGE));
	fault = handshake_write(rig->client, span_text("ping"));
	CHECK(finished == (fault != FAULT_USAGE));
	if (rig->facts->phase != PHASE_RETRY)
		handshake_retry(rig->client, rig->second_hello);
	handshake_shutdown(rig->client);
	harness_note(handshake_output(rig->client));
}
