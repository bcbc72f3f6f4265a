/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "registry/version.h"

/* The PostgreSQL protocol's requests: a length of 8, then the code. */
static const struct code_point postgres_requests[] = {
	{ 80877102, "cancel_request" },
	{ 80877103, "ssl_request" },
	{ 80877104, "gssenc_request" },
};

static void word(const char *kind, const char *name, uint64_t value, int width)
{
	printf("%s_", kind);
	for (; *name; name++)
		putchar((*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z') ||
					(*name >= '0' && *name <= '9')
				? *name
				: '_');
	printf("=\"");
	for (int i = width - 1; i >= 0; i--)
		printf("\\x%02x", (unsigned)(value >> 8 * i & 0xFF));
	printf("\"\n");
}

/* `before` and `after` are bytes that stand around the code. */
static void registry_words(const char *kind, const struct registry *registry, uint64_t before,
			   int width, int zeros)
{
	for (size_t i = 0; i < registry->len; i++) {
		uint64_t value = (before << 8 * width | registry->points[i].code) << 8 * zeros;
		word(kind, registry->points[i].name, value, (before ? 1 : 0) + width + zeros);
	}
}

static void version_words(void)
{
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		word("version", version_name(v), version_code(v), 2);
	for (uint64_t type = CONTENT_CHANGE_CIPHER_SPEC; type <= CONTENT_HEARTBEAT; type++)
		word("record", registry_name(&registry_content_types, (uint32_t)type),
		     type << 16 | 0x0303, 3);
}

/* Those that the registry recommends, the signals, and one of each other kind of key exchange. */
static void suite_words(void)
{
	uint64_t kinds = 0;
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		char label[CIPHER_SUITE_LABEL_MAX];
		bool is_new = !(kinds >> suite->kx & 1);
		if (suite->recommended != 'Y' && !cipher_suite_is_signal(suite->code) && !is_new)
			continue;
		kinds |= (uint64_t)1 << suite->kx;
		cipher_suite_label(label, suite->code);
		word("suite", label, suite->code, 2);
	}
}

/* main_dictionary: the dictionary of libFuzzer and AFL++, from the registries. */
int main(void)
{
	printf("# SPDX-License-Identifier: Apache-2.0\n# Written by scripts/fuzz-dictionary.\n");
	version_words();
	suite_words();
	registry_words("group", &registry_groups, 0, 2, 0);
	registry_words("scheme", &registry_signature_schemes, 0, 2, 0);
	registry_words("extension", &registry_extensions, 0, 2, 2);
	registry_words("alert", &registry_alerts, ALERT_FATAL, 1, 0);
	registry_words("handshake", &registry_handshake_types, 0, 1, 2);
	registry_words("sslv2", &registry_sslv2_kinds, 0, 3, 0);
	for (size_t i = 0; i < sizeof(postgres_requests) / sizeof(postgres_requests[0]); i++)
		word("postgres", postgres_requests[i].name,
		     (uint64_t)8 << 32 | postgres_requests[i].code, 8);
	return 0;
}
