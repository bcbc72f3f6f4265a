/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry.h"

#include <criterion/criterion.h>

static const struct {
	const struct registry *registry;
	size_t len;
} registries[] = {
	{ &registry_alerts, 37 },
	{ &registry_extensions, 83 },
	{ &registry_groups, 58 },
	{ &registry_signature_schemes, 59 },
	{ &registry_content_types, 8 },
	{ &registry_handshake_types, 22 },
	{ &registry_compression_methods, 3 },
	{ &registry_point_formats, 3 },
	{ &registry_client_certificate_types, 15 },
	{ &registry_sslv2_kinds, 13 },
};
#define REGISTRIES_LEN (sizeof(registries) / sizeof(registries[0]))

static void assert_name(const struct registry *registry, uint32_t code, const char *name)
{
	const char *found = registry_name(registry, code);
	cr_assert_not_null(found, "no %s %u", registry->title, (unsigned)code);
	cr_assert_str_eq(found, name);
}

Test(registry, each_has_as_many_points_as_its_source)
{
	for (size_t i = 0; i < REGISTRIES_LEN; i++)
		cr_assert_eq(registries[i].registry->len, registries[i].len, "%s has %zu",
			     registries[i].registry->title, registries[i].registry->len);
}

Test(registry, each_is_sorted_by_code)
{
	for (size_t i = 0; i < REGISTRIES_LEN; i++) {
		const struct registry *registry = registries[i].registry;
		for (size_t j = 1; j < registry->len; j++)
			cr_assert_lt(registry->points[j - 1].code, registry->points[j].code);
	}
}

Test(registry, every_point_is_found_both_ways)
{
	for (size_t i = 0; i < REGISTRIES_LEN; i++) {
		const struct registry *registry = registries[i].registry;
		for (size_t j = 0; j < registry->len; j++) {
			const struct code_point *point = &registry->points[j];
			cr_assert_eq(registry_name(registry, point->code), point->name);
			cr_assert_eq(registry_by_name(registry, span_text(point->name)), point,
				     "%s %s", registry->title, point->name);
		}
	}
}

