/* SPDX-License-Identifier: Apache-2.0 */
#include "policies.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "script/builtin_find.h"
#include "script/policy_reader.h"
#include "wire/hello_input.h"

#define HELLO_MAX 4096

static struct settings read_policy(struct arena *arena, const char *file, struct span text)
{
	struct diags diags;
	struct settings settings;
	struct policy *policy = arena_alloc(arena, sizeof(*policy));
	diags_init(&diags, arena);
	cr_assert_eq(policy_read(policy, arena, &diags, file, text), FAULT_NONE, "%s",
		     diags.first ? diags.first->text : "");
	settings_init(&settings, policy, 19167);
	return settings;
}

struct settings policy_builtin(struct arena *arena, const char *name)
{
	const struct builtin_file *file = builtin_find(builtin_policies, span_text(name));
	cr_assert_not_null(file, "no policy '%s'", name);
	return read_policy(arena, file->path, file->text);
}

struct settings policy_of(struct arena *arena, const char *body)
{
	return read_policy(arena, "t.policy", span_text(arena_printf(arena, "policy t\n%s", body)));
}

void settings_given(struct settings *settings, const char *assignment)
{
	char why[256];
	cr_assert_eq(settings_set(settings, span_text(assignment), why, sizeof(why)), FAULT_NONE,
		     "%s", why);
}

struct hello_offer captured(struct arena *arena, const char *name)
{
	uint8_t bytes[HELLO_MAX];
	char path[512];
	struct hello_offer out;
	struct hello_input input;
	struct wire_error error;
	snprintf(path, sizeof(path), "%s/corpus/client_hello/%s.bin", SOURCE_DIR, name);
	FILE *file = fopen(path, "rb");
	cr_assert_not_null(file, "%s", path);
	size_t len = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	struct span kept = arena_copy(arena, span_of(bytes, len));
	cr_assert_eq(hello_input_read(&input, kept, STRICT, arena, &error), FAULT_NONE, "%s", name);
	offer_of(&out, &input.hello, arena_array(arena, len, sizeof(uint16_t)));
	return out;
}

struct hello_offer listed(version_set versions, const uint16_t *suites, size_t len)
{
	return (struct hello_offer){ .offer = { versions, suites, len },
				     .old_versions = versions & (VERSION_BIT(TLS1_3) - 1),
				     .listed = true };
}
