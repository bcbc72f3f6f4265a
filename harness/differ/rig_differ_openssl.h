/* rig_differ_openssl.h - OpenSSL 3.0 as a server that reads one ClientHello and answers nothing. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_DIFFER_RIG_DIFFER_OPENSSL_H
#define HARNESS_DIFFER_RIG_DIFFER_OPENSSL_H

#include "differ.h"

/*
 * rig_differ_openssl gives the bytes to OpenSSL until it has read every extension or refused, and
 * compares the form and what was read.
 */
void rig_differ_openssl(const struct differ_hello *ours, struct span bytes);

#endif
