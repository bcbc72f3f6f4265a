/* SPDX-License-Identifier: Apache-2.0 */
#include "live/features.h"

#include <stdio.h>

#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define SUITES_MANY 128

static uint64_t code_of(enum feature feature, uint32_t value)
{
	return (uint64_t)feature << 32 | value;
}

static void note(struct features *out, enum feature feature, uint32_t value)
{
	uint64_t code = code_of(feature, value);
	size_t at = 0;
	while (at < out->len && out->codes[at] < code)
		at++;
	if (out->len == FEATURES_MAX || (at < out->len && out->codes[at] == code))
		return;
	memmove(out->codes + at + 1, out->codes + at, (out->len - at) * sizeof(out->codes[0]));
	out->codes[at] = code;
	out->len++;
}

static bool has_type(const struct client_hello *hello, uint16_t type)
{
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (item.type == type)
			return true;
	return false;
}

/* The types of `a` that `b` has not. */
static void compare_blocks(struct features *out, const struct client_hello *a,
			   const struct client_hello *b, enum feature feature)
{
	struct cursor block = cursor_over(a->extensions);
	struct extension_item item;
	while (extension_next(&block, &item)) {
		if (feature == FEATURE_EXTENSION && code_is_grease(item.type))
			note(out, FEATURE_GREASE, 0);
		else if (!has_type(b, item.type))
			note(out, feature, item.type);
	}
}

static void of_suites(struct features *out, const struct client_hello *hello)
{
	size_t usable = 0;
	uint16_t last = 0;
	for (size_t i = 0; i < list_u16_len(hello->suites); i++) {
		uint16_t code = list_u16(hello->suites, i);
		if (cipher_suite_is_signal(code)) {
			note(out, FEATURE_SIGNAL, code);
		} else if (code_is_grease(code)) {
			note(out, FEATURE_GREASE, 0);
		} else if (!cipher_suite_by_code(code)) {
			note(out, FEATURE_UNKNOWN_SUITE, 0);
		} else {
			usable++;
			last = code;
		}
	}
	if (usable == 1)
		note(out, FEATURE_SUITE, last);
	if (list_u16_len(hello->suites) > SUITES_MANY)
		note(out, FEATURE_MANY_SUITES, 0);
}

/* Code points of a list that the control's list has not. */
static void of_list(struct features *out, const struct client_hello *hello,
		    const struct client_hello *control, enum extension_id id, enum feature feature)
{
	struct span list = client_hello_view(hello, id), usual = client_hello_view(control, id);
	for (size_t i = 0; i < list_u16_len(list); i++) {
		uint16_t code = list_u16(list, i);
		if (code_is_grease(code))
			note(out, FEATURE_GREASE, 0);
		else if (!list_u16_has(usual, code))
			note(out, feature, code);
	}
}

static void of_fields(struct features *out, const struct reading *reading,
		      const struct reading *control)
{
	const struct client_hello *hello = &reading->hello;
	if (!hello->has_extensions && control->hello.has_extensions)
		note(out, FEATURE_NO_BLOCK, 0);
	if (hello->session_id.len && !control->hello.session_id.len)
		note(out, FEATURE_SESSION_ID, 0);
	if (hello->compression.len > 1)
		note(out, FEATURE_COMPRESSION, 0);
	if (reading->records > 1)
		note(out, FEATURE_RECORDS, 0);
	if (reading->record_version != control->record_version)
		note(out, FEATURE_RECORD_VERSION, reading->record_version);
	if (hello->legacy_version != control->hello.legacy_version)
		note(out, FEATURE_VERSION, hello->legacy_version);
	if (reading->warnings)
		note(out, FEATURE_WARNING, 0);
}

/* The sizes that servers were known to stumble over, and the order. */
static void of_form(struct features *out, const struct reading *reading)
{
	struct cursor block = cursor_over(reading->hello.extensions);
	struct extension_item item = { .type = 0 }, first = { .type = 0 };
	size_t len = reading->message.len, n = 0;
	while (extension_next(&block, &item))
		if (!n++)
			first = item;
	if (len > 255)
		note(out, FEATURE_SIZE, len < 512 ? 256 : len < 2048 ? 512 : 2048);
	if (n && !item.data.len)
		note(out, FEATURE_EMPTY_LAST, 0);
	if (n)
		note(out, FEATURE_ORDER, first.type);
}

