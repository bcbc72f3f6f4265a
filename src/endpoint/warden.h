/* warden.h - reads what a client sends after its hello strictly, before mbedTLS sees it: in clear
 * up to ChangeCipherSpec, the record headers alone from there on. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_WARDEN_H
#define ENDPOINT_WARDEN_H

#include "base/cursor.h"
#include "base/limits.h"
#include "endpoint/defect.h"
#include "registry/cipher_suite.h"

/* A message of the client's second flight is no longer than this: a few certificates. */
#define WARDEN_MESSAGE_MAX 16380
#define WARDEN_PRIME_MAX   1024

enum warden_verdict {
	WARDEN_MORE,  /* no whole record is there */
	WARDEN_PASS,  /* give `type` and `bytes` to mbedTLS in a record; there may be more */
	WARDEN_SKIP,  /* something was read that mbedTLS need not see; there may be more */
	WARDEN_ALERT, /* send the fatal alert */
	WARDEN_CLOSE, /* the client ended it */
	WARDEN_HANG,  /* defects only: nothing is said, and the connection stays */
	WARDEN_LEAK,  /* defects only: answer a heartbeat with `leak` bytes */
};

struct warden_result {
	enum warden_verdict verdict;
	uint8_t alert, type;
	struct span bytes; /* of the warden or of the input, until the next call */
	size_t leak;
};

/* What the client has to say next. */
enum warden_stage {
	WARDEN_AT_CERTIFICATE,
	WARDEN_AT_KEY_EXCHANGE,
	WARDEN_AT_CERTIFICATE_VERIFY,
	WARDEN_AT_CCS,
	WARDEN_AT_FINISHED, /* protected */
};

struct warden {
	enum defect defect;
	enum version version;
	enum warden_stage stage;
	const struct cipher_suite *suite;
	uint16_t group;
	uint8_t dh_p[WARDEN_PRIME_MAX];
	size_t dh_p_len;
	bool certified, open; /* `open`: the handshake is over */
	unsigned warnings;
	size_t protected_len; /* of the last protected record */
	uint8_t message[WARDEN_MESSAGE_MAX + 4];
	size_t message_len, message_taken;
	struct span pending; /* of the present record, not yet joined */
};

/* warden_init waits for a client of the version; `behind` is what stood behind its hello. */
void warden_init(struct warden *warden, enum version version, enum defect defect,
		 struct span behind);

/*
 * warden_overhear reads one record that mbedTLS sends in clear: which suite, which group and
 * whether a certificate is wanted.
 */
void warden_overhear(struct warden *warden, struct span record);

/* warden_take reads one record, or one message of it, from `in`. */
void warden_take(struct warden *warden, struct cursor *in, struct warden_result *out);

/*
 * key_exchange_judge returns the alert that a ClientKeyExchange body calls for, 0 for none (RFC
 * 5246 7.4.7, RFC 8422 5.7, 5.11, RFC 7919 5.1, RFC 4279).
 */
uint8_t key_exchange_judge(const struct warden *warden, struct cursor body);

#endif
