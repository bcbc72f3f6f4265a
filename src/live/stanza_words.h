/* stanza_words.h - bytes in the words of the case language. For stanza's files only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_STANZA_WORDS_H
#define LIVE_STANZA_WORDS_H

#include "base/text.h"

/* Each puts a blank in front of what it appends; lines are broken by the formatter. */

/* put_bytes appends digits, and `fill` where a byte comes again and again. */
void put_bytes(struct text *out, struct span bytes);

/* put_block appends bytes in braces. */
void put_block(struct text *out, struct span bytes);

/* put_code appends a name, where cases know it as this code, or digits. */
void put_code(struct text *out, const char *name, uint32_t code, uint8_t width);

/* put_version appends the name of a version, or its number. */
void put_version(struct text *out, uint16_t version);

/* put_lie appends by how much `told` is more than there is, if it is. */
void put_lie(struct text *out, size_t told, size_t there);

/* put_messages appends handshake messages, one after the other; the last may promise more than
 * there is. */
void put_messages(struct text *out, struct span messages);

/* put_sslv2 appends an SSLv2 hello, and what follows it; false, and nothing, if it is none. */
bool put_sslv2(struct text *out, struct span stream);

/* put_stream appends what one step sends: records, what is in them, what follows; false, and
 * nothing, if they are no records. `room` has as many bytes as the stream. */
bool put_stream(struct text *out, struct span stream, uint8_t *room);

#endif
