/* protection_support.h - both ends of a protected connection, for every suite and version. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CRYPTO_PROTECTION_SUPPORT_H
#define TESTS_CRYPTO_PROTECTION_SUPPORT_H

#include "base/limits.h"
#include "crypto/protection.h"

struct ends {
	struct suite_params params;
	struct protection *seal, *open;
	struct arena arena;
	struct rng rng;
	uint8_t record[RECORD_CIPHERTEXT_MAX + 64];
	size_t record_len;
};

/* ends_init makes both ends with keys that depend on the suite; false where we have none. */
bool ends_init(struct ends *ends, uint16_t suite, enum version version, bool encrypt_then_mac);
void ends_release(struct ends *ends);

/* ends_seal puts one record into `record`. */
void ends_seal(struct ends *ends, uint8_t type, struct span fragment, unsigned spoil);

/* ends_open opens what is in `record`, by its header. */
MUST_USE enum fault ends_open(struct ends *ends, uint8_t *type, struct span *out);

#endif
