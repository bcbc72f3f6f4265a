/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include <mbedtls/x509_crt.h>

#include "crypto/x509.h"

enum fault certificate_chain_read(struct certificate_list *out, struct arena *arena,
				  struct span pem, char *why, size_t why_len)
{
	mbedtls_x509_crt chain;
	mbedtls_x509_crt_init(&chain);
	/* mbedTLS wants PEM text with its terminator, which arena_copy puts there. */
	struct span text = arena_copy(arena, pem);
	*out = (struct certificate_list){ 0 };
	int status = text.at ? mbedtls_x509_crt_parse(&chain, text.at, text.len + 1) : -1;
	enum fault fault = status == 0 ? FAULT_NONE : FAULT_MALFORMED;
	for (const mbedtls_x509_crt *c = &chain; !fault && c && c->raw.p; c = c->next) {
		if (out->len == CERTIFICATES_MAX)
			fault = FAULT_TOO_LARGE;
		else
			out->der[out->len++] = arena_copy(arena, span_of(c->raw.p, c->raw.len));
	}
	if (fault)
		snprintf(why, why_len, "these are not %d PEM certificates at most",
			 CERTIFICATES_MAX);
	mbedtls_x509_crt_free(&chain);
	return fault ? fault : arena->fault;
}
