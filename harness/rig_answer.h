/* rig_answer.h - a ServerHello beside the ClientHello that it answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_ANSWER_H
#define HARNESS_RIG_ANSWER_H

#include "handshake/answer_check.h"
#include "harness.h"
#include "wire/client_hello.h"

struct rig_answer {
	struct span message, body; /* the hello with its header; the answer without */
	struct client_hello hello;
	struct server_hello retry, answer;
	bool retried;
};

/* rig_answer_init decodes all of them; false when there is nothing to compare: a hello that cannot
 * be decoded breaks no rule, and an answer that cannot breaks one. */
bool rig_answer_init(struct rig_answer *rig, struct span hello, struct span retry,
		     struct span answer);

/* rig_answer_check asks which rule is broken; every one has a name, a sentence and a section. */
enum violation rig_answer_check(const struct rig_answer *rig);

/* rig_answer_was_asked_for counts again, without the code under test: version, suite, compression
 * and extensions stand in the hello, none twice. */
void rig_answer_was_asked_for(const struct rig_answer *rig);

/* rig_answer_is_wrong counts again where that is simple: a protocol that is not admitted is none
 * that can be read in the hello's list, however malformed that is. */
void rig_answer_is_wrong(const struct rig_answer *rig, enum violation violation);

/* rig_answer_ends_a_handshake says that a client which sent the hello goes no further than the
 * answer. */
void rig_answer_ends_a_handshake(const struct rig_answer *rig);

#endif
