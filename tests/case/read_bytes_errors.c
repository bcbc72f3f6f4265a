/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with what is sent is said in one sentence, with its line and column. */
#include "reading.h"

#include <criterion/criterion.h>
#include <stdlib.h>

/* A `send` of these items, which begin in column 8 of line 4. */
static void refused_send(const char *items, const char *errors)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "  send %s\n  expect close\n", items);
	refused_case(text_view(&text), errors);
	text_release(&text);
}

/* The same between the braces of `bytes { ... }`: from column 16 on. */
static void refused_bytes(const char *bytes, const char *error)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "bytes { %s }", bytes);
	refused_send(text_view(&text), error);
	text_release(&text);
}

Test(reader_bytes, hexadecimal_digits_come_in_pairs)
{
	refused_bytes("017", "4:16: '017' has an odd number of hexadecimal digits");
	refused_bytes("0x17", "4:16: a number needs a width: 'u16 0x17'");
	refused_bytes("00,", "4:18: expected bytes, found ','");
}

Test(reader_bytes, names_are_those_of_the_registries)
{
	refused_bytes("x2551", "4:16: unknown name 'x2551'; did you mean 'x25519'?");
	refused_bytes("TLS_RSA_WITH_AES_128_GCM_SHA",
		      "4:16: unknown name 'TLS_RSA_WITH_AES_128_GCM_SHA'; did you mean "
		      "'TLS_RSA_WITH_AES_128_CBC_SHA'?");
	refused_bytes("psk_dhe_k", "4:16: unknown name 'psk_dhe_k'; did you mean 'psk_dhe_ke'?");
	refused_bytes("reapet 2 { }", "4:16: unknown name 'reapet'; did you mean 'repeat'?");
}

Test(reader_bytes, numbers_keep_to_their_width)
{
	refused_bytes("u8 256", "4:19: '256' is out of range: 0 to 255");
	refused_bytes("u16 0x10000", "4:20: '0x10000' is out of range: 0 to 65535");
	refused_bytes("u24 16777216", "4:20: '16777216' is out of range: 0 to 16777215");
	refused_bytes("u32 99999999999", "4:20: '99999999999' is out of range: 0 to 4294967295");
	refused_bytes("u8 x", "4:19: expected a number or '{', found 'x'");
	refused_bytes("u8 +x { }", "4:19: expected a number behind '+', '-' or '=', found '+x'");
	refused_bytes("u8 +1", "4:22: expected '{', found '}'");
	refused_bytes("u32 { }", "4:16: the length of a vector has 1 to 3 bytes, not 4");
}

Test(reader_bytes, generators_are_checked)
{
	refused_bytes("fill 3", "4:23: expected a byte of two hexadecimal digits, found '}'");
	refused_bytes("fill 3 0", "4:23: expected a byte of two hexadecimal digits, found '0'");
	refused_bytes("random", "4:23: expected how many bytes, found '}'");
	refused_bytes("numbered 2 to 3 { }", "4:27: expected 'from', found 'to'");
	refused_bytes("numbered 3 from 65534 { }", "4:32: '65534' is out of range: 0 to 65533");
	refused_bytes("share sect163k1", "4:22: there is no share of 'sect163k1' to send");
	refused_bytes("share x25518", "4:22: unknown group 'x25518'; did you mean 'x25519'?");
	refused_bytes("captured tiket", "4:25: unknown capture 'tiket'; did you mean 'ticket'?");
	refused_bytes("value u32", "4:22: unknown width 'u32'; known are 'u8', 'u16', 'u24'");
}

Test(reader_bytes, extensions_and_messages_keep_to_their_places)
{
	refused_bytes("server_name { }",
		      "4:16: the extension 'server_name' stands outside of a block of extensions");
	refused_send("client_hello { key_share { client_hello } }",
		     "4:35: the message 'client_hello' stands outside of a record");
	refused_send("client_hello { extensions { sever_name } }",
		     "4:36: unknown name 'sever_name'; did you mean 'server_name'?");
	refused_send("record handshake { client_helo }",
		     "4:27: unknown name 'client_helo'; did you mean 'client_hello'?");
	refused_send("client_hello { extensions { extension 70000 { } } }",
		     "4:46: '70000' is out of range: 0 to 65535");
	refused_send("client_hello { extensions { extension 7 } }",
		     "4:48: expected '{', found '}'");
}

