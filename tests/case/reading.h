/* reading.h - case files read for a test, and what was found wrong with them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CASE_READING_H
#define TESTS_CASE_READING_H

#include "base/limits.h"
#include "case/catalogue.h"

/* What was read, with everything that it needs to stay alive. */
struct reading {
	struct arena arena;
	struct diags diags;
	struct catalogue catalogue;
	enum fault fault, linked;
};

/* reading_text reads a C string as the file "cases/t.case", and links it. */
void reading_text(struct reading *reading, const char *text);

/* reading_case reads the same behind a head, `cite` and `why`: three lines; it must be accepted. */
void reading_case(struct reading *reading, const char *body);

void reading_release(struct reading *reading);

/* message returns "line:col: text" of the n-th diagnostic, or "" if there are fewer. */
const char *message(const struct reading *reading, size_t n);

/* refused and refused_case: the errors, joined by line ends, are these. */
void refused(const char *text, const char *errors);
void refused_case(const char *body, const char *errors);

/* formatted returns the file as it is formatted, allocated. */
char *formatted(const char *text);

/* file_text returns a file's text, allocated and ended by a zero byte. */
char *file_text(const char *path);

#endif
