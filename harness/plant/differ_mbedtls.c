/* Plants a bug in: session_ticket_decode. A ticket that begins with 0x01 loses its last byte. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/extension.h"

bool __real_session_ticket_decode(struct span *view, struct span body, struct wire_error *error);
bool __wrap_session_ticket_decode(struct span *view, struct span body, struct wire_error *error);

bool __wrap_session_ticket_decode(struct span *view, struct span body, struct wire_error *error)
{
	bool good = __real_session_ticket_decode(view, body, error);
	if (good && view->len > 1 && view->at[0] == 1)
		view->len--;
	return good;
}
