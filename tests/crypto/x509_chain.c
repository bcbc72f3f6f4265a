/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/x509.h"
#include "crypto/x509_parts.h"
#include "made.h"

/* 2026-06-01 */
#define TODAY days_of(2026, 6, 1)

static struct trust_store *trusting(const struct made *anchor)
{
	char pem[8192], why[128];
	struct trust_store *store =
		trust_store_read(made_pem(anchor, pem, sizeof pem), why, sizeof why);
	cr_assert(store, "%s", why);
	return store;
}

static enum chain_result verify(const struct made *anchor, int32_t today, size_t len,
				struct made *const *chain)
{
	struct span der[32];
	for (size_t i = 0; i < len; i++)
		der[i] = chain[i]->der;
	struct trust_store *store = trusting(anchor);
	struct arena arena;
	arena_init(&arena, 4096);
	const char *name;
	enum chain_result result = x509_chain_verify(der, len, store, today, &arena, &name);
	bool found = result == CHAIN_TRUSTED || result == CHAIN_EXPIRED || result == CHAIN_WEAK ||
		     result == CHAIN_WRONG_PURPOSE;
	cr_assert_str_eq(name, found ? anchor->subject + 3 : "");
	arena_release(&arena);
	trust_store_free(store);
	return result;
}

#define VERIFY(anchor, today, ...)                                                                 \
	verify(anchor, today, sizeof((struct made *[]){ __VA_ARGS__ }) / sizeof(struct made *),    \
	       (struct made *[]){ __VA_ARGS__ })

static struct made *root(void)
{
	return make(&(struct recipe){ .subject = "CN=Root", .ca = true }, NULL);
}

Test(x509_chain, leaf_under_the_root_is_trusted_and_under_another_is_not)
{
	struct made *ca = root(), *other = root();
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db" }, ca);
	cr_assert_eq(VERIFY(ca, TODAY, leaf), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(other, TODAY, leaf), CHAIN_UNTRUSTED);
}

Test(x509_chain, intermediates_may_come_in_any_order_and_with_strangers)
{
	struct made *ca = root();
	struct made *upper = make(&(struct recipe){ .subject = "CN=Upper", .ca = true }, ca);
	struct made *lower = make(&(struct recipe){ .subject = "CN=Lower", .ca = true }, upper);
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db" }, lower);
	struct made *stranger = root();
	cr_assert_eq(VERIFY(ca, TODAY, leaf, lower, upper), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(ca, TODAY, leaf, stranger, upper, lower, ca), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(ca, TODAY, leaf, upper), CHAIN_UNTRUSTED);
	cr_assert_eq(VERIFY(upper, TODAY, leaf, lower), CHAIN_TRUSTED);
}

Test(x509_chain, days_are_judged_by_the_day_asked)
{
	struct made *ca = make(&(struct recipe){ .subject = "CN=Root",
						 .ca = true,
						 .not_before = "20100101000000",
						 .not_after = "20401231235959" },
			       NULL);
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db",
						   .not_before = "20150301000000",
						   .not_after = "20150401000000" },
				 ca);
	cr_assert_eq(VERIFY(ca, days_of(2015, 2, 28), leaf), CHAIN_EXPIRED);
	cr_assert_eq(VERIFY(ca, days_of(2015, 3, 1), leaf), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(ca, days_of(2015, 4, 1), leaf), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(ca, days_of(2015, 4, 2), leaf), CHAIN_EXPIRED);
	struct made *open = make(&(struct recipe){ .subject = "CN=db",
						   .not_before = "20050301000000",
						   .not_after = "20450401000000" },
				 ca);
	cr_assert_eq(VERIFY(ca, days_of(2009, 1, 1), open), CHAIN_EXPIRED, "the root's own days");
	cr_assert_eq(VERIFY(ca, days_of(2041, 1, 1), open), CHAIN_EXPIRED, "the root's own days");
}

Test(x509_chain, of_two_paths_the_sound_one_counts)
{
	struct made *ca = root();
	struct made *stale = make(&(struct recipe){ .subject = "CN=Middle",
						    .ca = true,
						    .not_before = "20100101000000",
						    .not_after = "20200102000000" },
				  ca);
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db" }, stale);
	cr_assert_eq(VERIFY(ca, TODAY, leaf, stale), CHAIN_EXPIRED);
	/* The same authority key, certified again: a fresh certificate over the stale one's key. */
	struct made fresh = *stale;
	struct made *anew = make(&(struct recipe){ .subject = "CN=Middle", .ca = true }, ca);
	struct made *under = make(&(struct recipe){ .subject = "CN=db" }, anew);
	cr_assert_eq(VERIFY(ca, TODAY, under, &fresh, anew), CHAIN_TRUSTED);
}

