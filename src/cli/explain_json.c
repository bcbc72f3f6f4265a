/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/explain.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "report/json_internal.h"

static void put_versions(struct json_stream *object, const char *key, version_set versions)
{
	struct json_stream array = json_open_array(object, key);
	for (unsigned v = VERSIONS_LEN; v-- > SSLV2;)
		if (versions & VERSION_BIT(v))
			json_item(&array, version_name((enum version)v));
	json_close_array(&array);
}

static void put_suite(struct json_stream *object, uint16_t suite)
{
	char label[CIPHER_SUITE_LABEL_MAX], code[8];
	cipher_suite_label(label, suite);
	snprintf(code, sizeof(code), "0x%04X", suite);
	json_text(object, "suite", label);
	json_text(object, "suite_code", code);
}

static void put_suites(struct json_stream *object, const char *key, const uint16_t *suites,
		       size_t len)
{
	struct json_stream array = json_open_array(object, key);
	for (size_t i = 0; i < len; i++) {
		struct json_stream item = json_open_item(&array);
		put_suite(&item, suites[i]);
		json_close(&item);
	}
	json_close_array(&array);
}

static void put_settings(struct json_stream *object, const struct settings *settings)
{
	const struct policy *policy = settings->policy;
	char day[11];
	json_text(object, "policy", policy->name);
	struct json_stream values = json_open_member(object, "settings");
	for (size_t i = 0; i < policy->settings_len; i++)
		json_pair(&values, policy->settings[i].name,
			  policy->settings[i].values[settings->value[i]]);
	json_close(&values);
	json_bool(object, "strict", settings->strict);
	date_print(day, settings->today);
	json_text(object, "judged_at", day);
}

static void put_offer(struct json_stream *object, const struct explained *explained)
{
	const struct hello_offer *hello = &explained->hello;
	struct json_stream offer = json_open_member(object, "offer");
	put_versions(&offer, "versions", hello->offer.versions);
	json_text(&offer, "by",
		  hello->sslv2	  ? "sslv2"
		  : hello->listed ? "supported_versions"
				  : "client_version");
	json_int(&offer, "suites", hello->offer.suites_len);
	json_int(&offer, "sslv2_kinds", hello->kinds);
	json_int(&offer, "grease_suites", hello->grease_suites);
	json_int(&offer, "grease_versions", hello->grease_versions);
	json_int(&offer, "unknown_versions", hello->unknown_versions);
	json_bool(&offer, "renegotiation_scsv", hello->renegotiation_scsv);
	json_bool(&offer, "fallback_scsv", hello->fallback_scsv);
	put_suites(&offer, "unusable", explained->account.unusable,
		   explained->account.unusable_len);
	json_close(&offer);
}

static void put_conformity(struct json_stream *object, const char *key, enum conformity conformity)
{
	static const char *const words[] = { "conforms", "fails", "remark", "unjudged" };
	json_text(object, key, words[conformity]);
}

static void put_version_rulings(struct json_stream *object, const struct explained *explained)
{
	struct json_stream versions = json_open_array(object, "versions");
	for (unsigned v = VERSIONS_LEN; v-- > SSLV2;) {
		if (!(explained->hello.offer.versions & VERSION_BIT(v)))
			continue;
		struct json_stream version = json_open_item(&versions);
		json_text(&version, "version", version_name((enum version)v));
		json_expected(&version, &explained->account.versions[v]);
		json_close(&version);
	}
	json_close_array(&versions);
}

static void put_pairs(struct json_stream *object, const struct hello_account *account)
{
	struct json_stream pairs = json_open_array(object, "pairs");
	for (size_t i = 0; i < account->pairs_len; i++) {
		const struct offer_pair *pair = &account->pairs[i];
		struct json_stream item = json_open_item(&pairs);
		json_text(&item, "version", version_name(pair->version));
		if (pair->version != SSLV2)
			put_suite(&item, pair->suite);
		put_conformity(&item, "answer", conformity_of_answer(&pair->ruling));
		json_expected(&item, &pair->ruling);
		json_close(&item);
	}
	json_close_array(&pairs);
}