void features_of(struct features *out, const struct reading *reading, const struct reading *control,
		 bool cut)
{
	*out = (struct features){ .len = 0 };
	if (cut)
		note(out, FEATURE_SEGMENTS, 0);
	if (!reading->decoded || !control->decoded)
		return;
	of_fields(out, reading, control);
	compare_blocks(out, &reading->hello, &control->hello, FEATURE_EXTENSION);
	if (reading->hello.has_extensions)
		compare_blocks(out, &control->hello, &reading->hello, FEATURE_NO_EXTENSION);
	of_list(out, &reading->hello, &control->hello, EXTENSION_SUPPORTED_GROUPS, FEATURE_GROUP);
	of_list(out, &reading->hello, &control->hello, EXTENSION_SIGNATURE_ALGORITHMS,
		FEATURE_SCHEME);
	of_suites(out, &reading->hello);
	bool only_suites = true;
	for (size_t i = 0; i < out->len; i++)
		only_suites = only_suites && out->codes[i] >> 32 == FEATURE_SUITE;
	if (only_suites)
		of_form(out, reading);
}

static bool is_loss(uint64_t code)
{
	enum feature feature = (enum feature)(code >> 32);
	return feature == FEATURE_NO_EXTENSION || feature == FEATURE_NO_BLOCK ||
	       feature == FEATURE_SUITE;
}

bool features_have_gain(const struct features *features)
{
	for (size_t i = 0; i < features->len; i++)
		if (!is_loss(features->codes[i]))
			return true;
	return false;
}

void features_reduce(struct features *features, bool suites)
{
	size_t len = 0;
	bool gains = features_have_gain(features);
	for (size_t i = 0; i < features->len; i++) {
		uint64_t code = features->codes[i];
		bool is_suite = code >> 32 == FEATURE_SUITE;
		if (suites ? is_suite : gains ? !is_loss(code) : !is_suite)
			features->codes[len++] = code;
	}
	features->len = len;
}

bool features_within(const struct features *a, const struct features *b)
{
	size_t k = 0;
	for (size_t i = 0; i < a->len; i++) {
		while (k < b->len && b->codes[k] < a->codes[i])
			k++;
		if (k == b->len || b->codes[k] != a->codes[i])
			return false;
	}
	return a->len > 0;
}

static const char *name_in(const struct registry *registry, uint32_t value, char *out,
			   size_t out_len)
{
	const char *name = registry_name(registry, value);
	snprintf(out, out_len, "0x%04X", value);
	return name ? name : out;
}

static const char *value_name(enum feature feature, uint32_t value, char *out, size_t out_len)
{
	switch (feature) {
	case FEATURE_EXTENSION:
	case FEATURE_NO_EXTENSION:
	case FEATURE_ORDER:
		return name_in(&registry_extensions, value, out, out_len);
	case FEATURE_GROUP:
		return name_in(&registry_groups, value, out, out_len);
	case FEATURE_SCHEME:
		return name_in(&registry_signature_schemes, value, out, out_len);
	case FEATURE_SUITE:
	case FEATURE_SIGNAL:
		cipher_suite_label(out, (uint16_t)value);
		return out;
	case FEATURE_SIZE:
		return value == 256 ? "256 to 511" : value == 512 ? "512 to 2047" : "2048 or more";
	default:
		snprintf(out, out_len, "0x%04X", value);
		return out;
	}
}

void features_put(struct text *out, const struct features *features)
{
	static const char *const texts[] = {
#define X(name, text) text,
		FEATURE_LIST(X)
#undef X
	};
	char name[CIPHER_SUITE_LABEL_MAX];
	for (size_t i = 0; i < features->len; i++) {
		enum feature feature = (enum feature)(features->codes[i] >> 32);
		const char *text = texts[feature], *mark = strstr(text, "%s");
		text_put(out, !i ? "" : i + 1 < features->len ? ", " : " and ");
		if (!mark) {
			text_put(out, text);
			continue;
		}
		text_append(out, span_of(text, (size_t)(mark - text)));
		text_put(out,
			 value_name(feature, (uint32_t)features->codes[i], name, sizeof(name)));
		text_put(out, mark + 2);
	}
}
