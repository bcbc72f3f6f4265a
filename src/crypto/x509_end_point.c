/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/md.h>
#include <mbedtls/x509_crt.h>

#include "crypto/x509.h"

enum fault x509_end_point(uint8_t out[64], size_t *out_len, struct span der)
{
	mbedtls_x509_crt crt;
	mbedtls_x509_crt_init(&crt);
	enum fault fault = FAULT_MALFORMED;
	if (!mbedtls_x509_crt_parse_der(&crt, der.at, der.len)) {
		mbedtls_md_type_t type = crt.sig_md;
		if (type == MBEDTLS_MD_MD5 || type == MBEDTLS_MD_SHA1)
			type = MBEDTLS_MD_SHA256;
		const mbedtls_md_info_t *md = mbedtls_md_info_from_type(type);
		fault = md && !mbedtls_md(md, der.at, der.len, out) ? FAULT_NONE
								    : FAULT_UNSUPPORTED;
		*out_len = md ? mbedtls_md_get_size(md) : 0;
	}
	mbedtls_x509_crt_free(&crt);
	return fault;
}
