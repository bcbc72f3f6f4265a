/* certificate.h - the Certificate message (RFC 5246 7.4.2, RFC 8446 4.4.2). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CERTIFICATE_H
#define WIRE_CERTIFICATE_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"

#define CERTIFICATES_MAX 16

/* DER views, leaf first. `context` and the entries' extensions exist in TLS 1.3 only. */
struct certificate_list {
	struct span context;
	struct span der[CERTIFICATES_MAX];
	struct span extensions[CERTIFICATES_MAX];
	size_t len;
};

/* certificate_list_decode reads a body; more than CERTIFICATES_MAX entries are TOO_LARGE. Fault:
 * MALFORMED. */
MUST_USE enum fault certificate_list_decode(struct certificate_list *out, struct cursor body,
					    bool tls13);

/* certificate_list_encode writes the message, header included. */
void certificate_list_encode(struct builder *b, const struct certificate_list *list, bool tls13);

#endif
