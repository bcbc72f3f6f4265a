#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""dns.py PORT NAME ADDRESS - answers A queries for NAME over UDP; any other name does not exist."""

import socket
import struct
import sys

NO_SUCH_NAME = 3
TYPE_A = 1


def question(query):
    """The name asked for, its type, and where the question ends."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii"))
        at += 1 + query[at]
    (kind,) = struct.unpack_from("!H", query, at + 1)
    return ".".join(labels).lower(), kind, at + 5


def answer(query, name, address):
    asked, kind, end = question(query)
    known = asked == name
    records = b""
    if known and kind == TYPE_A:
        records = struct.pack("!HHHIH", 0xC00C, TYPE_A, 1, 60, 4) + socket.inet_aton(address)
    flags = 0x8580 | (0 if known else NO_SUCH_NAME)
    head = query[:2] + struct.pack("!HHHHH", flags, 1, 1 if records else 0, 0, 0)
    return head + query[12:end] + records


def serve(port, name, address):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", port))
    while True:
        query, peer = server.recvfrom(512)
        try:
            server.sendto(answer(query, name, address), peer)
        except (IndexError, struct.error, UnicodeDecodeError):
            pass


def main():
    port, name, address = sys.argv[1:]
    # The TCP listener is only there to be seen in the kernel's table, where readiness is read.
    with socket.create_server(("127.0.0.1", int(port))):
        serve(int(port), name, address)


main()
