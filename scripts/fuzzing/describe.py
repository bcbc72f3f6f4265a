# SPDX-License-Identifier: Apache-2.0
"""One sentence about what an input is: records, messages, extensions; or text; or bytes."""

from fuzzing import common

CONTENTS = {20: "change_cipher_spec", 21: "alert", 22: "handshake", 23: "application data",
            24: "heartbeat"}
MESSAGES = {0: "HelloRequest", 1: "ClientHello", 2: "ServerHello", 4: "NewSessionTicket",
            8: "EncryptedExtensions", 11: "Certificate", 12: "ServerKeyExchange",
            13: "CertificateRequest", 14: "ServerHelloDone", 15: "CertificateVerify",
            16: "ClientKeyExchange", 20: "Finished", 22: "CertificateStatus", 24: "KeyUpdate"}
RECORDS_SHOWN = 8
# No form stands behind more bytes of choices than this.
CHOICES_MAX = 16


class Reader:
    """A cursor over bytes that notes the first field that is cut off."""

    def __init__(self, data):
        """Begin at the first byte."""
        self.data, self.at, self.cut = data, 0, None

    def take(self, length, field):
        """Return the next bytes, fewer where there are no more."""
        part = self.data[self.at:self.at + length]
        if len(part) < length and self.cut is None:
            self.cut = field
        self.at += length
        return part

    def number(self, width, field):
        """Return the next number."""
        return int.from_bytes(self.take(width, field), "big")

    def vector(self, width, field):
        """Return the bytes behind the length that stands next."""
        return self.take(self.number(width, field), field)

    def left(self):
        """Return how many bytes are left."""
        return max(0, len(self.data) - self.at)


def counted(number, noun):
    """Return "1 record", "2 records"."""
    return "%d %s%s" % (number, noun, "" if number == 1 else "s")


def describe(unit, data):
    """Return the sentence."""
    form, skip = common.mutated().get(unit, (None, None))
    if form == "MUTATE_BODY" and len(data) > skip:
        return "ClientHello: " + hello(data[skip:])
    if skip is None:
        skip = next((at for at in range(CHOICES_MAX) if is_record(data[at:])), None)
    if skip is not None and is_record(data[skip:]):
        before = "behind %s of choices, " % counted(skip, "byte") if skip else ""
        return before + records(data[skip:])
    return text(data) if is_text(data) else plain(data)


def is_record(data):
    """Say whether a record's header can stand here."""
    return len(data) >= 5 and data[0] in CONTENTS and data[1] == 3


def is_text(data):
    """Say whether the bytes are text."""
    return len(data) > 0 and all(byte in b"\t\n\r" or 32 <= byte < 127 for byte in data)


def text(data):
    """Describe text."""
    lines = data.decode("ascii").splitlines()
    first = next((line for line in lines if line.strip()), "")
    first = first if len(first) <= 60 else first[:57] + "..."
    return "%s of text, the first '%s'" % (counted(len(lines), "line"), first)


def plain(data):
    """Describe bytes that are nothing in particular."""
    if not data:
        return "the empty input"
    return "%s: %s" % (counted(len(data), "byte"), in_hex(data, 16))


def in_hex(data, most):
    """Return the first bytes in digits."""
    return data[:most].hex(" ") + (" ..." if len(data) > most else "")


def records(data):
    """Describe a stream of records."""
    reader, parts = Reader(data), []
    while reader.left() and reader.cut is None:
        if not is_record(data[reader.at:]):
            parts.append("%s that are no record" % counted(reader.left(), "byte"))
            break
        kind, version = reader.number(1, "type"), reader.number(2, "version")
        length = reader.number(2, "length")
        body = reader.take(length, "body")
        parts.append(record(kind, version, length, body))
    shown = parts[:RECORDS_SHOWN]
    if len(parts) > len(shown):
        shown.append("%d more" % (len(parts) - len(shown)))
    return "%s: %s" % (counted(len(parts), "record"), "; ".join(shown))


def record(kind, version, length, body):
    """Describe one record."""
    name = CONTENTS[kind]
    if not length:
        name = "empty " + name
    elif kind == 22:
        name = messages(body)
    elif kind == 21 and length == 2 == len(body):
        name = "alert %d of level %d" % (body[1], body[0])
    elif kind in (20, 21, 23, 24):
        name += " of %s" % counted(length, "byte")
    if version not in (0x0301, 0x0303):
        name += " in version %04x" % version
    if len(body) < length:
        name += ", cut off after %d of %s" % (len(body), counted(length, "byte"))
    return name


def messages(body):
    """Describe the handshake messages in a record."""
    reader, parts = Reader(body), []
    while reader.left():
        kind, length = reader.number(1, "type"), reader.number(3, "length")
        inside = reader.take(length, "body")
        name = MESSAGES.get(kind, "handshake message %d" % kind)
        if kind == 1:
            name += " (%s)" % hello(inside)
        elif kind == 2:
            name += " (%s)" % server_hello(inside)
        else:
            name += " of %s" % counted(length, "byte")
        if len(inside) < length:
            name += ", of which %s are in this record" % counted(len(inside), "byte")
        parts.append(name)
    return ", ".join(parts)


def hello(body):
    """Describe the body of a ClientHello."""
    reader = Reader(body)
    parts = ["version %04x" % reader.number(2, "version")]
    reader.take(32, "random")
    identity = reader.vector(1, "session id")
    if len(identity) not in (0, 32):
        parts.append("a session id of %s" % counted(len(identity), "byte"))
    suites = reader.vector(2, "cipher suites")
    parts.append(counted(len(suites) // 2, "suite")
                 + (" and half of one" if len(suites) % 2 else ""))
    methods = reader.vector(1, "compression methods")
    if methods != b"\0" and not reader.cut:
        parts.append("compression methods %s" % (in_hex(methods, 8) or "none"))
    return ending(reader, parts)


def server_hello(body):
    """Describe the body of a ServerHello."""
    reader = Reader(body)
    parts = ["version %04x" % reader.number(2, "version")]
    reader.take(32, "random")
    reader.vector(1, "session id")
    parts.append("suite %04x" % reader.number(2, "cipher suite"))
    reader.number(1, "compression method")
    return ending(reader, parts)


def ending(reader, parts):
    """Describe the extensions, and how the message ends."""
    if reader.left():
        block = reader.vector(2, "extensions")
        parts += extensions(block)
    elif reader.cut is None:
        parts.append("no extensions")
    if reader.cut:
        parts.append("cut off in the %s" % reader.cut)
    elif reader.left():
        parts.append("%s behind its end" % counted(reader.left(), "byte"))
    return ", ".join(parts)


def extensions(block):
    """Describe a block of extensions: those that are twice, and those without a body."""
    reader, seen, twice = Reader(block), [], []
    while reader.left():
        kind = reader.number(2, "extension")
        body = reader.vector(2, "extension")
        if kind in [other for other, _ in seen]:
            twice.append("extension %d again, with length %d" % (kind, len(body)))
        seen.append((kind, len(body)))
    names = " ".join(str(kind) for kind, _ in seen)
    parts = ["%s (%s)" % (counted(len(seen), "extension"), names) if seen else
             "an empty block of extensions"]
    if reader.cut:
        parts.append("the last of them longer than the block")
    return parts + twice
