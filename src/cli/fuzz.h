/* fuzz.h - one invocation of `tlsgauge fuzz`: what is known, what was found, and who does what. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_H
#define CLI_FUZZ_H

#include "cli/command.h"
#include "cli/fuzz_find.h"
#include "cli/fuzz_options.h"
#include "cli/fuzz_signals.h"
#include "cli/target.h"
#include "cli/watch.h"
#include "engine/source.h"
#include "live/generator.h"
#include "live/growth.h"
#include "live/novelty.h"
#include "live/shrink.h"

#define FUZZ_FINDS_MAX	      512
#define FUZZ_SUSPECTS_MAX     64
#define FUZZ_BEHIND_MAX	      256
#define FUZZ_CAUSES_MAX	      8 /* findings of one key that differ in their cause */
#define FUZZ_WINDOW_MAX	      16384
#define FUZZ_ARENA_MAX	      ((size_t)64 << 20)
#define FUZZ_FIND_ARENA_MAX   ((size_t)1 << 20)
#define FUZZ_KEEP_MAX	      ((size_t)16 << 20)
#define FUZZ_CANARY_PROBES    1000
#define FUZZ_CANARY_US	      100000
#define FUZZ_ATTEMPTS_CONFIRM 2

struct fuzz {
	const struct fuzz_options *options;
	struct arena arena, keep, ask_keep, scratch, mutation;
	struct policy policy;
	struct settings settings;
	struct target target, against;
	struct address address, against_address;
	struct shape shape;
	struct generator generator;
	struct oracle oracle;
	struct novelty novelty;
	struct fuzz_probe control; /* of the highest version: the canary */
	uint32_t next_root;
	uint64_t picks;
	struct fuzz_find *finds;
	size_t finds_len;
	struct fuzz_suspect suspects[FUZZ_SUSPECTS_MAX];
	size_t suspects_len, waiting; /* waiting: to be settled after the one that is */
	struct fuzz_counts counts;
	uint64_t started_us, now_us;	       /* now_us: of the run, at the last delivery */
	char phrase[SERVER_MESSAGE_MAX + 256]; /* the last answer that was asked for again */
	struct arena shown;
	struct span shown_received;
	enum outcome shown_outcome;
	struct anomaly shown_anomaly;
	/* Keys of what was refused behind its ServerHello, by fingerprint. */
	struct fuzz_behind {
		uint64_t key;
		unsigned seen;
	} behind[FUZZ_BEHIND_MAX];
	size_t behind_len;
	struct watch *watch; /* or NULL */
	struct growth growth;
	uint64_t crashes, sampled_us;
	unsigned concurrency; /* what the endpoint turned out to bear; 0: as asked for */
	char harm[512];	      /* to the server's process: how it ended, and what it printed */
	bool harmed;	      /* the process itself, and not just its answers */
	char cause[512]; /* the part of it that tells one harm from another; empty: all of it */
	struct shrink *shrink;
	struct arena shrink_arena;
	bool shrinking;
	unsigned hasty_ms; /* a shorter deadline, while silence is shrunk; 0: that of the options */
	bool interrupted, lost; /* lost: the endpoint is gone for good */
	bool unkept;		/* a finding could not be written, and no other is tried */
	struct fuzz_signals signals;
	const char *why;	    /* the sentence about it, or NULL */
	struct probe_index *resume; /* what the corpus holds, to be asked first */
	size_t resume_len, resume_at;
	size_t notes_len;
	const char *notes[16];
};

/* fuzz_setup.c: reads everything that can be read before anything is sent. STATUS_PASS, or a
 * status after one sentence. */
int fuzz_setup(struct fuzz *fuzz);
void fuzz_release(struct fuzz *fuzz);

/* fuzz_controls asks which versions the endpoint takes: the oracle's controls and the canary.
 * STATUS_PASS; INCONCLUSIVE after one sentence when nothing is taken. */
int fuzz_controls(struct fuzz *fuzz);

/* fuzz_ask.c: fuzz_read makes reading and demand; fuzz_ask asks some probes, and waits for all
 * answers. Faults: IO, NO_MEMORY, TOO_LARGE. */
void fuzz_read(const struct fuzz *fuzz, struct fuzz_probe *probe, struct arena *arena);
MUST_USE enum fault fuzz_ask(struct fuzz *fuzz, const struct address *address,
			     struct fuzz_probe *probes, size_t len);

/* fuzz_raw fills in what goes on the wire; the probe's id is the caller's. */
void fuzz_raw(const struct fuzz *fuzz, const struct fuzz_probe *probe, struct probe *out);

