/* support.h - what the tests of the wire layer share: the corpus, and hellos made by hand. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_WIRE_SUPPORT_H
#define TESTS_WIRE_SUPPORT_H

#include "base/arena.h"
#include "wire/client_hello.h"
#include "wire/hello_draft.h"

#define CORPUS_LEN	40
#define HELLO_BYTES_MAX 4096

/* One captured hello; `columns` are the expected values, by the names in the table's first line. */
struct capture {
	char line[4096];
	const char *columns[16];
	uint8_t bytes[HELLO_BYTES_MAX];
	size_t len;
};

/* captures_load reads table and files; it fails the test where one cannot be read. */
struct capture *captures_load(void);

/* capture_expected returns the value of a column. */
const char *capture_expected(const struct capture *capture, const char *column);

/* capture_body returns the ClientHello without the headers of its one record and of its message. */
struct span capture_body(const struct capture *capture);

/* A hello whose parts a test replaces before it is built. */
struct sample {
	struct hello_draft draft;
	struct extension_draft extensions[40];
	uint8_t bytes[HELLO_BYTES_MAX];
};

/* sample_init makes a well-formed hello with two suites and an empty block of extensions. */
void sample_init(struct sample *sample);

/* sample_add appends an extension. */
void sample_add(struct sample *sample, uint16_t type, const char *body, size_t len);

/* sample_body builds it and returns the body, without the message's header. */
struct span sample_body(struct sample *sample);

/* SAMPLE_ADD appends an extension with the bytes of a string literal. */
#define SAMPLE_ADD(sample, type, literal) sample_add(sample, type, literal, sizeof(literal) - 1)

/* BYTES views the bytes of a string literal. */
#define BYTES(literal)			  span_of(literal, sizeof(literal) - 1)

#endif
