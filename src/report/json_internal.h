/* json_internal.h - objects of the JSON report whose first failure latches. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_JSON_INTERNAL_H
#define REPORT_JSON_INTERNAL_H

#include <jansson.h>

#include "report/json_stream.h"
#include "report/report.h"

/* Members keep the order in which they are put. `bad` says that memory ran out. */
struct object {
	json_t *json;
	bool bad;
};

/* object_make starts an empty object; object_dump or object_put ends it. */
struct object object_make(void);

/* object_put adds a member and takes the value over; a NULL value latches. */
void object_put(struct object *object, const char *key, json_t *value);

/* object_text adds a string, made valid UTF-8; a NULL text adds nothing. */
void object_text(struct object *object, const char *key, const char *text);

/* object_int and object_bool add the plain kinds. */
void object_int(struct object *object, const char *key, uint64_t value);
void object_bool(struct object *object, const char *key, bool value);

/* object_hex adds bytes as lower-case digits. */
void object_hex(struct object *object, const char *key, struct span bytes);

/* object_object adds `child` and takes it over, its failure included. */
void object_object(struct object *object, const char *key, struct object child);

/* object_texts adds an array of strings. */
void object_texts(struct object *object, const char *key, const char *const *texts, size_t len);

/* object_dump writes the object on one line and releases it; NO_MEMORY if anything failed. */
MUST_USE enum fault object_dump(struct text *out, struct object object);

/* json_finding writes one finding of the run numbered `index`; failures latch in `out`. */
void json_finding(struct text *out, const struct report *report, size_t index,
		  const struct finding *finding);

/* json_expected adds `expected`: a ruling, the section that it restates and the rows behind it. */
void json_expected(struct json_stream *object, const struct ruling *ruling);

/* json_case adds the members that only cases have, `expected` among them. */
void json_case(struct json_stream *object, const struct finding *finding);

#endif
