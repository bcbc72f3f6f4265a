/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_offer.h"

#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define SSLV2_CODE 0x0002
#define SSLV3_CODE 0x0300

/* RFC 5246 E.1: everything from SSLv3 to the highest, which is TLS 1.2 (RFC 8446 4.2.1). */
static version_set up_to(uint16_t client_version)
{
	version_set out = 0;
	for (unsigned v = SSLV3; v <= TLS1_2; v++)
		if (version_code((enum version)v) <= client_version)
			out |= VERSION_BIT(v);
	return out;
}

static version_set take_listed(struct hello_offer *out, struct span list)
{
	version_set versions = 0;
	for (size_t i = 0; i < list_u16_len(list); i++) {
		uint16_t code = list_u16(list, i);
		enum version version = version_by_code(code);
		if (code_is_grease(code))
			out->grease_versions++;
		else if (version == VERSION_NONE || version == SSLV2)
			out->unknown_versions++;
		else
			versions |= VERSION_BIT(version);
	}
	return versions;
}

static void note_suite(struct hello_offer *out, uint16_t code)
{
	out->grease_suites += code_is_grease(code);
	out->renegotiation_scsv |= code == SUITE_EMPTY_RENEGOTIATION_INFO_SCSV;
	out->fallback_scsv |= code == SUITE_FALLBACK_SCSV;
}

void offer_of(struct hello_offer *out, const struct client_hello *hello, uint16_t *suites)
{
	struct span list = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	*out = (struct hello_offer){ .old_versions = up_to(hello->legacy_version),
				     .listed = list.at != NULL };
	size_t len = list_u16_len(hello->suites);
	for (size_t i = 0; i < len; i++) {
		suites[i] = list_u16(hello->suites, i);
		note_suite(out, suites[i]);
	}
	out->offer = (struct offer){
		.versions = out->listed ? take_listed(out, list) : out->old_versions,
		.suites = suites,
		.suites_len = len,
	};
}

void offer_of_sslv2(struct hello_offer *out, const struct sslv2_client_hello *hello,
		    uint16_t *suites)
{
	bool compatible = hello->version >= SSLV3_CODE;
	struct cursor kinds = cursor_over(hello->kinds);
	size_t len = 0;
	*out = (struct hello_offer){ .old_versions = up_to(hello->version), .sslv2 = true };
	while (cursor_left(&kinds) >= 3) {
		uint32_t kind = cursor_u24(&kinds);
		if (!compatible || kind > UINT16_MAX) {
			out->kinds++;
			continue;
		}
		suites[len] = (uint16_t)kind;
		note_suite(out, suites[len++]);
	}
	if (out->kinds && hello->version >= SSLV2_CODE)
		out->old_versions |= VERSION_BIT(SSLV2);
	out->offer = (struct offer){ .versions = out->old_versions,
				     .suites = suites,
				     .suites_len = len };
}