Test(x509_chain, weak_keys_and_digests_are_told_apart_from_distrust)
{
	struct made *ca = root();
	struct made *sha1 = make(&(struct recipe){ .subject = "CN=db", .md = MBEDTLS_MD_SHA1 }, ca);
	struct made *small = make(&(struct recipe){ .subject = "CN=db", .rsa_bits = 1024 }, ca);
	cr_assert_eq(VERIFY(ca, TODAY, sha1), CHAIN_WEAK);
	cr_assert_eq(VERIFY(ca, TODAY, small), CHAIN_WEAK);
	struct made *weak_root =
		make(&(struct recipe){ .subject = "CN=Root", .ca = true, .rsa_bits = 1024 }, NULL);
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db" }, weak_root);
	cr_assert_eq(VERIFY(weak_root, TODAY, leaf), CHAIN_WEAK);
	/* A root's own signature proves nothing, so its digest does not matter. */
	struct made *old_root = make(
		&(struct recipe){ .subject = "CN=Root", .ca = true, .md = MBEDTLS_MD_SHA1 }, NULL);
	cr_assert_eq(
		VERIFY(old_root, TODAY, make(&(struct recipe){ .subject = "CN=db" }, old_root)),
		CHAIN_TRUSTED);
}

Test(x509_chain, self_signed_leaf_is_trusted_only_as_an_anchor)
{
	struct made *own = make(&(struct recipe){ .subject = "CN=db" }, NULL);
	cr_assert_eq(VERIFY(own, TODAY, own), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(root(), TODAY, own), CHAIN_UNTRUSTED);
}

Test(x509_chain, who_is_no_authority_cannot_issue)
{
	struct made *ca = root();
	struct made *leaf = make(&(struct recipe){ .subject = "CN=shop" }, ca);
	struct made *forged = make(&(struct recipe){ .subject = "CN=db" }, leaf);
	cr_assert_eq(VERIFY(ca, TODAY, forged, leaf), CHAIN_UNTRUSTED);
}

Test(x509_chain, path_length_of_an_authority_is_kept)
{
	struct made *ca =
		make(&(struct recipe){ .subject = "CN=Root", .ca = true, .max_path_len = 1 }, NULL);
	struct made *middle = make(&(struct recipe){ .subject = "CN=Middle", .ca = true }, ca);
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db" }, middle);
	struct made *direct = make(&(struct recipe){ .subject = "CN=db" }, ca);
	cr_assert_eq(VERIFY(ca, TODAY, leaf, middle), CHAIN_UNTRUSTED);
	cr_assert_eq(VERIFY(ca, TODAY, direct), CHAIN_TRUSTED);
}

Test(x509_chain, certificate_for_clients_proves_no_server)
{
	struct made *ca = root();
	struct made *client =
		make(&(struct recipe){ .subject = "CN=db",
				       .extended_key_usage =
					       span_of("\x2b\x06\x01\x05\x05\x07\x03\x02", 8) },
		     ca);
	cr_assert_eq(VERIFY(ca, TODAY, client), CHAIN_WRONG_PURPOSE);
}

Test(x509_chain, hostile_bytes_and_many_lookalikes_are_bounded)
{
	struct made *ca = root();
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db" }, ca);
	struct made *chain[32] = { leaf };
	struct made *twins = make(&(struct recipe){ .subject = "CN=Root", .ca = true }, NULL);
	for (size_t i = 1; i < 32; i++)
		chain[i] = twins;
	cr_assert_eq(verify(root(), TODAY, 32, chain), CHAIN_UNTRUSTED);
	struct made garbage = *leaf;
	garbage.der = span_of("\x30\x82\xff\xff\x00", 5);
	cr_assert_eq(VERIFY(ca, TODAY, &garbage, leaf), CHAIN_MALFORMED);
	cr_assert_eq(VERIFY(ca, TODAY, leaf, &garbage), CHAIN_TRUSTED);
	cr_assert_eq(VERIFY(twins, TODAY, leaf, &garbage), CHAIN_MALFORMED);
}

