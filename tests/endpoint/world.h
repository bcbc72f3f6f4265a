/* world.h - policies, hellos and an endpoint for tests. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENDPOINT_WORLD_H
#define TESTS_ENDPOINT_WORLD_H

#include "endpoint/endpoint.h"
#include "wire/hello_draft.h"

/* TLS 1.2 with the four suites of the Single Server page; plaintext rejected. */
extern const char strict_policy[];
/* Every suite in TLS 1.0 to 1.2; plaintext accepted. */
extern const char open_policy[];

/* settings_of reads a policy's text; what it makes lives until the next call. */
const struct settings *settings_of(const char *policy);

/* What a test says in a hello; zero members: legacy version 1.2, no extension. */
struct said {
	uint16_t legacy_version;
	uint16_t suites[8];
	size_t suites_len;
	uint16_t versions[4]; /* of supported_versions */
	size_t versions_len;
	bool trailing_byte;
};

/* hello_say writes one record into `out` and returns its view. */
struct span hello_say(uint8_t out[512], const struct said *said);

/* test_identity makes keys once a test. */
const struct endpoint_identity *test_identity(void);

/* endpoint_of starts an endpoint for the policy over the scheme. */
struct endpoint *endpoint_of(const char *policy, const char *scheme,
			     enum version_refusal version_refusal);

/* broken_endpoint_of has the defect. */
struct endpoint *broken_endpoint_of(const char *policy, const char *scheme, enum defect defect);

/* dial connects to an endpoint; reads give up after some seconds. */
int dial(const struct endpoint *endpoint);

/* say sends bytes; hear reads until `len` bytes came or the endpoint closed, and returns how many.
 */
void say(int fd, struct span bytes);
size_t hear(int fd, uint8_t *out, size_t len);

/* hangs_up says whether the next thing read is the end, in order. */
bool hangs_up(int fd);

#define SSL_REQUEST    span_of("\0\0\0\x08\x04\xd2\x16\x2f", 8)
#define GSSENC_REQUEST span_of("\0\0\0\x08\x04\xd2\x16\x30", 8)
#define CANCEL_REQUEST span_of("\0\0\0\x10\x04\xd2\x16\x2e\0\0\0\x01\0\0\0\x02", 16)
#define STARTUP	       span_of("\0\0\0\x11\0\x03\0\0user\0me\0\0", 17)

#endif
