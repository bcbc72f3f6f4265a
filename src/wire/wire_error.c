/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/wire_error.h"

#include "registry/registry.h"

__attribute__((cold)) static bool refuse(struct wire_error *error, const struct cursor *c,
					 const char *field, const char *what, uint8_t alert)
{
	if (!error)
		return false;
	const uint8_t *at = c->base ? c->base + (c->bad ? c->fell : c->at) : error->base;
	error->offset = (size_t)(at - error->base);
	error->field = field;
	error->what = what;
	error->alert = alert;
	return false;
}

bool wire_refuse(struct wire_error *error, const struct cursor *c, const char *field,
		 const char *what)
{
	return refuse(error, c, field, what, ALERT_DECODE_ERROR);
}

bool wire_refuse_value(struct wire_error *error, const struct cursor *c, const char *field,
		       const char *what)
{
	return refuse(error, c, field, what, ALERT_ILLEGAL_PARAMETER);
}
