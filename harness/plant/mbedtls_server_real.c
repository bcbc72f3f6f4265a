/* Plants a bug in: mbedtls_ssl_send_alert_message. The alert decode_error has an unknown number. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/ssl_internal.h>

#define UNKNOWN 200

int __real_mbedtls_ssl_send_alert_message(mbedtls_ssl_context *ssl, unsigned char level,
					  unsigned char message);
int __wrap_mbedtls_ssl_send_alert_message(mbedtls_ssl_context *ssl, unsigned char level,
					  unsigned char message);

int __wrap_mbedtls_ssl_send_alert_message(mbedtls_ssl_context *ssl, unsigned char level,
					  unsigned char message)
{
	if (message == MBEDTLS_SSL_ALERT_MSG_DECODE_ERROR)
		message = UNKNOWN;
	return __real_mbedtls_ssl_send_alert_message(ssl, level, message);
}
