/* fixture.h - a policy read for a test, and its rulings in one word. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SCRIPT_FIXTURE_H
#define TESTS_SCRIPT_FIXTURE_H

#include "policy/lint.h"
#include "script/builtin.h"
#include "script/policy_reader.h"
#include "script/policy_writer.h"

#define SINGLE	 "azure-postgresql-single-server"
#define FLEXIBLE "azure-postgresql-flexible-server"

/* What was read, with everything that it needs to stay alive. */
struct reading {
	struct arena arena;
	struct diags diags;
	struct policy policy;
	enum fault fault;
};

/* reading_text reads a policy from a C string, as the file "t.policy". */
void reading_text(struct reading *reading, const char *text);

/* reading_body reads the same behind a line `policy t`, which it must pass without an error. */
void reading_body(struct reading *reading, const char *body);

/* reading_builtin reads an embedded policy, which it must pass without an error. */
void reading_builtin(struct reading *reading, const char *name);

void reading_release(struct reading *reading);

/* settings_of applies "NAME=VALUE NAME=VALUE" to the defaults, at 2022-06-24. */
struct settings settings_of(const struct reading *reading, const char *assignments);

/* said returns a ruling's word with its `?`; the last four answers stay valid. */
const char *said(struct ruling ruling);

/* version_said and suite_said ask for one cell. */
const char *version_said(const struct settings *settings, enum version version);
const char *suite_said(const struct settings *settings, enum version version, const char *suite);

/* message returns "line:col: text" of the n-th diagnostic, or "" if there are fewer. */
const char *message(const struct reading *reading, size_t n);

/* file_read returns a file's text, allocated, or NULL. */
char *file_read(const char *path, size_t *len);

#endif
