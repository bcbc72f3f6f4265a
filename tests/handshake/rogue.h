/* rogue.h - a scripted server over our own encoders and cryptography: honest until told otherwise.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HANDSHAKE_ROGUE_H
#define TESTS_HANDSHAKE_ROGUE_H

#include "crypto/key_schedule.h"
#include "crypto/prf.h"
#include "crypto/protection.h"
#include "handshake/handshake.h"
#include "offer.h"
#include "wire/client_hello.h"
#include "wire/server_key_exchange.h"

/* A growing run of bytes. */
struct tape {
	uint8_t *at;
	size_t len, cap;
};

void tape_add(struct tape *tape, struct span bytes);
struct span tape_view(const struct tape *tape);

/* What the server does, one after the other. AWAIT reads what the client has sent. */
enum step {
	STEP_END,
	STEP_RETRY,
	STEP_SERVER_HELLO,
	STEP_CERTIFICATE,
	STEP_STATUS,
	STEP_EXCHANGE,
	STEP_REQUEST,
	STEP_DONE,
	STEP_TICKET,
	STEP_CCS,
	STEP_ENCRYPTED_EXTENSIONS,
	STEP_VERIFY,
	STEP_FINISHED,
	STEP_AWAIT,
	STEP_HELLO_REQUEST,
	STEP_KEY_UPDATE,	/* asks for one in return */
	STEP_KEY_UPDATE_SILENT, /* does not */
	STEP_APPLICATION,
	STEP_WARNING,
	STEP_EMPTY, /* a handshake record without content */
};

#define SCRIPT_MAX    64
#define MESSAGE_LIMIT 16384

struct rogue {
	/* What it is told; rogue_init makes it honest. */
	enum version version;
	uint16_t suite, group, scheme;
	const char *key; /* "rsa", "ecdsa", "ed25519" */
	bool extended_master_secret, encrypt_then_mac, ticket, status, resumed;
	struct span psk;		      /* of TLS 1.2's suites, or what resumes TLS 1.3 */
	struct span master_before;	      /* what resumes TLS 1.2 */
	struct span hello_extra, other_extra; /* raw extensions behind ours: ServerHello, and
					      EncryptedExtensions */
	enum step script[SCRIPT_MAX];
	/* Lies, each NULL for none: before a message is signed, and before it is hashed. */
	void (*lie_hello)(struct rogue *, struct server_hello *);
	void (*lie_exchange)(struct rogue *, struct server_key_exchange *);
	void (*lie_message)(struct rogue *, enum step, struct builder *);
	bool spoil_signature, spoil_finished;
	bool hash_silently;	/* lie_message happens behind the transcript's back */
	unsigned spoil_record;	/* the n-th protected record has a wrong MAC or tag */
	uint8_t protected_type; /* what protected handshake records claim to be, if not 0 */
	size_t chunk, fragment; /* of delivery and of records; 0: as much as possible */
	bool coalesce;
	bool no_second_hello; /* a HelloRetryRequest is left unanswered */

	/* Under way. */
	struct arena arena;
	struct rng rng;
	struct tape out, pending, log, in, client_messages, transcript, application;
	struct client_hello hello;
	uint8_t client_random[32], random[32], session_id[32];
	const struct cipher_suite *row;
	struct suite_params params;
	struct protection *reading, *writing, *next_reading, *next_writing;
	uint8_t master[MASTER_SECRET_LEN];
	bool has_keys;
	struct key_schedule schedule;
	uint8_t client_secret[HASH_MAX], server_secret[HASH_MAX];
	uint8_t next_client_secret[HASH_MAX];
	struct span client_certificate;
	unsigned records_sealed;
	bool retried;

	/* What the client did. */
	bool client_finished, client_verified, client_updated;
	uint8_t client_alert;
	size_t client_certificates;
	uint8_t resumption_master[HASH_MAX];
};

/* One conversation: the client and the server, and what both were made from. */
struct scene {
	struct arena arena;
	struct offer offer;
	struct handshake_options options;
	struct handshake *client;
	struct rogue rogue;
};

/* scene_init makes both ends for a version and a suite, with the script of a full handshake. */
void scene_init(struct scene *scene, enum version version, uint16_t suite);

/* scene_play makes the hello from the offer, runs the script and returns what became known. */
const struct handshake_facts *scene_play(struct scene *scene);

/* scene_steps runs more steps after scene_play. */
void scene_steps(struct scene *scene, const enum step *steps, size_t len);

void scene_release(struct scene *scene);

/* rogue.c */
size_t script_len(const struct rogue *rogue);
void script_set(struct rogue *rogue, const enum step *steps, size_t len);
void script_insert(struct rogue *rogue, size_t at, enum step step);
void script_remove(struct rogue *rogue, size_t at);
size_t script_find(const struct rogue *rogue, enum step step);

/* rogue_messages.c: writes one message; false for a step that is none. */
bool rogue_message(struct rogue *rogue, enum step step, struct builder *b);

/* rogue_keys.c */
struct span rogue_fixture(const char *name, const char *suffix);
struct span rogue_certificate(const char *name);
void rogue_sign(struct rogue *rogue, uint16_t scheme, struct span bytes, uint8_t *out, size_t *len);
void rogue_digest(struct rogue *rogue, uint8_t out[64], size_t *len);
void rogue_dh(struct span peer, struct tape *share, struct tape *secret);
void rogue_keys12(struct rogue *rogue, struct span client_exchange);
void rogue_block12(struct rogue *rogue);
void rogue_handshake_keys13(struct rogue *rogue);
void rogue_application_keys13(struct rogue *rogue);
void rogue_update13(struct rogue *rogue, bool reading);
void rogue_finished(struct rogue *rogue, bool server, uint8_t out[64], size_t *len);
struct span rogue_content13(struct rogue *rogue, bool server);
void rogue_resumption13(struct rogue *rogue);

/* rogue_client.c: reads what the client sent. */
void rogue_listen(struct rogue *rogue);

#endif
