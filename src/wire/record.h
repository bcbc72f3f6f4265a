/* record.h - one TLS record, header and fragment (RFC 8446 5.1, RFC 5246 6.2.1). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"
#include "base/limits.h"

#define RECORD_HEADER_LEN 5

struct record {
	uint8_t type;
	uint16_t version;
	struct span fragment;
};

/* record_whole_len returns the length of a record, header included, by the five bytes of its
 * header. */
static inline size_t record_whole_len(const uint8_t header[RECORD_HEADER_LEN])
{
	return RECORD_HEADER_LEN + (size_t)(header[3] << 8 | header[4]);
}

/*
 * record_decode reads one record and leaves the cursor behind it. Faults: MALFORMED for an unknown
 * content type, a version that is not 3.x or a fragment over RECORD_CIPHERTEXT_MAX, as soon as the
 * byte that says so is there; TRUNCATED when the record is not whole yet.
 */
MUST_USE enum fault record_decode(struct record *out, struct cursor *in);

/* record_encode writes one record; the length prefix gets `lie` added. */
void record_encode(struct builder *b, const struct record *record, int32_t lie);

/* record_header_encode writes the five bytes that stand before a fragment of `len` bytes. */
void record_header_encode(uint8_t out[RECORD_HEADER_LEN], uint8_t type, uint16_t version,
			  uint16_t len);

#endif
