/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/hello_command.h"
#include "registry/registry.h"
#include "report/json_internal.h"
#include "wire/fingerprint.h"

static void put_code(struct object *object, const char *key, uint16_t code)
{
	char text[8];
	snprintf(text, sizeof(text), "0x%04X", code);
	object_text(object, key, text);
}

/* Takes the array over, NULL included. */
static void append(struct object *object, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value))
		object->bad = true;
}

static void put_codes(struct object *object, const char *key, struct span list)
{
	json_t *array = json_array();
	for (size_t i = 0; i < list_u16_len(list); i++)
		append(object, array, json_sprintf("0x%04X", list_u16(list, i)));
	object_put(object, key, array);
}

static void put_numbers(struct object *object, const char *key, struct span list)
{
	json_t *array = json_array();
	for (size_t i = 0; i < list.len; i++)
		append(object, array, json_integer(list.at[i]));
	object_put(object, key, array);
}

/* Strangers' bytes: printable ASCII as it is, the rest as \xNN. */
static json_t *quoted(struct span bytes)
{
	struct text text;
	text_init(&text);
	text_quote(&text, bytes);
	json_t *value = text.fault == FAULT_NONE ? json_string(text_view(&text)) : NULL;
	text_release(&text);
	return value;
}

static const char *extension_name(uint16_t type)
{
	const char *name = registry_name(&registry_extensions, type);
	return name ? name : code_is_grease(type) ? "GREASE" : "unknown";
}

static void put_extensions(struct object *object, const struct client_hello *hello)
{
	json_t *array = json_array();
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	while (extension_next(&block, &item)) {
		struct object entry = object_make();
		object_int(&entry, "type", item.type);
		object_text(&entry, "name", extension_name(item.type));
		object_int(&entry, "length", item.data.len);
		object_hex(&entry, "data", item.data);
		object->bad = object->bad || entry.bad;
		append(object, array, entry.json);
	}
	object_bool(object, "has_extensions", hello->has_extensions);
	object_put(object, "extensions", array);
}

static void put_alpn(struct object *object, const struct client_hello *hello)
{
	json_t *array = json_array();
	struct cursor list = cursor_over(client_hello_view(hello, EXTENSION_ALPN));
	struct span protocol;
	while (alpn_next(&list, &protocol))
		append(object, array, quoted(protocol));
	object_put(object, "alpn", array);
}

static void put_key_shares(struct object *object, const struct client_hello *hello)
{
	json_t *array = json_array();
	struct cursor list = cursor_over(client_hello_view(hello, EXTENSION_KEY_SHARE));
	struct key_share_entry share;
	while (key_share_next(&list, &share)) {
		struct object entry = object_make();
		put_code(&entry, "group", share.group);
		object_int(&entry, "length", share.key_exchange.len);
		object->bad = object->bad || entry.bad;
		append(object, array, entry.json);
	}
	object_put(object, "key_shares", array);
}

static enum fault put_fingerprints(struct object *object, const struct client_hello *hello)
{
	char hash[JA3_HASH_LEN + 1], fingerprint[JA4_LEN + 1];
	struct text string;
	text_init(&string);
	ja3_string(&string, hello);
	object_text(object, "ja3", text_view(&string));
	enum fault fault = string.fault;
	text_release(&string);
	if (fault == FAULT_NONE)
		fault = ja3_hash(hash, hello);
	if (fault == FAULT_NONE)
		fault = ja4(fingerprint, hello);
	if (fault != FAULT_NONE)
		return fault;
	object_text(object, "ja3_hash", hash);
	object_text(object, "ja4", fingerprint);
	return FAULT_NONE;
}

/* Bytes that only some files have, and that encoding needs. */
static void put_some(struct object *object, const char *key, struct span bytes)
{
	if (bytes.len)
		object_hex(object, key, bytes);
}

