/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

#define NAME	       "pre_shared_key"
#define IDENTITIES_MIN 7
#define BINDERS_MIN    33
#define BINDER_MIN     32

static bool count_identities(struct span list, size_t *count, struct wire_error *error)
{
	struct cursor in = cursor_over(list);
	for (*count = 0; cursor_left(&in) > 0; ++*count) {
		size_t len = cursor_vec16(&in).len;
		cursor_u32(&in);
		if (len == 0 || !cursor_ok(&in))
			return wire_refuse(error, &in, NAME,
					   "has an identity that is empty or incomplete");
	}
	return true;
}

static bool count_binders(struct span list, size_t *count, struct wire_error *error)
{
	struct cursor in = cursor_over(list);
	for (*count = 0; cursor_left(&in) > 0; ++*count) {
		if (cursor_vec8(&in).len < BINDER_MIN)
			return wire_refuse(error, &in, NAME,
					   "has a binder that is too short or incomplete");
	}
	return true;
}

/* RFC 8446 4.2.11; the view is the whole body. */
bool pre_shared_key_decode(struct span *view, struct span body, struct wire_error *error)
{
	size_t identities_len, binders_len;
	struct cursor in = cursor_over(body);
	*view = body;
	struct span identities = cursor_vec16(&in);
	struct span binders = cursor_vec16(&in);
	if (!wire_finish(error, &in, NAME))
		return false;
	if (identities.len < IDENTITIES_MIN || binders.len < BINDERS_MIN)
		return wire_refuse(error, &in, NAME, "has a list that is shorter than it may be");
	if (!count_identities(identities, &identities_len, error) ||
	    !count_binders(binders, &binders_len, error))
		return false;
	if (identities_len != binders_len)
		return wire_refuse_value(error, &in, NAME, "has not as many binders as identities");
	return true;
}

static void encode(struct builder *b, struct span view)
{
	struct cursor body = cursor_over(view);
	struct prefix prefix = builder_open(b, "identities", 2);
	struct cursor list = cursor_over(cursor_vec16(&body));
	while (cursor_left(&list) > 0) {
		shape_write_vector(b, "identity", 2, cursor_vec16(&list));
		builder_u32(b, "obfuscated_ticket_age", cursor_u32(&list));
	}
	builder_close(b, prefix, 0);
	shape_write_vectors(b, "binders", "binder", 1, cursor_vec16(&body));
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_bytes(view, body, error, NAME, 2);
}

static void server_encode(struct builder *b, struct span view)
{
	builder_bytes(b, "selected_identity", view);
}

const struct extension extension_pre_shared_key = {
	.type = 41,
	.name = "pre_shared_key",
	.decode = pre_shared_key_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = server_encode,
};
