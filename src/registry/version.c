/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/version.h"

#include <assert.h>

static const struct {
	const char *name;
	uint16_t code;
} versions[VERSIONS_LEN + 1] = {
	[SSLV2] = { "SSLv2", 0x0002 },	 [SSLV3] = { "SSLv3", 0x0300 },
	[TLS1_0] = { "TLS1.0", 0x0301 }, [TLS1_1] = { "TLS1.1", 0x0302 },
	[TLS1_2] = { "TLS1.2", 0x0303 }, [TLS1_3] = { "TLS1.3", 0x0304 },
	[VERSION_NONE] = { "-", 0 },
};

const char *version_name(enum version version)
{
	assert(version <= VERSION_NONE);
	return versions[version].name;
}

uint16_t version_code(enum version version)
{
	assert(version <= VERSION_NONE);
	return versions[version].code;
}

enum version version_by_code(uint16_t code)
{
	enum version version = SSLV2;
	while (version < VERSIONS_LEN && versions[version].code != code)
		version++;
	return version;
}

enum version version_by_name(struct span name)
{
	enum version version = SSLV2;
	while (version < VERSIONS_LEN && !span_is(name, versions[version].name))
		version++;
	return version;
}

enum version version_set_highest(version_set set)
{
	enum version version = VERSION_NONE;
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		if (set & VERSION_BIT(v))
			version = (enum version)v;
	return version;
}
