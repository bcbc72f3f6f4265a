/* client_hello.h - the ClientHello message as views (RFC 8446 4.1.2, RFC 5246 7.4.1.2). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CLIENT_HELLO_H
#define WIRE_CLIENT_HELLO_H

#include "base/fault.h"
#include "wire/extension/extension.h"
#include "wire/extension/view.h"
#include "wire/wire_error.h"

/*
 * X(NAME, word, text): each rule that a decoder may be told to let pass. Without any, decoding is
 * strict; whatever strict decoding accepts, every leniency accepts with the same result.
 */
#define LENIENCY_LIST(X)                                                                           \
	X(TRAILING_BYTES, "trailing-bytes", "bytes after the extensions are kept in `tail`")       \
	X(LONG_SESSION_ID, "long-session-id", "a session id may have up to 255 bytes")             \
	X(ODD_SUITES, "odd-suites", "the list of suites may have an odd length")                   \
	X(EMPTY_SUITES, "empty-suites", "the list of suites may be empty")                         \
	X(EMPTY_COMPRESSION, "empty-compression", "there may be no compression method")            \
	X(NO_NULL_COMPRESSION, "no-null-compression", "the null method may be missing")            \
	X(DUPLICATE_EXTENSIONS, "duplicate-extensions",                                            \
	  "an extension may come twice: the first is viewed")                                      \
	X(EXTENSIONS_TAIL, "extensions-tail",                                                      \
	  "the block may end within an extension: what is left is kept in `extensions_tail`")      \
	X(EXTENSION_BODIES, "extension-bodies",                                                    \
	  "a known extension with a malformed body is treated as an unknown one")                  \
	X(PSK_NOT_LAST, "psk-not-last", "pre_shared_key may stand before other extensions")

enum leniency_index {
#define X(name, word, text) LENIENCY_INDEX_##name,
	LENIENCY_LIST(X)
#undef X
		LENIENCIES_LEN
};

enum leniency {
	STRICT = 0,
#define X(name, word, text) LENIENT_##name = 1 << LENIENCY_INDEX_##name,
	LENIENCY_LIST(X)
#undef X
		LENIENT_ALL = (1 << LENIENCIES_LEN) - 1
};

/* leniency_word returns "trailing-bytes" for an index below LENIENCIES_LEN, NULL past the end. */
const char *leniency_word(size_t index);

/* leniency_text returns the sentence that goes with it. */
const char *leniency_text(size_t index);

/* leniency_by_word returns the bit, all bits for "all", 0 for a word that is none. */
unsigned leniency_by_word(struct span word);

/*
 * Views into the message. Absent and empty extensions differ on the wire, and here. `present` and
 * `malformed` have a bit 1 << enum extension_id; `views` holds what is present and nothing else, so
 * read it through client_hello_view.
 */
struct client_hello {
	uint16_t legacy_version;
	bool has_extensions;
	struct span random, session_id, suites, compression;
	struct span suites_tail; /* the odd byte of LENIENT_ODD_SUITES */
	struct span extensions;	 /* the block without its length, without extensions_tail */
	struct span extensions_tail, tail;
	size_t extensions_len;
	uint64_t present, malformed;
	struct span views[EXTENSIONS_KNOWN];
};

/*
 * client_hello_decode reads a body without its header; nothing is allocated. `leniency` is a set of
 * LENIENT_* bits; `error` may be NULL and is filled on failure. Fault: MALFORMED.
 */
MUST_USE enum fault client_hello_decode(struct client_hello *out, struct cursor body,
					unsigned leniency, struct wire_error *error);

/* client_hello_has says whether the extension is there and well formed. */
static inline bool client_hello_has(const struct client_hello *hello, enum extension_id id)
{
	return (hello->present >> id & 1) != 0;
}

/* client_hello_view returns the extension's view, an absent one (at == NULL) without it. */
static inline struct span client_hello_view(const struct client_hello *hello, enum extension_id id)
{
	return client_hello_has(hello, id) ? hello->views[id] : span_of(NULL, 0);
}

/* client_hello_host returns the host name of server_name, or an absent view. */
struct span client_hello_host(const struct client_hello *hello);

/* client_hello_version returns the highest version offered, by its wire value; GREASE is left out.
 */
uint16_t client_hello_version(const struct client_hello *hello);

#endif
