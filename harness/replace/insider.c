/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"
#include "rig_insider.h"
#include "unseen.h"

UNSEEN_BEGIN

/*
 * A server that holds every key, without any cryptography: what a fuzzer changes behind a
 * ChangeCipherSpec or a ServerHello of TLS 1.3 is the message and not its ciphertext. A record is
 * opened by taking it as it is; a Finished is right when all its bytes are FINISHED; secrets are
 * constants, and what is right or wrong about a share or a signature its first byte says.
 */
#define FINISHED     'F'
#define SECRET_LEN   32
#define SAYS_CRYPTO  0xFF
#define SAYS_BAD     0xFE
#define SAYS_NOTHING 0xFD

enum fault __wrap_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer);
enum fault __wrap_dh_agree(uint8_t *share, size_t *share_len, uint8_t *secret, size_t *secret_len,
			   struct span p, struct span g, struct span peer);
enum signature_check __wrap_signature_verify(struct span certificate, enum version version,
					     uint16_t scheme, struct span signed_bytes,
					     struct span signature);
enum fault __wrap_protection_open(struct protection *protection, struct arena *arena, uint8_t *type,
				  uint16_t record_version, struct span fragment, struct span *out);
bool __real_tls13_finished(struct handshake *h, const uint8_t *secret, uint8_t *out);
bool __wrap_tls13_finished(struct handshake *h, const uint8_t *secret, uint8_t *out);
bool __real_tls12_verify_data(struct handshake *h, const char *label, uint8_t *out);
bool __wrap_tls12_verify_data(struct handshake *h, const char *label, uint8_t *out);

enum fault __real_tls_prf(uint8_t *out, size_t out_len, enum version version, mbedtls_md_type_t md,
			  struct span secret, const char *label, struct span seed);
enum fault __wrap_tls_prf(uint8_t *out, size_t out_len, enum version version, mbedtls_md_type_t md,
			  struct span secret, const char *label, struct span seed);
enum fault __real_transcript_hash(uint8_t *out, size_t *out_len, enum version version,
				  mbedtls_md_type_t md, struct span transcript);
enum fault __wrap_transcript_hash(uint8_t *out, size_t *out_len, enum version version,
				  mbedtls_md_type_t md, struct span transcript);
enum fault __real_hkdf_expand_label(uint8_t *out, size_t out_len, mbedtls_md_type_t md,
				    struct span secret, const char *label, struct span context);
enum fault __wrap_hkdf_expand_label(uint8_t *out, size_t out_len, mbedtls_md_type_t md,
				    struct span secret, const char *label, struct span context);
enum fault __real_derive_secret(uint8_t *out, mbedtls_md_type_t md, struct span secret,
				const char *label, struct span transcript);
enum fault __wrap_derive_secret(uint8_t *out, mbedtls_md_type_t md, struct span secret,
				const char *label, struct span transcript);
struct protection *__real_protection_new(const struct suite_params *params,
					 const struct protection_keys *keys, bool encrypt_then_mac,
					 bool sealing);
struct protection *__wrap_protection_new(const struct suite_params *params,
					 const struct protection_keys *keys, bool encrypt_then_mac,
					 bool sealing);

void *__real_arena_alloc(struct arena *arena, size_t size);
void *__wrap_arena_alloc(struct arena *arena, size_t size);
struct span __real_arena_copy(struct arena *arena, struct span bytes);
struct span __wrap_arena_copy(struct arena *arena, struct span bytes);

static unsigned operations_left, allocations_left;

void insider_fails_at(unsigned operation, unsigned allocation)
{
	operations_left = operation;
	allocations_left = allocation;
}

static bool fails(void)
{
	return operations_left && --operations_left == 0;
}

static bool is_in_want(void)
{
	return allocations_left && --allocations_left == 0;
}

void *__wrap_arena_alloc(struct arena *arena, size_t size)
{
	return is_in_want() ? NULL : __real_arena_alloc(arena, size);
}

struct span __wrap_arena_copy(struct arena *arena, struct span bytes)
{
	return is_in_want() ? span_of(NULL, 0) : __real_arena_copy(arena, bytes);
}

