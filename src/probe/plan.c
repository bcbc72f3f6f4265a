/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "probe/prover_internal.h"

#define CODES_LEN	65536
/* Accepted cells that nobody asked for are still planned, as known-good suites for the controls. */
#define SPARE_GOODS_MAX 2

void cell_id(char out[FINDING_ID_MAX], enum version version, uint32_t code)
{
	char label[CIPHER_SUITE_LABEL_MAX];
	const char *name = label;
	if (version == SSLV2) {
		name = registry_name(&registry_sslv2_kinds, code);
		if (!name) {
			snprintf(label, sizeof(label), "0x%06X", code);
			name = label;
		}
	} else {
		cipher_suite_label(label, (uint16_t)code);
	}
	snprintf(out, FINDING_ID_MAX, "suite/%s/%s", version_name(version), name);
}

bool plan_selects(const struct prover *prover, const char *id)
{
	const struct prover_options *options = &prover->options;
	return id_is_selected(id, options->only, options->shard, options->shards);
}

struct cell *plan_cell(struct prover *prover, enum version version, uint32_t code)
{
	if (version < VERSIONS_LEN && prover->cell_index[version]) {
		uint32_t number = prover->cell_index[version][code % CODES_LEN];
		return number ? &prover->cells.at[number - 1] : NULL;
	}
	for (size_t i = 0; i < prover->cells.len; i++) {
		struct cell *cell = &prover->cells.at[i];
		if (cell->version == version && cell->code == code)
			return cell;
	}
	return NULL;
}

struct cell *plan_cell_add(struct prover *prover, enum version version, uint32_t code)
{
	struct cell *cell = LIST_ADD(prover, prover->cells);
	if (!cell)
		return NULL;
	char id[FINDING_ID_MAX];
	cell_id(id, version, code);
	*cell = (struct cell){
		.version = version,
		.code = code,
		.ruling = policy_suite(&prover->settings, version, (uint16_t)code),
		.selected = plan_selects(prover, id),
		.answer = NO_INDEX,
		.control = NO_INDEX,
	};
	if (prover->cell_index[version])
		prover->cell_index[version][code] = (uint32_t)prover->cells.len;
	return cell;
}

static bool code_is_cell(uint16_t code)
{
	return !cipher_suite_is_signal(code) && !code_is_grease(code);
}

static bool is_wanted(const struct prover *prover, const struct cell *cell, unsigned *spare)
{
	if (cell->selected || prover->version_wanted[cell->version])
		return true;
	return cell->ruling.kind == RULING_ACCEPT && (*spare)++ < SPARE_GOODS_MAX;
}

static bool plan_one(struct prover *prover, enum version version, uint32_t code, unsigned *spare)
{
	struct cell *cell = plan_cell_add(prover, version, code);
	if (!cell)
		return false;
	if (!is_wanted(prover, cell, spare)) {
		if (prover->cell_index[version])
			prover->cell_index[version][code] = 0;
		prover->cells.len--;
	}
	return true;
}

static bool plan_sslv2(struct prover *prover)
{
	unsigned spare = SPARE_GOODS_MAX;
	for (size_t i = 0; i < registry_sslv2_kinds.len; i++)
		if (!plan_one(prover, SSLV2, registry_sslv2_kinds.points[i].code, &spare))
			return false;
	return true;
}

static bool plan_registry(struct prover *prover, enum version version)
{
	unsigned spare = 0;
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		if (!code_is_cell(suite->code) || !cipher_suite_in(suite, version))
			continue;
		if (!plan_one(prover, version, suite->code, &spare))
			return false;
	}
	return true;
}

static bool plan_all_codes(struct prover *prover, enum version version)
{
	unsigned spare = 0;
	for (uint32_t code = 0; code < CODES_LEN; code++)
		if (code_is_cell((uint16_t)code) && !plan_one(prover, version, code, &spare))
			return false;
	return true;
}

