/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "vectors.h"

#define VECTOR_MAX 4096

/* The digits after the name on its own line; NULL where the line is another vector's. */
static const char *named(const char *line, const char *name)
{
	size_t len = strlen(name);
	return strncmp(line, name, len) == 0 && (line[len] == ' ' || line[len] == '\n') ? line + len
											: NULL;
}

static size_t digits_read(FILE *in, const char *name, char *out)
{
	char line[256];
	size_t len = 0;
	bool found = false;
	while (fgets(line, sizeof line, in)) {
		const char *digits = named(line, name);
		if (found && line[0] != ' ')
			break;
		if (found)
			digits = line;
		if (!digits)
			continue;
		found = true;
		cr_assert_lt(len + strlen(digits), 2 * VECTOR_MAX);
		len += (size_t)snprintf(out + len, 2 * VECTOR_MAX - len, "%s", digits);
	}
	return len;
}

struct span vector(const char *file, const char *name)
{
	char path[512], digits[2 * VECTOR_MAX];
	snprintf(path, sizeof path, "%s/crypto/data/%s", TESTS_DIR, file);
	FILE *in = fopen(path, "r");
	cr_assert_not_null(in, "%s", path);
	size_t digits_len = digits_read(in, name, digits), len, fell;
	fclose(in);
	/* It lives until the test's process ends. */
	static uint8_t bytes[16 * VECTOR_MAX];
	static size_t used;
	cr_assert_lt(used + VECTOR_MAX, sizeof bytes);
	cr_assert_eq(hex_decode(bytes + used, VECTOR_MAX, &len, span_of(digits, digits_len), &fell),
		     FAULT_NONE, "%s of %s", name, file);
	cr_assert_gt(len, 0, "no %s in %s", name, file);
	used += len;
	return span_of(bytes + used - len, len);
}

void assert_bytes(struct span found, struct span expected, const char *what)
{
	if (span_equal(found, expected))
		return;
	char *a = calloc(2, found.len + 1), *b = calloc(2, expected.len + 1);
	hex_encode(a, found);
	hex_encode(b, expected);
	cr_assert_fail("%s is %s and not %s", what, a, b);
}
