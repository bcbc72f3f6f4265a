/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "cli/check.h"
#include "cli/file.h"
#include "crypto/key_exchange.h"
#include "crypto/x509.h"

#define WHY_MAX	     512
#define PEM_FILE_MAX ((size_t)1 << 20)
#define PSK_MAX	     256

static int read_chain(struct check *check)
{
	const struct check_options *options = check->options;
	char why[WHY_MAX] = "";
	struct span pem;
	if (file_read(&pem, &check->arena, options->cert, PEM_FILE_MAX, why, sizeof(why)))
		return complain(options->who, "%s", why);
	if (certificate_chain_read(&check->client_chain, &check->arena, pem, why, sizeof(why)))
		return complain(options->who, "cannot use '%s': %s", options->cert, why);
	check->credentials.client_chain = &check->client_chain;
	return STATUS_PASS;
}

static int read_key(struct check *check)
{
	const struct check_options *options = check->options;
	char why[WHY_MAX] = "";
	struct span pem;
	if (file_read(&pem, &check->arena, options->key, PEM_FILE_MAX, why, sizeof(why)))
		return complain(options->who, "%s", why);
	check->client_key = signing_key_read(pem, why, sizeof(why));
	if (!check->client_key)
		return complain(options->who, "cannot use '%s': %s", options->key, why);
	check->credentials.client_key = check->client_key;
	return STATUS_PASS;
}

static int read_psk(struct check *check)
{
	const struct check_options *options = check->options;
	uint8_t bytes[PSK_MAX];
	size_t len, fell = 0;
	if (hex_decode(bytes, sizeof(bytes), &len, span_text(options->psk), &fell) || !len)
		return complain(options->who,
				"'--psk' is not a run of 1 to %d bytes in hexadecimal", PSK_MAX);
	check->credentials.psk = arena_copy(&check->arena, span_of(bytes, len));
	return STATUS_PASS;
}

int check_credentials(struct check *check)
{
	const struct check_options *options = check->options;
	const char *identity = options->psk_identity ? options->psk_identity : "Client_identity";
	int status = STATUS_PASS;
	check->credentials.password = options->password;
	check->credentials.psk_identity = span_text(identity);
	if (!check->has_target) {
		check->credentials.psk = span_text(ENDPOINT_PSK);
		check->credentials.psk_identity = span_text(ENDPOINT_PSK_IDENTITY);
	}
	if (!options->cert != !options->key)
		return complain(options->who, "'--cert' and '--key' need each other");
	if (options->cert)
		status = read_chain(check);
	if (status == STATUS_PASS && options->key)
		status = read_key(check);
	if (status == STATUS_PASS && options->psk)
		status = read_psk(check);
	return status;
}
