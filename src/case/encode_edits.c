/* SPDX-License-Identifier: Apache-2.0 */
#include "case/encode_internal.h"
#include "registry/registry.h"
#include "wire/handshake.h"

#define EXTENSION_HEAD_LEN 4
#define EXTENSION_BODY_MAX 0xFFFF

struct hello_extension *hello_extension_at(const struct hello *hello, uint16_t type)
{
	for (size_t i = 0; i < hello->extensions_len; i++) {
		struct hello_extension *extension = &hello->extensions[i];
		if (!extension->raw && extension->type == type)
			return extension;
	}
	return NULL;
}

void hello_insert(struct encoder *e, struct hello *hello, size_t index,
		  struct hello_extension extension)
{
	struct hello_extension *grown =
		arena_grow(e->scratch, hello->extensions, hello->extensions_len,
			   &hello->extensions_cap, sizeof(extension));
	if (!grown)
		return;
	hello->extensions = grown;
	memmove(grown + index + 1, grown + index,
		(hello->extensions_len - index) * sizeof(extension));
	grown[index] = extension;
	hello->extensions_len++;
	hello->has_extensions = true;
}

void hello_remove(struct hello *hello, uint16_t type)
{
	size_t kept = 0;
	for (size_t i = 0; i < hello->extensions_len; i++) {
		struct hello_extension *extension = &hello->extensions[i];
		if (extension->raw || extension->type != type)
			hello->extensions[kept++] = *extension;
	}
	hello->extensions_len = kept;
}

size_t hello_len(const struct hello *hello)
{
	size_t len = HANDSHAKE_HEADER_LEN + 2 + hello->random.len + 1 +
		     hello->session_id.bytes.len + 2 + hello->suites.bytes.len + 1 +
		     hello->compression.bytes.len;
	if (hello->has_extensions)
		len += 2;
	for (size_t i = 0; i < hello->extensions_len; i++) {
		const struct hello_extension *extension = &hello->extensions[i];
		len += (extension->raw ? 0 : EXTENSION_HEAD_LEN) + extension->body.bytes.len;
	}
	return len + hello->tail.len;
}

/* One entry as written between the braces of a block. */
static struct hello_extension entry_of(struct encoder *e, const struct element *element)
{
	struct elements children = element->children, whole = { .at = element, .len = 1 };
	struct hello_extension out = { .type = (uint16_t)element->value, .body.lie = element->lie };
	if (element->kind != ELEMENT_EXTENSION) {
		out.raw = true;
		out.body.bytes = encode_apart(e, &whole);
	} else {
		out.body.bytes =
			element->usual ? usual_body(e, out.type) : encode_apart(e, &children);
	}
	return out;
}

static void insert_entries(struct encoder *e, struct hello *hello, size_t index,
			   const struct elements *entries)
{
	for (size_t i = 0; i < entries->len && !encoder_stopped(e); i++)
		hello_insert(e, hello, index + i, entry_of(e, &entries->at[i]));
}

static void edit_extensions(struct encoder *e, struct hello *hello, const struct edit *edit)
{
	if (edit->place == EDIT_REPLACE || edit->lie.kind != LIE_NONE)
		hello->extensions_lie = edit->lie;
	hello->has_extensions = true;
	switch (edit->place) {
	case EDIT_REPLACE:
		hello->extensions_len = 0;
		insert_entries(e, hello, 0, &edit->body);
		break;
	case EDIT_ADD:
		insert_entries(e, hello, hello->extensions_len, &edit->body);
		break;
	case EDIT_FIRST:
		insert_entries(e, hello, 0, &edit->body);
		break;
	case EDIT_WITHOUT:
		for (size_t i = 0; i < edit->body.len; i++)
			hello_remove(hello, (uint16_t)edit->body.at[i].value);
		break;
	case EDIT_LIE_ONLY:
		break;
	}
}

static struct span without_suite(struct encoder *e, struct span suites, uint16_t suite)
{
	struct span kept = arena_copy(e->scratch, suites);
	uint8_t *to = (uint8_t *)(uintptr_t)kept.at;
	size_t len = 0;
	for (size_t i = 0; kept.at && i < suites.len; i += 2) {
		size_t n = suites.len - i < 2 ? 1 : 2;
		if (n == 2 && (suites.at[i] << 8 | suites.at[i + 1]) == suite)
			continue;
		memcpy(to + len, suites.at + i, n);
		len += n;
	}
	return span_of(kept.at, len);
}

