/* answer_check.h - what every ServerHello owes to the ClientHello that it answers, as a pure
 * function. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HANDSHAKE_ANSWER_CHECK_H
#define HANDSHAKE_ANSWER_CHECK_H

#include "handshake/handshake.h"

/* `hello` is the message that was sent last, header included; `retry` the HelloRetryRequest that
 * came before it, or NULL. */
struct answer_question {
	struct span hello;
	const struct server_hello *answer, *retry;
};

#define ANSWER_DETAIL_MAX 128

/*
 * answer_check says which rule the ServerHello (or HelloRetryRequest) breaks: version, suite,
 * compression and extensions are among those offered, no extension comes twice, and in TLS 1.3 the
 * session id is echoed and the key share is of a group that was shared. NONE for a hello of ours
 * that cannot be decoded. `detail` gets the value that is wrong. The downgrade sentinel is not
 * looked at.
 */
enum violation answer_check(const struct answer_question *question, char detail[ANSWER_DETAIL_MAX]);

/* answer_undecoded says why a ServerHello's body cannot be decoded: EXTENSION_DUPLICATE or
 * MALFORMED_MESSAGE. */
enum violation answer_undecoded(struct span body);

/* answer_rule returns the section that the violation breaks: "RFC 8446 4.1.3". */
const char *answer_rule(enum violation violation, enum version version);

#endif
