/* gate_defects.h - what a defective gate makes of a ClientHello that the intact one judges
 * otherwise. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_GATE_DEFECTS_H
#define ENDPOINT_GATE_DEFECTS_H

#include "endpoint/gate.h"

/* gate_defect_decode reads a malformed hello when the one thing wrong with it is what the defect
 * ignores. */
bool gate_defect_decode(struct client_hello *out, struct cursor body, enum defect defect);

/* gate_defect_balk turns away a hello that has what the defect cannot stand. */
void gate_defect_balk(enum defect defect, struct gate_result *out);

/* gate_defect_forge turns a refusal into a GATE_FORGE when the hello offers what only the defect
 * agrees to. */
void gate_defect_forge(const struct client_hello *hello, enum defect defect,
		       struct gate_result *out);

#endif
