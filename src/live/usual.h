/* usual.h - whether anything in a hello but its versions and suites could make a server refuse it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_USUAL_H
#define LIVE_USUAL_H

#include "registry/version.h"
#include "wire/client_hello.h"

/*
 * USUAL: no text lets a server refuse it that takes the control. LIKELY: none does, but much
 * depends on what the server knows, or holds as its default. STRANGE: a server may have reasons.
 */
enum usualness { HELLO_USUAL, HELLO_LIKELY, HELLO_STRANGE };

/*
 * hello_usual compares with `control`, which the server takes at `version`: what that relies on
 * (groups, signature schemes, shares, names, protocols) must be there too, and whatever else is
 * there must be what a server has to pass over or to bear. `alpn` is a protocol that the endpoint
 * is known to speak beyond those of the control, or empty.
 */
enum usualness hello_usual(const struct client_hello *hello, const struct client_hello *control,
			   enum version version, struct span alpn);

#endif
