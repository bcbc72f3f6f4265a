/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_differ_openssl.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>

#include "memory.h"
#include "registry/registry.h"
#include "registry/version.h"
#include "unseen.h"
#include "wire/extension/view.h"

#define FILES_MAX 1021

/* One context; a connection an input, for SSL_clear keeps what an earlier hello said. */
static struct openssl_server {
	SSL_CTX *ctx;
	BIO_METHOD *method;
	struct span in; /* what is not read yet */
	const struct differ_hello *ours;
	uint8_t alert;
	bool read, done; /* past the structure; past the extensions' bodies */
} server;

UNSEEN_BEGIN

/*
 * The error queue keeps its texts for the next error; the rest of OpenSSL gives back. Names of
 * files are constants, so that each is looked at once.
 */
static bool is_kept(const char *file)
{
	static struct {
		const char *file;
		bool kept;
	} known[FILES_MAX], *entry;
	entry = &known[(uintptr_t)file % FILES_MAX];
	if (entry->file != file) {
		entry->file = file;
		entry->kept = file && strstr(file, "crypto/err/");
	}
	return entry->kept;
}

static void *reallocate(void *at, size_t size, const char *file, int line)
{
	(void)line;
	if (is_kept(file))
		memory_pause();
	void *bytes = realloc(at, size);
	if (is_kept(file))
		memory_resume();
	return bytes;
}

static void *allocate(size_t size, const char *file, int line)
{
	return reallocate(NULL, size, file, line);
}

static void release(void *at, const char *file, int line)
{
	(void)line;
	if (is_kept(file))
		memory_pause();
	free(at);
	if (is_kept(file))
		memory_resume();
}

static int give(BIO *bio, char *out, int len)
{
	size_t n = (size_t)len < server.in.len ? (size_t)len : server.in.len;
	BIO_clear_retry_flags(bio);
	if (!n) {
		BIO_set_retry_read(bio);
		return -1;
	}
	memcpy(out, server.in.at, n);
	server.in = span_skip(server.in, n);
	return (int)n;
}

static int take(BIO *bio, const char *bytes, int len)
{
	(void)bio, (void)bytes;
	return len;
}

static long control(BIO *bio, int command, long number, void *at)
{
	(void)bio, (void)number, (void)at;
	return command == BIO_CTRL_FLUSH;
}

static void note_alert(const SSL *ssl, int where, int value)
{
	(void)ssl;
	if (where == SSL_CB_WRITE_ALERT)
		server.alert = (uint8_t)value;
}

UNSEEN_END

static bool is_same(struct span view, const unsigned char *at, size_t len)
{
	return span_equal(view, span_of(at, len));
}

/* The extensions that it knows, in the order in which they came, each with its body. */
static void check_extensions(SSL *ssl, const struct differ_hello *ours)
{
	int *present;
	size_t len, at = 0;
	const unsigned char *body;
	size_t body_len;
	struct cursor block = cursor_over(ours->hello.extensions);
	struct extension_item item;
	CHECK(SSL_client_hello_get1_extensions_present(ssl, &present, &len));
	while (extension_next(&block, &item)) {
		bool known = SSL_client_hello_get0_ext(ssl, item.type, &body, &body_len) == 1;
		CHECK(!known || (at < len && present[at++] == item.type));
		CHECK(!known || is_same(item.data, body, body_len));
	}
	CHECK(at == len);
	OPENSSL_free(present);
}

/* The challenge is the end of the random value (RFC 5246 E.2). */
static void check_sslv2(SSL *ssl, const struct sslv2_client_hello *hello)
{
	const unsigned char *at;
	CHECK(SSL_client_hello_get0_legacy_version(ssl) == hello->version);
	size_t len = SSL_client_hello_get0_random(ssl, &at);
	CHECK(len >= hello->challenge.len);
	CHECK(is_same(hello->challenge, at + len - hello->challenge.len, hello->challenge.len));
	len = SSL_client_hello_get0_session_id(ssl, &at);
	CHECK(is_same(hello->session_id, at, len));
	len = SSL_client_hello_get0_ciphers(ssl, &at);
	CHECK(is_same(hello->kinds, at, len));
}

/* Whoever reads the structure reads the same, whether or not we like what is in it. */
static int look(SSL *ssl, int *alert, void *state)
{
	const struct differ_hello *ours = server.ours;
	const struct client_hello *hello = &ours->hello;
	const unsigned char *at;
	size_t len;
	(void)alert, (void)state;
	server.read = true;
	CHECK(SSL_client_hello_isv2(ssl) == ours->sslv2);
	if (ours->sslv2 && !ours->flaws)
		check_sslv2(ssl, &ours->v2);
	if (!ours->readable)
		return SSL_CLIENT_HELLO_SUCCESS;
	CHECK(SSL_client_hello_get0_legacy_version(ssl) == hello->legacy_version);
	len = SSL_client_hello_get0_random(ssl, &at);
	CHECK(is_same(hello->random, at, len));
	len = SSL_client_hello_get0_session_id(ssl, &at);
	CHECK(is_same(hello->session_id, at, len));
	len = SSL_client_hello_get0_ciphers(ssl, &at);
	CHECK(len == hello->suites.len + hello->suites_tail.len);
	CHECK(is_same(hello->suites, at, hello->suites.len));
	len = SSL_client_hello_get0_compression_methods(ssl, &at);
	CHECK(is_same(hello->compression, at, len));
	check_extensions(ssl, ours);
	return SSL_CLIENT_HELLO_SUCCESS;
}

