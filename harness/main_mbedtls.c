/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle_mbedtls.h"

const size_t harness_memory_max = SIZE_MAX;

void harness_run(struct span input)
{
	(void)input;
}

/* How many times each side is heard before a talk counts as one that does not end. */
#define ROUNDS_MAX 64
#define FLAG(name) (1u << RIG_##name)

/* A talk of the two, and how they are configured. */
struct plan {
	const char *name;
	uint8_t first, family, limits;
	unsigned flags, side_flags[RIG_SIDES]; /* of both, and of one */
};

static const struct plan plans[] = {
	{ .name = "default" },
	{ .name = "rsa", .family = 1 },
	{ .name = "rsa-tls10", .family = 1, .first = RIG_HEAD_FIRST(0, 2, 0, 0) },
	{ .name = "ecdhe-rsa", .family = 2 },
	{ .name = "ecdhe-rsa-tls11", .family = 2, .first = RIG_HEAD_FIRST(0, 1, 0, 0) },
	{ .name = "ecdhe-ecdsa", .family = 3 },
	{ .name = "ecdhe-x25519-sha256", .family = 2, .limits = 0x28 },
	{ .name = "ecdhe-secp521r1", .family = 2, .limits = 0x10 },
	{ .name = "ecdhe-brainpool-sha512", .family = 2, .limits = 0x78 },
	{ .name = "dhe-rsa", .family = 4 },
	{ .name = "psk", .family = 5 },
	{ .name = "psk-callback", .family = 5, .side_flags = { FLAG(PSK_CALLBACK) } },
	{ .name = "ecdhe-psk", .family = 6 },
	{ .name = "dhe-psk", .family = 7 },
	{ .name = "rsa-psk", .family = 8 },
	{ .name = "ecdh", .family = 9 },
	{ .name = "cbc", .family = 10 },
	{ .name = "cbc-mac-first", .family = 10, .flags = FLAG(NO_ENCRYPT_THEN_MAC) },
	{ .name = "cbc-short-mac", .family = 10, .flags = FLAG(TRUNCATED_MAC) },
	{ .name = "chacha", .family = 11 },
	{ .name = "ccm-8", .family = 12 },
	{ .name = "aes-256", .family = 14 },
	{ .name = "camellia", .family = 15 },
	{ .name = "no-extended-secret", .family = 2, .flags = FLAG(NO_EXTENDED_SECRET) },
	{ .name = "alpn", .family = 2, .flags = FLAG(ALPN) },
	{ .name = "name", .flags = FLAG(NAMES) },
	{ .name = "fragments", .family = 2, .limits = 1 },
	{ .name = "bytewise", .family = 2, .flags = FLAG(BYTEWISE) },
	{ .name = "client-rsa", .first = RIG_HEAD_FIRST(0, 0, 2, 1) },
	{ .name = "client-ecdsa", .first = RIG_HEAD_FIRST(0, 0, 2, 2), .family = 3 },
	{ .name = "client-tls10", .first = RIG_HEAD_FIRST(0, 2, 2, 1), .family = 1 },
	{ .name = "client-without",
	  .first = RIG_HEAD_FIRST(0, 0, 1, 0),
	  .family = 2,
	  .flags = FLAG(NO_AUTHORITIES) },
	{ .name = "ticket", .family = 2, .flags = FLAG(TICKETS) },
	{ .name = "resume-ticket", .family = 2, .flags = FLAG(TICKETS) | FLAG(RESUMES) },
	{ .name = "resume-id", .family = 2, .flags = FLAG(RESUMES) },
	{ .name = "renegotiate-client",
	  .family = 2,
	  .flags = FLAG(RENEGOTIATION),
	  .side_flags = { 0, FLAG(ASKS_ANEW) } },
	{ .name = "renegotiate-server",
	  .family = 1,
	  .flags = FLAG(RENEGOTIATION),
	  .side_flags = { FLAG(ASKS_ANEW) } },
	{ .name = "renegotiate-period",
	  .family = 10,
	  .flags = FLAG(RENEGOTIATION),
	  .limits = 0x80 },
	{ .name = "fallback", .family = 2, .flags = FLAG(FALLBACK) },
	{ .name = "secure-only", .family = 2, .flags = FLAG(SECURE_ONLY) },
};

#define PLANS (sizeof(plans) / sizeof(plans[0]))

static void head_of(uint8_t *out, const struct plan *plan, enum rig_side side)
{
	unsigned flags = plan->flags | plan->side_flags[side];
	out[0] = plan->first;
	out[1] = plan->family;
	out[2] = (uint8_t)flags;
	out[3] = (uint8_t)(flags >> 8);
	out[4] = plan->limits;
}

