/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/ssl.h>

#include "crypto/x509.h"
#include "endpoint/identity.h"
#include "world.h"

#define ALERT_LEN 7

static void expect_alert(int fd, const char *alert)
{
	uint8_t heard[ALERT_LEN + 1];
	cr_expect_eq(hear(fd, heard, sizeof heard), ALERT_LEN);
	cr_expect(memcmp(heard, alert, ALERT_LEN) == 0, "alert %u", heard[6]);
	close(fd);
}

Test(identity, both_chains_verify_and_bear_all_names)
{
	const struct endpoint_identity *identity = test_identity();
	char why[128] = "";
	const char *names[] = { "db.example", "localhost", "127.0.0.1", "::1" };
	const struct certified *both[] = { &identity->rsa, &identity->ecdsa };
	struct trust_store *store =
		trust_store_read(span_text(endpoint_identity_ca(identity)), why, sizeof why);
	cr_assert(store, "%s", why);
	struct arena arena;
	arena_init(&arena, 65536);
	for (size_t i = 0; i < 2; i++) {
		const struct der *sound = &both[i]->certificates[IDENTITY_SOUND];
		struct span der = span_of(sound->bytes, sound->len);
		struct certificate_facts facts;
		const char *anchor;
		cr_assert_eq(x509_facts(&facts, &arena, der), FAULT_NONE);
		cr_assert_str_eq(facts.key_type, i ? "ecdsa" : "rsa");
		cr_assert_eq(facts.key_bits, i ? 256 : 2048);
		cr_assert_eq(x509_chain_verify(&der, 1, store, (int32_t)(time(NULL) / 86400),
					       &arena, &anchor),
			     CHAIN_TRUSTED);
		for (size_t n = 0; n < 4; n++)
			cr_expect(x509_name_matches(der, names[n]), "%s", names[n]);
		cr_expect_not(x509_name_matches(der, "other.example"));
	}
	trust_store_free(store);
	arena_release(&arena);
}

Test(identity, host_name_has_a_ceiling)
{
	struct endpoint_identity *identity;
	char name[300] = "";
	cr_assert_eq(endpoint_identity_make(&identity, name), FAULT_USAGE);
	memset(name, 'a', 254);
	cr_assert_eq(endpoint_identity_make(&identity, name), FAULT_USAGE);
	name[253] = '\0';
	cr_assert_eq(endpoint_identity_make(&identity, name), FAULT_NONE);
	endpoint_identity_free(identity);
}

Test(endpoint, refused_hello_gets_an_alert_and_then_the_end_in_order)
{
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ALERT);
	uint8_t bytes[512], s;
	struct said said = { .legacy_version = 0x0301, .suites = { 0xC02F }, .suites_len = 1 };
	int fd = dial(endpoint);
	say(fd, SSL_REQUEST);
	cr_assert_eq(hear(fd, &s, 1), 1);
	cr_assert_eq(s, 'S');
	say(fd, hello_say(bytes, &said));
	expect_alert(fd, "\x15\x03\x01\x00\x02\x02\x46");
	endpoint_stop(endpoint);
}

Test(endpoint, end_comes_in_order_although_the_client_still_writes)
{
	struct endpoint *endpoint = endpoint_of(strict_policy, "tls", REFUSE_BY_ALERT);
	uint8_t heard[64], more[4096] = { 0 };
	int fd = dial(endpoint);
	say(fd, span_text("GET / HTTP/1.0\r\n\r\n"));
	cr_assert_eq(hear(fd, heard, ALERT_LEN), ALERT_LEN);
	for (int i = 0; i < 16; i++)
		say(fd, span_of(more, sizeof more));
	cr_assert(hangs_up(fd));
	close(fd);
	endpoint_stop(endpoint);
}

