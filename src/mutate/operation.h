/* operation.h - the operations, one line each. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MUTATE_OPERATION_H
#define MUTATE_OPERATION_H

#include "mutate/flight.h"

/*
 * X(name, word, level, weight, text): in the order in which they are applied to one flight when
 * several are drawn. `weight` is how often each is drawn beside the others.
 */
#define OPERATION_LIST(X)                                                                          \
	X(lengths_repair, "lengths-repair", HELLOS, 1, "no length lies, nothing trails")           \
	X(version_set, "version-set", HELLOS, 2, "another legacy_version")                         \
	X(random_set, "random-set", HELLOS, 1, "another random, perhaps of another length")        \
	X(session_id_set, "session-id-set", HELLOS, 2, "another session id, up to 255 bytes")      \
	X(compression_set, "compression-set", HELLOS, 2, "other compression methods, or none")     \
	X(suites_odd, "suites-odd", HELLOS, 1, "an odd byte behind the suites")                    \
	X(list_add, "list-add", HELLOS, 6, "a list gets members from its registry")                \
	X(list_remove, "list-remove", HELLOS, 3, "a list loses members")                           \
	X(list_duplicate, "list-duplicate", HELLOS, 2, "a member of a list comes again")           \
	X(list_shuffle, "list-shuffle", HELLOS, 2, "a list in another order")                      \
	X(list_flood, "list-flood", HELLOS, 1, "a list of everything in its registry")             \
	X(list_edit, "list-edit", HELLOS, 3, "a member of a list has other content")               \
	X(block_toggle, "block-toggle", HELLOS, 1, "no extensions, or an empty block of them")     \
	X(extension_duplicate, "extension-duplicate", HELLOS, 2, "an extension comes again")       \
	X(extension_drop, "extension-drop", HELLOS, 3, "an extension is missing")                  \
	X(extension_swap, "extension-swap", HELLOS, 2, "two extensions change places")             \
	X(extension_insert, "extension-insert", HELLOS, 6, "a known extension, as it should be")   \
	X(extension_grease, "extension-grease", HELLOS, 1, "an extension with a GREASE value")     \
	X(extension_unknown, "extension-unknown", HELLOS, 2, "an extension that nobody knows")     \
	X(extension_retype, "extension-retype", HELLOS, 2,                                         \
	  "an extension's body under another type")                                                \
	X(extension_usual, "extension-usual", HELLOS, 3, "a usual body for an extension there is") \
	X(extension_body, "extension-body", HELLOS, 4, "other bytes in an extension's body")       \
	X(extension_field, "extension-field", HELLOS, 4, "another value in a field of a body")     \
	X(extension_lie, "extension-lie", HELLOS, 2, "the length of an extension lies")            \
	X(inner_lie, "inner-lie", HELLOS, 3, "a length inside of an extension lies")               \
	X(block_lie, "block-lie", HELLOS, 1, "the length of the extensions lies")                  \
	X(vector_lie, "vector-lie", HELLOS, 2, "the length of suites, methods or session id lies") \
	X(hello_tail, "hello-tail", HELLOS, 1, "bytes behind the last extension")                  \
	X(second_hello, "second-hello", MESSAGES, 3, "a second hello, derived from the first")     \
	X(message_insert, "message-insert", MESSAGES, 3, "a message that does not belong")         \
	X(message_duplicate, "message-duplicate", MESSAGES, 2, "a message comes again")            \
	X(message_drop, "message-drop", MESSAGES, 2, "a message is missing")                       \
	X(message_swap, "message-swap", MESSAGES, 2, "two messages change places")                 \
	X(message_retype, "message-retype", MESSAGES, 1, "a message's body under another type")    \
	X(message_body, "message-body", MESSAGES, 4, "other bytes in a message's body")            \
	X(message_vector, "message-vector", MESSAGES, 3, "a length inside of a message lies")      \
	X(message_resize, "message-resize", MESSAGES, 2, "a longer or shorter body that adds up")  \
	X(message_lie, "message-lie", MESSAGES, 2, "the length of a message lies")                 \
	X(message_join, "message-join", MESSAGES, 2, "two messages in one record, or no longer")   \
	X(record_split, "record-split", LAYERS, 4, "one record becomes two")                       \
	X(record_shred, "record-shred", LAYERS, 1, "one record becomes many")                      \
	X(record_merge, "record-merge", LAYERS, 2, "two records become one")                       \
	X(record_swap, "record-swap", LAYERS, 2, "two records change places")                      \
	X(record_duplicate, "record-duplicate", LAYERS, 2, "a record comes again")                 \
	X(record_drop, "record-drop", LAYERS, 1, "a record is missing")                            \
	X(record_insert_other, "record-insert", LAYERS, 4, "an alert, a signal, an empty record")  \
	X(record_interleave, "record-interleave", LAYERS, 3, "such a record inside of a message")  \
	X(record_version, "record-version", LAYERS, 2, "another version in a record's header")     \
	X(record_type, "record-type", LAYERS, 2, "another type in a record's header")              \
	X(record_body, "record-body", LAYERS, 2, "other bytes in a record")                        \
	X(record_lie, "record-lie", LAYERS, 2, "the length of a record lies")                      \
	X(stream_end, "stream-end", LAYERS, 1, "the stream ends early, or goes on")                \
	X(bytes, "bytes", PLAIN, 4, "other bytes, wherever they are")

enum operation_id {
#define X(name, word, level, weight, text) OPERATION_##name,
	OPERATION_LIST(X)
#undef X
		OPERATIONS_LEN
};

/* An operation returns false when it finds nothing to change. */
typedef bool operation_apply(struct flight *flight);

#define X(name, word, level, weight, text) operation_apply operation_##name;
OPERATION_LIST(X)
#undef X

#endif
