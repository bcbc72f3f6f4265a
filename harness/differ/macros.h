/* macros.h - the four macros of the lists mbedtls.def and openssl.def. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_DIFFER_MACROS_H
#define HARNESS_DIFFER_MACROS_H

#include "conditions.h"
#include "registry/registry.h"

#define ALERT_UNSUPPORTED_CERTIFICATE 43

/* The words of our verdict: who is right about what the section says. */
#define TOO_LAX			      "theirs is lax"
#define TOO_STRICT		      "theirs is strict"
#define ALLOWED			      "both are allowed"
#define GATE			      "ours is judged later"
#define OUR_STRICTNESS		      "ours is strict"

#define THEIRS(name, verdict, flaws, applies, section, why)                                        \
	{ #name, DIFFER_THEIRS, flaws, 0, 0, applies, section, verdict, why },
#define OURS(name, verdict, alert, applies, section, why)                                          \
	{ #name, DIFFER_OURS, 0, 0, alert, applies, section, verdict, why },
#define JUDGED(name, verdict, gate, alert, applies, section, why)                                  \
	{ #name, DIFFER_JUDGED, 0, gate, alert, applies, section, verdict, why },
#define READ(name, verdict, applies, section, why)                                                 \
	{ #name, DIFFER_READ, 0, 0, 0, applies, section, verdict, why },

#endif
