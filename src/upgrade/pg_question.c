/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "registry/cipher_suite.h"
#include "upgrade/pg_internal.h"

#define CELLS_MAX 3
#define CELL_NULL UINT32_MAX

static const char *const questions[] = {
	[PG_STEP_STAT] =
		"SELECT version, cipher, bits FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
	[PG_STEP_EXTENSION] = "SELECT extversion FROM pg_extension WHERE extname = 'sslinfo'",
	[PG_STEP_SSLINFO] = "SELECT ssl_version(), ssl_cipher()",
};

void pg_question_ask(struct pg_session *session)
{
	struct pg_sending sending = pg_send_open(session, 'Q');
	pg_send_string(&sending, questions[session->step]);
	pg_send_close(session, &sending);
}

/* NULL is an absent view. */
static bool row_read(struct span *cells, size_t want, struct span body)
{
	struct cursor c = cursor_over(body);
	if (cursor_u16(&c) != want)
		return false;
	for (size_t i = 0; i < want; i++) {
		uint32_t len = cursor_u32(&c);
		cells[i] = len == CELL_NULL ? span_of(NULL, 0) : cursor_take(&c, len);
	}
	return cursor_done(&c);
}

/* A stranger's word, made fit for a report. */
static void cell_keep(char out[PG_CELL_MAX], struct span cell)
{
	size_t n = cell.len < PG_CELL_MAX ? cell.len : PG_CELL_MAX - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = cell.at[i] >= 0x20 && cell.at[i] < 0x7F ? (char)cell.at[i] : '?';
	out[n] = 0;
}

static bool tls_read(struct pg_tls *out, size_t want, struct span body)
{
	struct span cells[CELLS_MAX];
	if (out->has_row || !row_read(cells, want, body))
		return false;
	out->has_row = true;
	cell_keep(out->version, cells[0]);
	cell_keep(out->cipher, cells[1]);
	if (want == CELLS_MAX) {
		char digits[PG_CELL_MAX];
		cell_keep(digits, cells[2]);
		out->bits = (uint32_t)strtoul(digits, NULL, 10);
	}
	return true;
}

static bool extension_read(struct pg_session *session, struct span body)
{
	struct span version;
	if (session->has_sslinfo || !row_read(&version, 1, body))
		return false;
	session->has_sslinfo = true;
	return true;
}

void pg_question_answer(struct pg_session *session, struct span body)
{
	bool ok = !session->frame.cut;
	if (session->step == PG_STEP_STAT)
		ok = ok && tls_read(&session->stat, CELLS_MAX, body);
	else if (session->step == PG_STEP_EXTENSION)
		ok = ok && extension_read(session, body);
	else
		ok = ok && tls_read(&session->sslinfo, CELLS_MAX - 1, body);
	if (!ok)
		pg_violate(session, PG_VIOLATION_MALFORMED_MESSAGE);
}

/* As OpenSSL writes them; its "TLSv1" is TLS 1.0. */
static const char *openssl_version(enum version version)
{
	static const char *const names[VERSIONS_LEN] = { "SSLv2",   "SSLv3",   "TLSv1",
							 "TLSv1.1", "TLSv1.2", "TLSv1.3" };
	return version < VERSIONS_LEN ? names[version] : "none";
}

/* The length of the cipher's key, which is what pg_stat_ssl counts; 0: unknown, or no cipher. */
static uint32_t key_bits(const struct cipher_suite *suite)
{
	if (strncmp(suite->cipher, "3DES", 4) == 0)
		return 168;
	if (strstr(suite->cipher, "CHACHA20") || strstr(suite->cipher, "_256"))
		return 256;
	return strstr(suite->cipher, "_128") ? 128 : 0;
}

bool pg_tls_agrees(const struct pg_tls *row, enum version version, uint16_t suite, char *why,
		   size_t why_len)
{
	const struct cipher_suite *entry = cipher_suite_by_code(suite);
	const char *cipher = entry ? entry->openssl : NULL;
	uint32_t bits = entry ? key_bits(entry) : 0;
	if (!row->has_row || !row->version[0])
		snprintf(why, why_len, "the server knows of no TLS in this session");
	else if (strcmp(row->version, openssl_version(version)) != 0)
		snprintf(why, why_len, "the server says '%s', negotiated was '%s'", row->version,
			 version_name(version));
	else if (cipher && strcmp(row->cipher, cipher) != 0)
		snprintf(why, why_len, "the server says '%s', negotiated was '%s'", row->cipher,
			 cipher);
	else if (bits && row->bits && row->bits != bits)
		snprintf(why, why_len, "the server says %u bits, '%s' has %u", row->bits,
			 entry->name, bits);
	else
		return true;
	return false;
}
