/* hello_input.h - a file that holds a ClientHello, in any of the forms that people keep them in. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_HELLO_INPUT_H
#define WIRE_HELLO_INPUT_H

#include "base/arena.h"
#include "wire/client_hello.h"
#include "wire/sslv2.h"

enum hello_form { HELLO_FORM_RECORDS, HELLO_FORM_HANDSHAKE, HELLO_FORM_SSLV2 };

/* hello_form_name returns "records", "handshake" or "sslv2". */
const char *hello_form_name(enum hello_form form);

/* The header of one of the records that carry the hello. */
struct hello_record {
	uint16_t version, len;
};

#define HELLO_RECORDS_MAX 4096

/*
 * `bytes` is the file after hexadecimal digits were turned into bytes; it is, in this order,
 * `preamble` (PostgreSQL requests that ask for encryption), the records or the message, and
 * `trailing`. `message` is the handshake message with its header, put together when it came in
 * several records; `after` is what follows it in the last of them. Views and lists belong to the
 * arena or to the bytes given.
 */
struct hello_input {
	enum hello_form form;
	bool was_hex;
	struct span bytes, preamble, message, after, trailing;
	const struct hello_record *records;
	size_t records_len;
	struct client_hello hello;
	struct sslv2_client_hello sslv2;
};

/* hello_preamble views the PostgreSQL requests for encryption that something follows. */
struct span hello_preamble(struct span bytes);

/*
 * hello_input_read detects the form and decodes. On failure `error` says where, as an offset into
 * `bytes` (for hexadecimal text that is not whole: into the text). Faults: MALFORMED, TRUNCATED,
 * and those of the arena.
 */
MUST_USE enum fault hello_input_read(struct hello_input *out, struct span file, unsigned leniency,
				     struct arena *arena, struct wire_error *error);

#endif
