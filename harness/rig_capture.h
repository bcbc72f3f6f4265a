/* rig_capture.h - the packets of a capture, written once more in another form. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_CAPTURE_H
#define HARNESS_RIG_CAPTURE_H

#include "base/limits.h"
#include "base/text.h"
#include "harness.h"
#include "wire/capture/capture.h"

struct rig_capture {
	struct capture_hellos hellos;
	struct wire_error error;
	enum fault fault;
};

/* An interface for each packet, the numbers from their upper end; a section for each, the packet in
 * a simple block, from their lower end; that with each packet twice; and pcap with each TCP segment
 * as two packets of raw IP. */
enum rig_form { RIG_ENHANCED, RIG_SIMPLE, RIG_TWICE, RIG_SPLIT, RIG_FORMS };

/* rig_capture_read reads a file; `arena` is cleared first, here and below. */
void rig_capture_read(struct rig_capture *out, struct span file, struct arena *arena);

/* rig_capture_write writes the packets of a file, as far as they can be read, in the form. */
void rig_capture_write(struct text *out, struct span file, enum rig_form form, struct arena *arena);

/* rig_capture_is_sound checks that the numbers add up and that the hellos can be read, if whole. */
void rig_capture_is_sound(const struct rig_capture *capture, struct arena *arena);

/* rig_capture_little is a ceiling of memory that a file may need more than; rig_capture_starve
 * checks that what is not refused under it is the same. */
size_t rig_capture_little(struct span file);
void rig_capture_starve(const struct rig_capture *capture, struct span file, struct arena *arena);

/* rig_capture_is_same checks that both have the same hellos; in forms with as many packets, in the
 * same ones; and that nothing was wrong with `b`. */
void rig_capture_is_same(const struct rig_capture *a, const struct rig_capture *b,
			 enum rig_form form);

#endif
