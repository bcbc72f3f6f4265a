/* SPDX-License-Identifier: Apache-2.0 */
#include "live/form.h"

#include "base/rng.h"
#include "registry/registry.h"
#include "wire/handshake.h"

#include <assert.h>

static void take_extensions(struct form *form, const struct probe *probe)
{
	struct extension_list list = { .scratch = &form->scratch };
	probe_extensions(&list, probe, NULL);
	memcpy(form->extensions, list.items, list.len * sizeof(list.items[0]));
	form->draft.extensions_len = list.len;
	form->draft.has_extensions = list.len > 0;
}

void form_init(struct form *form, const struct hello_subject *subject, uint32_t id)
{
	struct rng rng;
	bool tls13 = subject->version == TLS1_3;
	const struct probe probe = {
		.version = subject->version,
		.shape = subject->shape,
		.upgrade = subject->upgrade,
	};
	*form = (struct form){ .subject = subject, .suites = { subject->suite } };
	builder_init(&form->scratch, form->scratch_bytes, sizeof(form->scratch_bytes), NULL, 0);
	/* As probe_encode draws them. */
	rng_init(&rng, subject->seed, id);
	rng_fill(&rng, form->random, sizeof(form->random));
	rng_fill(&rng, form->session_id, sizeof(form->session_id));
	form->draft = (struct hello_draft){
		.record_version = version_code(TLS1_0),
		.legacy_version = version_code(tls13 ? TLS1_2 : subject->version),
		.random = span_of(form->random, sizeof(form->random)),
		.session_id = span_of(form->session_id, tls13 ? SESSION_ID_MAX : 0),
		.compression = span_of("\0", 1),
		.suites = form->suites,
		.suites_len = 1,
		.extensions = form->extensions,
	};
	take_extensions(form, &probe);
}

size_t form_message_len(const struct form *form)
{
	const struct hello_draft *draft = &form->draft;
	size_t len = HANDSHAKE_HEADER_LEN + 2 + draft->random.len + 1 + draft->session_id.len + 2 +
		     2 * draft->suites_len + 1 + draft->compression.len;
	if (draft->has_extensions)
		len += 2;
	for (size_t i = 0; i < draft->extensions_len; i++)
		len += 4 + form->extensions[i].body.len;
	return len;
}

struct extension_draft *form_find(struct form *form, uint16_t type)
{
	for (size_t i = 0; i < form->draft.extensions_len; i++)
		if (form->extensions[i].type == type)
			return &form->extensions[i];
	return NULL;
}

void form_drop(struct form *form, uint16_t type)
{
	struct extension_draft *found = form_find(form, type);
	if (!found)
		return;
	struct extension_draft *end = form->extensions + form->draft.extensions_len--;
	memmove(found, found + 1, (size_t)(end - found - 1) * sizeof(*found));
}

void form_add(struct form *form, size_t at, uint16_t type, const void *body, size_t len)
{
	size_t count = form->draft.extensions_len++, from = form->scratch.len;
	assert(count < FORM_EXTENSIONS_MAX);
	if (at > count)
		at = count;
	builder_bytes(&form->scratch, "body", span_of(body, len));
	memmove(form->extensions + at + 1, form->extensions + at,
		(count - at) * sizeof(form->extensions[0]));
	form->extensions[at] = (struct extension_draft){
		.type = type,
		.body = span_of(form->scratch.at + from, form->scratch.len - from),
	};
	form->draft.has_extensions = true;
}

void form_add_suite(struct form *form, size_t at, uint16_t suite)
{
	size_t count = form->draft.suites_len++;
	assert(count < FORM_SUITES_MAX);
	if (at > count)
		at = count;
	memmove(form->suites + at + 1, form->suites + at, (count - at) * sizeof(form->suites[0]));
	form->suites[at] = suite;
}