Test(reader_bytes, items_are_checked)
{
	refused_send("", "4:8: expected what is sent before the end of the line");
	refused_send("client_hello,", "4:21: expected what is sent before the end of the line");
	refused_send("clienthello",
		     "4:8: unknown item 'clienthello'; did you mean 'client_hello'?");
	refused_send("client_hello client_hello",
		     "4:21: expected ',', 'in', 'withhold' or 'after', found 'client_hello'");
	refused_send("client_hello again", "4:21: no client_hello was sent before this one");
	refused_send("client_hello cut x", "4:25: expected how many bytes are left, found 'x'");
	refused_send("client_hello cut -0", "4:25: '-0' cuts nothing");
	refused_send("certificate_verify",
		     "4:8: the body of 'certificate_verify' has to be written");
	refused_send("handshake 256 { }", "4:18: '256' is out of range: 0 to 255");
	refused_send("alert fatl close_notify",
		     "4:14: unknown alert level 'fatl'; did you mean 'fatal'?");
	refused_send("alert fatal close_notfy",
		     "4:20: unknown alert 'close_notfy'; did you mean 'close_notify'?");
	refused_send("record handshak { }",
		     "4:15: unknown content type 'handshak'; did you mean 'handshake'?");
	refused_send("0 times client_hello", "4:8: '0' is out of range: 1 to 65536");
	refused_send("3 client_hello", "4:10: expected 'times', found 'client_hello'");
}

Test(reader_bytes, framing_is_checked)
{
	refused_send("bytes { 00 } in record { clear }", "4:21: 'bytes' goes into no record");
	refused_send("client_hello in record { typ 1 }",
		     "4:33: unknown word about a record 'typ'; did you mean 'type'?");
	refused_send("client_hello in record { length 5 }",
		     "4:40: expected +N, -N or =N, found '5'");
	refused_send("client_hello in record { clear clear }", "4:39: 'clear' is stated twice");
	refused_send("client_hello in records of 0", "4:35: '0' is out of range: 1 to 65535");
	refused_send("client_hello in records by 5", "4:32: expected 'of' or 'split', found 'by'");
	refused_send("client_hello in records of 5 in records of 6",
		     "4:48: the sizes are stated twice");
	refused_send("client_hello in bytes",
		     "4:24: expected 'record', 'records' or 'segments', found 'bytes'");
	refused_send("client_hello withhold 5, client_hello",
		     "4:31: 'in segments', 'withhold' and 'after' stand behind the last item");
	refused_send("client_hello after 60001", "4:27: '60001' is out of range: 1 to 60000");
	refused_send("client_hello after 1 after 2", "4:29: this is stated twice");
}

Test(reader_bytes, edits_are_checked)
{
	refused_send("client_hello { versoin TLS1.1 }",
		     "4:23: unknown field 'versoin'; did you mean 'version'?");
	refused_send("client_hello { key_shar { } }",
		     "4:23: unknown field 'key_shar'; did you mean 'key_share'?");
	refused_send("client_hello { suites ad { } }",
		     "4:30: unknown edit 'ad'; known are 'add', 'first', 'without'");
	refused_send("client_hello { suites absent }",
		     "4:30: unknown edit 'absent'; known are 'add', 'first', 'without'");
	refused_send("client_hello { suites without TLS_AES_128_GCM_SHA25 }",
		     "4:38: unknown suite 'TLS_AES_128_GCM_SHA25'; did you mean "
		     "'TLS_AES_128_GCM_SHA256'?");
	refused_send("client_hello { pad 7 }", "4:27: '7' is out of range: 8 to 262144");
	refused_send("client_hello { pad 512 pad 513 }", "4:31: 'pad' is edited twice");
	refused_send("client_hello { cookie { } cookie { 00 } }", "4:34: 'cookie' is edited twice");
	refused_send("client_hello { random +1 { } }", "4:30: expected '{', found '+1'");
	refused_send("client_hello { challenge { } }", "4:23: unknown field 'challenge'");
	refused_send("sslv2_client_hello { chalenge { } }",
		     "4:29: unknown field 'chalenge'; did you mean 'challenge'?");
}

Test(reader_bytes, steps_are_checked)
{
	refused_case("  await server_helo\n",
		     "4:9: unknown answer 'server_helo'; did you mean 'server_hello'?");
	refused_case("  await bytes\n", "4:14: expected how many bytes before the end of the line");
	refused_case("  complete now\n", "4:12: expected the end of the statement, found 'now'");
	refused_case("  shut down\n", "4:8: expected the end of the statement, found 'down'");
}

Test(reader_bytes, nothing_is_repeated_without_end)
{
	refused_bytes("repeat 65537 { }", "4:23: '65537' is out of range: 0 to 65536");
	refused_bytes("repeat 65536 { repeat 65536 { } }",
		      "4:8: the step sends more than 262144 bytes");
	refused_bytes("fill 262145 00", "4:21: '262145' is out of range: 0 to 262144");
	refused_bytes("fill 262144 00 00", "4:8: the step sends more than 262144 bytes");
	refused_send("65536 times client_hello, bytes { 00 }",
		     "4:34: the step sends more than 262144 bytes");
}