static enum fault put_hello(struct object *object, const struct client_hello *hello)
{
	struct span host = client_hello_host(hello);
	put_code(object, "legacy_version", hello->legacy_version);
	object_hex(object, "random", hello->random);
	object_hex(object, "session_id", hello->session_id);
	put_codes(object, "cipher_suites", hello->suites);
	put_some(object, "cipher_suites_tail", hello->suites_tail);
	put_numbers(object, "compression_methods", hello->compression);
	put_extensions(object, hello);
	put_some(object, "extensions_tail", hello->extensions_tail);
	put_some(object, "tail", hello->tail);
	object_put(object, "server_name", host.at ? quoted(host) : json_null());
	put_alpn(object, hello);
	put_codes(object, "supported_versions",
		  client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS));
	put_codes(object, "supported_groups", client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS));
	put_codes(object, "signature_algorithms",
		  client_hello_view(hello, EXTENSION_SIGNATURE_ALGORITHMS));
	put_numbers(object, "ec_point_formats",
		    client_hello_view(hello, EXTENSION_EC_POINT_FORMATS));
	put_key_shares(object, hello);
	return put_fingerprints(object, hello);
}

static void put_sslv2(struct object *object, const struct sslv2_client_hello *hello)
{
	json_t *kinds = json_array();
	struct cursor list = cursor_over(hello->kinds);
	while (cursor_left(&list) >= 3)
		append(object, kinds, json_sprintf("0x%06X", (unsigned)cursor_u24(&list)));
	put_code(object, "legacy_version", hello->version);
	object_put(object, "cipher_kinds", kinds);
	object_hex(object, "session_id", hello->session_id);
	object_hex(object, "challenge", hello->challenge);
}

/* The last record takes what the others leave, so its length is told for information only. */
static void put_records(struct object *object, const struct hello_input *in)
{
	json_t *array = json_array();
	for (size_t i = 0; i < in->records_len; i++) {
		struct object entry = object_make();
		put_code(&entry, "version", in->records[i].version);
		object_int(&entry, "length", in->records[i].len);
		object->bad = object->bad || entry.bad;
		append(object, array, entry.json);
	}
	object_put(object, "records", array);
}

static void put_remarks(struct object *object, const struct hello_file *file)
{
	json_t *array = json_array();
	struct text remark;
	text_init(&remark);
	for (size_t i = 0; hello_remark(&remark, file, i); i++) {
		append(object, array, json_string(text_view(&remark)));
		text_release(&remark);
		text_init(&remark);
	}
	text_release(&remark);
	object_put(object, "remarks", array);
}

static enum fault finish(struct text *out, struct object object)
{
	enum fault fault = object_dump(out, object);
	text_printf(out, "\n");
	return fault;
}

enum fault hello_json(struct text *out, const struct hello_file *file)
{
	const struct hello_input *in = &file->input;
	struct object object = object_make();
	object_text(&object, "file", file->name);
	object_bool(&object, "ok", true);
	object_put(&object, "error", json_null());
	object_text(&object, "form", hello_form_name(in->form));
	put_some(&object, "preamble", in->preamble);
	if (in->records_len)
		put_code(&object, "record_version", in->records[0].version);
	else
		object_put(&object, "record_version", json_null());
	if (in->records_len > 1)
		put_records(&object, in);
	enum fault fault = FAULT_NONE;
	if (in->form == HELLO_FORM_SSLV2)
		put_sslv2(&object, &in->sslv2);
	else
		fault = put_hello(&object, &in->hello);
	put_some(&object, "after", in->after);
	put_some(&object, "trailing", in->trailing);
	put_remarks(&object, file);
	if (fault == FAULT_NONE)
		return finish(out, object);
	json_decref(object.json);
	return fault;
}

enum fault hello_json_error(struct text *out, const char *name, const char *sentence,
			    const struct wire_error *error)
{
	struct object object = object_make(), inner = object_make();
	object_text(&object, "file", name);
	object_bool(&object, "ok", false);
	if (error) {
		object_int(&inner, "offset", error->offset);
		object_text(&inner, "field", error->field);
	} else {
		object_put(&inner, "offset", json_null());
	}
	object_text(&inner, "message", sentence);
	object_object(&object, "error", inner);
	return finish(out, object);
}
