/* Under test: mbedTLS. Replaces: time. By: public_key.c, where nothing costs anything. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_mbedtls.h"

const size_t harness_memory_max = RIG_MEMORY_MAX;

/* RIG_HEAD_LEN bytes choose the configuration, the rest is what the client says. */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	struct rig_mbedtls *rig = rig_mbedtls_begin(RIG_SERVER, &in);
	rig_mbedtls_hear(rig, cursor_rest(&in));
	oracle_mbedtls(rig);
	rig_mbedtls_end(rig);
}
