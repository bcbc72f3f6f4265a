/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "crypto/key_exchange.h"
#include "rig_x509.h"

const size_t harness_memory_max = (size_t)8 << 20;

/* PEM files: chains, trust stores and keys, read or refused with a phrase. */
void harness_run(struct span input)
{
	char why[3][128] = { "", "", "" };
	struct certificate_list list = { .len = 0 };
	struct arena *arena = harness_arena(0, PROBE_ARENA_MAX);
	enum fault fault = certificate_chain_read(&list, arena, input, why[0], sizeof(why[0]));
	struct trust_store *store = trust_store_read(input, why[1], sizeof(why[1]));
	struct signing_key *key = signing_key_read(input, why[2], sizeof(why[2]));
	CHECK(fault == FAULT_NONE ? list.len > 0 : why[0][0]);
	CHECK((store || why[1][0]) && (key || why[2][0]));
	harness_note_number(list.len + (store ? 100u : 0u) + (key ? 200u : 0u));
	trust_store_free(store);
	signing_key_free(key);
}
