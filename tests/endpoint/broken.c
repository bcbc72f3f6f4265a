/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "registry/registry.h"
#include "world.h"

#define AES128_SHA 0x002F
#define AES128_GCM 0xC02F

static const struct said ordinary = { .suites = { AES128_SHA, AES128_GCM }, .suites_len = 2 };
static const struct said hopeless = { .suites = { 0x9F9F }, .suites_len = 1 };

/* The first bytes of the answer to one hello, over TLS alone. */
static size_t answer(enum defect defect, const char *policy, const struct said *said, uint8_t *out,
		     size_t len)
{
	uint8_t bytes[512];
	struct endpoint *endpoint = broken_endpoint_of(policy, "tls", defect);
	int fd = dial(endpoint);
	say(fd, hello_say(bytes, said));
	size_t got = hear(fd, out, len);
	close(fd);
	endpoint_stop(endpoint);
	return got;
}

Test(broken, every_defect_hears_a_hello_and_stops)
{
	const struct defect_description *defect;
	uint8_t bytes[512];
	for (size_t i = 0; (defect = endpoint_defect_at(i)); i++) {
		struct endpoint *endpoint = broken_endpoint_of(
			open_policy, i % 2 ? "tls" : "postgresql", defect->defect);
		int fd = dial(endpoint);
		say(fd, i % 2 ? hello_say(bytes, &ordinary) : SSL_REQUEST);
		close(fd);
		fd = dial(endpoint);
		say(fd, hello_say(bytes, &hopeless));
		endpoint_stop(endpoint);
		close(fd);
	}
}

Test(broken, suite_that_the_policy_rejects_is_accepted)
{
	uint8_t bytes[64];
	struct said said = { .suites = { AES128_SHA }, .suites_len = 1 };
	answer(DEFECT_NONE, strict_policy, &said, bytes, 7);
	cr_expect_eq(bytes[0], CONTENT_ALERT);
	answer(DEFECT_ACCEPTS_RSA_AES_128_CBC_SHA, strict_policy, &said, bytes, 7);
	cr_expect_eq(bytes[0], CONTENT_HANDSHAKE);
	cr_expect_eq(bytes[5], HANDSHAKE_SERVER_HELLO);
}

Test(broken, alert_is_followed_by_what_the_defect_says)
{
	uint8_t bytes[64];
	cr_expect_eq(answer(DEFECT_NONE, open_policy, &hopeless, bytes, 64), 7);
	cr_expect_eq(answer(DEFECT_TWO_ALERTS, open_policy, &hopeless, bytes, 64), 14);
	cr_expect_eq(answer(DEFECT_CLOSES_SILENTLY, open_policy, &hopeless, bytes, 64), 0);
	answer(DEFECT_WARNS_ONLY, open_policy, &hopeless, bytes, 7);
	cr_expect_eq(bytes[5], ALERT_WARNING);
}

Test(broken, reset_is_no_orderly_end)
{
	uint8_t bytes[512];
	struct endpoint *endpoint = broken_endpoint_of(open_policy, "tls", DEFECT_RESETS_SILENTLY);
	int fd = dial(endpoint);
	say(fd, hello_say(bytes, &hopeless));
	cr_expect_eq(recv(fd, bytes, 1, 0), -1);
	cr_expect_eq(errno, ECONNRESET);
	close(fd);
	endpoint_stop(endpoint);
}

Test(broken, sentinel_marks_the_lower_version_of_an_intact_endpoint)
{
	static const uint8_t sentinel[] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D', 0 };
	uint8_t bytes[64];
	struct said said = { .legacy_version = 0x0302, .suites = { AES128_SHA }, .suites_len = 1 };
	answer(DEFECT_NONE, open_policy, &said, bytes, 43);
	cr_expect_arr_eq(bytes + 35, sentinel, sizeof sentinel);
	answer(DEFECT_NO_DOWNGRADE_SENTINEL, open_policy, &said, bytes, 43);
	cr_expect_arr_neq(bytes + 35, sentinel, sizeof sentinel);
	answer(DEFECT_NONE, open_policy, &ordinary, bytes, 43);
	cr_expect_arr_neq(bytes + 35, sentinel, sizeof sentinel);
}

Test(broken, byte_behind_s_is_seen_in_one_piece_with_it)
{
	uint8_t bytes[2];
	struct endpoint *endpoint =
		broken_endpoint_of(open_policy, "postgresql", DEFECT_BYTES_AFTER_S);
	int fd = dial(endpoint);
	say(fd, SSL_REQUEST);
	cr_expect_eq(hear(fd, bytes, 2), 2);
	cr_expect_arr_eq(bytes, "SE", 2);
	close(fd);
	endpoint_stop(endpoint);
}

Test(broken, intact_endpoint_keeps_to_the_fragment_length)
{
	/* max_fragment_length 1 asks for 512 bytes; the Certificate is longer. */
	static const char hello[] = "\x16\x03\x01\0\x3a\x01\0\0\x36\x03\x03"
				    "0123456789abcdef0123456789abcdef"
				    "\0\0\2\xc0\x2f\1\0\0\x0b\0\x0a\0\4\0\2\0\x17"
				    "\0\1\0\1\1";
	uint8_t bytes[2048];
	struct endpoint *endpoint = broken_endpoint_of(open_policy, "tls", DEFECT_NONE);
	int fd = dial(endpoint);
	uint8_t said[256];
	size_t len = sizeof hello - 1;
	memcpy(said, hello, len);
	said[4] = (uint8_t)(len - 5);
	said[8] = (uint8_t)(len - 9);
	said[51] = (uint8_t)(len - 52);
	say(fd, span_of(said, len));
	for (size_t n = 0; n < 4; n++) {
		cr_assert_eq(hear(fd, bytes, 5), 5);
		cr_expect_eq(bytes[0], CONTENT_HANDSHAKE);
		size_t fragment = (size_t)bytes[3] << 8 | bytes[4];
		cr_expect_leq(fragment, 512);
		cr_assert_eq(hear(fd, bytes, fragment), fragment);
	}
	close(fd);
	endpoint_stop(endpoint);
}
