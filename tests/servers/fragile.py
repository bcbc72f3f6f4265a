#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""fragile.py PORT [late|leak|behind|crowded|once FILE]: answers each ClientHello on 127.0.0.1 with
a bare ServerHello or a fatal alert, one connection after the other, and aborts, as a failed
assertion does, on a heartbeat extension of one byte. With 'late' its sockets close half a second
before it aborts, as they do before the end of any process is told. It does not abort with 'leak',
and never gives back what it read; with 'behind', and agrees on TLS_RSA_WITH_AES_128_CBC_SHA as
well, and then refuses it; with 'crowded', and has room for one connection that waits, and takes
its time; with 'once', and some time after its 300th connection prints what a sanitizer would, and
ends half a second behind that, unless FILE says that it did so before."""
import os
import socket
import sys
import threading
import time

SUITE = bytes.fromhex("c02f")
REFUSED = bytes.fromhex("002f")
HELLO = bytes.fromhex("160303002a0200002603035a" + "5a" * 31 + "00c02f00")
ALERT = bytes.fromhex("15030300020228")
HEARTBEAT = bytes.fromhex("000f0001")
REPORT = b"""==1==ERROR: AddressSanitizer: heap-use-after-free on address 0x602 at pc 0x1
    #0 0x1 in parse /src/server.c:71:9
"""
SUMMARY = b"SUMMARY: AddressSanitizer: heap-use-after-free /src/server.c:71:9 in parse\n"
leaked = []


def suites(data):
    """The list of suites of a hello in one record, or nothing."""
    if len(data) < 46 or data[0] != 22 or data[5] != 1 or data[9:11] != b"\3\3":
        return b""
    at = 44 + data[43]
    length = int.from_bytes(data[at : at + 2], "big")
    return data[at + 2 : at + 2 + length]


def serve(listener, connection, how):
    data = connection.recv(65536)
    if how == "crowded":
        time.sleep(0.002)
    if how == "leak":
        leaked.append(bytearray(4096))
    elif HEARTBEAT in data and how in ("", "late"):
        if how == "late":
            listener.close()
            connection.close()
            time.sleep(0.5)
        os.write(2, b"fragile: fragile.c:7: heartbeat_read: Assertion `mode < 3' failed.\n")
        os.abort()
    offered = suites(data)
    pairs = [offered[i : i + 2] for i in range(0, len(offered), 2)]
    if how == "behind" and SUITE not in pairs and REFUSED in pairs:
        connection.sendall(HELLO.replace(SUITE, REFUSED) + ALERT)
    else:
        connection.sendall(HELLO if SUITE in pairs else ALERT)


def die_slowly(flag):
    with open(flag, "x", encoding="ascii"):
        os.write(2, REPORT)
    time.sleep(0.2)
    os.write(2, SUMMARY)
    time.sleep(0.3)
    os._exit(1)


def main():
    how = sys.argv[2] if len(sys.argv) > 2 else ""
    served = 0
    backlog = 0 if how == "crowded" else 128
    listener = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=backlog)
    while True:
        connection, _ = listener.accept()
        connection.settimeout(1)
        served += 1
        if how == "once" and served == 300 and not os.path.exists(sys.argv[3]):
            threading.Thread(target=die_slowly, args=(sys.argv[3],)).start()
        try:
            serve(listener, connection, how)
        except OSError:
            pass
        connection.close()


main()
