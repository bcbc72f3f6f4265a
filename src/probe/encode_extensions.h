/* encode_extensions.h - the extensions of a probe's ClientHello. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_ENCODE_EXTENSIONS_H
#define PROBE_ENCODE_EXTENSIONS_H

#include "probe/probe.h"
#include "wire/hello_draft.h"

#define PROBE_EXTENSIONS_MAX 16

/* A list under construction; the bodies are views into what `scratch` wrote. */
struct extension_list {
	struct extension_draft items[PROBE_EXTENSIONS_MAX];
	size_t len;
	struct builder *scratch;
};

/* probe_extensions lists what a probe of any version but SSLv2 offers, in the order of the wire. */
void probe_extensions(struct extension_list *list, const struct probe *probe,
		      const struct retry *retry);

/* probe_offers_group says whether a TLS 1.3 hello of this shape lists the group. */
bool probe_offers_group(const struct probe *probe, uint16_t group);

/* probe_shares_group says whether the first hello already carries a share of the group. */
bool probe_shares_group(uint16_t group);

#endif
