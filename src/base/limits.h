/* limits.h - every ceiling of the tool, by name. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

/* TLS (RFC 8446 5.1, 5.2; RFC 5246 6.2.1 to 6.2.3) */
#define RECORD_PLAINTEXT_MAX	 16384
#define RECORD_CIPHERTEXT_MAX	 (RECORD_PLAINTEXT_MAX + 2048)
#define SESSION_ID_MAX		 32
#define RANDOM_LEN		 32

/* What a peer may make us keep, per probe. */
#define HANDSHAKE_MESSAGE_MAX	 131072
#define PEER_BYTES_MAX		 262144
#define PROBE_ARENA_MAX		 (1024 * 1024)
#define CASE_PROBE_ARENA_MAX	 (16 * 1024 * 1024)
#define WARNING_ALERTS_MAX	 16
#define EMPTY_RECORDS_MAX	 32
#define SERVER_MESSAGE_MAX	 512
#define SCRAM_ITERATIONS_MAX	 600000
#define SESSION_TICKETS_MAX	 32
#define KEY_UPDATES_MAX		 32

/* Certificates: what a hostile chain may make us compute. */
#define CHAIN_GIVEN_MAX		 16
#define CHAIN_DEPTH_MAX		 8
#define CHAIN_SIGNATURES_MAX	 32
#define TRUST_STORE_MAX		 (4 * 1024 * 1024)

/* Keys and parameters: what a hostile server may make us compute with. */
#define RSA_BITS_MAX		 8192
#define RSA_EXPONENT_BITS_MAX	 64
#define DH_BITS_MIN		 512
#define DH_BITS_MAX		 8192
#define PRIVATE_KEY_MAX		 65536

/* The reference endpoint, for each of its clients and for all of them. */
#define ENDPOINT_CONNECTIONS_MAX 1024
#define ENDPOINT_DEADLINE_MS	 60000
#define ENDPOINT_LINGER_MS	 2000
#define ENDPOINT_INPUT_MAX	 262144
#define ENDPOINT_OUTPUT_MAX	 262144
#define ENDPOINT_DISCARD_MAX	 (1024 * 1024)

/* What our own files may make us keep. */
#define POLICY_FILE_MAX		 (1024 * 1024)
#define POLICY_ARENA_MAX	 (64 * 1024 * 1024)
#define HELLO_FILE_MAX		 (1024 * 1024)
#define CAPTURE_FILE_MAX	 (64 * 1024 * 1024)
#define CAPTURE_ARENA_MAX	 ((size_t)512 * 1024 * 1024)
#define CAPTURE_PACKET_MAX	 262144 /* as libpcap has it */
#define CAPTURE_CLIENT_MAX	 PEER_BYTES_MAX
#define CASE_FILE_MAX		 (1024 * 1024)
#define CASE_ARENA_MAX		 (256 * 1024 * 1024)
#define CASE_NAME_MAX		 96
#define CASE_DEPTH_MAX		 32
#define CASE_REPEAT_MAX		 65536
#define CASE_MEMBERS_MAX	 4096
#define CASE_EDITS_MAX		 256
#define CASE_LIST_MAX		 64 /* steps, outcomes, facts, needs, citations, each */
#define CASE_DELAY_MS_MAX	 60000
#define CASE_SPOIL_MAX		 128

/* The run. */
#define RUN_ARENA_MAX		 ((size_t)512 * 1024 * 1024)
#define CONCURRENCY_MAX		 1024
#define ADDRESSES_MAX		 16
#define SUITE_SET_MAX		 64

#endif