Test(endpoint, ssl_request_and_hello_in_one_segment_are_both_heard)
{
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ALERT);
	uint8_t bytes[520], s;
	struct said said = { .suites = { 0x002F }, .suites_len = 1 };
	memcpy(bytes, SSL_REQUEST.at, 8);
	struct span hello = hello_say(bytes + 8, &said);
	int fd = dial(endpoint);
	say(fd, span_of(bytes, 8 + hello.len));
	cr_assert_eq(hear(fd, &s, 1), 1);
	expect_alert(fd, "\x15\x03\x03\x00\x02\x02\x28");
	/* What is no TLS behind the SSLRequest is no secret session either. */
	memcpy(bytes + 8, STARTUP.at, STARTUP.len);
	fd = dial(endpoint);
	say(fd, span_of(bytes, 8 + STARTUP.len));
	cr_assert_eq(hear(fd, &s, 1), 1);
	expect_alert(fd, "\x15\x03\x01\x00\x02\x02\x0a");
	endpoint_stop(endpoint);
}

Test(endpoint, plaintext_is_refused_or_asked_for_a_password_as_the_policy_says)
{
	uint8_t heard[512];
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ALERT);
	int fd = dial(endpoint);
	say(fd, STARTUP);
	size_t len = hear(fd, heard, sizeof heard);
	cr_assert(memmem(heard, len, "C28000\0MSSL connection is required.", 34));
	close(fd);
	endpoint_stop(endpoint);
	endpoint = endpoint_of(open_policy, "postgresql", REFUSE_BY_ALERT);
	fd = dial(endpoint);
	say(fd, STARTUP);
	cr_assert_eq(hear(fd, heard, 9), 9);
	cr_assert_eq(heard[0], 'R');
	say(fd, span_of("p\0\0\0\x07pw\0", 8));
	len = hear(fd, heard, sizeof heard);
	cr_assert(memmem(heard, len, "C28P01", 7));
	close(fd);
	endpoint_stop(endpoint);
}

Test(endpoint, gssenc_is_declined_and_cancel_is_closed)
{
	uint8_t byte;
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ALERT);
	int fd = dial(endpoint);
	say(fd, GSSENC_REQUEST);
	cr_assert_eq(hear(fd, &byte, 1), 1);
	cr_assert_eq(byte, 'N');
	say(fd, SSL_REQUEST);
	cr_assert_eq(hear(fd, &byte, 1), 1);
	cr_assert_eq(byte, 'S');
	close(fd);
	fd = dial(endpoint);
	say(fd, CANCEL_REQUEST);
	cr_assert(hangs_up(fd));
	close(fd);
	endpoint_stop(endpoint);
}

Test(endpoint, several_run_at_once_and_stop_with_clients_connected)
{
	struct endpoint *endpoints[4];
	int clients[4];
	for (size_t i = 0; i < 4; i++)
		endpoints[i] =
			endpoint_of(i % 2 ? strict_policy : open_policy, "tls", REFUSE_BY_ALERT);
	for (size_t i = 0; i < 4; i++) {
		clients[i] = dial(endpoints[i]);
		say(clients[i], span_of("\x16\x03\x01\x02\x00\x01", 6));
		for (size_t j = 0; j < i; j++)
			cr_assert_neq(endpoint_port(endpoints[i]), endpoint_port(endpoints[j]));
	}
	for (size_t i = 0; i < 4; i++)
		endpoint_stop(endpoints[i]);
	for (size_t i = 0; i < 4; i++)
		close(clients[i]);
}

Test(endpoint, port_in_use_is_explained)
{
	struct endpoint *endpoint = endpoint_of(open_policy, "tls", REFUSE_BY_ALERT), *second;
	struct endpoint_options options = {
		.settings = settings_of(open_policy),
		.upgrade = upgrade_by_name(span_text("tls")),
		.identity = test_identity(),
		.port = endpoint_port(endpoint),
	};
	char why[256] = "";
	cr_assert_eq(endpoint_start(&second, &options, why, sizeof why), FAULT_IO);
	cr_assert(strstr(why, "address already in use"), "%s", why);
	options.port = 0;
	options.listen_address = "nowhere";
	cr_assert_eq(endpoint_start(&second, &options, why, sizeof why), FAULT_IO);
	endpoint_stop(endpoint);
}

