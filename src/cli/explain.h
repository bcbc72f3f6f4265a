/* explain.h - what the parts of `tlsgauge explain` share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "cli/hello_command.h"
#include "live/hello_account.h"
#include "live/hello_flip.h"
#include "report/json_stream.h"
#include "wire/capture/capture.h"

/* One hello, the one numbered `number` of its file, and what the policy demands of a server that
 * gets it. `captured` says where in `capture` it is; both are NULL for a hello that is in none. */
struct explained {
	struct hello_file file;
	size_t number;
	const struct capture_hello *captured;
	const struct capture_hellos *capture;
	const struct settings *settings;
	struct hello_offer hello;
	struct hello_account account;
	struct flips flips;
};

/* explain_text.c and explain_json.c: the account, as lines and as one object on one line. */
void explain_text(struct text *out, const struct explained *explained);
void explain_json(struct text *out, const struct explained *explained);

/* The same for a hello that strict decoding refuses: the policy says nothing of it. */
void explain_text_malformed(struct text *out, const struct explained *explained,
			    const struct wire_error *error);
void explain_json_malformed(struct text *out, const struct explained *explained,
			    const struct wire_error *error);

/* explain_words.c: why the hello is ruled so, one sentence without a full stop. */
void explain_reason(struct text *out, const struct explained *explained);

/* explain_remarks writes what there is to say beside the ruling, one sentence a line. */
void explain_remarks(struct text *out, const struct explained *explained);

/* explain_demand says what a server must do with a malformed hello, and which RFC says so. */
void explain_demand(struct text *out, const struct explained *explained,
		    const struct wire_error *error);

/* explain_condition returns the option that states the condition: "--certificate=rsa". */
const char *explain_condition(enum condition condition);

/* explain_capture.c: where in a capture the hello is, as a line and as a member. */
void explain_captured_text(struct text *out, const struct explained *explained);
void explain_captured_json(struct json_stream *object, const struct explained *explained);

/* explain_captured_refusal says it behind a complaint about the hello, in brackets. */
void explain_captured_refusal(struct text *out, const struct explained *explained);

/* explain_passed_over appends what was not looked at in a capture; false once `index` is past the
 * last. */
bool explain_passed_over(struct text *out, const struct capture_hellos *capture, size_t index);

/*
 * explain_input.c: cuts a file into the bytes of its hellos. What `hello decode` prints, objects or
 * annotated hexadecimal, holds several, and so does a capture of packets; anything else is one.
 * `captured` is set while the last hello given came from a capture, which `wrong` where `fault`.
 */
struct explain_source {
	enum { SOURCE_BYTES, SOURCE_OBJECTS, SOURCE_ANNOTATED, SOURCE_CAPTURE } form;
	struct cursor in;
	size_t line;
	bool begun;
	struct capture_hellos hellos;
	size_t hellos_given;
	const struct capture_hello *captured;
	enum fault fault;
	struct wire_error wrong;
};

/* explain_open reads a file, or standard input for "-". Fault: INPUT with one sentence in `why`. */
MUST_USE enum fault explain_open(struct explain_source *source, struct arena *arena,
				 const char *path, char *why, size_t why_len);

/* explain_next gives the next hello; *found is false past the last. Fault: INPUT with one sentence
 * in `why`. */
MUST_USE enum fault explain_next(struct span *out, bool *found, struct explain_source *source,
				 struct arena *arena, char *why, size_t why_len);

/* explain_next_captured is explain_next for a capture: what is wrong with it comes after its
 * hellos.
 */
MUST_USE enum fault explain_next_captured(struct span *out, bool *found,
					  struct explain_source *source, char *why, size_t why_len);

#endif
