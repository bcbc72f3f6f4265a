/* annotation.h - bytes cut into named fields, in the order in which they stand, over the headers of
 * the records that carry them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_ANNOTATION_H
#define WIRE_ANNOTATION_H

#include "base/arena.h"
#include "base/builder.h"
#include "wire/hello_input.h"

/* One field; a heading stands over the fields that follow deeper, and has no bytes. */
struct annotated {
	const char *name;
	size_t offset, len;
	unsigned depth;
	bool heading;
};

/*
 * `fields` lie side by side from the first byte to `at`. `records` are those that are to come: each
 * header is five bytes before its content; without any the content stands as it is. The arena's
 * fault latches.
 */
struct annotation {
	struct arena *arena;
	struct annotated *fields;
	size_t len, cap, at;
	const struct hello_record *records;
	size_t records_len, record, left; /* left: content of the present record, not yet named */
};

/* annotation_init starts at the first byte; lists and names outlive the annotation. */
void annotation_init(struct annotation *out, const struct hello_record *records, size_t records_len,
		     struct arena *arena);

/* annotation_field names the next `len` bytes, which are in no record. */
void annotation_field(struct annotation *out, const char *name, size_t len, unsigned depth);

/* annotation_content names the next `len` bytes of the records' content: a field that crosses a
 * record's end is cut there, and what follows is "(continued)". */
void annotation_content(struct annotation *out, const char *name, size_t len, unsigned depth);

/* annotation_map names content by a field map, one level deeper than the map says; the bytes of a
 * vector carry the vector's name. */
void annotation_map(struct annotation *out, const struct field *fields, size_t len);

/* annotation_open opens the next record where the present one has no content left, and passes by
 * those that are empty. */
void annotation_open(struct annotation *out);

/*
 * annotate.c: what one side sent in a conversation, PostgreSQL's dialogue in clear included. What
 * has not the form that its place asks for stays one field, "bytes" or "content"; what is protected
 * is "encrypted". Every byte is named once. Faults: those of the arena.
 */
MUST_USE enum fault annotate(struct annotation *out, struct span bytes, bool server,
			     struct arena *arena);

#endif
