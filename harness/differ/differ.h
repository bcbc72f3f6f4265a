/* differ.h - our reading of a ClientHello beside another library's: what we see, where we may
 * differ, and the reviewed list of the disagreements that are explained. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_DIFFER_DIFFER_H
#define HARNESS_DIFFER_DIFFER_H

#include "harness.h"
#include "wire/client_hello.h"
#include "wire/sslv2.h"

/* Everything that our strict reading refuses, apart from the bodies of extensions. */
#define DIFFER_FLAWS(X)                                                                            \
	X(NOT_WHOLE, "the bytes end before the hello does")                                        \
	X(RECORD_TYPE, "a record before its end is not one of handshake messages")                 \
	X(RECORD_VERSION, "the version of a record is not 3.x")                                    \
	X(RECORD_LONG, "a record is longer than 16384 bytes")                                      \
	X(RECORD_EMPTY, "a record is empty")                                                       \
	X(TOO_LARGE, "the message or the number of its records is over our ceilings")              \
	X(NOT_A_HELLO, "the first message is not a ClientHello")                                   \
	X(SSLV2_FORM, "an SSLv2 record does not hold a CLIENT-HELLO")                              \
	X(SHORT, "a field ends after the message does")                                            \
	X(SESSION_ID, "the session id is longer than 32 bytes")                                    \
	X(SUITES_ODD, "the list of suites has an odd length")                                      \
	X(SUITES_EMPTY, "the list of suites is empty")                                             \
	X(COMPRESSION_EMPTY, "there is no compression method")                                     \
	X(COMPRESSION_NO_NULL, "the null method is missing")                                       \
	X(TAIL, "bytes follow the extensions")                                                     \
	X(EXTENSIONS_TAIL, "the block ends within an extension")                                   \
	X(TWICE_KNOWN, "an extension that we know comes twice")                                    \
	X(TWICE_UNKNOWN, "an extension that we do not know comes twice")                           \
	X(PSK_NOT_LAST, "an extension follows pre_shared_key")

enum differ_flaw {
#define X(name, text) FLAW_INDEX_##name,
	DIFFER_FLAWS(X)
#undef X
		FLAWS_LEN
};

/* Sets of flaws: a bit for each of the list, and behind them one for each extension's body. */
#define FLAW(name) ((uint64_t)1 << FLAW_INDEX_##name)
#define BODY(name) ((uint64_t)1 << (FLAWS_LEN + EXTENSION_##name))

/*
 * `hello` is read with every leniency, when `readable`; views belong to the input or to the arena.
 * `sslv2` says that the bytes begin with an SSLv2 record, which `v2` holds when it is well formed.
 */
struct differ_hello {
	uint64_t flaws;
	bool readable, sslv2;
	bool others_are_empty_ccs; /* the records that are not of handshake messages */
	size_t records_len;
	uint8_t lowest_major; /* of the records' versions */
	struct span message;  /* with its header */
	struct span behind;   /* what follows it in its last record */
	struct client_hello hello;
	struct sslv2_client_hello v2;
};

/* differ_read walks the records and the hello, and checks that strict decoding, the stream and
 * hello_input accept what has no flaw, and nothing else. */
void differ_read(struct differ_hello *out, struct span bytes, struct arena *arena);

/* differ_body returns the body of the first extension of that type, or an absent view. */
struct span differ_body(const struct differ_hello *hello, uint16_t type);

/* differ_body_is says whether it is there with exactly these bytes. */
bool differ_body_is(const struct differ_hello *hello, uint16_t type, const void *bytes, size_t len);

/* What another library says; `alert` is what it sends, 0 for none. */
enum differ_verdict { THEIRS_MORE, THEIRS_MALFORMED, THEIRS_REFUSED, THEIRS_ACCEPTED };
struct differ_answer {
	enum differ_verdict verdict;
	uint8_t alert;
};

/*
 * THEIRS: they accept what has one of `flaws`. OURS: they call malformed, with `alert`, what has
 * none. JUDGED: both call it well formed, and one of us accepts it; our gate sends `gate` and they
 * send `alert`, where 0 is for accepting and ANY_ALERT for whatever it is. READ: both accept it,
 * and read or choose something else. In all four `applies`, which our code computes from the bytes,
 * must hold.
 */
#define ANY_ALERT 255
enum differ_kind { DIFFER_THEIRS, DIFFER_OURS, DIFFER_JUDGED, DIFFER_READ };
struct differ_class {
	const char *name;
	enum differ_kind kind;
	uint64_t flaws;
	uint8_t gate, alert;
	bool (*applies)(const struct differ_hello *hello);
	const char *section, *verdict, *why;
};

/* One library's reviewed list; its rig defines the two. */
extern const struct differ_class differ_classes[];
extern const size_t differ_classes_len;

/* differ_compare traps for a disagreement that no class explains; classes that explain one are
 * noted for differ_hits. */
void differ_compare(const struct differ_hello *ours, const struct differ_answer *theirs);

/* differ_judge does so for a hello without flaws that both judge: `gate` is our alert, or 0. */
void differ_judge(const struct differ_hello *ours, uint8_t gate,
		  const struct differ_answer *theirs);

/* differ_same traps unless `same` holds, or a class explains why another thing was read. */
void differ_same(const struct differ_hello *ours, bool same);

/* differ_hits returns a bit for each class that was noted since it was last called. */
uint64_t differ_hits(void);

#endif
