/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_x509.h"

const size_t harness_memory_max = (size_t)4 << 20;

/* A Certificate message of TLS 1.2: facts, names, keys and the path of what a stranger sent. */
void harness_run(struct span input)
{
	struct certificate_list list;
	struct arena *arena = harness_arena(0, PROBE_ARENA_MAX);
	const struct trust_store *store = rig_root();
	if (certificate_list_decode(&list, cursor_over(input), false) != FAULT_NONE)
		return;
	for (size_t i = 0; i < list.len; i++)
		rig_x509(arena, list.der[i]);
	rig_chain(arena, &list, store);
}
