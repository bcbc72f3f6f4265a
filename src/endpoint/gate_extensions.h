/* gate_extensions.h - extensions that the decoder does not know, or not to the last byte. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_GATE_EXTENSIONS_H
#define ENDPOINT_GATE_EXTENSIONS_H

#include "endpoint/defect.h"
#include "wire/client_hello.h"

/*
 * gate_extensions_judge returns the alert that one of them calls for, 0 for none: trusted_ca_keys,
 * truncated_hmac, status_request (RFC 6066 6, 7, 8), use_srtp (RFC 5764 4.1.1), certificate types
 * (RFC 7250 3, 4.2).
 */
uint8_t gate_extensions_judge(const struct client_hello *hello, enum defect defect);

#endif
