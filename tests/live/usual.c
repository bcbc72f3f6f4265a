/* SPDX-License-Identifier: Apache-2.0 */
#include "live/usual.h"

#include <criterion/criterion.h>

#include "hellos.h"

static struct arena arena;

static void begin(void)
{
	arena_init(&arena, 1 << 22);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(usual, .init = begin, .fini = end);

/* The version is that of the answer which is owed; `why` is what lets a server refuse, or not. */
struct variant {
	struct hello_parts parts;
	enum usualness expected;
	const char *why;
};

static void all_are(enum version version, struct hello_parts control, const char *alpn,
		    const struct variant *variants, size_t len)
{
	struct reading usual = hello_read(&arena, control);
	cr_assert_eq(usual.kind, READING_HELLO);
	for (size_t i = 0; i < len; i++) {
		struct reading hello = hello_read(&arena, variants[i].parts);
		cr_assert_eq(hello.kind, READING_HELLO, "%s: broken, %s", variants[i].why,
			     form_rule_info(hello.rule)->word);
		enum usualness got =
			hello_usual(&hello.hello, &usual.hello, version, span_text(alpn));
		cr_assert_eq(got, variants[i].expected, "%s: %d", variants[i].why, (int)got);
	}
}

#define WITH(more)                                                                                 \
	{                                                                                          \
		.extensions = USUAL_12 more                                                        \
	}

Test(usual, of_tls12_with_one_more_extension)
{
	static const struct variant variants[] = {
		{ WITH(""), HELLO_USUAL, "the control itself" },
		{ WITH("fafa0000"), HELLO_USUAL, "RFC 5246 7.4.1.4: GREASE is passed over" },
		{ WITH("9999000101"), HELLO_USUAL, "RFC 5246 7.4.1.4: and what is unassigned" },
		{ WITH("00160000"), HELLO_USUAL, "RFC 7366: encrypt_then_mac" },
		{ WITH("002300020102"), HELLO_USUAL, "RFC 5077 3.4: a ticket that is not known" },
		{ WITH("00120000"), HELLO_USUAL, "RFC 6962: signed_certificate_timestamp" },
		{ WITH("001500020000"), HELLO_USUAL, "RFC 7685: padding" },
		{ WITH("000b00020100"), HELLO_USUAL, "RFC 8422 5.1.2: point formats" },
		{ WITH("002b0003020303"), HELLO_USUAL, "RFC 8446 4.2.1: versions" },
		{ WITH("00320006000404010804"), HELLO_STRANGE,
		  "RFC 8446 4.2.3: schemes for certificates may fit none" },
		{ WITH("001000050003026832"), HELLO_STRANGE,
		  "RFC 7301 3.2: no protocol in common" },
		{ WITH("00330026"
		       "0024001d0020"
		       "0102030405060708091011121314151617181920212223242526272829303132"),
		  HELLO_LIKELY, "a share may be looked at by who knows TLS 1.3" },
	};
	all_are(TLS1_2, (struct hello_parts){ .extensions = USUAL_12 }, "", variants,
		sizeof(variants) / sizeof(variants[0]));
}

Test(usual, of_tls12_with_another_list_or_field)
{
	static const struct variant variants[] = {
		{ { .extensions = SECRET SECURE GROUPS SCHEMES },
		  HELLO_LIKELY,
		  "RFC 6066 3: no name" },
		{ { .extensions = "0000000700050000026163" SECRET SECURE GROUPS SCHEMES },
		  HELLO_STRANGE,
		  "RFC 6066 3: another name may be unknown" },
		{ { .extensions = NAME SECRET SECURE SCHEMES },
		  HELLO_LIKELY,
		  "RFC 8422 4: the choice of groups is the server's" },
		{ { .extensions = NAME SECRET SECURE SCHEMES "000a00040002001d" },
		  HELLO_STRANGE,
		  "RFC 8422 5.1: a group fewer may be one too few" },
		{ { .extensions = NAME SECRET SECURE SCHEMES "000a00080006001d00170018" },
		  HELLO_USUAL,
		  "RFC 8422 5.1: one more does no harm" },
		{ { .extensions = NAME SECRET SECURE SCHEMES "000a00080006001d00170100" },
		  HELLO_LIKELY,
		  "RFC 7919 4: with FFDHE groups, DHE suites may go" },
		{ { .extensions = NAME SECRET SECURE GROUPS },
		  HELLO_LIKELY,
		  "RFC 5246 7.4.1.4.1: SHA-1 is what is left" },
		{ { .extensions = NAME SECRET SECURE GROUPS "000d000400020401" },
		  HELLO_STRANGE,
		  "RFC 5246 7.4.3: a scheme fewer" },
		{ { .extensions = NAME SECRET GROUPS SCHEMES },
		  HELLO_LIKELY,
		  "RFC 5746 3.6: a server may end what cannot be renegotiated safely" },
		{ { .extensions = NAME SECRET GROUPS SCHEMES, .suites = "c02f00ff" },
		  HELLO_USUAL,
		  "RFC 5746 3.3: the signalling suite says the same" },
		{ { .extensions = NAME SECURE GROUPS SCHEMES },
		  HELLO_LIKELY,
		  "RFC 7627 5.4: a server may insist on it" },
		{ { .extensions = USUAL_12, .session_id = "0102" },
		  HELLO_USUAL,
		  "RFC 5246 7.4.1.2: a session that is not known" },
		{ { .extensions = USUAL_12, .compression = "0100" },
		  HELLO_USUAL,
		  "RFC 5246 7.4.1.2: null is among them" },
	};
	all_are(TLS1_2, (struct hello_parts){ .extensions = USUAL_12 }, "", variants,
		sizeof(variants) / sizeof(variants[0]));
}

/* RFC 5246 7.4.1.4.1: below TLS 1.2 the extension has no meaning. */
Test(usual, signature_algorithms_matter_from_tls12_on)
{
	static const struct variant variants[] = {
		{ { .version = 0x0301, .extensions = NAME SECRET SECURE GROUPS },
		  HELLO_USUAL,
		  "none" },
		{ { .version = 0x0301, .extensions = NAME SECRET SECURE GROUPS "000d000400020401" },
		  HELLO_USUAL,
		  "fewer" },
	};
	all_are(TLS1_0, (struct hello_parts){ .version = 0x0301, .extensions = USUAL_12 }, "",
		variants, 2);
}

#define IN_13(more, session)                                                                       \
	{                                                                                          \
		.suites = "1301", .extensions = more, .session_id = session                        \
	}

Test(usual, of_tls13)
{
	static const struct variant variants[] = {
		{ IN_13(USUAL_13, ""), HELLO_USUAL, "the control itself" },
		{ IN_13(USUAL_13, "0102"), HELLO_USUAL, "RFC 8446 D.4: a session id" },
		{ IN_13(USUAL_13 "fafa0000", ""), HELLO_USUAL, "RFC 8446 4.2: GREASE" },
		{ IN_13(NAME GROUPS SCHEMES ONLY_13 MODES, ""), HELLO_STRANGE,
		  "RFC 8446 9.2: no key_share" },
		{ IN_13(NAME SCHEMES ONLY_13 MODES SHARES, ""), HELLO_STRANGE,
		  "RFC 8446 9.2: no supported_groups" },
		{ IN_13(NAME GROUPS ONLY_13 MODES SHARES, ""), HELLO_STRANGE,
		  "RFC 8446 9.2: no signature_algorithms" },
		{ IN_13(NAME GROUPS SCHEMES ONLY_13 MODES "00330002"
							  "0000",
			""),
		  HELLO_STRANGE, "RFC 8446 4.2.8: other shares" },
		{ IN_13(USUAL_13 "002a0000", ""), HELLO_STRANGE, "RFC 8446 4.2.10: early data" },
		{ { .version = 0x0301, .suites = "1301", .extensions = USUAL_13 },
		  HELLO_STRANGE,
		  "RFC 8446 4.1.2: legacy_version is 0x0303" },
	};
	struct hello_parts control = IN_13(USUAL_13, "");
	all_are(TLS1_3, control, "", variants, sizeof(variants) / sizeof(variants[0]));
}

/* RFC 7301 3.2 */
Test(usual, a_protocol_that_is_spoken_does_no_harm)
{
	static const struct variant spoken[] = {
		{ WITH("001000050003026832"), HELLO_USUAL, "the one that is spoken" },
		{ WITH("0010000800060268320268 33"), HELLO_USUAL, "and another" },
		{ WITH("001000050003026833"), HELLO_STRANGE, "another alone" },
	};
	static const struct variant offered[] = {
		{ WITH(""), HELLO_LIKELY, "none where the control has one" },
		{ WITH("001000080006026833026832"), HELLO_USUAL, "one more than the control" },
		{ WITH("001000050003026833"), HELLO_STRANGE, "another than the control's" },
	};
	all_are(TLS1_2, (struct hello_parts){ .extensions = USUAL_12 }, "h2", spoken, 3);
	all_are(TLS1_2, (struct hello_parts){ .extensions = USUAL_12 "001000050003026832" }, "",
		offered, 3);
}
