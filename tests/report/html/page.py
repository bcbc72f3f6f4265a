#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""page.py FOLDER SEVERAL DEFECTIVE HOSTILE: HTML reports, looked at in a headless browser.

Says what holds and what does not, a line each; exit status 1 where something does not."""
import pathlib
import sys

from browser import Browser, BrowserError

HERE = pathlib.Path(__file__).resolve().parent
PROBES = (HERE / "probes.js").read_text(encoding="utf-8")
DESKTOP = (1280, 900)
PHONE = (360, 740)
SIZES = (PHONE, (768, 1024), DESKTOP)
LEAST_CONTRAST = 4.5
TOLD_MAX = 400
BACKSPACE = "\ue003"
ENTER = "\ue007"
# Chromium counts as seen what it has painted: what was opened is looked at two frames later.
OPEN_EVIDENCE = (
    "for (const part of document.querySelectorAll('.f.fail .ev')) part.open = true;"
    "return new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));")


def shorten(value):
    """Return a value as text that fits a log."""
    text = repr(value)
    return text if len(text) <= TOLD_MAX else f"{text[:TOLD_MAX]}..."


class Looker:
    """A browser, and what was found wrong with it."""

    def __init__(self, browser):
        self.browser = browser
        self.failures = 0

    def equal(self, what, expected, got):
        """Say whether both are the same."""
        if expected == got:
            print(f"ok: {what}")
        else:
            self.failures += 1
            print(f"FAILED: {what}: expected {shorten(expected)}, got {shorten(got)}")

    def ask(self, probe, *args):
        """Call a function of probes.js in the page."""
        return self.browser.run(f"{PROBES}\nreturn {probe}(...arguments);", *args)

    def show(self, path, size=DESKTOP, scheme="light"):
        """Open a page on a screen of that size."""
        self.browser.prefer(scheme)
        self.browser.resize(*size, mobile=size == PHONE)
        self.browser.open(path)


def requests_of(browser):
    """Return the addresses that were asked for since the page was opened."""
    asked = []
    for entry in browser.log("performance"):
        if '"Network.requestWillBeSent"' in entry["message"]:
            asked.append(entry["message"].split('"url":"', 1)[1].split('"', 1)[0])
    return asked


def look_at_loading(look, name, path):
    """Nothing is fetched, and the console stays empty."""
    look.show(path)
    look.equal(f"{name}: only the page is fetched", [f"file://{path}"], requests_of(look.browser))
    look.equal(f"{name}: the console is empty", [], look.browser.log("browser"))


def look_at_structure(look, name):
    """Landmarks, headings, tables and links are as a screen reader wants them."""
    look.equal(f"{name}: landmarks", {"header": 1, "main": 1, "footer": 1}, look.ask("landmarks"))
    look.equal(f"{name}: headings that skip a level", [], look.ask("skippedHeadings"))
    look.equal(f"{name}: headers of tables without a scope", 0, look.ask("headersWithoutScope"))
    look.equal(f"{name}: identifiers that stand twice", [], look.ask("doubleIdentifiers"))
    look.equal(f"{name}: links that lead nowhere", [], look.ask("deadLinks"))
    look.equal(f"{name}: regions without a name", 0, look.ask("regionsWithoutName"))
    look.equal(f"{name}: verdicts without a sign", [], look.ask("verdictsWithoutSign"))


def look_at_width(look, name, path):
    """The page does not scroll sideways, with everything that fails open."""
    for size in SIZES:
        look.show(path, size)
        look.browser.run(OPEN_EVIDENCE)
        look.equal(f"{name}: {size[0]} pixels are wide enough", 0,
                   look.ask("overflow", size[0]))


def look_at_colours(look, name, path):
    """Every text can be read, in the light and in the dark."""
    backgrounds = []
    for scheme in ("light", "dark"):
        look.show(path, scheme=scheme)
        look.browser.run(OPEN_EVIDENCE)
        backgrounds.append(look.ask("background"))
        look.equal(f"{name}: contrast in the {scheme}", [], look.ask("pale", LEAST_CONTRAST))
    look.equal(f"{name}: dark is darker than light", True, backgrounds[0] > backgrounds[1] + 100)


def look_at_filters(look, path):
    """Verdict, kind and text leave what they should; cleared, everything is back."""
    look.show(path)
    every = look.ask("shown")
    look.equal("all findings are there", True, len(every) > 1000)
    look.browser.choose("#verdict", "fail")
    failing = look.ask("shown")
    look.equal("verdict 'fail'", ["suite/TLS1.0/TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                                  "suite/TLS1.0/TLS_RSA_WITH_AES_128_CBC_SHA", "version/TLS1.0"],
               sorted(failing))
    look.equal("what is left is told", f"3 of {len(every)}", look.ask("told"))
    look.browser.type("#text", "ecdhe")
    look.equal("and the text 'ecdhe'", ["suite/TLS1.0/TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"],
               look.ask("shown"))
    look.browser.choose("#verdict", "all")
    look.equal("text alone finds more", True, 1 < len(look.ask("shown")) < len(every))
    look.browser.choose("#kind", "version")
    look.equal("kind 'version' and that text", True, 0 < len(look.ask("shown")) < 6)
    look.browser.type("#text", 5 * BACKSPACE)
    look.equal("kind 'version'", 6, len(look.ask("shown")))
    look.browser.choose("#kind", "all")
    look.equal("everything is back", every, look.ask("shown"))


def look_at_opening(look, path):
    """Details open by mouse and key, links open what they lead to, buttons open what is shown."""
    look.show(path)
    look.browser.click("details.more > summary")
    look.equal("a click opens the folded suites", True,
               look.browser.run("return document.querySelector('details.more').open"))
    look.browser.run("document.querySelector('details.more > summary').focus()")
    look.browser.type("details.more > summary", ENTER)
    look.equal("the enter key closes them", False,
               look.browser.run("return document.querySelector('details.more').open"))
    look.browser.click("table.matrix td.pass > a")
    look.equal("a cell leads to its finding, which opens", [True, True],
               look.ask("targetIsOpenAndSeen"))
    look.browser.choose("#verdict", "fail")
    look.browser.click("table.matrix td.pass > a")
    look.equal("and to one that was filtered out, the second time too", [True, True],
               look.ask("targetIsOpenAndSeen"))
    look.browser.choose("#verdict", "fail")
    look.browser.click("#close")
    look.equal("all that is shown closes", 0, look.ask("openFindings"))
    look.browser.click("#open")
    look.equal("all that is shown opens", 3, look.ask("openFindings"))
    look.browser.click("table.rows button[data-search$=':36:']")
    look.equal("the findings of one row", look.ask("counted", ":36"), len(look.ask("shown")))


def look_without_scripts(look, name, path):
    """Everything is there and opens; what only a script makes work stays hidden."""
    look.browser.scripts(False)
    look.show(path, PHONE)
    look.equal(f"{name}: the filter is hidden without scripts", False,
               look.ask("isSeen", "#filter"))
    look.equal(f"{name}: and so are the buttons", 0, look.ask("buttonsSeen"))
    look.equal(f"{name}: the result is there", True, look.ask("isSeen", ".result"))
    look.equal(f"{name}: the page fits without scripts", 0, look.ask("overflow", PHONE[0]))
    look.browser.click("details.group:not([open]) > summary")
    look.equal(f"{name}: a group opens without scripts", True,
               look.ask("isSeen", "details.group[open] details.f"))
    look.browser.scripts(True)


def look_at_evidence(look, path):
    """The bytes of the hello stand in the finding that they prove."""
    look.show(path)
    look.browser.run(OPEN_EVIDENCE)
    look.equal("evidence names both directions", ["Sent", "Received"], look.ask("captions"))
    look.equal("the hello is annotated", True,
               look.ask("isInEvidence", "handshake_type: client_hello"))
    look.equal("and the answer", True, look.ask("isInEvidence", "handshake_type: server_hello"))


def look_at_print(look, path):
    """Paper has no filter, and black text on white in the dark as well."""
    look.show(path, scheme="dark")
    look.browser.cdp("Emulation.setEmulatedMedia", media="print")
    look.equal("no filter on paper", False, look.ask("isSeen", "#filter"))
    look.equal("white paper", 255, look.ask("background"))
    look.browser.cdp("Emulation.setEmulatedMedia", media="")


def look_at_hostile(look, path):
    """What a server wrote is text and nothing else."""
    look.show(path)
    look.equal("no element of a stranger's", 0, look.browser.run("return document.images.length"))
    look.equal("our script ran", True, look.ask("isSeen", "#filter"))
    look.equal("the words are there", True, look.ask(
        "isText", "</script></style><img src=x onerror=alert(1)>\"'&\\x1b[31m\\xff\\xe2\\x80\\xae"))


def main():
    """Look at the three pages and return the exit status."""
    folder, several, defective, hostile = sys.argv[1:]
    with Browser(folder) as browser:
        look = Looker(browser)
        for name, path in (("several", several), ("defective", defective), ("hostile", hostile)):
            look_at_loading(look, name, path)
            look_at_structure(look, name)
            look_at_width(look, name, path)
            look_without_scripts(look, name, path)
        look_at_colours(look, "several", several)
        look_at_colours(look, "defective", defective)
        look_at_filters(look, defective)
        look_at_opening(look, defective)
        look_at_evidence(look, defective)
        look_at_print(look, defective)
        look_at_hostile(look, hostile)
    print(f"page.py: {look.failures} failures")
    return 1 if look.failures else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrowserError as error:
        sys.exit(f"page.py: {error}")
