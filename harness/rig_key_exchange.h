/* rig_key_exchange.h - public-key work with what a server sent. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_KEY_EXCHANGE_H
#define HARNESS_RIG_KEY_EXCHANGE_H

#include "crypto/key_exchange.h"
#include "harness.h"

/* rig_agree and rig_agree_dh: a secret inside its buffer, or a fault. */
void rig_agree(uint16_t group, struct span peer);
void rig_agree_dh(struct span p, struct span g, struct span peer);

/* rig_verify never believes a signature over bytes that nobody signed; it uses the certificate for
 * the other key exchanges as well. */
void rig_verify(uint16_t scheme, uint8_t version, struct span certificate, struct span signature);

#endif
