/* mangle_server_hello.h - the ServerHello as it goes out. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_MANGLE_SERVER_HELLO_H
#define ENDPOINT_MANGLE_SERVER_HELLO_H

#include "endpoint/mangle.h"

/* server_hello_mangle writes the record that carries the ServerHello of `body`. */
void server_hello_mangle(const struct mangle *mangle, uint16_t record_version, struct span body,
			 struct builder *out);

/*
 * server_hello_forge writes a record with a ServerHello that nothing will follow, for a version and
 * a suite that mbedTLS does not have; for SSLV2 a SERVER-HELLO of that protocol.
 */
void server_hello_forge(struct builder *out, enum version version, uint16_t suite,
			struct span random);

#endif
