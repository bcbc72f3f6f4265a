/* capture_search.h - where in a client's bytes its ClientHello lies. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CAPTURE_CAPTURE_SEARCH_H
#define WIRE_CAPTURE_CAPTURE_SEARCH_H

#include "base/span.h"

/* The offsets of the hello's first byte, and of the first behind its last record. */
struct capture_found {
	size_t start, end;
	bool whole;
};

/*
 * capture_search looks where TLS would start: at the first byte, or behind PostgreSQL's requests
 * for encryption; else anywhere behind another dialogue (STARTTLS, LDAP's StartTLS, MySQL), for a
 * record whose lengths and versions all are a ClientHello's. An SSLv2 hello is only looked for
 * where TLS would start. A hello that goes wrong behind its first bytes is found as well, and is
 * `whole`: the rest of the bytes is its. False: there is none.
 */
bool capture_search(struct capture_found *out, struct span client);

#endif