/* The first record of an answer is a ServerHello. */
static void expect_server_hello(int fd)
{
	uint8_t heard[6];
	cr_assert_eq(hear(fd, heard, sizeof heard), sizeof heard);
	cr_expect_eq(heard[0], 22, "alert or not TLS");
	cr_expect_eq(heard[5], 2);
	close(fd);
}

Test(endpoint, fragmented_hello_is_answered)
{
	struct endpoint *endpoint = endpoint_of(open_policy, "tls", REFUSE_BY_ALERT);
	uint8_t bytes[512], record[6] = { 22, 3, 1, 0, 1 };
	struct span hello =
		hello_say(bytes, &(struct said){ .suites = { 0x002F }, .suites_len = 1 });
	int fd = dial(endpoint);
	for (size_t i = 5; i < hello.len; i++) {
		record[5] = hello.at[i];
		say(fd, span_of(record, sizeof record));
	}
	expect_server_hello(fd);
	endpoint_stop(endpoint);
}

Test(endpoint, hello_that_fills_a_record_is_answered)
{
	struct endpoint *endpoint = endpoint_of(open_policy, "tls", REFUSE_BY_ALERT);
	static uint8_t bytes[5 + 16384];
	struct span hello =
		hello_say(bytes, &(struct said){ .suites = { 0x002F }, .suites_len = 1 });
	size_t block = sizeof bytes - hello.len - 2, padding = block - 4, message = 16384 - 4;
	uint8_t lengths[] = { (uint8_t)(block >> 8),   (uint8_t)block,	0, 21,
			      (uint8_t)(padding >> 8), (uint8_t)padding };
	memcpy(bytes + hello.len, lengths, sizeof lengths);
	bytes[3] = 0x40;
	bytes[4] = 0x00;
	bytes[7] = (uint8_t)(message >> 8);
	bytes[8] = (uint8_t)message;
	int fd = dial(endpoint);
	say(fd, span_of(bytes, sizeof bytes));
	expect_server_hello(fd);
	endpoint_stop(endpoint);
}

/* --- a whole handshake, against mbedTLS as a client --- */

struct client {
	int fd;
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context drbg;
	mbedtls_ssl_config config;
	mbedtls_ssl_context ssl;
};

static int client_send(void *context, const unsigned char *bytes, size_t len)
{
	struct client *client = context;
	ssize_t sent = write(client->fd, bytes, len);
	return sent < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)sent;
}

static int client_receive(void *context, unsigned char *bytes, size_t len)
{
	struct client *client = context;
	ssize_t got = read(client->fd, bytes, len);
	return got < 0 ? MBEDTLS_ERR_SSL_INTERNAL_ERROR : (int)got;
}

static int client_open_for(struct client *client, int fd, int minor, const char **alpn)
{
	client->fd = fd;
	mbedtls_entropy_init(&client->entropy);
	mbedtls_ctr_drbg_init(&client->drbg);
	mbedtls_ctr_drbg_seed(&client->drbg, mbedtls_entropy_func, &client->entropy, NULL, 0);
	mbedtls_ssl_config_init(&client->config);
	mbedtls_ssl_init(&client->ssl);
	mbedtls_ssl_config_defaults(&client->config, MBEDTLS_SSL_IS_CLIENT,
				    MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT);
	mbedtls_ssl_conf_authmode(&client->config, MBEDTLS_SSL_VERIFY_NONE);
	mbedtls_ssl_conf_rng(&client->config, mbedtls_ctr_drbg_random, &client->drbg);
	mbedtls_ssl_conf_min_version(&client->config, 3, 1);
	mbedtls_ssl_conf_max_version(&client->config, 3, minor);
	if (alpn)
		mbedtls_ssl_conf_alpn_protocols(&client->config, alpn);
	cr_assert_eq(mbedtls_ssl_setup(&client->ssl, &client->config), 0);
	mbedtls_ssl_set_bio(&client->ssl, client, client_send, client_receive, NULL);
	return mbedtls_ssl_handshake(&client->ssl);
}

