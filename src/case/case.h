/* case.h - a conformance case as data: what is sent, what may come back, and which rule demands it
 * (docs/case-language.md). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_CASE_H
#define CASE_CASE_H

#include "base/limits.h"
#include "case/element.h"

enum case_level { LEVEL_MUST, LEVEL_SHOULD, LEVEL_MAY, LEVEL_ROBUSTNESS, LEVELS_LEN };

/* case_level_name returns "MUST" ...; case_level_by_name knows these four, or returns false. */
const char *case_level_name(enum case_level level);
bool case_level_by_name(struct span name, enum case_level *out);

struct citation {
	struct place at;
	const char *text; /* "RFC 5246 7.4.1.2" */
	enum case_level level;
	bool prohibits; /* MUST-NOT, SHOULD-NOT */
	bool sender;	/* binds who sends; what the receiver does is inferred */
};

enum item_kind {
	ITEM_MESSAGE, /* a handshake message in records of its own */
	ITEM_RECORD,  /* content type `type`, `body` */
	ITEM_SSLV2,   /* `message` with the edits of an SSLv2 hello */
	ITEM_RAW,     /* `body` in no record */
};

#define FRAMING_SIZES_MAX 16

/* How an item's records look. Sizes: `every` for all fragments, or some, and then the rest. */
struct framing {
	bool has_type, has_version, clear;
	uint8_t type;
	uint16_t version;
	struct lie length;
	uint32_t spoil; /* bits flipped in the MAC or tag */
	bool every;
	uint32_t sizes[FRAMING_SIZES_MAX];
	size_t sizes_len;
};

struct item {
	enum item_kind kind;
	struct place at;
	uint32_t times;
	uint8_t type;
	const char *name; /* as written: "alert", "record" */
	struct message message;
	struct elements body;
	struct framing framing;
};

enum step_kind { STEP_SEND, STEP_AWAIT, STEP_COMPLETE, STEP_SHUT };

enum awaited_kind {
	AWAITED_SERVER_HELLO,
	AWAITED_SERVER_HELLO_DONE,
	AWAITED_HELLO_RETRY_REQUEST,
	AWAITED_FLIGHT, /* ServerHelloDone, or in TLS 1.3 the server's Finished */
	AWAITED_BYTES,	/* `bytes` of them, in clear */
};

struct step {
	enum step_kind kind;
	struct place at;
	struct item *items;
	size_t items_len;
	bool every_segment; /* of `segments`: one size for all */
	uint32_t segments[FRAMING_SIZES_MAX];
	size_t segments_len;
	uint32_t withhold, after_ms, bytes;
	enum awaited_kind awaited;
};

enum expected_kind {
	EXPECT_SERVER_HELLO,
	EXPECT_RETRY_REQUEST,
	EXPECT_ALERT,
	EXPECT_WARNING,
	EXPECT_CLOSE, /* FIN or RST */
	EXPECT_FIN,
	EXPECT_RESET,
	EXPECT_TIMEOUT,
	EXPECT_FINISHED,
	EXPECT_APPLICATION_DATA,
	EXPECT_BYTES,
};

#define EXPECT_ALERTS_MAX 8

/* One outcome that passes: strictly, or tolerated. */
struct expectation {
	enum expected_kind kind;
	struct place at;
	bool tolerated;
	enum version version; /* of a ServerHello; VERSION_NONE: the one asked for */
	bool has_suite;
	uint16_t suite, group; /* 0: any */
	uint8_t alerts[EXPECT_ALERTS_MAX];
	size_t alerts_len; /* 0: any */
	struct elements prefix;
};

enum fact_kind {
	FACT_VERSION,	     /* value: a version's code */
	FACT_RECORD_VERSION, /* value */
	FACT_SUITE,	     /* one of `codes` */
	FACT_GROUP,
	FACT_SIGNATURE,
	FACT_SESSION_ID_ECHOED,
	FACT_SESSION_ID_EMPTY,
	FACT_SESSION_ID_FRESH,
	FACT_RANDOM_FRESH,
	FACT_COMPRESSION,    /* value */
	FACT_EXTENSION,	     /* value: type; absent or present */
	FACT_EXTENSION_BODY, /* value: type; `body` */
	FACT_DOWNGRADE,	     /* value: 0, or the code of the version named */
	FACT_CERTIFICATE_REQUEST,
	FACT_CHANGE_CIPHER_SPEC,
	FACT_ALERTS, /* value: how many */
	FACT_CLOSED,
	FACT_FRAGMENTS, /* value: the most bytes in a record */
};

#define FACT_CODES_MAX 16

struct fact {
	enum fact_kind kind;
	struct place at;
	bool present;
	bool in_server_hello; /* of extensions: those that are encrypted do not count */
	uint32_t value;
	uint16_t codes[FACT_CODES_MAX];
	size_t codes_len;
	struct elements body;
};

enum family_kind {
	FAMILY_NONE,
	FAMILY_VALUES,
	FAMILY_TRUNCATION,
	FAMILY_LENGTHS, /* `by` */
	FAMILY_TWICE,
};

struct family {
	enum family_kind kind;
	struct place at;
	int32_t by;
	const uint32_t *values; /* ranges spelled out, as written */
	size_t values_len;
};

/* A precondition: a version that is accepted, or a feature; `absent` turns it around. */
struct need {
	struct place at;
	bool absent;
	enum version version; /* VERSION_NONE: a feature */
	const char *name;
	const struct conformance_case *feature; /* after catalogue_link */
};

/* One stanza. Everything lives in the catalogue's arena. */
struct conformance_case {
	struct place at;
	const char *name, *theme; /* theme: the file's name without folder and suffix */
	bool is_feature;
	struct citation *citations;
	size_t citations_len;
	const char *why;
	const char *cve, *cve_shows; /* or NULL */
	const char *edition;	     /* or NULL */
	version_set versions;	     /* 0: once, wherever TLS is accepted */
	const char *over;	     /* or NULL: begins where TLS begins */
	struct need *needs;
	size_t needs_len;
	struct family family;
	struct step *steps;
	size_t steps_len;
	struct expectation *expectations;
	size_t expectations_len;
	struct fact *facts;
	size_t facts_len;
	size_t first_line, lines_len; /* of its file, for the formatter */
};

#endif