static struct rig_mbedtls *begin(const struct plan *plan, enum rig_side side)
{
	uint8_t head[RIG_HEAD_LEN];
	head_of(head, plan, side);
	struct cursor in = cursor_over(span_of(head, sizeof(head)));
	return rig_mbedtls_begin(side, &in);
}

/* What one side has said since it was asked last. */
static struct span news(const struct rig_mbedtls *rig, size_t *known)
{
	struct span said = span_of(rig->sent + *known, rig->sent_len - *known);
	*known = rig->sent_len;
	return said;
}

/* Both have had what they wanted: at least one handshake, and a farewell. */
static bool converse(struct rig_mbedtls *server, struct rig_mbedtls *client)
{
	size_t known[RIG_SIDES] = { 0 };
	rig_mbedtls_hear(client, span_of(NULL, 0));
	for (unsigned i = 0; i < ROUNDS_MAX && !(server->has_ended && client->has_ended); i++) {
		struct span said = news(client, &known[RIG_CLIENT]);
		if (!server->has_ended)
			rig_mbedtls_hear(server, said);
		said = news(server, &known[RIG_SERVER]);
		if (!client->has_ended)
			rig_mbedtls_hear(client, said);
	}
	return server->is_done && client->is_done &&
	       server->last == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY &&
	       client->last == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
}

/* The input of `side` that hears again what `peer` said. */
static bool write_seed(const char *folder, const struct plan *plan, enum rig_side side,
		       const struct rig_mbedtls *peer)
{
	char path[4096];
	uint8_t head[RIG_HEAD_LEN];
	head_of(head, plan, side);
	snprintf(path, sizeof(path), "%s/done-%s.bin", folder, plan->name);
	FILE *file = fopen(path, "wb");
	bool good = file && fwrite(head, 1, sizeof(head), file) == sizeof(head) &&
		    fwrite(peer->sent, 1, peer->sent_len, file) == peer->sent_len;
	if (file)
		good = fclose(file) == 0 && good;
	if (!good)
		fprintf(stderr, "record_mbedtls: cannot write '%s'\n", path);
	return good;
}

static bool record(const struct plan *plan, char **folders)
{
	struct rig_mbedtls *server = begin(plan, RIG_SERVER), *client = begin(plan, RIG_CLIENT);
	bool good = converse(server, client);
	if (!good)
		fprintf(stderr, "record_mbedtls: '%s': server %d, client %d\n", plan->name,
			server->last, client->last);
	good = good && write_seed(folders[0], plan, RIG_SERVER, client) &&
	       (!folders[1] || write_seed(folders[1], plan, RIG_CLIENT, server));
	rig_mbedtls_end(server);
	rig_mbedtls_end(client);
	return good;
}

/* Whether the seed leads mbedTLS through a whole handshake to the farewell. */
static bool reaches_end(enum rig_side side, const char *path)
{
	static uint8_t bytes[RIG_SENT_MAX + RIG_HEAD_LEN];
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	struct cursor in = cursor_over(span_of(bytes, fread(bytes, 1, sizeof(bytes), file)));
	fclose(file);
	struct rig_mbedtls *rig = rig_mbedtls_begin(side, &in);
	rig_mbedtls_hear(rig, cursor_rest(&in));
	bool reached = rig->is_done && rig->last == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
	if (!reached)
		fprintf(stderr, "record_mbedtls: '%s' ends in state %d with %d\n", path,
			rig->ssl.state, rig->last);
	rig_mbedtls_end(rig);
	return reached;
}

static bool check(enum rig_side side, const char *folder)
{
	char path[4096];
	bool good = true;
	for (size_t i = 0; i < PLANS; i++) {
		snprintf(path, sizeof(path), "%s/done-%s.bin", folder, plans[i].name);
		good = reaches_end(side, path) && good;
	}
	printf("%zu handshakes, each to its end: %s\n", PLANS, good ? "yes" : "no");
	return good;
}

/*
 * record_mbedtls SERVERS [CLIENTS]: seeds of fuzz_mbedtls_server and fuzz_mbedtls_client, from
 * talks of mbedTLS with itself that come to their end. record_mbedtls --server|--client FOLDER:
 * whether the seeds in the folder still do.
 */
int main(int argc, char **argv)
{
	bool good = true;
	if (argc != 2 && argc != 3)
		return 2;
	if (!strcmp(argv[1], "--server") || !strcmp(argv[1], "--client"))
		return argc == 3 && check(argv[1][2] == 's' ? RIG_SERVER : RIG_CLIENT, argv[2]) ? 0
												: 1;
	for (size_t i = 0; i < PLANS; i++)
		good = record(&plans[i], argv + 1) && good;
	return good ? 0 : 1;
}
