/* certificate_request.h - CertificateRequest (RFC 5246 7.4.4, RFC 4346 7.4.4, RFC 8446 4.3.2). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CERTIFICATE_REQUEST_H
#define WIRE_CERTIFICATE_REQUEST_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"
#include "registry/version.h"

/*
 * `types` and `authorities` (a list of vectors with two-byte lengths) exist up to TLS 1.2,
 * `signature_algorithms` (a list of two-byte codes) in TLS 1.2, `context` and `extensions` in TLS
 * 1.3, where the extensions carry the signature algorithms as well: then both are viewed.
 */
struct certificate_request {
	struct span types, signature_algorithms, authorities;
	struct span context, extensions;
};

/* certificate_request_decode reads a body without its header. Fault: MALFORMED. */
MUST_USE enum fault certificate_request_decode(struct certificate_request *out, struct cursor body,
					       enum version version);

/* certificate_request_encode writes the message, header included. */
void certificate_request_encode(struct builder *b, const struct certificate_request *request,
				enum version version);

#endif