enum fault __wrap_tls_prf(uint8_t *out, size_t out_len, enum version version, mbedtls_md_type_t md,
			  struct span secret, const char *label, struct span seed)
{
	return fails() ? FAULT_CRYPTO
		       : __real_tls_prf(out, out_len, version, md, secret, label, seed);
}

enum fault __wrap_transcript_hash(uint8_t *out, size_t *out_len, enum version version,
				  mbedtls_md_type_t md, struct span transcript)
{
	return fails() ? FAULT_CRYPTO
		       : __real_transcript_hash(out, out_len, version, md, transcript);
}

enum fault __wrap_hkdf_expand_label(uint8_t *out, size_t out_len, mbedtls_md_type_t md,
				    struct span secret, const char *label, struct span context)
{
	return fails() ? FAULT_CRYPTO
		       : __real_hkdf_expand_label(out, out_len, md, secret, label, context);
}

enum fault __wrap_derive_secret(uint8_t *out, mbedtls_md_type_t md, struct span secret,
				const char *label, struct span transcript)
{
	return fails() ? FAULT_CRYPTO : __real_derive_secret(out, md, secret, label, transcript);
}

struct protection *__wrap_protection_new(const struct suite_params *params,
					 const struct protection_keys *keys, bool encrypt_then_mac,
					 bool sealing)
{
	return fails() ? NULL : __real_protection_new(params, keys, encrypt_then_mac, sealing);
}

static enum fault fault_said(struct span bytes)
{
	uint8_t first = bytes.len ? bytes.at[0] : 0;
	if (first == SAYS_CRYPTO)
		return FAULT_CRYPTO;
	return first == SAYS_BAD ? FAULT_MALFORMED : FAULT_NONE;
}

enum fault __wrap_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer)
{
	*out_len = SECRET_LEN;
	memset(out, 1, SECRET_LEN);
	return group_share(group).len ? fault_said(peer) : FAULT_UNSUPPORTED;
}

enum fault __wrap_dh_agree(uint8_t *share, size_t *share_len, uint8_t *secret, size_t *secret_len,
			   struct span p, struct span g, struct span peer)
{
	(void)p;
	(void)g;
	*share_len = *secret_len = SECRET_LEN;
	memset(share, 2, SECRET_LEN);
	memset(secret, 3, SECRET_LEN);
	return fault_said(peer);
}

enum signature_check __wrap_signature_verify(struct span certificate, enum version version,
					     uint16_t scheme, struct span signed_bytes,
					     struct span signature)
{
	(void)certificate;
	(void)version;
	(void)scheme;
	(void)signed_bytes;
	if (signature.len && signature.at[0] == SAYS_NOTHING)
		return SIGNATURE_UNSUPPORTED;
	return fault_said(signature) ? SIGNATURE_BAD : SIGNATURE_GOOD;
}

/* The last byte is the inner type, as in TLS 1.3, where it is one of a record's types. */
enum fault __wrap_protection_open(struct protection *protection, struct arena *arena, uint8_t *type,
				  uint16_t record_version, struct span fragment, struct span *out)
{
	(void)protection;
	(void)record_version;
	enum fault fault = fault_said(fragment);
	uint8_t last = fragment.len ? fragment.at[fragment.len - 1] : 0;
	if (*type == CONTENT_APPLICATION_DATA && last >= CONTENT_CHANGE_CIPHER_SPEC &&
	    last <= CONTENT_HEARTBEAT) {
		*type = last;
		fragment.len--;
	}
	*out = arena_copy(arena, fragment);
	return fault == FAULT_NONE && !out->at ? FAULT_NO_MEMORY : fault;
}

bool __wrap_tls13_finished(struct handshake *h, const uint8_t *secret, uint8_t *out)
{
	bool made = __real_tls13_finished(h, secret, out);
	memset(out, FINISHED, h->schedule.hash_len);
	return made;
}

bool __wrap_tls12_verify_data(struct handshake *h, const char *label, uint8_t *out)
{
	bool made = __real_tls12_verify_data(h, label, out);
	memset(out, FINISHED, VERIFY_DATA_LEN);
	return made;
}

UNSEEN_END
