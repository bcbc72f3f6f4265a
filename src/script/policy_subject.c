/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "script/policy_parse.h"

static const char *const startup[] = { "startup", NULL };
static const char *const certificate_words[] = {
	"host_name", "client_certificate", "key_rsa",	"key_rsa_pss", "key_dss",
	"key_ecdsa", "key_ed25519",	   "key_ed448", "key_mldsa",   NULL,
};
static const char *const extension_words[] = {
	"secure_renegotiation",
	"client_renegotiation",
	"extended_master_secret",
	"encrypt_then_mac",
	"fallback_scsv",
	"session_tickets",
	"session_ids",
	"heartbeat",
	"truncated_hmac",
	"early_data",
	"psk_ke",
	"ocsp_stapling",
	"certificate_compression",
	NULL,
};

static const char *const none[] = { NULL };

/* Lists are made once a file, at their first use. */
static const char *const *registry_names(struct reader *r, enum name_list list,
					 const struct registry *registry, const char *prefix)
{
	if (r->names[list])
		return r->names[list];
	const char **names = arena_array(r->arena, registry->len + 1, sizeof(*names));
	for (size_t i = 0; names && i < registry->len; i++)
		names[i] = arena_printf(r->arena, "%s%s", prefix, registry->points[i].name);
	r->names[list] = names;
	return names ? names : none;
}

static const char *const *suite_names(struct reader *r)
{
	if (r->names[NAMES_SUITE])
		return r->names[NAMES_SUITE];
	const char **names = arena_array(r->arena, cipher_suites_len + 1, sizeof(*names));
	size_t len = 0;
	for (size_t i = 0; names && i < cipher_suites_len; i++)
		if (cipher_suites[i].registered && !cipher_suite_is_signal(cipher_suites[i].code))
			names[len++] = cipher_suites[i].name;
	r->names[NAMES_SUITE] = names;
	return names ? names : none;
}

static const char *const *version_names(struct reader *r)
{
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		r->version_names[v] = version_name((enum version)v);
	return r->version_names;
}

static bool name_fits(const char *const *names, const struct rule *rule)
{
	for (; *names; names++)
		if (rule->form == SUBJECT_PATTERN ? glob_match(rule->subject, *names)
						  : strcmp(rule->subject, *names) == 0)
			return true;
	return false;
}

static bool check_name(struct reader *r, const struct token *token, const struct rule *rule,
		       const char *const *names)
{
	if (rule->form == SUBJECT_ANY || name_fits(names, rule))
		return true;
	const char *kind = table_kind_name(rule->table->kind);
	if (rule->form == SUBJECT_PATTERN)
		return complain_at(r->diags, token->at, "the pattern '%s' fits no %s",
				   rule->subject, kind);
	return reader_unknown(r, token, kind, names);
}

/* 0x codes are for suites that have no registered name, so that a row reads like the document. */
static bool suite_code(struct reader *r, const struct token *token, struct rule *rule)
{
	uint32_t code;
	if (token->text.len != 6 || word_number(&code, token->text) != FAULT_NONE)
		return complain_at(r->diags, token->at, "the code '%s' is not 0x and four digits",
				   rule->subject);
	const struct cipher_suite *suite = cipher_suite_by_code((uint16_t)code);
	if (cipher_suite_is_signal((uint16_t)code) || code_is_grease((uint16_t)code))
		return complain_at(r->diags, token->at,
				   "'%s' is a signal, which no suite table rules", rule->subject);
	if (suite && suite->registered)
		return complain_at(r->diags, token->at, "'%s' is registered: write '%s'",
				   rule->subject, suite->name);
	rule->suite = (uint16_t)code;
	return true;
}

static bool check_suite(struct reader *r, const struct token *token, struct rule *rule)
{
	if (rule->form != SUBJECT_EXACT)
		return check_name(r, token, rule,
				  rule->form == SUBJECT_PATTERN ? suite_names(r) : NULL);
	if (strncmp(rule->subject, "0x", 2) == 0)
		return suite_code(r, token, rule);
	const struct cipher_suite *suite = cipher_suite_by_name(token->text);
	if (!suite)
		return check_name(r, token, rule, suite_names(r));
	if (cipher_suite_is_signal(suite->code))
		return complain_at(r->diags, token->at,
				   "'%s' is a signal, which no suite table rules", rule->subject);
	rule->suite = suite->code;
	return true;
}

static bool check_certificate(struct reader *r, const struct token *token, const struct rule *rule)
{
	if (strncmp(rule->subject, "curve_", 6) == 0)
		return check_name(r, token, rule,
				  registry_names(r, NAMES_CURVE, &registry_groups, "curve_"));
	if (strncmp(rule->subject, "signature_", 10) == 0)
		return check_name(r, token, rule,
				  registry_names(r, NAMES_SIGNATURE, &registry_signature_schemes,
						 "signature_"));
	return check_name(r, token, rule, certificate_words);
}

static bool check_subject(struct reader *r, const struct token *token, struct rule *rule)
{
	switch (rule->table->kind) {
	case TABLE_VERSION:
		return check_name(r, token, rule, version_names(r));
	case TABLE_SUITE:
		return check_suite(r, token, rule);
	case TABLE_PLAINTEXT:
		return check_name(r, token, rule, startup);
	case TABLE_GROUP:
		return check_name(r, token, rule,
				  registry_names(r, NAMES_GROUP, &registry_groups, ""));
	case TABLE_SIGNATURE_SCHEME:
		return check_name(r, token, rule,
				  registry_names(r, NAMES_SCHEME, &registry_signature_schemes, ""));
	case TABLE_COMPRESSION:
		return check_name(
			r, token, rule,
			registry_names(r, NAMES_COMPRESSION, &registry_compression_methods, ""));
	case TABLE_CERTIFICATE:
		return check_certificate(r, token, rule);
	case TABLE_EXTENSION:
		return check_name(r, token, rule, extension_words);
	case TABLES_LEN:
		break;
	}
	return false;
}

static bool is_sha256(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!strchr("0123456789abcdef", text.at[i]))
			return false;
	return text.len == 64;
}

/* root "NAME" [sha256 DIGITS] */
static bool root_read(struct reader *r, struct words *words, struct rule *rule, const char **sha256)
{
	const struct token *name = words_peek(words);
	if (!name || name->kind != TOKEN_STRING)
		return reader_expected(r, words, "the root's common name in quotes");
	words_take(words);
	const char *subject = arena_printf(r->arena, "root %s", reader_text(r, name));
	rule->subject = subject ? subject : "root ";
	rule->form = SUBJECT_EXACT;
	if (!words_accept(words, "sha256"))
		return true;
	const struct token *digits = words_peek(words);
	if (!digits || digits->kind != TOKEN_WORD || !is_sha256(digits->text))
		return reader_expected(r, words, "64 lower-case hexadecimal digits");
	*sha256 = reader_text(r, words_take(words));
	return true;
}

bool subject_read(struct reader *r, struct words *words, struct rule *rule, const char **sha256)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD)
		return reader_expected(r, words, "the row's subject");
	words_take(words);
	if (rule->table->kind == TABLE_CERTIFICATE && token_is(token, "root"))
		return root_read(r, words, rule, sha256);
	rule->subject = reader_text(r, token);
	rule->form = strcmp(rule->subject, "*") == 0	    ? SUBJECT_ANY
		     : strpbrk(rule->subject, "*?") != NULL ? SUBJECT_PATTERN
							    : SUBJECT_EXACT;
	return check_subject(r, token, rule);
}
