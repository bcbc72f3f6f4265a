#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""watched.py PORT [daemon]: listens on 127.0.0.1 and does what its clients say.

A client sends one line, and gets one, with which the connection ends: after what it asked for.
With 'daemon', the server goes on in a child, and its parent ends well as soon as it listens.
Whatever happens, it ends after a minute.
"""
import os
import signal
import socket
import sys


def say(text):
    os.write(2, text.replace("|", "\n").encode("latin-1"))


def in_child(action):
    pid = os.fork()
    if pid == 0:
        action()
        os._exit(0)
    return pid


def report_and_die(text):
    say(text)
    os.kill(os.getpid(), signal.SIGKILL)


def linger():
    os.closerange(3, 64)
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.alarm(60)
    while True:
        signal.pause()


def flood(mebibytes):
    line = b"x" * 127 + b"\n"
    for _ in range(mebibytes):
        os.write(1, line * 8192)


def masks():
    with open("/proc/self/status", encoding="ascii") as status:
        values = [line.split()[1] for line in status if line.startswith(("SigBlk", "SigIgn"))]
    return " ".join(values)


kept = []


def obey(verb, rest):
    if verb == "exit":
        os._exit(int(rest))
    if verb == "kill":
        os.kill(os.getpid(), int(rest))
    if verb == "say":
        say(rest)
    if verb == "child":
        os.waitpid(in_child(lambda: report_and_die(rest)), 0)
    if verb == "linger":
        return str(in_child(linger))
    if verb == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if verb == "flood":
        flood(int(rest))
    if verb == "grow":
        kept.append(b"x" * int(rest))
    if verb == "masks":
        return masks()
    if verb == "input":
        return repr(os.read(0, 1))
    if verb == "variable":
        return os.environ.get(rest, "unset")
    return "done"


def main():
    # What Python ignores itself is of no interest to who asks for 'masks'.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    signal.alarm(60)
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(sys.argv[1])))
    server.listen()
    if "daemon" in sys.argv and os.fork():
        os._exit(0)
    while True:
        client = server.accept()[0]
        line = client.makefile("r", encoding="latin-1").readline().rstrip("\n")
        if line:
            client.sendall((obey(*line.partition(" ")[::2]) + "\n").encode())
        client.close()


main()
