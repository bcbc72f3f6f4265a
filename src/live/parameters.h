/* parameters.h - in which ways a ClientHello may differ although it asks for the same, and the
 * bytes of each. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_PARAMETERS_H
#define LIVE_PARAMETERS_H

#include "base/text.h"
#include "live/covering.h"
#include "probe/probe.h"

#define PARAMETER_LEVELS_MAX	 8
#define PARAMETER_EXCLUSIONS_MAX 4
#define PARAMETER_OTHERS_MAX	 8

struct form;

/*
 * One way to differ: no server may rule otherwise because of it. `levels` are the words of its
 * values, ended by NULL; the first is what every probe of ours sends. `apply` makes a hello have
 * another one; `versions` are those that know it. Two entries may share a name: what is usual
 * differs between versions.
 */
struct hello_parameter {
	const char *name;
	version_set versions;
	const char *levels[PARAMETER_LEVELS_MAX + 1];
	void (*apply)(struct form *form, unsigned level);
};

/* What a row of values is about: one version and one suite, and how the rest of the hello is made.
 * `others` are suites that change nothing: the endpoint turns them down. */
struct hello_subject {
	enum version version;
	uint16_t suite;
	uint16_t others[PARAMETER_OTHERS_MAX];
	size_t others_len;
	const struct shape *shape;
	const struct upgrade *upgrade;
	uint64_t seed;
};

/* The parameters of a subject, in the order of the columns of a row; `model` refers to the rest. */
struct hello_parameters {
	const struct hello_parameter *items[COVERING_PARAMETERS_MAX];
	uint8_t levels[COVERING_PARAMETERS_MAX];
	size_t len;
	struct covering_exclusion exclusions[PARAMETER_EXCLUSIONS_MAX];
	struct covering_model model;
};

/* What stands on the wire: `bytes` holds `message`, with its header, in records; `cut` is the
 * length of the first TCP segment, or 0. */
struct hello_form {
	struct span bytes, message;
	size_t cut;
};

/* parameters_init lists what may differ between hellos of the subject, TLS 1.0 to 1.3. `out` stays
 * where it is. */
void parameters_init(struct hello_parameters *out, const struct hello_subject *subject);

/*
 * parameters_build makes the hello of a row. The row of zeros gives the very bytes that
 * probe_encode writes for a probe of the subject's version and suite with the same id. Faults:
 * those of the arena; TOO_LARGE.
 */
MUST_USE enum fault parameters_build(struct hello_form *out,
				     const struct hello_parameters *parameters, const uint8_t *row,
				     const struct hello_subject *subject, uint32_t id,
				     struct arena *arena);

/* parameters_put appends what is not usual in a row: "padding=512 and fragmentation=halves"; "the
 * usual hello" where all is. */
void parameters_put(struct text *out, const struct hello_parameters *parameters,
		    const uint8_t *row);

#endif
