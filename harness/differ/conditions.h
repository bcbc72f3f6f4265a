/* conditions.h - what the bytes must be like for a class of disagreements. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_DIFFER_CONDITIONS_H
#define HARNESS_DIFFER_CONDITIONS_H

#include "differ.h"

/* always holds: the flaws or the alerts of the class say everything. */
#define always NULL

/* chosen_version returns the highest of TLS 1.0 to 1.3 that the hello offers, or 0. */
uint16_t chosen_version(const struct differ_hello *hello);

/* X(name): each is `bool name(const struct differ_hello *)`. */
#define DIFFER_CONDITIONS(X)                                                                       \
	X(is_sslv2)                                                                                \
	X(is_fragmented)                                                                           \
	X(is_followed_in_its_record)                                                               \
	X(has_high_record_versions)                                                                \
	X(name_list_is_empty)                                                                      \
	X(name_is_empty)                                                                           \
	X(name_comes_after_a_host)                                                                 \
	X(names_another_type)                                                                      \
	X(group_list_is_empty)                                                                     \
	X(format_list_is_empty)                                                                    \
	X(scheme_list_is_empty)                                                                    \
	X(asks_for_ocsp_with_der)                                                                  \
	/* of mbedTLS */                                                                           \
	X(lists_nothing_for_a_key)                                                                 \
	X(lists_groups_without_p256)                                                               \
	X(lists_no_groups)                                                                         \
	X(groups_come_once)                                                                        \
	X(has_over_16_compressions)                                                                \
	X(has_truncated_hmac_body)                                                                 \
	X(fragment_length_is_0)                                                                    \
	X(lists_another_version)                                                                   \
	X(lists_tls13)                                                                             \
	X(version_is_4_0)                                                                          \
	X(has_body_that_only_the_gate_reads)                                                       \
	X(lacks_uncompressed_points)                                                               \
	X(names_only_unknown_ffdhe_groups)                                                         \
	X(lists_only_sha1_for_a_key)                                                               \
	/* of OpenSSL */                                                                           \
	X(other_records_are_empty_ccs)                                                             \
	X(chooses_tls13)                                                                           \
	X(chooses_tls12_or_older)                                                                  \
	X(chooses_older_than_tls12)                                                                \
	X(repeats_unknown_to_openssl)                                                              \
	X(has_odd_challenge)                                                                       \
	X(renegotiation_info_is_empty_with_tail)                                                   \
	X(has_one_empty_host)                                                                      \
	X(schemes_are_odd_before_tls12)                                                            \
	X(authorities_are_whole)                                                                   \
	X(psk_identities_are_whole_or_unread)                                                      \
	X(has_use_srtp)                                                                            \
	X(has_srp_that_is_no_name)                                                                 \
	X(has_compressions_in_tls13)                                                               \
	X(has_share_of_unlisted_group)                                                             \
	X(has_x25519_share_of_other_length)                                                        \
	X(is_followed_in_tls13)                                                                    \
	X(names_authorities)

#define X(name) bool name(const struct differ_hello *hello);
DIFFER_CONDITIONS(X)
#undef X

#endif