/* The lists that are bytes with a length: suites, and the plain fields. */
static void edit_field(struct encoder *e, struct hello_field *field, const struct edit *edit)
{
	if (edit->place == EDIT_REPLACE || edit->lie.kind != LIE_NONE)
		field->lie = edit->lie;
	switch (edit->place) {
	case EDIT_REPLACE:
		field->bytes = encode_apart(e, &edit->body);
		break;
	case EDIT_ADD:
		field->bytes = span_join(e, field->bytes, encode_apart(e, &edit->body));
		break;
	case EDIT_FIRST:
		field->bytes = span_join(e, encode_apart(e, &edit->body), field->bytes);
		break;
	case EDIT_WITHOUT:
		for (size_t i = 0; i < edit->body.len; i++)
			field->bytes =
				without_suite(e, field->bytes, (uint16_t)edit->body.at[i].value);
		break;
	case EDIT_LIE_ONLY:
		break;
	}
}

static void edit_extension(struct encoder *e, struct hello *hello, const struct edit *edit)
{
	uint16_t type = (uint16_t)edit->value;
	struct hello_extension *there = hello_extension_at(hello, type);
	struct hello_field body = { .lie = edit->lie };
	if (edit->place != EDIT_LIE_ONLY)
		body.bytes = encode_apart(e, &edit->body);
	else
		body.bytes = there ? there->body.bytes : usual_body(e, type);
	if (there)
		there->body = body;
	else
		hello_insert(e, hello, hello->extensions_len,
			     (struct hello_extension){ .type = type, .body = body });
}

static void edit_reversed(struct hello *hello)
{
	for (size_t i = 0; i < hello->extensions_len / 2; i++) {
		struct hello_extension *one = &hello->extensions[i];
		struct hello_extension *other = &hello->extensions[hello->extensions_len - 1 - i];
		struct hello_extension kept = *one;
		*one = *other;
		*other = kept;
	}
}

/* RFC 7685: zeros. What cannot be reached by adding an extension is refused. */
static void edit_pad(struct encoder *e, struct hello *hello, size_t target)
{
	size_t len = hello_len(hello) + EXTENSION_HEAD_LEN + (hello->has_extensions ? 0 : 2);
	if (target < len || target - len > EXTENSION_BODY_MAX) {
		encoder_fail(e, FAULT_UNSUPPORTED);
		return;
	}
	const uint8_t *zeros = arena_alloc(e->scratch, target - len + 1);
	struct hello_extension padding = { .type = EXT_PADDING };
	padding.body.bytes = span_of(zeros, zeros ? target - len : 0);
	hello_insert(e, hello, hello->extensions_len, padding);
}

static void edit_one(struct encoder *e, struct hello *hello, const struct edit *edit)
{
	switch (edit->kind) {
	case EDIT_VERSION:
		hello->version = (uint16_t)edit->value;
		break;
	case EDIT_RANDOM:
		hello->random = encode_apart(e, &edit->body);
		break;
	case EDIT_SESSION_ID:
		edit_field(e, &hello->session_id, edit);
		break;
	case EDIT_COMPRESSION:
		edit_field(e, &hello->compression, edit);
		break;
	case EDIT_SUITES:
		edit_field(e, &hello->suites, edit);
		break;
	case EDIT_EXTENSIONS:
		edit_extensions(e, hello, edit);
		break;
	case EDIT_EXTENSION:
		edit_extension(e, hello, edit);
		break;
	case EDIT_EXTENSIONS_ABSENT:
		hello->extensions_len = 0;
		hello->has_extensions = false;
		break;
	case EDIT_EXTENSIONS_REVERSED:
		edit_reversed(hello);
		break;
	case EDIT_TAIL:
		hello->tail = encode_apart(e, &edit->body);
		break;
	case EDIT_PAD:
		edit_pad(e, hello, edit->value);
		break;
	case EDIT_TYPE:
	case EDIT_SPECS:
	case EDIT_CHALLENGE:
	case EDIT_LONG:
		/* Fields of an SSLv2 hello: the reader lets none of them through. */
		encoder_fail(e, FAULT_UNSUPPORTED);
		break;
	}
}

void hello_edit(struct encoder *e, struct hello *hello, const struct message *message)
{
	for (size_t i = 0; i < message->edits_len && !encoder_stopped(e); i++)
		edit_one(e, hello, &message->edits[i]);
}
