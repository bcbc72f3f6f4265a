/* Plants a bug in: mbedtls_ssl_write_handshake_msg. The suite that a ServerHello names is 1 more.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/ssl_internal.h>

/* Header, version, random and the length of the session id stand before it (RFC 5246 7.4.1.3). */
#define SESSION_ID_AT 38

int __real_mbedtls_ssl_write_handshake_msg(mbedtls_ssl_context *ssl);
int __wrap_mbedtls_ssl_write_handshake_msg(mbedtls_ssl_context *ssl);

int __wrap_mbedtls_ssl_write_handshake_msg(mbedtls_ssl_context *ssl)
{
	unsigned char *message = ssl->out_msg;
	if (message[0] == MBEDTLS_SSL_HS_SERVER_HELLO && ssl->session_negotiate->id_len == 0)
		message[SESSION_ID_AT + 2]++;
	return __real_mbedtls_ssl_write_handshake_msg(ssl);
}
