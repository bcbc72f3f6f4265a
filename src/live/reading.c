/* SPDX-License-Identifier: Apache-2.0 */
#include "live/reading.h"

#include "base/limits.h"
#include "registry/registry.h"
#include "registry/version.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"

#define POINT_FORMAT_UNCOMPRESSED 0
#define SSLV2_CLIENT_HELLO	  1

static const struct form_rule_info rules[FORM_RULES_LEN] = {
	[FORM_SOUND] = { "", "", "", FORM_MUST, 0 },
#define X(id, word, level, alert, cite, text)                                                      \
	[FORM_##id] = { word, cite, text, FORM_##level, alert },
#include "live/form_rule.def"
#undef X
};

const struct form_rule_info *form_rule_info(enum form_rule rule)
{
	return &rules[rule];
}

const char *reading_kind_name(enum reading_kind kind)
{
	static const char *const names[] = { "hello", "broken", "partial", "sslv2", "undecided" };
	return names[kind];
}

/* The stream while it is read; `joined` holds a hello that comes in several records. */
struct reader {
	struct reading *out;
	struct arena *arena;
	struct cursor in;
	uint8_t *joined;
	size_t len, cap;
	bool whole;
};

static void broken(struct reading *out, enum form_rule rule, const char *detail)
{
	out->kind = READING_BROKEN;
	out->rule = rule;
	out->detail = detail;
}

/* Extensions that a server of any version up to 1.2 has to read, whatever else it knows. */
static bool is_core(const char *extension)
{
	static const char *const core[] = { "supported_groups", "signature_algorithms",
					    "renegotiation_info", "server_name" };
	for (size_t i = 0; i < sizeof(core) / sizeof(core[0]); i++)
		if (strcmp(core[i], extension) == 0)
			return true;
	return false;
}

/* Whether letting one rule pass gets the decoder further than `error`. */
static bool gets_further(const struct reading *out, enum leniency leniency,
			 const struct wire_error *error)
{
	struct client_hello hello;
	struct wire_error next = { .offset = 0 };
	struct cursor body = cursor_over(span_skip(out->message, HANDSHAKE_HEADER_LEN));
	return client_hello_decode(&hello, body, leniency, &next) == FAULT_NONE ||
	       next.offset != error->offset;
}

static enum form_rule rule_of_block(const struct reading *out, const struct wire_error *error)
{
	if (gets_further(out, LENIENT_DUPLICATE_EXTENSIONS, error))
		return FORM_DUPLICATE;
	return gets_further(out, LENIENT_PSK_NOT_LAST, error) ? FORM_PSK_LAST : FORM_EXTENSIONS;
}

static uint16_t client_version(const struct reading *out)
{
	struct cursor c = cursor_over(span_skip(out->message, HANDSHAKE_HEADER_LEN));
	return cursor_u16(&c);
}

/* What the strict decoder stumbled over, as a rule. */
static void note_error(struct reading *out, const struct wire_error *error)
{
	static const struct {
		const char *field;
		enum form_rule rule;
	} fields[] = {
		{ "session_id", FORM_SESSION_ID },
		{ "cipher_suites", FORM_SUITES },
		{ "compression_methods", FORM_COMPRESSION },
		{ "client_hello", FORM_HELLO_TAIL },
	};
	bool in_extension = registry_by_name(&registry_extensions, span_text(error->field)) != NULL;
	if (!in_extension && strcmp(error->what, "ends before it is complete") == 0) {
		broken(out, FORM_HELLO_ENDS, NULL);
		return;
	}
	if (strcmp(error->field, "extensions") == 0) {
		broken(out, rule_of_block(out, error), NULL);
		return;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (strcmp(error->field, fields[i].field) != 0)
			continue;
		bool value = error->alert == ALERT_ILLEGAL_PARAMETER;
		bool null = fields[i].rule == FORM_COMPRESSION && value;
		broken(out, null ? FORM_COMPRESSION_NULL : fields[i].rule, NULL);
		return;
	}
	/* RFC 5246 7.4.1.4.1: before TLS 1.2 nobody has to know signature_algorithms. */
	bool known = is_core(error->field) && (client_version(out) >= version_code(TLS1_2) ||
					       strcmp(error->field, "signature_algorithms") != 0);
	broken(out, known ? FORM_EXTENSION_CORE : FORM_EXTENSION_BODY, error->field);
}

/* Rules about a hello that decodes. */
static void judge_hello(struct reading *out)
{
	const struct client_hello *hello = &out->hello;
	struct span formats = client_hello_view(hello, EXTENSION_EC_POINT_FORMATS);
	struct span versions = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	if (client_hello_view(hello, EXTENSION_RENEGOTIATION_INFO).len)
		broken(out, FORM_RENEGOTIATION, NULL);
	else if (formats.len && !memchr(formats.at, POINT_FORMAT_UNCOMPRESSED, formats.len))
		broken(out, FORM_POINT_FORMATS, NULL);
	else if (list_u16_has(versions, version_code(TLS1_3)) && hello->compression.len > 1)
		broken(out, FORM_COMPRESSION_13, NULL);
}

/* RFC 2246 7.4.1.2: a hello from before TLS 1.2 may end with data that nobody reads. */
static bool may_have_extra_data(const struct reading *out, const struct wire_error *error)
{
	return client_version(out) < version_code(TLS1_2) &&
	       (strcmp(error->field, "extensions") == 0 ||
		strcmp(error->field, "client_hello") == 0);
}

static void take_hello(struct reading *out)
{
	struct wire_error error = { .field = "", .what = "" };
	struct cursor body = cursor_over(span_skip(out->message, HANDSHAKE_HEADER_LEN));
	out->kind = READING_HELLO;
	if (client_hello_decode(&out->hello, body, STRICT, &error) == FAULT_NONE) {
		out->decoded = true;
		judge_hello(out);
		return;
	}
	/* What is offered is read even so: an answer is judged by it. */
	out->decoded = client_hello_decode(&out->hello, body, LENIENT_ALL, NULL) == FAULT_NONE;
	if (may_have_extra_data(out, &error))
		out->kind = READING_UNDECIDED;
	else
		note_error(out, &error);
}

static bool join(struct reader *reader, struct span fragment)
{
	if (reader->cap - reader->len < fragment.len) {
		size_t cap = 2 * (reader->len + fragment.len);
		uint8_t *joined = arena_alloc(reader->arena, cap);
		if (!joined)
			return false;
		if (reader->len)
			memcpy(joined, reader->joined, reader->len);
		reader->joined = joined;
		reader->cap = cap;
	}
	memcpy(reader->joined + reader->len, fragment.at, fragment.len);
	reader->len += fragment.len;
	return true;
}

/* Behind a hello, RFC 5246 7.3 lets nothing follow before the answer; of what a client may say
 * later nobody knows at once that it came too early. */
static void take_behind(struct reader *reader, struct span behind)
{
	struct reading *out = reader->out;
	if (out->kind != READING_HELLO)
		return;
	bool later = behind.len && (behind.at[0] == HANDSHAKE_CERTIFICATE ||
				    behind.at[0] == HANDSHAKE_CLIENT_KEY_EXCHANGE);
	if (behind.len && !later)
		broken(out, FORM_MESSAGE_BEHIND, NULL);
	else if (behind.len || cursor_left(&reader->in))
		out->kind = READING_UNDECIDED;
}

static void take_handshake(struct reader *reader, struct span fragment)
{
	struct reading *out = reader->out;
	out->records++;
	if (!join(reader, fragment)) {
		out->kind = READING_UNDECIDED;
		return;
	}
	struct cursor c = cursor_over(span_of(reader->joined, reader->len));
	uint8_t type = cursor_u8(&c);
	size_t len = cursor_u24(&c);
	if (type != HANDSHAKE_CLIENT_HELLO) {
		broken(out, FORM_MESSAGE_TYPE, NULL);
		out->cut_short = !cursor_ok(&c) || cursor_left(&c) < len;
	} else if (cursor_ok(&c) && len > HANDSHAKE_MESSAGE_MAX) {
		broken(out, FORM_MESSAGE_LENGTH, NULL);
	} else if (cursor_ok(&c) && cursor_left(&c) >= len) {
		reader->whole = true;
		out->message = span_of(reader->joined, HANDSHAKE_HEADER_LEN + len);
		take_hello(out);
		cursor_take(&c, len);
		take_behind(reader, cursor_rest(&c));
	}
}

static void take_alert(struct reader *reader, struct span fragment)
{
	struct reading *out = reader->out;
	struct alert alert;
	if (alert_decode(&alert, cursor_over(fragment)) != FAULT_NONE)
		broken(out, FORM_ALERT_MALFORMED, NULL);
	else if (reader->len)
		broken(out, FORM_ALERT_INTERLEAVED, NULL);
	else if (alert.level == ALERT_FATAL || alert.description == ALERT_CLOSE_NOTIFY)
		broken(out, FORM_ALERT_ENDING, NULL);
	else if (alert.level != ALERT_WARNING)
		broken(out, FORM_ALERT_LEVEL, NULL);
	else if (++out->warnings > WARNING_ALERTS_MAX)
		broken(out, FORM_ALERT_FLOOD, NULL);
}

static void take_record(struct reader *reader, const struct record *record)
{
	if (!record->fragment.len) {
		broken(reader->out, FORM_RECORD_EMPTY, NULL);
		return;
	}
	switch (record->type) {
	case CONTENT_HANDSHAKE:
		take_handshake(reader, record->fragment);
		return;
	case CONTENT_ALERT:
		take_alert(reader, record->fragment);
		return;
	case CONTENT_CHANGE_CIPHER_SPEC:
		broken(reader->out, FORM_EARLY_CCS, NULL);
		return;
	case CONTENT_APPLICATION_DATA:
		broken(reader->out, FORM_EARLY_DATA, NULL);
		return;
	default:
		/* Heartbeats exist, and nobody says what one before a hello is. */
		reader->out->kind = READING_UNDECIDED;
	}
}

static bool is_content_type(uint8_t type)
{
	return type >= CONTENT_CHANGE_CIPHER_SPEC && type <= CONTENT_HEARTBEAT;
}

/* A header is judged as soon as it is there; returns whether the record is whole. */
static bool next_record(struct reader *reader, struct record *record)
{
	struct cursor at = reader->in;
	struct reading *out = reader->out;
	record->type = cursor_u8(&at);
	record->version = cursor_u16(&at);
	size_t len = cursor_u16(&at);
	if (!is_content_type(record->type)) {
		broken(out, FORM_RECORD_TYPE, NULL);
		return false;
	}
	if (!cursor_ok(&at))
		return false;
	/* One that is not 3.x says more than the first. */
	if (!out->record_version || record->version >> 8 != version_code(SSLV3) >> 8)
		out->record_version = record->version;
	out->odd_record = out->odd_record || record->version >> 8 != version_code(SSLV3) >> 8;
	if (record->version < version_code(SSLV3))
		broken(out, FORM_RECORD_VERSION, NULL);
	else if (len > RECORD_PLAINTEXT_MAX)
		broken(out, FORM_RECORD_OVERFLOW, NULL);
	record->fragment = cursor_take(&at, len);
	if (out->kind == READING_BROKEN || !cursor_ok(&at))
		return false;
	reader->in = at;
	return true;
}

static bool take_sslv2(struct reading *out, struct span bytes)
{
	if (bytes.len < 3 || !(bytes.at[0] & 0x80) || bytes.at[2] != SSLV2_CLIENT_HELLO)
		return false;
	struct cursor c = cursor_over(bytes);
	size_t len = cursor_u16(&c) & 0x7FFF;
	struct span body = cursor_take(&c, len);
	bool sound = cursor_ok(&c) && !cursor_left(&c) &&
		     sslv2_client_hello_decode(&out->sslv2, cursor_over(body)) == FAULT_NONE;
	out->kind = sound ? READING_SSLV2 : READING_UNDECIDED;
	return true;
}

/* By the lengths of the headers alone, whatever the types are. */
static bool ends_within_a_record(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	while (cursor_left(&c)) {
		cursor_take(&c, 3);
		cursor_vec16(&c);
	}
	return !cursor_ok(&c);
}

void reading_of(struct reading *out, struct span bytes, struct arena *arena)
{
	struct reader reader = { .out = out, .arena = arena, .in = cursor_over(bytes) };
	struct record record;
	*out = (struct reading){ .kind = READING_PARTIAL };
	if (take_sslv2(out, bytes))
		return;
	while (out->kind == READING_PARTIAL && cursor_left(&reader.in) &&
	       next_record(&reader, &record))
		take_record(&reader, &record);
	out->cut_short =
		out->cut_short || out->kind == READING_PARTIAL || ends_within_a_record(bytes);
}
