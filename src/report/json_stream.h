/* json_stream.h - JSON objects written straight into a text: findings come by the thousand, and
 * building each as a tree first (json_internal.h) takes longer than asking an endpoint. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_JSON_STREAM_H
#define REPORT_JSON_STREAM_H

#include "base/text.h"

/* An object, or an array, that is open; failures latch in the text. */
struct json_stream {
	struct text *out;
	bool begun;
};

/* json_open begins an object; json_open_member and json_open_array one inside another, which is
 * closed before the outer one goes on; json_open_item an object in an array. */
struct json_stream json_open(struct text *out);
struct json_stream json_open_member(struct json_stream *object, const char *key);
struct json_stream json_open_array(struct json_stream *object, const char *key);
struct json_stream json_open_item(struct json_stream *array);
void json_close(struct json_stream *object);
void json_close_array(struct json_stream *array);

/* json_text adds a string, made valid UTF-8 and escaped (RFC 8259 7); a NULL text adds nothing. */
void json_text(struct json_stream *object, const char *key, const char *text);

/* json_pair is json_text with a key that a stranger chose. */
void json_pair(struct json_stream *object, const char *key, const char *text);

/* json_int, json_bool and json_ms (thousandths as a fraction) add the plain kinds. */
void json_int(struct json_stream *object, const char *key, uint64_t value);
void json_bool(struct json_stream *object, const char *key, bool value);
void json_ms(struct json_stream *object, const char *key, uint64_t us);

/* json_hex adds bytes as lower-case digits. */
void json_hex(struct json_stream *object, const char *key, struct span bytes);

/* json_texts adds an array of strings, json_item a string to an open array. */
void json_texts(struct json_stream *object, const char *key, const char *const *texts, size_t len);
void json_item(struct json_stream *array, const char *text);

#endif
