/* form.h - a ClientHello while the values of its parameters are being applied, one after the other.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_FORM_H
#define LIVE_FORM_H

#include "live/parameters.h"
#include "probe/encode_extensions.h"

#define FORM_EXTENSIONS_MAX (PROBE_EXTENSIONS_MAX + 16)
#define FORM_MANY_SUITES    150
#define FORM_SUITES_MAX	    (PARAMETER_OTHERS_MAX + FORM_MANY_SUITES + 8)
#define FORM_SCRATCH_MAX    8192

/* `piece` is the most bytes of the message in one record, `first` in the first one: 0 for no limit.
 */
struct form {
	const struct hello_subject *subject;
	struct hello_draft draft;
	uint8_t random[RANDOM_LEN], session_id[SESSION_ID_MAX], scratch_bytes[FORM_SCRATCH_MAX];
	struct builder scratch; /* the bodies of extensions */
	uint16_t suites[FORM_SUITES_MAX];
	struct extension_draft extensions[FORM_EXTENSIONS_MAX];
	size_t first, piece;
	bool first_is_half, cut_in_half;
	size_t cut;
};

/* form_init describes the hello that a probe with this id would send. */
void form_init(struct form *form, const struct hello_subject *subject, uint32_t id);

/* form_message_len returns the length of the handshake message as it stands, header included. */
size_t form_message_len(const struct form *form);

/* form_find returns the extension, or NULL; form_drop takes it out, if it is there. */
struct extension_draft *form_find(struct form *form, uint16_t type);
void form_drop(struct form *form, uint16_t type);

/* form_add puts an extension at place `at` (FORM_EXTENSIONS_MAX: last), and copies the body. */
void form_add(struct form *form, size_t at, uint16_t type, const void *body, size_t len);

/* form_add_suite puts a suite at place `at` (FORM_SUITES_MAX: last). */
void form_add_suite(struct form *form, size_t at, uint16_t suite);

/* The table of all parameters; see form_values.c. */
extern const struct hello_parameter hello_parameters[];
extern const size_t hello_parameters_len;

/* The names that others must tell apart. */
#define PARAMETER_SUITES	      "suites"
#define PARAMETER_SERVER_NAME	      "server_name"
#define PARAMETER_RECORD_SIZE_LIMIT   "record_size_limit"
#define PARAMETER_MAX_FRAGMENT_LENGTH "max_fragment_length"

#endif
