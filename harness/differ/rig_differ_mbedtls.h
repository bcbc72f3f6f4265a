/* rig_differ_mbedtls.h - mbedTLS 2.28 as a server that reads one ClientHello and answers nothing.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_DIFFER_RIG_DIFFER_MBEDTLS_H
#define HARNESS_DIFFER_RIG_DIFFER_MBEDTLS_H

#include "differ.h"

/*
 * rig_differ_mbedtls gives the bytes to mbedTLS until it has chosen a suite or refused, and
 * compares: form, what was read, what was chosen, and the judgement of our endpoint's gate.
 */
void rig_differ_mbedtls(const struct differ_hello *ours, struct span bytes);

#endif
