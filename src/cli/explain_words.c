/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

static bool has_pair_at(const struct hello_account *account, enum version version)
{
	for (size_t i = 0; i < account->pairs_len; i++)
		if (account->pairs[i].version == version)
			return true;
	return false;
}

static void open_reason(struct text *out, const struct explained *explained)
{
	const char *top = version_name(version_set_highest(explained->hello.offer.versions));
	if (has_pair_at(&explained->account, version_set_highest(explained->hello.offer.versions)))
		text_printf(out,
			    "neither is every pair rejected nor every pair of %s, its highest "
			    "version, accepted: only the pair that is answered is judged",
			    top);
	else
		text_printf(out,
			    "not every pair is rejected, and none of its suites exists in %s, "
			    "its highest version: only the pair that is answered is judged",
			    top);
}

static const char *without_pairs(const struct explained *explained)
{
	if (!explained->hello.offer.versions)
		return "it offers no version that a server could answer with";
	if (explained->account.ruling.kind == RULING_REJECT)
		return "none of its suites exists in its versions, and these are all rejected";
	return "none of its suites exists in its versions, and not all of these are rejected";
}

static const char *plain_reason(enum ruling_kind kind)
{
	switch (kind) {
	case RULING_ACCEPT:
		return "every pair of its highest version is accepted";
	case RULING_SHOULD:
		return "every pair of its highest version should be accepted";
	case RULING_REJECT:
		return "every pair is rejected";
	case RULING_SHOULD_NOT:
		return "every pair is rejected, or should not be accepted";
	case RULING_CONFLICT:
		return "the document both accepts and rejects every pair, so that none is judged";
	case RULING_SILENT:
	case RULING_MAY:
		break;
	}
	return "the document says nothing of any pair";
}

void explain_reason(struct text *out, const struct explained *explained)
{
	const struct ruling *ruling = &explained->account.ruling;
	if (!explained->account.pairs_len)
		text_put(out, without_pairs(explained));
	else if (ruling->kind == RULING_MAY)
		open_reason(out, explained);
	else
		text_put(out, plain_reason(ruling->kind));
	if (ruling->inferred)
		text_put(out, "; this is inferred, so that the contrary is but a remark");
}

static void put_unusable(struct text *out, const struct explained *explained)
{
	const struct hello_account *account = &explained->account;
	text_put(out, "suites that exist in none of the versions are passed over:");
	for (size_t i = 0; i < account->unusable_len; i++) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, account->unusable[i]);
		text_join(out, i ? ", " : " ", label);
	}
	text_put_char(out, '\n');
}

/* An older server goes by client_version; most lists hold that too. */
static bool misleads_old_servers(const struct hello_offer *hello)
{
	enum version old = version_set_highest(hello->old_versions);
	return hello->listed && old != VERSION_NONE && !(hello->offer.versions & VERSION_BIT(old));
}

static void put_contradictions(struct text *out, const struct explained *explained)
{
	for (unsigned v = VERSIONS_LEN; v-- > SSLV2;) {
		const char *name = version_name((enum version)v);
		if (explained->account.versions[v].kind == RULING_CONFLICT)
			text_printf(out,
				    "the document accepts %s and rejects every suite of it: "
				    "version/%s is a conflict, the pairs are ruled all the same\n",
				    name, name);
	}
}

/* A policy that asks for what is not known here has rows that are passed over. */
static bool has_open_conditions(const struct settings *settings)
{
	const struct policy *policy = settings->policy;
	for (size_t i = 0; i < policy->rules_len; i++) {
		const struct rule *rule = policy->rules[i];
		bool rules_hello =
			rule->table->kind == TABLE_VERSION || rule->table->kind == TABLE_SUITE;
		if (rules_hello && !settings_holds(settings, rule->condition))
			return true;
	}
	return false;
}

void explain_remarks(struct text *out, const struct explained *explained)
{
	const struct hello_offer *hello = &explained->hello;
	for (size_t i = 0; hello_remark(out, &explained->file, i); i++)
		text_put_char(out, '\n');
	for (size_t i = 0; explained->capture && explain_passed_over(out, explained->capture, i);
	     i++)
		text_put_char(out, '\n');
	if (explained->account.unusable_len)
		put_unusable(out, explained);
	put_contradictions(out, explained);
	if (has_open_conditions(explained->settings))
		text_put(out, "rows 'if certificate' and 'if encrypt_then_mac' hold where "
			      "'--certificate' and '--encrypt-then-mac' say so\n");
	if (misleads_old_servers(hello))
		text_printf(out,
			    "a server that knows no supported_versions goes by client_version and "
			    "may answer with %s, which is not among them\n",
			    version_name(version_set_highest(hello->old_versions)));
	if (hello->fallback_scsv)
		text_printf(out,
			    "TLS_FALLBACK_SCSV: a server that has a later version than %s refuses "
			    "with inappropriate_fallback, whatever the policy says (RFC 7507 3)\n",
			    version_name(version_set_highest(hello->offer.versions)));
}

void explain_demand(struct text *out, const struct explained *explained,
		    const struct wire_error *error)
{
	const char *alert = registry_name(&registry_alerts, error->alert);
	bool extension = registry_by_name(&registry_extensions, span_text(error->field)) != NULL;
	text_put(out, "the policy rules hellos that can be read, and says nothing of this one; ");
	if (explained->file.input.form == HELLO_FORM_SSLV2)
		text_put(out, "SSLv2 has no error for it, a server closes the connection");
	else
		text_printf(out,
			    "a server%s must end the handshake, with the alert %s if any "
			    "(RFC 8446 6.2, RFC 5246 7.2.2)",
			    extension ? " that knows the extension" : "",
			    alert ? alert : "decode_error");
}

const char *explain_condition(enum condition condition)
{
	static const char *const words[] = {
		[CONDITION_NONE] = "",
		[CONDITION_ENCRYPT_THEN_MAC] = "--encrypt-then-mac",
		[CONDITION_CERTIFICATE_RSA] = "--certificate=rsa",
		[CONDITION_CERTIFICATE_ECDSA] = "--certificate=ecdsa",
		[CONDITION_CERTIFICATE_DSS] = "--certificate=dss",
	};
	return words[condition];
}
