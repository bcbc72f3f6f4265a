/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry.h"

#define REGISTRY(title_, points_)                                                                  \
	{                                                                                          \
		.title = (title_), .points = (points_),                                            \
		.len = sizeof(points_) / sizeof((points_)[0])                                      \
	}

#define POINT(code, name) { code, name },
static const struct code_point alerts[] = {
#include "registry/alerts.def"
};
static const struct code_point extensions[] = {
#include "registry/extensions.def"
};
static const struct code_point signature_schemes[] = {
#include "registry/signature_schemes.def"
};
static const struct code_point content_types[] = {
#include "registry/content_types.def"
};
static const struct code_point handshake_types[] = {
#include "registry/handshake_types.def"
};
static const struct code_point compression_methods[] = {
#include "registry/compression_methods.def"
};
static const struct code_point point_formats[] = {
#include "registry/point_formats.def"
};
static const struct code_point client_certificate_types[] = {
#include "registry/client_certificate_types.def"
};
static const struct code_point sslv2_kinds[] = {
#include "registry/sslv2_kinds.def"
};
#undef POINT
#define POINT(code, name, kind) { code, name },
static const struct code_point groups[] = {
#include "registry/groups.def"
};
#undef POINT

const struct registry registry_alerts = REGISTRY("alert", alerts);
const struct registry registry_extensions = REGISTRY("extension", extensions);
const struct registry registry_groups = REGISTRY("group", groups);
const struct registry registry_signature_schemes = REGISTRY("signature scheme", signature_schemes);
const struct registry registry_content_types = REGISTRY("content type", content_types);
const struct registry registry_handshake_types = REGISTRY("handshake type", handshake_types);
const struct registry registry_compression_methods =
	REGISTRY("compression method", compression_methods);
const struct registry registry_point_formats = REGISTRY("point format", point_formats);
const struct registry registry_client_certificate_types =
	REGISTRY("client certificate type", client_certificate_types);
const struct registry registry_sslv2_kinds = REGISTRY("SSLv2 cipher kind", sslv2_kinds);

const char *registry_name(const struct registry *registry, uint32_t code)
{
	size_t low = 0, high = registry->len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (registry->points[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == registry->len || registry->points[low].code != code)
		return NULL;
	return registry->points[low].name;
}

const struct code_point *registry_by_name(const struct registry *registry, struct span name)
{
	for (size_t i = 0; i < registry->len; i++)
		if (span_is(name, registry->points[i].name))
			return &registry->points[i];
	return NULL;
}

bool code_is_grease(uint16_t code)
{
	return (code & 0x0F0F) == 0x0A0A && code >> 8 == (code & 0xFF);
}

enum group_kind group_kind(uint16_t group)
{
	switch (group) {
#define POINT(code, name, kind)                                                                    \
	case code:                                                                                 \
		return GROUP_##kind;
#include "registry/groups.def"
#undef POINT
	default:
		return GROUP_OTHER;
	}
}
