/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_fingerprint.h"

#include "harness.h"
#include "oracle_json.h"
#include "wire/fingerprint.h"

#define COMMAS	   4
#define SUITES_MAX 65536

static void check_ja3(const struct client_hello *hello, struct text *out)
{
	size_t commas = 0;
	ja3_string(out, hello);
	CHECK(out->fault == FAULT_NONE);
	for (const char *c = text_view(out); *c; c++) {
		commas += *c == ',';
		CHECK((*c >= '0' && *c <= '9') || *c == '-' || *c == ',');
	}
	CHECK(commas == COMMAS);
}

static void check_ja4(const struct client_hello *hello, char out[JA4_LEN + 1])
{
	CHECK(ja4(out, hello) == FAULT_NONE);
	CHECK(strlen(out) == JA4_LEN && out[0] == 't' && out[10] == '_' && out[23] == '_');
	CHECK(oracle_printable(span_text(out)));
}

void rig_fingerprint(const struct client_hello *hello)
{
	static uint8_t suites[SUITES_MAX + 2] = { 0x0A, 0x0A };
	struct client_hello greased = *hello;
	struct text plain, other;
	char four[JA4_LEN + 1], four_other[JA4_LEN + 1], hash[JA3_HASH_LEN + 1];
	if (hello->suites.len > SUITES_MAX)
		return;
	if (hello->suites.len)
		memcpy(suites + 2, hello->suites.at, hello->suites.len);
	greased.suites = span_of(suites, hello->suites.len + 2);
	text_init(&plain);
	text_init(&other);
	check_ja3(hello, &plain);
	check_ja3(&greased, &other);
	CHECK(strcmp(text_view(&plain), text_view(&other)) == 0);
	check_ja4(hello, four);
	check_ja4(&greased, four_other);
	CHECK(strcmp(four, four_other) == 0);
	CHECK(ja3_hash(hash, hello) == FAULT_NONE && strlen(hash) == JA3_HASH_LEN);
	harness_note(span_text(four));
	harness_note(span_text(hash));
	text_release(&plain);
	text_release(&other);
}
