/* rig_fingerprint.h - JA3 and JA4 of any hello. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_FINGERPRINT_H
#define HARNESS_RIG_FINGERPRINT_H

#include "wire/client_hello.h"

/* rig_fingerprint checks the form of each, and that a GREASE suite in front changes neither. */
void rig_fingerprint(const struct client_hello *hello);

#endif
