/* mangle.h - the last look at what the endpoint sends: the downgrade sentinel, and the defects that
 * are about its answers. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_MANGLE_H
#define ENDPOINT_MANGLE_H

#include "base/builder.h"
#include "endpoint/defect.h"
#include "registry/version.h"

/* A record may become two, and a ServerHello grows by less than this. */
#define MANGLE_GROWTH_MAX 1024
#define MANGLE_RECORD_MAX (2 * 16384 + MANGLE_GROWTH_MAX)

/* What happens to the connection after the bytes. */
enum mangle_end {
	MANGLE_GO_ON,
	MANGLE_FINISH, /* FIN */
	MANGLE_RESET,  /* RST */
	MANGLE_HANG,   /* nothing more is said, and the connection stays */
};

/*
 * `sentinel`: the version agreed on is below what the endpoint has (RFC 8446 4.1.3). `protect` is
 * set by a ChangeCipherSpec that passes.
 */
struct mangle {
	enum defect defect;
	bool sentinel, protect;
	bool offers_heartbeat, offers_etm;
	uint8_t session_id[32]; /* the client's */
	size_t session_id_len;
	size_t fragment_max; /* of max_fragment_length, 0 without it */
};

/*
 * mangle_record writes what goes out instead of one record of the endpoint's; `out` has room for
 * MANGLE_RECORD_MAX bytes.
 */
enum mangle_end mangle_record(struct mangle *mangle, struct span record, struct builder *out);

#endif
