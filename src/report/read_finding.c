/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_internal.h"

#include <stdio.h>

#include "registry/cipher_suite.h"

#define LINE_MAX_NUMBER UINT32_MAX

static const char *verdict_at(size_t i)
{
	return i < VERDICTS_LEN ? verdict_name((enum verdict)i) : NULL;
}

static const char *kind_at(size_t i)
{
	return i < FINDING_KINDS_LEN ? finding_kind_name((enum finding_kind)i) : NULL;
}

static const char *ruling_at(size_t i)
{
	return i <= RULING_CONFLICT ? ruling_name((enum ruling_kind)i) : NULL;
}

static const char *since_at(size_t i)
{
	if (i > SINCE_REPAIRED)
		return NULL;
	return i == SINCE_NONE ? "-" : since_name((enum since)i);
}

enum version read_version(struct reading *in, const json_t *object, const char *key)
{
	const char *name = reading_text(in, object, key);
	if (!name)
		return VERSION_NONE;
	enum version version = version_by_name(span_text(name));
	if (version == VERSION_NONE)
		reading_refuse(in, key, "is no version: '%s'", name);
	return version;
}

static struct table *table_of(struct reading *in, struct report_tables *tables, const char *cite)
{
	for (size_t i = 0; i < tables->len; i++) {
		const char *other = tables->items[i]->cite;
		if (cite == other || (cite && other && strcmp(cite, other) == 0))
			return tables->items[i];
	}
	struct table *table = arena_alloc(in->arena, sizeof(*table));
	if (!table) {
		reading_memory(in);
		return NULL;
	}
	table->cite = cite;
	if (tables->len < READ_TABLES_MAX)
		tables->items[tables->len++] = table;
	return table;
}

/* The row that an object with `cite` and `row` speaks of, or NULL. */
static const struct rule *read_rule(struct reading *in, struct report_tables *tables,
				    const json_t *object, enum ruling_kind kind)
{
	const json_t *row = reading_object(in, object, "row");
	if (!row)
		return NULL;
	struct rule *rule = arena_alloc(in->arena, sizeof(*rule));
	if (!rule) {
		reading_memory(in);
		return NULL;
	}
	rule->table = table_of(in, tables, reading_text(in, object, "cite"));
	rule->at.file = reading_text(in, row, "file");
	rule->at.line = (uint32_t)reading_int(in, row, "line", LINE_MAX_NUMBER);
	rule->row = reading_text(in, row, "text");
	rule->ruling = kind;
	if (!rule->at.file || !rule->row)
		reading_refuse(in, "expected.row", "lacks its file or its text");
	return rule;
}

static void read_expected(struct reading *in, struct report_tables *tables, const json_t *object,
			  struct ruling *out)
{
	if (!object)
		return;
	out->kind = (enum ruling_kind)reading_word(in, object, "ruling", ruling_at, RULING_SILENT);
	out->inferred = reading_bool(in, object, "inferred");
	out->rule = read_rule(in, tables, object, out->kind);
	const json_t *against = reading_object(in, object, "against");
	if (against)
		out->against = read_rule(in, tables, against, RULING_REJECT);
}

static bool read_evidence(struct reading *in, const json_t *object, struct finding *finding,
			  struct report_evidence *out)
{
	if (!json_object_get(object, "sent"))
		return false;
	*out = (struct report_evidence){
		.probe = out->probe,
		.started_us = reading_us(in, object, "sent_ms"),
		.ended_us = reading_us(in, object, "received_ms"),
		.sent = reading_hex(in, object, "sent"),
		.received = reading_hex(in, object, "received"),
	};
	finding->observed.probe = out->probe;
	return true;
}

static void read_id(struct reading *in, const json_t *object, struct finding *out)
{
	const char *id = reading_text(in, object, "id");
	if (!id || !*id || strlen(id) >= sizeof(out->id))
		reading_refuse(in, "id", "is missing, empty or longer than %d characters",
			       FINDING_ID_MAX - 1);
	else
		snprintf(out->id, sizeof(out->id), "%s", id);
}

static void read_cell(struct reading *in, const json_t *object, struct finding *out)
{
	out->kind = (enum finding_kind)reading_word(in, object, "kind", kind_at, FINDING_UPGRADE);
	out->version = read_version(in, object, "version");
	out->has_suite = json_object_get(object, "suite_code") != NULL;
	out->suite = reading_code(in, object, "suite_code",
				  out->version == SSLV2 ? 0xFFFFFF : UINT16_MAX);
}

bool read_finding(struct reading *in, struct report_tables *tables, const json_t *object,
		  struct finding *out, struct report_evidence *evidence)
{
	size_t remarks;
	read_id(in, object, out);
	read_cell(in, object, out);
	if (out->kind == FINDING_CASE)
		read_case(in, object, out);
	else
		read_expected(in, tables, reading_object(in, object, "expected"), &out->expected);
	const json_t *observed = reading_object(in, object, "observed");
	read_observed(in, observed, out);
	if (!json_object_get(object, "verdict"))
		reading_refuse(in, "verdict", "is missing");
	out->verdict = (enum verdict)reading_word(in, object, "verdict", verdict_at, VERDICT_ERROR);
	out->since = (enum since)reading_word(in, object, "baseline", since_at, SINCE_NONE);
	out->reason = reading_text(in, object, "reason");
	const char **texts = reading_texts(in, object, "remarks", FINDING_REMARKS_MAX, &remarks);
	for (size_t i = 0; texts && i < remarks; i++)
		out->remarks[out->remarks_len++] = texts[i];
	out->shape = reading_text(in, object, "shape");
	out->control = reading_text(in, object, "control");
	return read_evidence(in, object, out, evidence);
}