/* Asked for a certificate when the extensions are read, and before anything is computed. */
static int stop(SSL *ssl, void *state)
{
	(void)ssl, (void)state;
	server.done = true;
	return -1;
}

UNSEEN_BEGIN

/* X25519 alone: any 32 bytes are a point, so that no input costs a curve's arithmetic. */
static void set_up(void)
{
	int groups[] = { NID_X25519 };
	CHECK(CRYPTO_set_mem_functions(allocate, reallocate, release));
	CHECK(OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL));
	server.method = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "input");
	CHECK(server.method && BIO_meth_set_read(server.method, give) &&
	      BIO_meth_set_write(server.method, take) && BIO_meth_set_ctrl(server.method, control));
	server.ctx = SSL_CTX_new(TLS_server_method());
	CHECK(server.ctx);
	SSL_CTX_set_security_level(server.ctx, 0);
	CHECK(SSL_CTX_set_min_proto_version(server.ctx, TLS1_VERSION));
	CHECK(SSL_CTX_set_cipher_list(server.ctx, "ALL:COMPLEMENTOFALL:@SECLEVEL=0"));
	CHECK(SSL_CTX_set1_groups(server.ctx, groups, 1));
	SSL_CTX_set_options(server.ctx, SSL_OP_NO_TICKET);
	SSL_CTX_set_session_cache_mode(server.ctx, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_client_hello_cb(server.ctx, look, NULL);
	SSL_CTX_set_cert_cb(server.ctx, stop, NULL);
	SSL_CTX_set_info_callback(server.ctx, note_alert);
}

UNSEEN_END

static struct differ_answer answer_of(SSL *ssl, int result)
{
	struct differ_answer answer = { .verdict = THEIRS_MALFORMED, .alert = server.alert };
	if (server.done)
		answer.verdict = THEIRS_ACCEPTED;
	else if (SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ)
		answer.verdict = THEIRS_MORE;
	else if (server.read && server.alert != ALERT_DECODE_ERROR &&
		 server.alert != ALERT_ILLEGAL_PARAMETER &&
		 server.alert != ALERT_UNEXPECTED_MESSAGE)
		answer.verdict = THEIRS_REFUSED;
	return answer;
}

static bool schemes_are_same(SSL *ssl, struct span schemes)
{
	uint8_t signature, hash;
	int len = SSL_get_sigalgs(ssl, 0, NULL, NULL, NULL, NULL, NULL);
	bool same = (size_t)len == list_u16_len(schemes);
	for (int i = 0; same && i < len; i++) {
		SSL_get_sigalgs(ssl, i, NULL, NULL, NULL, &signature, &hash);
		same = list_u16(schemes, (size_t)i) == (hash << 8 | signature);
	}
	return same;
}

static void check_bodies(SSL *ssl, const struct differ_hello *ours)
{
	const struct client_hello *hello = &ours->hello;
	struct span host = client_hello_host(hello);
	const char *name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
	CHECK(name ? span_is(host, name) : !host.at);
	differ_same(ours, schemes_are_same(
				  ssl, client_hello_view(hello, EXTENSION_SIGNATURE_ALGORITHMS)));
}

/* What it chose was offered. */
static void check_choice(SSL *ssl, const struct client_hello *hello)
{
	struct span versions = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	struct span groups = client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS);
	int version = SSL_version(ssl);
	int len = (int)SSL_get1_groups(ssl, NULL);
	if (versions.at)
		CHECK(list_u16_has(versions, (uint16_t)version));
	else
		CHECK(version < TLS1_3_VERSION && version <= hello->legacy_version);
	CHECK((size_t)len == list_u16_len(groups));
}

static void compare(SSL *ssl, const struct differ_hello *ours, const struct differ_answer *theirs)
{
	differ_compare(ours, theirs);
	if (ours->flaws || ours->sslv2 || theirs->verdict != THEIRS_ACCEPTED)
		return;
	check_bodies(ssl, ours);
	check_choice(ssl, &ours->hello);
}

void rig_differ_openssl(const struct differ_hello *ours, struct span bytes)
{
	static bool ready;
	if (harness_once(&ready)) {
		set_up();
		harness_prepared();
	}
	SSL *ssl = SSL_new(server.ctx);
	BIO *bio = BIO_new(server.method);
	CHECK(ssl && bio);
	BIO_set_init(bio, 1);
	SSL_set_bio(ssl, bio, bio);
	server.in = bytes;
	server.ours = ours;
	server.alert = 0;
	server.read = server.done = false;
	int result = SSL_accept(ssl);
	struct differ_answer theirs = answer_of(ssl, result);
	compare(ssl, ours, &theirs);
	SSL_free(ssl);
	ERR_clear_error();
}
