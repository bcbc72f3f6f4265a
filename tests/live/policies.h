/* policies.h - a policy read for a test, and captured hellos as offers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_LIVE_POLICIES_H
#define TESTS_LIVE_POLICIES_H

#include "base/arena.h"
#include "live/hello_offer.h"

#define SINGLE	 "azure-postgresql-single-server"
#define FLEXIBLE "azure-postgresql-flexible-server"

/* policy_builtin and policy_of read an embedded policy, or one written behind `policy t`, which
 * must pass; the settings are at their defaults. */
struct settings policy_builtin(struct arena *arena, const char *name);
struct settings policy_of(struct arena *arena, const char *body);

/* settings_given applies one more "NAME=VALUE". */
void settings_given(struct settings *settings, const char *assignment);

/* captured is the offer of corpus/client_hello/NAME.bin. */
struct hello_offer captured(struct arena *arena, const char *name);

/* offered makes an offer of these versions, as a list of them, and suites. */
struct hello_offer listed(version_set versions, const uint16_t *suites, size_t len);

#endif
