/* policy.h - a documented policy as data: its settings, its tables, row by row, and how settings
 * may change. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/diag.h"
#include "policy/date.h"
#include "registry/version.h"

/* What a document says of a cell. SILENT is "-": observed and reported, never judged. */
enum ruling_kind {
	RULING_SILENT,
	RULING_ACCEPT,
	RULING_SHOULD,
	RULING_MAY,
	RULING_SHOULD_NOT,
	RULING_REJECT,
	RULING_CONFLICT, /* two rows of one document contradict each other; never written */
};

/* ruling_name returns "accept", "should-not" ..., "silent" or "conflict". */
const char *ruling_name(enum ruling_kind kind);

#define POLICY_SETTINGS_MAX 16
#define POLICY_VALUES_MAX   64
#define POLICY_BY_MAX	    2

/* A documented setting: the operator says which of its values is in force. */
struct setting {
	struct place at;
	const char *name;
	const char **values;
	size_t values_len;
	size_t default_value;
	const char *cite; /* NULL when the setting cites nothing */
};

enum table_kind {
	TABLE_VERSION,
	TABLE_SUITE,
	TABLE_PLAINTEXT,
	TABLE_GROUP,
	TABLE_SIGNATURE_SCHEME,
	TABLE_COMPRESSION,
	TABLE_CERTIFICATE,
	TABLE_EXTENSION,
	TABLES_LEN
};

/* table_kind_name returns the word of the policy language: "version", "suite", ... */
const char *table_kind_name(enum table_kind kind);

/* What must hold for a rule to apply beyond settings, versions and dates. */
enum condition {
	CONDITION_NONE,
	CONDITION_ENCRYPT_THEN_MAC,
	CONDITION_CERTIFICATE_RSA,
	CONDITION_CERTIFICATE_ECDSA,
	CONDITION_CERTIFICATE_DSS,
};

/* How a version is compared with a setting ("reject if < $ssl_min_protocol_version"). */
enum comparison {
	COMPARE_NONE,
	COMPARE_LESS,
	COMPARE_LESS_EQUAL,
	COMPARE_GREATER,
	COMPARE_GREATER_EQUAL
};

/* How a subject is written: a name, a pattern with * or ?, or * alone. */
enum subject_form { SUBJECT_EXACT, SUBJECT_PATTERN, SUBJECT_ANY };

/*
 * One cell of a table, wherever it stood. `subject` is a version id, a suite name or pattern (* and
 * ?), "startup", a group, a scheme, "root NAME", "host_name", "client_certificate", an extension
 * behaviour. `by[i]` is the index of the value that the table's i-th setting must have, or
 * POLICY_ANY. `at` is the place of the cell itself, `row` the text of its row, blanks squeezed.
 */
#define POLICY_ANY SIZE_MAX
struct rule {
	const struct table *table;
	struct place at;
	const char *row;
	const char *subject;
	enum subject_form form;
	uint16_t suite;	      /* the code of an exact subject in a suite table */
	version_set versions; /* the rule speaks only of these */
	bool at_written;      /* versions were written with `at` */
	size_t by[POLICY_BY_MAX];
	enum ruling_kind ruling;
	bool inferred;
	enum condition condition;
	enum comparison compare;
	size_t compare_setting;
	date from, until; /* inclusive */
};

/* A table as the document has it: its subject, the settings it depends on, what it restates. */
struct table {
	struct place at;
	enum table_kind kind;
	size_t by[POLICY_BY_MAX]; /* indices of settings */
	size_t by_len;
	const char *cite;
	const struct rule **rules;
	size_t rules_len;
};

/* "prefer server A > B = C": rank 0 is the most preferred; equal ranks are equal. */
struct preference {
	struct place at;
	version_set versions;
	bool server; /* false: the client's order is to be followed */
	const char **suites;
	uint8_t *ranks;
	size_t suites_len;
	const char *cite;
};

/* "limit dh_bits >= 2048", "limit certificate_days <= 90". */
struct limit {
	struct place at;
	const char *name;
	bool at_least; /* false: at most */
	uint32_t bound;
	bool inferred;
	const char *cite;
};

/* "transition SETTING from A B to C never": from one of `from` there is no way to one of `to`. */
struct transition {
	struct place at;
	size_t setting;
	const size_t *from, *to;
	size_t from_len, to_len;
	const char *cite;
};

/* A root certificate that the document names: a row `root "NAME"` of a certificate table. */
struct anchor {
	struct place at;
	const char *name;   /* the subject's common name, as documented */
	const char *sha256; /* lower-case hex, or NULL where the document gives none */
	size_t by[POLICY_BY_MAX];
	const struct table *table;
	enum ruling_kind ruling;
	bool inferred;
	date from, until;
};

/* "admit alert protocol_version": the rejections that the document allows; empty means any. */
struct admission {
	struct place at;
	const char *outcome; /* "alert", "close", "reset", "refused" */
	int alert;	     /* description, or -1 */
	const char *sqlstate;
};

struct source_line;

/* Everything of one file. Owned by the arena that the reader was given. */
struct policy {
	const char *file, *name, *title, *source, *source_date;
	const char *over; /* "tls", "postgresql", ... */
	struct setting *settings;
	size_t settings_len;
	struct table **tables;
	size_t tables_len;
	struct rule **rules; /* of all tables, in the order of the file */
	size_t rules_len;
	struct anchor *anchors;
	size_t anchors_len;
	struct preference *preferences;
	size_t preferences_len;
	struct limit *limits;
	size_t limits_len;
	struct transition *transitions;
	size_t transitions_len;
	struct admission *admissions;
	size_t admissions_len;
	const char *positive_refusal;	 /* "control error 28000": the SQLSTATE, or NULL */
	const struct source_line *lines; /* the file as written, for the formatter */
	size_t lines_len;
};

/* policy_setting returns the index of the setting, or SIZE_MAX. */
size_t policy_setting(const struct policy *policy, struct span name);

/* setting_value returns the index of the value, or SIZE_MAX. */
size_t setting_value(const struct setting *setting, struct span value);

/* setting_value_version returns the version that a value names ("TLSv1", "TLS1_2") or NONE. */
enum version setting_value_version(const char *value);

/* policy_has_table says whether the document has a table of the kind. */
bool policy_has_table(const struct policy *policy, enum table_kind kind);

#endif
