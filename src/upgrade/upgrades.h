/* upgrades.h - the list of protocols that lead to TLS, in the order in which they are shown. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_UPGRADES_H
#define UPGRADE_UPGRADES_H

#include "upgrade/upgrade.h"

#define UPGRADE_LIST(X)                                                                            \
	X(tls)                                                                                     \
	X(postgresql)                                                                              \
	X(postgresql_direct)

#define X(name) extern const struct upgrade upgrade_##name;
UPGRADE_LIST(X)
#undef X

#endif
