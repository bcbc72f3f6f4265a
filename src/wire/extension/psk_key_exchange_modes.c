/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.9; the view is the list of modes. */
bool psk_key_exchange_modes_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_vector(view, body, error, "psk_key_exchange_modes", 1, 1);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u8(b, "ke_modes", "ke_mode", view);
}

const struct extension extension_psk_key_exchange_modes = {
	.type = 45,
	.name = "psk_key_exchange_modes",
	.decode = psk_key_exchange_modes_decode,
	.encode = encode,
};
