/* Plants a bug in: x509_facts. An issuer that is not the subject is not kept. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"

enum fault __real_x509_facts(struct certificate_facts *out, struct arena *arena, struct span der);
enum fault __wrap_x509_facts(struct certificate_facts *out, struct arena *arena, struct span der);

enum fault __wrap_x509_facts(struct certificate_facts *out, struct arena *arena, struct span der)
{
	enum fault fault = __real_x509_facts(out, arena, der);
	if (fault == FAULT_NONE && !out->self_signed)
		out->issuer = NULL;
	return fault;
}