Test(registry, names_can_be_written_in_a_policy)
{
	for (size_t i = 0; i < REGISTRIES_LEN; i++) {
		const struct registry *registry = registries[i].registry;
		for (size_t j = 0; j < registry->len; j++) {
			const char *name = registry->points[j].name;
			size_t plain = strspn(name, "abcdefghijklmnopqrstuvwxyz"
						    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
			cr_assert(plain > 0 && name[plain] == '\0', "'%s'", name);
		}
	}
}

Test(registry, stranger_has_no_name)
{
	cr_assert_null(registry_name(&registry_alerts, 1));
	cr_assert_null(registry_name(&registry_alerts, 255));
	cr_assert_null(registry_name(&registry_content_types, 19));
	cr_assert_null(registry_name(&registry_groups, 0));
	cr_assert_null(registry_name(&registry_sslv2_kinds, 0xFFFFFF));
	cr_assert_null(registry_by_name(&registry_alerts, span_text("handshake_failur")));
	cr_assert_null(registry_by_name(&registry_alerts, span_text("Handshake_Failure")));
	cr_assert_null(registry_by_name(&registry_alerts, span_text("")));
}

Test(registry, alerts_have_the_names_of_the_rfcs)
{
	assert_name(&registry_alerts, ALERT_CLOSE_NOTIFY, "close_notify");
	assert_name(&registry_alerts, ALERT_UNEXPECTED_MESSAGE, "unexpected_message");
	assert_name(&registry_alerts, ALERT_BAD_RECORD_MAC, "bad_record_mac");
	assert_name(&registry_alerts, ALERT_RECORD_OVERFLOW, "record_overflow");
	assert_name(&registry_alerts, ALERT_HANDSHAKE_FAILURE, "handshake_failure");
	assert_name(&registry_alerts, ALERT_ILLEGAL_PARAMETER, "illegal_parameter");
	assert_name(&registry_alerts, ALERT_DECODE_ERROR, "decode_error");
	assert_name(&registry_alerts, ALERT_PROTOCOL_VERSION, "protocol_version");
	assert_name(&registry_alerts, ALERT_INSUFFICIENT_SECURITY, "insufficient_security");
	assert_name(&registry_alerts, ALERT_INTERNAL_ERROR, "internal_error");
	assert_name(&registry_alerts, ALERT_INAPPROPRIATE_FALLBACK, "inappropriate_fallback");
	assert_name(&registry_alerts, ALERT_USER_CANCELED, "user_canceled");
	assert_name(&registry_alerts, ALERT_MISSING_EXTENSION, "missing_extension");
	assert_name(&registry_alerts, ALERT_CERTIFICATE_REQUIRED, "certificate_required");
	assert_name(&registry_alerts, ALERT_NO_APPLICATION_PROTOCOL, "no_application_protocol");
}

Test(registry, extensions_have_the_names_of_the_rfcs)
{
	assert_name(&registry_extensions, EXT_SERVER_NAME, "server_name");
	assert_name(&registry_extensions, EXT_MAX_FRAGMENT_LENGTH, "max_fragment_length");
	assert_name(&registry_extensions, EXT_STATUS_REQUEST, "status_request");
	assert_name(&registry_extensions, EXT_SUPPORTED_GROUPS, "supported_groups");
	assert_name(&registry_extensions, EXT_EC_POINT_FORMATS, "ec_point_formats");
	assert_name(&registry_extensions, EXT_SIGNATURE_ALGORITHMS, "signature_algorithms");
	assert_name(&registry_extensions, EXT_HEARTBEAT, "heartbeat");
	assert_name(&registry_extensions, EXT_ALPN, "application_layer_protocol_negotiation");
	assert_name(&registry_extensions, EXT_PADDING, "padding");
	assert_name(&registry_extensions, EXT_ENCRYPT_THEN_MAC, "encrypt_then_mac");
	assert_name(&registry_extensions, EXT_EXTENDED_MASTER_SECRET, "extended_master_secret");
	assert_name(&registry_extensions, EXT_COMPRESS_CERTIFICATE, "compress_certificate");
	assert_name(&registry_extensions, EXT_RECORD_SIZE_LIMIT, "record_size_limit");
	assert_name(&registry_extensions, EXT_SESSION_TICKET, "session_ticket");
	assert_name(&registry_extensions, EXT_PRE_SHARED_KEY, "pre_shared_key");
	assert_name(&registry_extensions, EXT_EARLY_DATA, "early_data");
	assert_name(&registry_extensions, EXT_SUPPORTED_VERSIONS, "supported_versions");
	assert_name(&registry_extensions, EXT_COOKIE, "cookie");
	assert_name(&registry_extensions, EXT_PSK_KEY_EXCHANGE_MODES, "psk_key_exchange_modes");
	assert_name(&registry_extensions, EXT_CERTIFICATE_AUTHORITIES, "certificate_authorities");
	assert_name(&registry_extensions, EXT_POST_HANDSHAKE_AUTH, "post_handshake_auth");
	assert_name(&registry_extensions, EXT_SIGNATURE_ALGORITHMS_CERT,
		    "signature_algorithms_cert");
	assert_name(&registry_extensions, EXT_KEY_SHARE, "key_share");
	assert_name(&registry_extensions, EXT_ENCRYPTED_CLIENT_HELLO, "encrypted_client_hello");
	assert_name(&registry_extensions, EXT_RENEGOTIATION_INFO, "renegotiation_info");
}

Test(registry, messages_have_the_names_of_the_rfcs)
{
	assert_name(&registry_content_types, CONTENT_CHANGE_CIPHER_SPEC, "change_cipher_spec");
	assert_name(&registry_content_types, CONTENT_ALERT, "alert");
	assert_name(&registry_content_types, CONTENT_HANDSHAKE, "handshake");
	assert_name(&registry_content_types, CONTENT_APPLICATION_DATA, "application_data");
	assert_name(&registry_content_types, CONTENT_HEARTBEAT, "heartbeat");
	assert_name(&registry_handshake_types, HANDSHAKE_HELLO_REQUEST, "hello_request");
	assert_name(&registry_handshake_types, HANDSHAKE_CLIENT_HELLO, "client_hello");
	assert_name(&registry_handshake_types, HANDSHAKE_SERVER_HELLO, "server_hello");
	assert_name(&registry_handshake_types, HANDSHAKE_ENCRYPTED_EXTENSIONS,
		    "encrypted_extensions");
	assert_name(&registry_handshake_types, HANDSHAKE_SERVER_HELLO_DONE, "server_hello_done");
	assert_name(&registry_handshake_types, HANDSHAKE_CERTIFICATE_STATUS, "certificate_status");
	assert_name(&registry_handshake_types, HANDSHAKE_KEY_UPDATE, "key_update");
}

Test(registry, small_registries_have_their_spot_values)
{
	assert_name(&registry_groups, GROUP_SECP256R1, "secp256r1");
	assert_name(&registry_groups, GROUP_SECP384R1, "secp384r1");
	assert_name(&registry_groups, GROUP_SECP521R1, "secp521r1");
	assert_name(&registry_groups, GROUP_X25519, "x25519");
	assert_name(&registry_groups, GROUP_X448, "x448");
	assert_name(&registry_groups, 0x11EC, "X25519MLKEM768");
	assert_name(&registry_signature_schemes, 0x0804, "rsa_pss_rsae_sha256");
	assert_name(&registry_signature_schemes, 0x0403, "ecdsa_secp256r1_sha256");
	assert_name(&registry_signature_schemes, 0x0101, "rsa_md5");
	assert_name(&registry_compression_methods, 1, "DEFLATE");
	assert_name(&registry_point_formats, 0, "uncompressed");
	assert_name(&registry_client_certificate_types, 64, "ecdsa_sign");
	assert_name(&registry_sslv2_kinds, 0x010080, "SSL_CK_RC4_128_WITH_MD5");
	assert_name(&registry_sslv2_kinds, 0x0700C0, "SSL_CK_DES_192_EDE3_CBC_WITH_MD5");
}

/* RFC 8701 2 */
Test(grease, sixteen_codes_and_no_other)
{
	size_t found = 0;
	for (uint32_t code = 0; code <= 0xFFFF; code++)
		found += code_is_grease((uint16_t)code);
	cr_assert_eq(found, 16);
	for (uint32_t code = 0x0A0A; code <= 0xFAFA; code += 0x1010)
		cr_assert(code_is_grease((uint16_t)code));
	cr_assert(!code_is_grease(0x0A1A));
	cr_assert(!code_is_grease(0x0A0B));
}

Test(grease, has_no_name_in_any_registry)
{
	for (uint32_t code = 0x0A0A; code <= 0xFAFA; code += 0x1010)
		for (size_t i = 0; i < REGISTRIES_LEN; i++)
			cr_assert_null(registry_name(registries[i].registry, code));
}

Test(group, kind_says_how_its_key_is_shared)
{
	cr_assert_eq(group_kind(GROUP_SECP256R1), GROUP_EC);
	cr_assert_eq(group_kind(0x0001), GROUP_EC);
	cr_assert_eq(group_kind(0x001F), GROUP_EC);
	cr_assert_eq(group_kind(GROUP_X25519), GROUP_XDH);
	cr_assert_eq(group_kind(GROUP_X448), GROUP_XDH);
	cr_assert_eq(group_kind(0x0100), GROUP_FFDHE);
	cr_assert_eq(group_kind(0x0104), GROUP_FFDHE);
	cr_assert_eq(group_kind(0x11EC), GROUP_HYBRID);
	cr_assert_eq(group_kind(0x6399), GROUP_HYBRID);
	cr_assert_eq(group_kind(0x0201), GROUP_OTHER);
	cr_assert_eq(group_kind(0x0022), GROUP_OTHER);
	cr_assert_eq(group_kind(0xFF01), GROUP_OTHER);
	cr_assert_eq(group_kind(0x0A0A), GROUP_OTHER);
	cr_assert_eq(group_kind(0xFFFF), GROUP_OTHER);
}
