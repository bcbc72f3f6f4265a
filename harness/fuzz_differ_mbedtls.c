/* Under test: mbedTLS. Rig: differ_mbedtls. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "differ/rig_differ_mbedtls.h"

const size_t harness_memory_max = (size_t)16 << 20;

/* Whatever mbedTLS and we see differently is one of the classes of differ/mbedtls.def. */
void harness_run(struct span input)
{
	struct differ_hello ours;
	differ_read(&ours, input, harness_arena(0, HARNESS_INPUT_MAX * 16));
	rig_differ_mbedtls(&ours, input);
}