/* fuzz_engine_options gives those of every question to that address. */
void fuzz_engine_options(const struct fuzz *fuzz, const struct address *address,
			 struct engine_options *out);

/* fuzz_is_alive asks the canary: whether the endpoint takes the control. */
bool fuzz_is_alive(struct fuzz *fuzz);

/* fuzz_stream.c: generated probes, one after the other, until time or number is up, enough is
 * suspected, or the endpoint is in trouble: then `window` holds what was asked since it was last
 * known to live. Faults: IO, NO_MEMORY, TOO_LARGE. */
struct fuzz_window {
	struct probe_index *items;
	size_t len;
	bool trouble;
	bool late; /* the trouble is that an answer, or a connection, took longer than may be */
};
MUST_USE enum fault fuzz_stream(struct fuzz *fuzz, struct fuzz_window *window);

/* fuzz_is_refused_behind says that what looks like this was refused behind its ServerHello before;
 * of those that the stream sees one in 16 is asked about again all the same. */
bool fuzz_is_refused_behind(struct fuzz *fuzz, const struct anomaly *anomaly);

/* fuzz_make gives the probe with that index; `bytes` has room for GENERATED_MAX, and is viewed. */
struct fuzz_probe fuzz_make(const struct fuzz *fuzz, const struct probe_index *index,
			    uint8_t *bytes);

/* fuzz_pick draws which probe is next. */
struct probe_index fuzz_pick(struct fuzz *fuzz);

/* fuzz_against.c: the same hellos at two endpoints, until time or number is up; what they rule
 * differently is a finding. Faults as above. */
MUST_USE enum fault fuzz_compare(struct fuzz *fuzz);

/* fuzz_show_progress rewrites one line of standard error, where that is a terminal. */
void fuzz_show_progress(const struct fuzz *fuzz);

/* fuzz_settle.c: asks every suspect again, shrinks it, and keeps it as a finding. Faults: IO,
 * NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault fuzz_settle(struct fuzz *fuzz);

/* fuzz_shrink.c: the smallest bytes that still show a finding, asked one after the other by
 * `shows`; `probe` is then that one. Faults as above, and those of `shows`. */
typedef enum fault fuzz_shows(struct fuzz *fuzz, const struct anomaly *anomaly,
			      struct fuzz_probe *probe, bool *out);
MUST_USE enum fault fuzz_shrink(struct fuzz *fuzz, struct fuzz_find *find, fuzz_shows *shows,
				struct fuzz_probe *probe);

/* fuzz_is_known counts an anomaly that was found before; false for a new one. */
bool fuzz_is_known(struct fuzz *fuzz, const struct fuzz_probe *probe,
		   const struct anomaly *anomaly);

/* fuzz_merge says that what was shrunk has the cause of a former finding; then it is gone, and
 * counted there. */
bool fuzz_merge(struct fuzz *fuzz, const struct fuzz_find *find);

/* fuzz_add makes a finding of bytes, which it copies; without an index where they are no generated
 * probe. NULL when there are too many. */
struct fuzz_find *fuzz_add(struct fuzz *fuzz, const struct anomaly *anomaly,
			   const struct probe_index *index, struct span bytes);

/* fuzz_outage.c: finds the probe after which the endpoint stopped answering. Faults as above. */
MUST_USE enum fault fuzz_outage(struct fuzz *fuzz, const struct fuzz_window *window);

/* fuzz_returns waits until the endpoint takes the control again; false, and `lost`, when it does
 * not within ten seconds. */
bool fuzz_returns(struct fuzz *fuzz);

/* fuzz_replay.c: sends the one probe of --replay again, and tells what it is and what came. The
 * exit status. */
int fuzz_replay(struct fuzz *fuzz);

/* fuzz_report.c: what was found, as text or JSON; the exit status. */
struct outputs;
int fuzz_report(struct fuzz *fuzz, struct outputs *outputs);

/* fuzz_is_over says that nothing more is to be sent: time or number is up, it was interrupted, or
 * the one finding is there that was asked for. */
bool fuzz_is_over(const struct fuzz *fuzz);

/* fuzz_is_late says that the end is so long ago that nothing is asked again, either. */
#define FUZZ_GRACE_US UINT64_C(10000000)
bool fuzz_is_late(const struct fuzz *fuzz);

/* fuzz_now_us is the time since the program's run began. */
uint64_t fuzz_now_us(const struct fuzz *fuzz);

/* fuzz_note adds a sentence to the report. */
void fuzz_note(struct fuzz *fuzz, const char *note);

#endif