static void put_edit(struct json_stream *item, const struct explained *explained,
		     const struct offer_edit *edit)
{
	const struct hello_offer *hello = &explained->hello;
	version_set versions = hello->offer.versions;
	version_set then = (version_set)((versions & ~edit->drop_versions) | edit->add_versions);
	json_text(item, "change", "hello");
	put_suites(item, "drop_suites", edit->drop, edit->drop_len);
	put_suites(item, "add_one_of", edit->add, edit->add_len);
	put_versions(item, "drop_versions", edit->drop_versions & versions);
	put_versions(item, "add_versions", edit->add_versions);
	if (then != versions && !hello->listed && !(then & VERSION_BIT(TLS1_3)))
		json_text(item, "client_version", version_name(version_set_highest(then)));
}

static void put_change(struct json_stream *item, const struct explained *explained,
		       const struct flip *flip)
{
	const struct settings *settings = explained->settings;
	const struct setting *setting = flip_setting(settings, flip);
	switch (flip->kind) {
	case FLIP_HELLO:
		put_edit(item, explained, &flip->edit);
		break;
	case FLIP_SETTING:
		json_text(item, "change", "setting");
		json_text(item, "setting", setting->name);
		json_text(item, "value", setting->values[flip->value]);
		if (flip->forbidden)
			json_int(item, "forbidden_by_line", flip->forbidden->at.line);
		break;
	case FLIP_STRICT:
		json_text(item, "change", "strict");
		json_bool(item, "value", !settings->strict);
		break;
	case FLIP_CONDITION:
		json_text(item, "change", "condition");
		json_text(item, "condition", explain_condition(flip->condition));
		json_bool(item, "value", !settings_holds(settings, flip->condition));
		break;
	}
}

static void put_flips(struct json_stream *object, const struct explained *explained)
{
	struct json_stream flips = json_open_array(object, "flips");
	for (size_t i = 0; i < explained->flips.len; i++) {
		struct json_stream item = json_open_item(&flips);
		put_change(&item, explained, &explained->flips.at[i]);
		json_expected(&item, &explained->flips.at[i].ruling);
		json_close(&item);
	}
	json_close_array(&flips);
}

static void put_remarks(struct json_stream *object, const struct explained *explained)
{
	struct json_stream array = json_open_array(object, "remarks");
	struct text remarks;
	text_init(&remarks);
	explain_remarks(&remarks, explained);
	char *at = remarks.at;
	while (at && *at) {
		char *end = strchr(at, '\n');
		*end = '\0';
		json_item(&array, at);
		at = end + 1;
	}
	text_release(&remarks);
	json_close_array(&array);
}

static void put_head(struct json_stream *object, const struct explained *explained, bool ok)
{
	json_text(object, "file", explained->file.name);
	json_bool(object, "ok", ok);
	json_text(object, "form", hello_form_name(explained->file.input.form));
	explain_captured_json(object, explained);
	put_settings(object, explained->settings);
}

void explain_json(struct text *out, const struct explained *explained)
{
	struct json_stream object = json_open(out);
	struct text reason;
	text_init(&reason);
	explain_reason(&reason, explained);
	put_head(&object, explained, true);
	put_offer(&object, explained);
	json_expected(&object, &explained->account.ruling);
	json_text(&object, "reason", text_view(&reason));
	put_conformity(&object, "refusal", conformity_of_refusal(&explained->account.ruling));
	put_version_rulings(&object, explained);
	put_pairs(&object, &explained->account);
	put_flips(&object, explained);
	put_remarks(&object, explained);
	json_close(&object);
	text_put_char(out, '\n');
	text_release(&reason);
}

void explain_json_malformed(struct text *out, const struct explained *explained,
			    const struct wire_error *error)
{
	struct json_stream object = json_open(out);
	struct text demand;
	text_init(&demand);
	explain_demand(&demand, explained, error);
	put_head(&object, explained, false);
	struct json_stream inner = json_open_member(&object, "error");
	json_int(&inner, "offset", error->offset);
	json_text(&inner, "field", error->field);
	json_text(&inner, "message", error->what);
	json_close(&inner);
	if (explained->file.input.form != HELLO_FORM_SSLV2)
		json_text(&object, "alert", registry_name(&registry_alerts, error->alert));
	json_text(&object, "reason", text_view(&demand));
	json_close(&object);
	text_put_char(out, '\n');
	text_release(&demand);
}
