/* Plants a bug in: mbedtls_ssl_parse_finished. A client takes a Finished that never came, if nobody
 * had to show a certificate. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/ssl_internal.h>

int __real_mbedtls_ssl_parse_finished(mbedtls_ssl_context *ssl);
int __wrap_mbedtls_ssl_parse_finished(mbedtls_ssl_context *ssl);

int __wrap_mbedtls_ssl_parse_finished(mbedtls_ssl_context *ssl)
{
	if (ssl->session_negotiate->peer_cert || ssl->handshake->resume)
		return __real_mbedtls_ssl_parse_finished(ssl);
	ssl->state++;
	return 0;
}