bool plan_cells(struct prover *prover)
{
	char id[FINDING_ID_MAX];
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++) {
		snprintf(id, sizeof(id), "version/%s", version_name(v));
		prover->version_wanted[v] = plan_selects(prover, id);
		prover->version_ruling[v] = policy_version(&prover->settings, v);
		prover->good[v] = prover->negative[v] = NO_INDEX;
		if (v == SSLV2)
			continue;
		prover->cell_index[v] = arena_array(prover->arena, CODES_LEN, sizeof(uint32_t));
		if (!prover->cell_index[v])
			return false;
	}
	prover->plaintext_wanted =
		prover->options.upgrade->has_plaintext && plan_selects(prover, "plaintext");
	prover->plaintext_ruling = policy_plaintext(&prover->settings);
	if (!plan_sslv2(prover))
		return false;
	for (enum version v = SSLV3; v < VERSIONS_LEN; v++) {
		bool planned = prover->options.all_code_points ? plan_all_codes(prover, v)
							       : plan_registry(prover, v);
		if (!planned)
			return false;
	}
	return true;
}

/*
 * Servers are put off by mixtures of certificate types: NSS selects what it then cannot sign for.
 * RSA, elliptic-curve credentials, and the rest (anonymous, PSK, SRP, Kerberos, DSS) never share a
 * set. TLS 1.3 suites fix no certificate, and of a few unregistered ones it is not known: they may
 * stand anywhere.
 */
static unsigned suite_kind(const struct cipher_suite *suite)
{
	switch (suite ? suite->auth : AUTH_NONE) {
	case AUTH_RSA:
	case AUTH_TLS13:
	case AUTH_NONE:
		return 0;
	case AUTH_ECDSA:
	case AUTH_GOST:
	case AUTH_ECCPWD:
		return 1;
	default:
		return 2;
	}
}

static int compare_for_sets(const void *left, const void *right)
{
	uint16_t a = *(const uint16_t *)left, b = *(const uint16_t *)right;
	const struct cipher_suite *x = cipher_suite_by_code(a), *y = cipher_suite_by_code(b);
	unsigned kind_x = suite_kind(x), kind_y = suite_kind(y);
	if (kind_x != kind_y)
		return kind_x < kind_y ? -1 : 1;
	/* By age within a kind, so that an old version needs the first sets of a kind only. */
	enum version min_x = x ? x->min : SSLV3, min_y = y ? y->min : SSLV3;
	if (min_x != min_y)
		return min_x < min_y ? -1 : 1;
	return a < b ? -1 : a > b;
}

static bool collect_open_codes(struct prover *prover)
{
	uint8_t *open = arena_alloc(prover->arena, CODES_LEN);
	if (!open)
		return false;
	for (size_t i = 0; i < prover->cells.len; i++) {
		const struct cell *cell = &prover->cells.at[i];
		if (cell->version != SSLV2 && cell->state == CELL_OPEN)
			open[cell->code] = 1;
	}
	for (uint32_t code = 0; code < CODES_LEN; code++) {
		if (!open[code])
			continue;
		uint16_t *slot = LIST_ADD(prover, prover->sets);
		if (!slot)
			return false;
		*slot = (uint16_t)code;
	}
	return true;
}

bool plan_sets(struct prover *prover)
{
	if (!collect_open_codes(prover))
		return false;
	uint16_t *codes = prover->sets.at;
	size_t len = prover->sets.len;
	if (len)
		qsort(codes, len, sizeof(*codes), compare_for_sets);
	for (size_t begin = 0, end; begin < len; begin = end) {
		unsigned kind = suite_kind(cipher_suite_by_code(codes[begin]));
		size_t stop = begin;
		while (stop < len && suite_kind(cipher_suite_by_code(codes[stop])) == kind)
			stop++;
		/* The oldest fill whole sets; an even split would ask old versions more often. */
		end = stop - begin > SUITE_SET_MAX ? begin + SUITE_SET_MAX : stop;
		size_t *slot = LIST_ADD(prover, prover->set_ends);
		if (!slot)
			return false;
		*slot = end;
	}
	return true;
}
