/* SPDX-License-Identifier: Apache-2.0 */
#include "case/names.h"
#include "registry/cipher_suite.h"

/* RFC 8446 4.2.9, RFC 6520 2, RFC 6066 3 and 8: values that no registry of ours holds. */
static const struct code_point case_bytes[] = {
	{ 0, "psk_ke" },
	{ 1, "psk_dhe_ke" },
	{ 1, "peer_allowed_to_send" },
	{ 2, "peer_not_allowed_to_send" },
	{ 0, "host_name" },
	{ 1, "ocsp" },
};

const struct registry registry_case_bytes = {
	.title = "value",
	.points = case_bytes,
	.len = sizeof(case_bytes) / sizeof(case_bytes[0]),
};

static const struct {
	const struct registry *registry;
	uint8_t width;
} registries[] = {
	{ &registry_groups, 2 },
	{ &registry_signature_schemes, 2 },
	{ &registry_compression_methods, 1 },
	{ &registry_point_formats, 1 },
	{ &registry_case_bytes, 1 },
	{ &registry_client_certificate_types, 1 },
	{ &registry_sslv2_kinds, 3 },
};

#define REGISTRIES_LEN (sizeof(registries) / sizeof(registries[0]))

static bool is_number(struct span name)
{
	return name.len > 2 && name.at[0] == '0' && name.at[1] == 'x';
}

bool code_by_name(struct span name, uint32_t *code, uint8_t *width)
{
	/* An unregistered suite's label is a number, whose width nobody has told. */
	const struct cipher_suite *suite = is_number(name) ? NULL : cipher_suite_by_name(name);
	enum version version = version_by_name(name);
	*width = 2;
	*code = suite ? suite->code : version_code(version);
	if (suite || version != VERSION_NONE)
		return true;
	for (size_t i = 0; i < REGISTRIES_LEN; i++) {
		const struct code_point *point = registry_by_name(registries[i].registry, name);
		if (!point)
			continue;
		*code = point->code;
		*width = registries[i].width;
		return true;
	}
	return false;
}

struct names {
	struct arena *arena;
	const char **at;
	size_t len, cap;
};

static void names_add(struct names *names, const char *name)
{
	names->at = arena_grow(names->arena, names->at, names->len, &names->cap, sizeof(name));
	if (names->at)
		names->at[names->len++] = name;
	else
		names->len = 0;
}

static void names_registry(struct names *names, const struct registry *registry)
{
	for (size_t i = 0; i < registry->len; i++)
		names_add(names, registry->points[i].name);
}

static void names_suites(struct names *names)
{
	for (size_t i = 0; i < cipher_suites_len; i++)
		names_add(names, cipher_suites[i].name);
}

static void names_versions(struct names *names)
{
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		names_add(names, version_name((enum version)v));
}

static const char *const *names_end(struct names *names, const char *const *more)
{
	for (; more && *more; more++)
		names_add(names, *more);
	names_add(names, NULL);
	return names->at;
}

const char *const *code_names(struct arena *arena, const char *const *more)
{
	struct names names = { .arena = arena };
	names_suites(&names);
	names_versions(&names);
	for (size_t i = 0; i < REGISTRIES_LEN; i++)
		names_registry(&names, registries[i].registry);
	return names_end(&names, more);
}

const char *const *registry_names(struct arena *arena, const struct registry *registry,
				  const char *const *more)
{
	struct names names = { .arena = arena };
	names_registry(&names, registry);
	return names_end(&names, more);
}

const char *const *suite_names(struct arena *arena)
{
	struct names names = { .arena = arena };
	names_suites(&names);
	return names_end(&names, NULL);
}

const char *const *version_names(struct arena *arena, const char *const *more)
{
	struct names names = { .arena = arena };
	names_versions(&names);
	return names_end(&names, more);
}