Test(x509_chain, store_wants_pem_certificates)
{
	char why[128] = "";
	cr_assert_null(trust_store_read(span_text("hello"), why, sizeof why));
	cr_assert_str_eq(why, "it holds no PEM certificate");
	cr_assert_null(trust_store_read(span_of(NULL, 0), why, sizeof why));
}

static bool openssl(char *const *argv)
{
	posix_spawn_file_actions_t quiet;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&quiet, 1, 2);
	pid_t pid;
	int status = -1;
	if (posix_spawnp(&pid, "openssl", &quiet, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&quiet);
	return status == 0;
}

/*
 * Without `value`, only the chain is asked about. OpenSSL differs from libpq in one thing: it takes
 * no wildcard directly under a top-level label.
 */
static bool openssl_trusts(const char *option, const char *value)
{
	const char *words[] = { "openssl",  "verify",	 "-attime",	"1780272000",
				"-purpose", "sslserver", "-auth_level", "2",
				"-CAfile",  "ca.pem",	 "-untrusted",	"given.pem",
				option,	    value,	 "leaf.pem",	NULL };
	if (!value) {
		words[12] = "leaf.pem";
		words[13] = NULL;
	}
	char *argv[16];
	memcpy(argv, words, sizeof argv);
	return openssl(argv);
}

static void file_put(const char *name, const struct made *made)
{
	char pem[8192];
	FILE *file = fopen(name, "w");
	struct span text = made_pem(made, pem, sizeof pem);
	fwrite(text.at, 1, text.len, file);
	fclose(file);
}

/* In a folder of its own, below the one that the tests run in. */
static void openssl_compare(struct made *ca, struct made *given, struct made *leaf)
{
	char folder[] = "x509-XXXXXX";
	cr_assert(mkdtemp(folder));
	cr_assert_eq(chdir(folder), 0);
	file_put("ca.pem", ca);
	file_put("given.pem", given);
	file_put("leaf.pem", leaf);
	bool ours = VERIFY(ca, TODAY, leaf, given) == CHAIN_TRUSTED;
	cr_expect_eq(openssl_trusts(NULL, NULL), ours, "%s", leaf->subject);
	const char *names[] = { "db.one", "x.wild.test", "y.x.wild.test", "wild.test", "none" };
	for (size_t i = 0; ours && i < 5; i++)
		cr_expect_eq(openssl_trusts("-verify_hostname", names[i]),
			     x509_name_matches(leaf->der, names[i]), "%s", names[i]);
	if (ours)
		cr_expect_eq(openssl_trusts("-verify_ip", "127.0.0.1"),
			     x509_name_matches(leaf->der, "127.0.0.1"));
	unlink("ca.pem");
	unlink("given.pem");
	unlink("leaf.pem");
	cr_assert_eq(chdir(".."), 0);
	rmdir(folder);
}

Test(x509_chain, openssl_is_of_the_same_opinion)
{
	char name[] = "openssl", word[] = "version";
	char *version[] = { name, word, NULL };
	if (!openssl(version))
		cr_skip_test("openssl is not installed");
	struct span san = span_of("\x82\x06"
				  "db.one"
				  "\x82\x0b"
				  "*.wild.test"
				  "\x87\x04\x7f\x00\x00\x01",
				  27);
	struct made *ca = root();
	struct made *middle = make(&(struct recipe){ .subject = "CN=Middle", .ca = true }, ca);
	struct recipe leaf = { .subject = "CN=none", .san = san };
	openssl_compare(ca, middle, make(&leaf, middle));
	openssl_compare(root(), middle, make(&leaf, middle));
	leaf.not_after = "20240101000000";
	openssl_compare(ca, middle, make(&leaf, middle));
	leaf.not_after = NULL;
	leaf.rsa_bits = 1024;
	openssl_compare(ca, middle, make(&leaf, middle));
	leaf.rsa_bits = 0;
	leaf.md = MBEDTLS_MD_SHA1;
	openssl_compare(ca, middle, make(&leaf, middle));
	leaf.md = MBEDTLS_MD_NONE;
	struct made *no_ca = make(&(struct recipe){ .subject = "CN=Middle" }, ca);
	openssl_compare(ca, no_ca, make(&leaf, no_ca));
}
