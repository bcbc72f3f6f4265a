/* rig_x509.h - certificates of strangers, in every reader of ours. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_X509_H
#define HARNESS_RIG_X509_H

#include "crypto/der.h"
#include "crypto/x509.h"
#include "harness.h"

/* rig_lies_in says whether the view is empty or inside `whole`. */
bool rig_lies_in(struct span view, struct span whole);

/* rig_x509 reads everything that we read of one certificate, and notes it. */
void rig_x509(struct arena *arena, struct span der);

/* rig_root reads a root of our own, once, and rig_root_chain the chain of that root alone. Whatever
 * the input is, a harness calls it: what only some inputs bring about for the first time is not the
 * same the second time. */
const struct trust_store *rig_root(void);
struct certificate_list *rig_root_chain(void);

/* rig_chain verifies against that root: what it did not sign is never trusted. */
void rig_chain(struct arena *arena, const struct certificate_list *list,
	       const struct trust_store *store);

#endif
