/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/field_meaning.h"

#include "registry/cipher_suite.h"
#include "registry/registry.h"

/* A registry's names are for fields that hold one of its codes, or a list of one-byte codes. */
static const struct {
	const char *field;
	const struct registry *registry;
} named[] = {
	{ "content_type", &registry_content_types },
	{ "handshake_type", &registry_handshake_types },
	{ "compression_methods", &registry_compression_methods },
	{ "compression_method", &registry_compression_methods },
	{ "alert_description", &registry_alerts },
	{ "extension_type", &registry_extensions },
	{ "group", &registry_groups },
	{ "point_format", &registry_point_formats },
	{ "signature_scheme", &registry_signature_schemes },
};

static const char *const versions[] = {
	"record_version", "legacy_version", "version", "selected_version", NULL,
};

static const char *const texts[] = {
	"host_name",	  "protocol_name",   "postgresql_answer",
	"error_response", "startup_message", NULL,
};

static bool is_one_of(const char *const *names, const char *field)
{
	for (; *names; names++) {
		if (strcmp(*names, field) == 0)
			return true;
	}
	return false;
}

static uint32_t number(struct span bytes)
{
	uint32_t value = 0;
	for (size_t i = 0; i < bytes.len && i < sizeof(value); i++)
		value = value << 8 | bytes.at[i];
	return value;
}

static void append_version(struct text *out, uint16_t code)
{
	enum version version = version_by_code(code);
	if (version != VERSION_NONE)
		text_printf(out, "%s", version_name(version));
	else
		text_printf(out, "%s", code_is_grease(code) ? "GREASE" : "unknown");
}

static void append_suite(struct text *out, uint16_t code)
{
	char label[CIPHER_SUITE_LABEL_MAX];
	cipher_suite_label(label, code);
	text_printf(out, "%s", code_is_grease(code) ? "GREASE" : label);
}

static void append_name(struct text *out, const struct registry *registry, struct span bytes)
{
	uint32_t code = number(bytes);
	const char *name = registry_name(registry, code);
	if (!name && bytes.len == 2 && code_is_grease((uint16_t)code))
		name = "GREASE";
	text_printf(out, "%s", name ? name : "unknown");
}

/* In a compatible hello, a kind that begins with zero is a suite of TLS (RFC 5246 E.2). */
static void append_kind(struct text *out, struct span bytes)
{
	if (bytes.at[0] == 0 && !registry_name(&registry_sslv2_kinds, number(bytes)))
		append_suite(out, (uint16_t)number(bytes));
	else
		append_name(out, &registry_sslv2_kinds, bytes);
}

static void append_level(struct text *out, uint32_t level)
{
	bool known = level == ALERT_FATAL || level == ALERT_WARNING;
	text_printf(out, "%s", !known ? "unknown" : level == ALERT_FATAL ? "fatal" : "warning");
}

void field_meaning(struct text *out, const char *field, struct span bytes)
{
	if (bytes.len == 0)
		return;
	if (strcmp(field, "record_length") == 0)
		text_printf(out, "%u", (unsigned)number(bytes) & 0x7FFFu); /* without the top bit */
	else if (strcmp(field, "length") == 0 || strstr(field, "_length"))
		text_printf(out, "%u", (unsigned)number(bytes));
	else if (strcmp(field, "cipher_suite") == 0)
		append_suite(out, (uint16_t)number(bytes));
	else if (strcmp(field, "cipher_kind") == 0)
		append_kind(out, bytes);
	else if (bytes.len == 2 && is_one_of(versions, field))
		append_version(out, (uint16_t)number(bytes));
	else if (strcmp(field, "alert_level") == 0)
		append_level(out, number(bytes));
	else if (is_one_of(texts, field))
		text_quote(out, bytes);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(named[i].field, field) != 0)
			continue;
		size_t width = strcmp(field, "compression_methods") == 0 ? 1 : bytes.len;
		for (size_t at = 0; at < bytes.len; at += width) {
			text_printf(out, "%s", at ? ", " : "");
			append_name(out, named[i].registry, span_of(bytes.at + at, width));
		}
	}
}
