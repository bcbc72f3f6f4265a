/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fault.h"

#include <assert.h>
#include <stddef.h>

static const struct {
	const char *name, *text;
} faults[] = {
#define X(name, text) { #name, text },
	FAULT_LIST(X)
#undef X
};

const char *fault_name(enum fault fault)
{
	assert((size_t)fault < sizeof(faults) / sizeof(faults[0]));
	return faults[fault].name;
}

const char *fault_text(enum fault fault)
{
	assert((size_t)fault < sizeof(faults) / sizeof(faults[0]));
	return faults[fault].text;
}
