/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "registry/registry.h"
#include "script/policy_reader.h"
#include "world.h"

const char strict_policy[] = "policy strict\n"
			     "title \"strict\"\n"
			     "source \"test\" 2026-01-01\n"
			     "over postgresql\n"
			     "table version cite \"a\"\n"
			     "\tSSLv2 reject\n"
			     "\tSSLv3 reject\n"
			     "\tTLS1.0 reject\n"
			     "\tTLS1.1 reject\n"
			     "\tTLS1.2 accept\n"
			     "\tTLS1.3 accept\n"
			     "table suite cite \"b\"\n"
			     "\tTLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accept\n"
			     "\tTLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"
			     "\tTLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384 accept\n"
			     "\tTLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256 accept\n"
			     "\t* reject\n"
			     "table plaintext cite \"c\"\n"
			     "\tstartup reject\n";

const char open_policy[] = "policy open\n"
			   "title \"open\"\n"
			   "source \"test\" 2026-01-01\n"
			   "over postgresql\n"
			   "table version cite \"a\"\n"
			   "\tSSLv2 reject\n"
			   "\tSSLv3 reject\n"
			   "\tTLS1.0 accept\n"
			   "\tTLS1.1 may\n"
			   "\tTLS1.2 should\n"
			   "\tTLS1.3 reject\n"
			   "table suite cite \"b\"\n"
			   "\t* may\n"
			   "table plaintext cite \"c\"\n"
			   "\tstartup accept\n";

const struct settings *settings_of(const char *text)
{
	static struct arena arena;
	static struct policy policy;
	static struct settings settings;
	struct diags diags;
	arena_release(&arena);
	arena_init(&arena, POLICY_ARENA_MAX);
	diags_init(&diags, &arena);
	enum fault fault = policy_read(&policy, &arena, &diags, "test", span_text(text));
	cr_assert_eq(fault, FAULT_NONE, "%s", diags.first ? diags.first->text : "");
	settings_init(&settings, &policy, 20000);
	return &settings;
}

struct span hello_say(uint8_t out[512], const struct said *said)
{
	static const uint8_t random[RANDOM_LEN] = { 7 };
	uint8_t body[16] = { (uint8_t)(2 * said->versions_len) };
	for (size_t i = 0; i < said->versions_len; i++) {
		body[1 + 2 * i] = (uint8_t)(said->versions[i] >> 8);
		body[2 + 2 * i] = (uint8_t)said->versions[i];
	}
	struct extension_draft extension = {
		.type = EXT_SUPPORTED_VERSIONS,
		.body = span_of(body, 1 + 2 * said->versions_len),
	};
	struct hello_draft draft = {
		.record_version = 0x0301,
		.legacy_version = said->legacy_version ? said->legacy_version : 0x0303,
		.random = span_of(random, sizeof random),
		.compression = span_of("", 1),
		.suites = said->suites,
		.suites_len = said->suites_len,
		.extensions = &extension,
		.extensions_len = said->versions_len > 0,
		.has_extensions = said->versions_len > 0,
		.tail = span_of("x", said->trailing_byte),
	};
	struct builder b;
	builder_init(&b, out, 512, NULL, 0);
	hello_draft_record(&b, &draft);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	return builder_view(&b);
}

const struct endpoint_identity *test_identity(void)
{
	static struct endpoint_identity *identity;
	if (!identity)
		cr_assert_eq(endpoint_identity_make(&identity, "db.example"), FAULT_NONE);
	return identity;
}

static struct endpoint *started(const char *policy, const char *scheme,
				enum version_refusal version_refusal, enum defect defect)
{
	struct endpoint_options options = {
		.settings = settings_of(policy),
		.upgrade = upgrade_by_name(span_text(scheme)),
		.identity = test_identity(),
		.version_refusal = version_refusal,
		.defect = defect,
	};
	struct endpoint *endpoint;
	char why[256] = "";
	cr_assert_eq(endpoint_start(&endpoint, &options, why, sizeof why), FAULT_NONE, "%s", why);
	return endpoint;
}

struct endpoint *endpoint_of(const char *policy, const char *scheme,
			     enum version_refusal version_refusal)
{
	return started(policy, scheme, version_refusal, DEFECT_NONE);
}

struct endpoint *broken_endpoint_of(const char *policy, const char *scheme, enum defect defect)
{
	return started(policy, scheme, REFUSE_BY_ALERT, defect);
}

int dial(const struct endpoint *endpoint)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct timeval limit = { .tv_sec = 10 };
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(endpoint_port(endpoint)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	cr_assert_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

void say(int fd, struct span bytes)
{
	cr_assert_eq(send(fd, bytes.at, bytes.len, MSG_NOSIGNAL), (ssize_t)bytes.len);
}

size_t hear(int fd, uint8_t *out, size_t len)
{
	size_t got = 0;
	while (got < len) {
		ssize_t n = recv(fd, out + got, len - got, 0);
		if (n <= 0)
			break;
		got += (size_t)n;
	}
	return got;
}

bool hangs_up(int fd)
{
	uint8_t byte;
	return recv(fd, &byte, 1, 0) == 0;
}
