/* oracle_mbedtls.h - what must hold of mbedTLS's answers, read by our own readers of the wire. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_ORACLE_MBEDTLS_H
#define HARNESS_ORACLE_MBEDTLS_H

#include "registry/cipher_suite.h"
#include "rig_mbedtls.h"

/* One side's words up to its ChangeCipherSpec, and how many records of each kind came after it. */
#define TALK_MESSAGES_MAX 16
struct talk {
	uint8_t types[TALK_MESSAGES_MAX]; /* the first ones, of messages in clear */
	struct span bodies[TALK_MESSAGES_MAX];
	size_t len;
	bool is_readable;   /* nothing malformed */
	bool is_whole;	    /* nor anything behind the last whole message */
	bool has_switched;  /* ChangeCipherSpec was said */
	bool has_odd_alert; /* one that the registry does not hold */
	bool spoke_after_fatal;
	size_t fatal_alerts, protected_messages;
};

/* talk_read reads one side's bytes; the views live as long as the arena. */
void talk_read(struct talk *out, struct arena *arena, struct span bytes);

/* talk_find returns the body of the first message of this type, an absent view without one. */
struct span talk_find(const struct talk *talk, uint8_t type);

/* talk_in_order says whether the messages are some of the types of `order`, once and in that order.
 */
bool talk_in_order(const struct talk *talk, struct span order);

/* oracle_mbedtls_offers says whether the configuration has the suite in its list for TLS 1.2, and
 * oracle_mbedtls_allows whether the version lies in its range. */
bool oracle_mbedtls_offers(const mbedtls_ssl_config *conf, uint16_t suite);
bool oracle_mbedtls_allows(const mbedtls_ssl_config *conf, uint16_t version);

/*
 * oracle_mbedtls_exists says whether the suite exists in the version. mbedTLS has the suites of RFC
 * 6367 with CBC in TLS 1.0 and 1.1 as well, which the registry has not; see docs/fuzzing.md.
 */
bool oracle_mbedtls_exists(const struct cipher_suite *suite, uint16_t version);

/* oracle_mbedtls_is_first says that the session is the first handshake's. */
bool oracle_mbedtls_is_first(const struct rig_mbedtls *rig);

/*
 * oracle_mbedtls checks a rig that has heard everything: what it sent is well formed and in order,
 * what it selected was offered to it and allowed by its configuration, and it is not done without
 * the other side's Finished, nor without what its configuration demands of the other side.
 */
void oracle_mbedtls(const struct rig_mbedtls *rig);

/* The two halves, for what is particular to a side. */
void oracle_mbedtls_server(const struct rig_mbedtls *rig, const struct talk *sent,
			   const struct talk *heard);
void oracle_mbedtls_client(const struct rig_mbedtls *rig, const struct talk *sent,
			   const struct talk *heard);

#endif
