/* finding.h - one cell of the documented table beside what was observed, and the verdict. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_FINDING_H
#define PROBE_FINDING_H

#include "policy/ruling.h"
#include "probe/observation.h"

struct conformance_case;

enum verdict {
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_REMARK,
	VERDICT_INCONCLUSIVE,
	VERDICT_UNJUDGED,
	VERDICT_NOT_APPLICABLE,
	VERDICT_ERROR,
	VERDICT_EXPECTED_FAIL,
	VERDICT_UNEXPECTED_PASS,
	VERDICTS_LEN
};

/* verdict_name returns the contract's word: "pass", "not_applicable", ... */
const char *verdict_name(enum verdict verdict);

enum finding_kind {
	FINDING_VERSION,
	FINDING_SUITE,
	FINDING_PLAINTEXT,
	FINDING_CERTIFICATE,
	FINDING_GROUP,
	FINDING_EXTENSION,
	FINDING_LIMIT,
	FINDING_PREFERENCE,
	FINDING_UPGRADE, /* a fault of the cleartext dialogue itself */
	FINDING_CASE,
	FINDING_HELLO, /* one ruling, asked for with hellos of many forms */
	FINDING_KINDS_LEN
};

const char *finding_kind_name(enum finding_kind kind);

/* How a case passed: as the text asks, or as one may. */
enum grade { GRADE_NONE, GRADE_STRICT, GRADE_TOLERATED };

enum proof { PROOF_NONE, PROOF_SINGLE, PROOF_GROUP };

/* What a former report (--baseline) makes of a finding. */
enum since { SINCE_NONE, SINCE_NEW, SINCE_KNOWN, SINCE_REPAIRED };

/* since_name returns "new", "known" or "repaired", and NULL for SINCE_NONE. */
const char *since_name(enum since since);

#define FINDING_ID_MAX	    128
#define FINDING_REMARKS_MAX 6

/* Texts live in the run's arena. `observed` may have outcome NONE (nothing was asked). */
struct finding {
	char id[FINDING_ID_MAX];
	enum finding_kind kind;
	enum version version; /* VERSION_NONE where it does not apply */
	bool has_suite;
	uint32_t suite; /* 16 bits; 24 for an SSLv2 kind */
	struct ruling expected;
	struct observation observed;
	enum proof proof;
	bool holds;	     /* of a fact that was read from an answer: it is as the name says */
	size_t group_len;    /* members of the set that proved it */
	const char *control; /* "control@TLS1.2 TLS_...", or NULL */
	const char *shape;
	enum grade grade;
	const struct conformance_case *of; /* the case, or NULL */
	const char *demanded;		   /* a case's expectations as a phrase */
	enum verdict verdict;
	enum since since;
	const char *reason;
	const char *remarks[FINDING_REMARKS_MAX];
	size_t remarks_len;
};

/* A run over one endpoint under one policy and one set of settings; `policy` NULL: cases only. */
struct run_result {
	const struct policy *policy;
	struct settings settings;
	struct finding *findings;
	size_t findings_len;
	size_t counts[VERDICTS_LEN];
	uint32_t connections, retries, controls, controls_failed, audits;
	const char *
		*notes; /* about the run as a whole: an address that refused, an interrupted run */
	size_t notes_len;
	bool interrupted, reached; /* reached: the endpoint answered at least once */
};

/* id_is_selected says whether --only and --shard leave this id in; a shard keeps its ids across
 * releases. `only` may be NULL, `shards` 0. */
bool id_is_selected(const char *id, const char *only, unsigned shard, unsigned shards);

/* run_exit_status applies DESIGN 7 and 10: 4, then 1, then 3, then 0. */
int run_exit_status(const struct run_result *result);

#endif
