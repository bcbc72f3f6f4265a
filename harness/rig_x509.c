/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_x509.h"

#include "crypto/certificate_key.h"
#include "oracle_json.h"

#define TODAY 21000

/* A self-signed root; its key is tests/handshake/data/ecdsa.key, with which
 * scripts/fuzz-seeds-chains issues. */
static const char root_pem[] = "-----BEGIN CERTIFICATE-----\n"
			       "MIIBizCCATKgAwIBAgIUDhwTaifJG9KHqvYVI8AKjCj/hmQwCgYIKoZIzj0EAwIw\n"
			       "FDESMBAGA1UEAwwJZnV6eiByb290MCAXDTI2MTEyOTE3NDk1NVoYDzIwODEwOTAx\n"
			       "MTc0OTU1WjAUMRIwEAYDVQQDDAlmdXp6IHJvb3QwWTATBgcqhkjOPQIBBggqhkjO\n"
			       "PQMBBwNCAAT8iVuLV90+9MJ3DSPv2E/YC2VGJUFbRKKJnSxpcNLtFmmgWv5vEC8m\n"
			       "HdBnNz3yi22ZozjBdECBBwafu1Vb92+Fo2AwXjAdBgNVHQ4EFgQUCuk1sF/88EAa\n"
			       "bGcpSqwaSDV69/swHwYDVR0jBBgwFoAUCuk1sF/88EAabGcpSqwaSDV69/swDwYD\n"
			       "VR0TAQH/BAUwAwEB/zALBgNVHQ8EBAMCAgQwCgYIKoZIzj0EAwIDRwAwRAIgcnIU\n"
			       "YHOPPTfMVYmp2xeU1/8Dp8td8fS4l9kz7IbfMKACIC5ojiD6K7CYUA+JlTq//MG3\n"
			       "u/cg9QUv54XW9gCa8V5b\n"
			       "-----END CERTIFICATE-----\n";

bool rig_lies_in(struct span view, struct span whole)
{
	return !view.len || (view.at >= whole.at && view.at + view.len <= whole.at + whole.len);
}

static void note_facts(const struct certificate_facts *facts)
{
	CHECK(facts->subject && facts->issuer && facts->key_type && facts->signature);
	CHECK(oracle_printable(span_text(facts->subject)));
	CHECK(oracle_printable(span_text(facts->issuer)));
	CHECK(facts->common_name && facts->issuer_common_name && strlen(facts->sha256) == 64);
	harness_note(span_text(facts->subject));
	harness_note(span_text(facts->sha256));
	harness_note_number(facts->key_bits);
}

void rig_x509(struct arena *arena, struct span der)
{
	struct certificate_facts facts;
	struct certificate_key key;
	uint8_t end_point[64];
	size_t end_point_len = 0;
	if (x509_facts(&facts, arena, der) == FAULT_NONE)
		note_facts(&facts);
	if (x509_end_point(end_point, &end_point_len, der) == FAULT_NONE)
		CHECK(end_point_len >= 28 && end_point_len <= sizeof(end_point));
	if (certificate_key_read(&key, der) == FAULT_NONE)
		harness_note_number(key.pss);
	certificate_key_free(&key);
	harness_note(span_of(end_point, end_point_len));
	harness_note_number(x509_name_matches(der, "db.example.org"));
	harness_note_number(x509_name_matches(der, "192.0.2.1"));
	harness_note_number(x509_name_matches(der, "2001:db8::1"));
}

const struct trust_store *rig_root(void)
{
	static struct trust_store *store;
	static bool ready;
	char why[128];
	if (harness_once(&ready)) {
		store = trust_store_read(span_text(root_pem), why, sizeof(why));
		CHECK(store);
		harness_prepared();
	}
	return store;
}

struct certificate_list *rig_root_chain(void)
{
	static struct certificate_list list;
	static struct arena arena;
	static bool ready;
	char why[128];
	if (harness_once(&ready)) {
		arena_init(&arena, 1 << 16);
		CHECK(certificate_chain_read(&list, &arena, span_text(root_pem), why,
					     sizeof(why)) == FAULT_NONE);
		harness_prepared();
	}
	return &list;
}

void rig_chain(struct arena *arena, const struct certificate_list *list,
	       const struct trust_store *store)
{
	const char *anchor = NULL;
	enum chain_result result =
		x509_chain_verify(list->der, list->len, store, TODAY, arena, &anchor);
	CHECK(chain_result_text(result) && anchor);
	CHECK(result != CHAIN_TRUSTED || strcmp(anchor, "fuzz root") == 0);
	harness_note_number(result);
}
