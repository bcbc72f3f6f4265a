/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_ruling.h"

#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "rig_policy.h"

#define TODAY_FIRST 16000

static void set_values(struct settings *settings, struct cursor *in)
{
	for (size_t i = 0; i < settings->policy->settings_len; i++) {
		uint8_t choice = cursor_u8(in);
		settings->value[i] = choice % settings->policy->settings[i].values_len;
		settings->given[i] = choice & 0x80;
	}
	uint8_t circumstances = cursor_u8(in);
	settings->encrypt_then_mac = circumstances & 1;
	settings->certificate_rsa = circumstances & 2;
	settings->certificate_ecdsa = circumstances & 4;
	settings->certificate_dss = circumstances & 8;
}

void rig_ruling_init(struct rig_ruling *rig, struct cursor *in)
{
	*rig = (struct rig_ruling){ .rejects_all = true, .was_rejected = true };
	const struct policy *policy = rig_policy(cursor_u8(in));
	settings_init(&rig->settings, policy, TODAY_FIRST + cursor_u16(in) % 8192);
	set_values(&rig->settings, in);
	rig->versions = cursor_u8(in) & VERSIONS_ALL;
	rig->strict = rig->settings;
	rig->strict.strict = true;
}

static void check(struct ruling loose, struct ruling strict)
{
	CHECK(loose.kind <= RULING_CONFLICT && ruling_name(loose.kind));
	CHECK(loose.kind == RULING_SILENT || loose.rule);
	CHECK(loose.kind != RULING_CONFLICT || (loose.rule && loose.against));
	CHECK(strict.kind != RULING_CONFLICT);
	CHECK(strict.kind == loose.kind || strict.kind == RULING_REJECT);
	harness_note_number(loose.kind * 16u + strict.kind);
	ruling_cite(&loose);
}

void rig_ruling_version(const struct rig_ruling *rig, enum version version)
{
	check(policy_version(&rig->settings, version), policy_version(&rig->strict, version));
	check(policy_plaintext(&rig->settings), policy_plaintext(&rig->strict));
}

void rig_ruling_suite(struct rig_ruling *rig, uint16_t suite)
{
	const struct cipher_suite *row = cipher_suite_by_code(suite);
	rig->suites[rig->suites_len++] = suite;
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++) {
		struct ruling ruling = policy_suite(&rig->settings, v, suite);
		check(ruling, policy_suite(&rig->strict, v, suite));
		bool is_pair = row && cipher_suite_in(row, v) && !cipher_suite_is_signal(suite);
		if (is_pair && (rig->versions & VERSION_BIT(v)) && ruling.kind != RULING_REJECT)
			rig->rejects_all = false;
	}
}

void rig_ruling_offer(struct rig_ruling *rig)
{
	const struct offer offer = { .versions = rig->versions,
				     .suites = rig->suites,
				     .suites_len = rig->suites_len };
	struct ruling ruling = policy_hello(&rig->settings, &offer);
	CHECK(ruling.kind != RULING_REJECT || rig->rejects_all);
	CHECK(ruling.kind != RULING_REJECT || rig->was_rejected);
	rig->was_rejected = ruling.kind == RULING_REJECT || rig->rejects_all;
	harness_note_number(ruling.kind);
}

/* Rules one cell under every value of a least version, from the lowest to the highest. */
static void cell_rises(struct settings settings, size_t index, enum version version, uint16_t suite)
{
	const struct setting *setting = &settings.policy->settings[index];
	bool rejected = false;
	for (enum version least = SSLV3; least < VERSIONS_LEN; least++) {
		for (size_t i = 0; i < setting->values_len; i++) {
			if (setting_value_version(setting->values[i]) != least)
				continue;
			settings.value[index] = i;
			enum ruling_kind kind = policy_suite(&settings, version, suite).kind;
			CHECK(!rejected || kind != RULING_ACCEPT);
			rejected = rejected || kind == RULING_REJECT;
			kind = policy_version(&settings, version).kind;
			harness_note_number(kind);
		}
	}
}

void rig_ruling_rises(const struct rig_ruling *rig)
{
	const struct policy *policy = rig->settings.policy;
	for (size_t i = 0; i < policy->settings_len; i++) {
		if (!strstr(policy->settings[i].name, "min"))
			continue;
		for (size_t at = 0; at < rig->suites_len; at++) {
			for (enum version v = SSLV3; v < VERSIONS_LEN; v++)
				cell_rises(rig->settings, i, v, rig->suites[at]);
		}
	}
}
