/* encode_internal.h - what the parts of the encoder share. For encode*.c and members.c only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_ENCODE_INTERNAL_H
#define CASE_ENCODE_INTERNAL_H

#include "case/encode.h"

#define ENCODE_SCRATCH_MAX ((size_t)16 << 20)

/*
 * Everything is written into `work`; what is only needed on the way is taken out of it again and
 * kept in `scratch`. The first fault latches.
 */
struct encoder {
	const struct case_setting *setting;
	const struct case_connection *connection; /* or NULL */
	const struct family *family;		  /* NULL: none, or its hello is written */
	const struct message *family_hello;
	struct arena *scratch;
	struct builder *work;
	struct span last_hello;
	uint32_t randoms; /* pieces of random bytes so far */
	enum fault fault;
};

/* encoder_fail latches the fault. */
void encoder_fail(struct encoder *e, enum fault fault);

/* encoder_stopped says that a fault, the scratch's included, makes going on useless. */
bool encoder_stopped(const struct encoder *e);

/* lie_close ends a length prefix with the length that `lie` tells. */
void lie_close(struct builder *b, struct prefix prefix, struct lie lie);

/* lie_apply returns what the length field says of `len`. */
uint32_t lie_apply(struct lie lie, size_t len);

/* encode_elements.c: encode_elements writes into e->work; encode_apart takes the bytes out again,
 * into the scratch. */
void encode_elements(struct encoder *e, const struct elements *elements);
struct span encode_apart(struct encoder *e, const struct elements *elements);

/* span_join puts spans behind one another, in the scratch. */
struct span span_join(struct encoder *e, struct span first, struct span second);

/* encode_usual.c: usual_body returns the body that an extension has without braces: the base
 * hello's, or the usual one. */
struct span usual_body(struct encoder *e, uint16_t type);

/* server_name_body and alpn_body make the bodies that name these. */
struct span server_name_body(struct encoder *e, const char *name);
struct span alpn_body(struct encoder *e, const char *protocol);

/* encode_message.c: encode_message writes one handshake message, header included, and makes the
 * family's change to the hello that it is about. */
void encode_message(struct encoder *e, const struct message *message);

/* encode_sslv2.c: encode_sslv2 writes an SSLv2 hello, record header included. */
void encode_sslv2(struct encoder *e, const struct message *message);

/* A field of a hello with a length in front. */
struct hello_field {
	struct span bytes;
	struct lie lie;
};

/* One entry of the block of extensions; `raw` bytes stand as they are. */
struct hello_extension {
	bool raw;
	uint16_t type;
	struct hello_field body;
};

/* A hello as edits see it. The list lives in the scratch. */
struct hello {
	uint16_t version;
	struct span random, tail;
	struct hello_field session_id, suites, compression;
	bool has_extensions;
	struct lie extensions_lie;
	struct hello_extension *extensions;
	size_t extensions_len, extensions_cap;
};

/* encode_base.c: hello_base fills in the base hello of the setting's version; base_body returns
 * the body that an extension has in the base hello of `version`, or an absent view. */
void hello_base(struct encoder *e, struct hello *out);
struct span base_body(enum version version, uint16_t type);

/* encode_retry.c: hello_again takes the last hello; hello_retry answers a HelloRetryRequest. */
void hello_again(struct encoder *e, struct hello *out);
void hello_retry(struct encoder *e, struct hello *out);

/* encode_edits.c: hello_edit makes the edits in their order. */
void hello_edit(struct encoder *e, struct hello *hello, const struct message *message);

/* hello_extension_at returns the first extension of the type, or NULL. */
struct hello_extension *hello_extension_at(const struct hello *hello, uint16_t type);

/* hello_insert puts an extension at `index`; hello_remove drops every one of the type. */
void hello_insert(struct encoder *e, struct hello *hello, size_t index,
		  struct hello_extension extension);
void hello_remove(struct hello *hello, uint16_t type);

/* hello_make is the hello of a message: its base with its edits. */
void hello_make(struct encoder *e, struct hello *out, const struct message *message);

/* hello_write writes the body, without the message's header. */
void hello_write(struct builder *b, const struct hello *hello);

/* hello_len counts the bytes of the message, header included. */
size_t hello_len(const struct hello *hello);

/* members.c: first_hello returns the first ClientHello that a case sends, or NULL. */
const struct message *first_hello(const struct conformance_case *of);

#endif