static int client_open(struct client *client, int fd, int minor)
{
	return client_open_for(client, fd, minor, NULL);
}

static size_t client_ask(struct client *client, struct span said, uint8_t *heard, size_t cap)
{
	size_t len = 0;
	if (said.len)
		cr_assert_gt(mbedtls_ssl_write(&client->ssl, said.at, said.len), 0);
	for (;;) {
		int got = mbedtls_ssl_read(&client->ssl, heard + len, cap - len);
		if (got <= 0)
			return len;
		len += (size_t)got;
		if (heard[0] == 'R' && len >= 9)
			return len;
	}
}

static void client_close(struct client *client)
{
	mbedtls_ssl_free(&client->ssl);
	mbedtls_ssl_config_free(&client->config);
	mbedtls_ctr_drbg_free(&client->drbg);
	mbedtls_entropy_free(&client->entropy);
	close(client->fd);
}

static int dial_tls(const struct endpoint *endpoint)
{
	int fd = dial(endpoint);
	uint8_t s;
	say(fd, SSL_REQUEST);
	cr_assert_eq(hear(fd, &s, 1), 1);
	return fd;
}

Test(endpoint, session_inside_tls_ends_with_a_wrong_password)
{
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ERROR);
	struct client client;
	uint8_t heard[512];
	cr_assert_eq(client_open(&client, dial_tls(endpoint), 3), 0);
	cr_assert_str_eq(mbedtls_ssl_get_version(&client.ssl), "TLSv1.2");
	cr_assert_eq(client_ask(&client, STARTUP, heard, sizeof heard), 9);
	size_t len = client_ask(&client, span_of("p\0\0\0\x07pw\0", 8), heard, sizeof heard);
	cr_assert(memmem(heard, len, "C28P01", 7));
	client_close(&client);
	endpoint_stop(endpoint);
}

Test(endpoint, old_version_is_told_no_inside_tls_when_asked_to)
{
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ERROR);
	for (int minor = 1; minor <= 2; minor++) {
		struct client client;
		uint8_t heard[512];
		cr_assert_eq(client_open(&client, dial_tls(endpoint), minor), 0);
		size_t len = client_ask(&client, STARTUP, heard, sizeof heard);
		cr_assert(memmem(heard, len, "C28000\0MTLS version used does not meet", 38));
		client_close(&client);
	}
	endpoint_stop(endpoint);
}

Test(endpoint, old_version_gets_an_alert_otherwise)
{
	struct endpoint *endpoint = endpoint_of(strict_policy, "postgresql", REFUSE_BY_ALERT);
	struct client client;
	cr_assert_eq(client_open(&client, dial_tls(endpoint), 2),
		     MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
	client_close(&client);
	endpoint_stop(endpoint);
}

Test(endpoint, direct_tls_without_its_protocol_is_closed_after_the_handshake)
{
	struct endpoint *endpoint =
		endpoint_of(strict_policy, "postgresql-direct", REFUSE_BY_ALERT);
	struct client client;
	uint8_t byte;
	cr_assert_eq(client_open(&client, dial(endpoint), 3), 0);
	cr_assert_eq(mbedtls_ssl_read(&client.ssl, &byte, 1), MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY);
	client_close(&client);
	endpoint_stop(endpoint);
}

Test(endpoint, direct_tls_asks_for_its_own_protocol)
{
	struct endpoint *endpoint =
		endpoint_of(strict_policy, "postgresql-direct", REFUSE_BY_ALERT);
	const char *own[] = { "postgresql", NULL }, *foreign[] = { "h2", NULL };
	struct client client;
	uint8_t heard[512];
	cr_assert_eq(client_open_for(&client, dial(endpoint), 3, own), 0);
	cr_assert_eq(client_ask(&client, STARTUP, heard, sizeof heard), 9);
	client_close(&client);
	cr_assert_eq(client_open_for(&client, dial(endpoint), 3, foreign),
		     MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
	client_close(&client);
	endpoint_stop(endpoint);
}
