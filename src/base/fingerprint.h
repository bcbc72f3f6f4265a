/* fingerprint.h - a running 64-bit hash (FNV-1a): the same things in the same order give the same
 * number on every machine. It finds mistakes, and stops nobody who wants to deceive. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FINGERPRINT_H
#define BASE_FINGERPRINT_H

#include "base/span.h"

#define FINGERPRINT_BEGIN UINT64_C(14695981039346656037)

/* fingerprint_bytes goes on over bytes, without their number. */
static inline uint64_t fingerprint_bytes(uint64_t hash, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		hash = (hash ^ bytes.at[i]) * UINT64_C(1099511628211);
	return hash;
}

/* fingerprint_number goes on over the eight bytes of a number. */
static inline uint64_t fingerprint_number(uint64_t hash, uint64_t value)
{
	for (unsigned i = 0; i < 8; i++)
		hash = (hash ^ (uint8_t)(value >> 8 * i)) * UINT64_C(1099511628211);
	return hash;
}

/* fingerprint_span goes on over bytes and their number. */
static inline uint64_t fingerprint_span(uint64_t hash, struct span bytes)
{
	return fingerprint_bytes(fingerprint_number(hash, bytes.len), bytes);
}

/* fingerprint_text goes on over a text, or over its absence. */
static inline uint64_t fingerprint_text(uint64_t hash, const char *text)
{
	hash = fingerprint_number(hash, text != NULL);
	return text ? fingerprint_span(hash, span_text(text)) : hash;
}

#endif
