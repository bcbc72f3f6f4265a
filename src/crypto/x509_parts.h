/* x509_parts.h - a certificate taken apart without judging it: views of what RFC 5280 4.1 names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_X509_PARTS_H
#define CRYPTO_X509_PARTS_H

#include "base/fault.h"
#include "crypto/der.h"

/* `issuer` and `subject` are the contents of the Names; `extensions` those of the SEQUENCE. */
struct x509_parts {
	struct span issuer, subject;
	int32_t not_before, not_after; /* days since 1970-01-01 */
	struct span key_algorithm, key_parameters, key;
	struct span extensions;
	struct span signature_algorithm;
};

/* x509_parts_read also takes keys and signatures that mbedTLS does not know. Fault: MALFORMED. */
MUST_USE enum fault x509_parts_read(struct x509_parts *out, struct span der);

/* name_next reads one attribute of a Name: its type and its value. False at the end. */
bool name_next(struct cursor *name, struct span *oid, struct span *value);

/* name_common_name returns the first common name, or an absent view. */
struct span name_common_name(struct span name);

/* x509_extension returns the contents of the extension `oid`, or an absent view. */
struct span x509_extension(const struct x509_parts *parts, struct span oid);

/* days_of returns the days from 1970-01-01 to a date of the Gregorian calendar. */
int32_t days_of(int32_t year, int32_t month, int32_t day);

#define OID_COMMON_NAME	     span_of("\x55\x04\x03", 3)
#define OID_SUBJECT_ALT_NAME span_of("\x55\x1d\x11", 3)

#endif
