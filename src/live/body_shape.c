/* SPDX-License-Identifier: Apache-2.0 */
#include "live/body_shape.h"

#include "registry/registry.h"
#include "registry/version.h"

/* RFC 8446 4.2, RFC 6066, RFC 7301, RFC 8422, RFC 8879, RFC 5746, RFC 6520, RFC 8449. */
static const struct {
	uint16_t type;
	const char *shape;
} shapes[] = {
	{ EXT_SERVER_NAME, "<2N<2t>>" },
	{ EXT_STATUS_REQUEST, "O<2<2b>><2b>" },
	{ EXT_SUPPORTED_GROUPS, "<2G>" },
	{ EXT_EC_POINT_FORMATS, "<1P>" },
	{ EXT_SIGNATURE_ALGORITHMS, "<2S>" },
	{ EXT_HEARTBEAT, "H" },
	{ EXT_ALPN, "<2<1t>>" },
	{ EXT_COMPRESS_CERTIFICATE, "<1D>" },
	{ EXT_RECORD_SIZE_LIMIT, "D" },
	{ 34 /* delegated_credentials */, "<2S>" },
	{ EXT_PRE_SHARED_KEY, "<2<2b>Q><2<1b>>" },
	{ EXT_SUPPORTED_VERSIONS, "<1V>" },
	{ EXT_COOKIE, "<2b>" },
	{ EXT_PSK_KEY_EXCHANGE_MODES, "<1M>" },
	{ EXT_CERTIFICATE_AUTHORITIES, "<2<2b>>" },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, "<2S>" },
	{ EXT_KEY_SHARE, "<2G<2b>>" },
	{ EXT_RENEGOTIATION_INFO, "<1b>" },
};

const char *body_shape_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (shapes[i].type == type)
			return shapes[i].shape;
	return NULL;
}

size_t body_shape_width(char letter)
{
	if (letter == 'Q')
		return 4;
	return strchr("GSVD", letter) ? 2 : 1;
}

const char *body_shape_close(const char *open)
{
	size_t depth = 0;
	do {
		depth += *open == '<';
		depth -= *open == '>';
	} while (depth && *++open);
	return open;
}

const char *body_shape_name(char letter, uint32_t code)
{
	switch (letter) {
	case 'G':
		return registry_name(&registry_groups, code);
	case 'S':
		return registry_name(&registry_signature_schemes, code);
	case 'V':
		return version_by_code((uint16_t)code) == VERSION_NONE
			       ? NULL
			       : version_name(version_by_code((uint16_t)code));
	case 'P':
		return registry_name(&registry_point_formats, code);
	case 'M':
		return code == 0 ? "psk_ke" : code == 1 ? "psk_dhe_ke" : NULL;
	case 'N':
		return code == 0 ? "host_name" : NULL;
	case 'O':
		return code == 1 ? "ocsp" : NULL;
	case 'H':
		return code == 1   ? "peer_allowed_to_send"
		       : code == 2 ? "peer_not_allowed_to_send"
				   : NULL;
	default:
		return NULL;
	}
}
