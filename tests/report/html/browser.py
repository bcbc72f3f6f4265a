# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, driven through chromedriver's WebDriver interface (W3C)."""
import base64
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage")
NEEDED = (("chromium", "chromium"), ("chromedriver", "chromium-driver"))
START_SECONDS = 60
CALL_SECONDS = 60
HOME = "\ue011"
DOWN = "\ue015"


class BrowserError(Exception):
    """What the browser or its driver would not do, in one sentence."""


def find_programs():
    """Return the paths of browser and driver, or end with a sentence that names the package."""
    paths = []
    for program, package in NEEDED:
        path = shutil.which(program)
        if path is None:
            sys.exit(f"'{program}' is missing: install the Debian package {package}")
        paths.append(path)
    return paths


class Browser:
    """One session; a context manager that ends what it started, and nothing else."""

    def __init__(self, folder):
        self.folder = folder
        self.driver = None
        self.session = None
        self.base = None

    def __enter__(self):
        browser, driver = find_programs()
        self.driver = subprocess.Popen(
            [driver, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True)
        try:
            self.base = f"http://127.0.0.1:{self._port()}"
            self._begin(browser)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(self, *_):
        self._end()

    def _port(self):
        """Read the port that the driver chose; its output is drained for as long as it lives."""
        ports = queue.Queue()

        def read():
            for line in self.driver.stdout:
                if "successfully on port " in line:
                    ports.put(line.rsplit(" ", 1)[1].strip(" .\n"))

        threading.Thread(target=read, daemon=True).start()
        try:
            return int(ports.get(timeout=START_SECONDS))
        except queue.Empty:
            raise BrowserError("chromedriver did not say on which port it listens") from None

    def _begin(self, browser):
        profile = tempfile.mkdtemp(dir=self.folder)
        options = {"binary": browser, "args": [*ARGUMENTS, f"--user-data-dir={profile}"]}
        wanted = {"browserName": "chrome", "goog:chromeOptions": options,
                  "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}
        value = self._call("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.session = f"/session/{value['sessionId']}"

    def _end(self):
        """Close the browser; then the driver and what it started are ended by their group."""
        if self.session:
            try:
                self._call("DELETE", self.session)
            except (BrowserError, OSError):
                pass
        try:
            os.killpg(self.driver.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.driver.wait()

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=CALL_SECONDS) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise BrowserError(f"{path}: {told['error']}: {told['message']}") from None

    def cdp(self, command, **params):
        """Send a command of the DevTools protocol."""
        return self._call("POST", f"{self.session}/goog/cdp/execute",
                          {"cmd": command, "params": params})

    def open(self, path):
        """Open a file, with an optional fragment; logs that came before are dropped."""
        self.log("browser")
        self.log("performance")
        self._call("POST", f"{self.session}/url", {"url": f"file://{path}"})

    def run(self, script, *args):
        """Run the body of a function in the page and return what it returns."""
        return self._call("POST", f"{self.session}/execute/sync",
                          {"script": script, "args": list(args)})

    def element(self, selector):
        """Return the first element that fits, as the protocol names it."""
        value = self._call("POST", f"{self.session}/element",
                           {"using": "css selector", "value": selector})
        return next(iter(value.values()))

    def click(self, selector):
        """Scroll there and click, as a person does: what is hidden or covered cannot be clicked."""
        self.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })",
                 selector)
        self._call("POST", f"{self.session}/element/{self.element(selector)}/click", {})

    def choose(self, selector, label):
        """Choose the option with that label, by the keys that lead there."""
        place = self.run("const options = document.querySelector(arguments[0]).options;"
                         "return Array.from(options).findIndex(it => it.label === arguments[1])",
                         selector, label)
        if place < 0:
            raise BrowserError(f"{selector}: there is no option '{label}'")
        self.type(selector, HOME + place * DOWN)

    def type(self, selector, text):
        """Press keys in an element."""
        self._call("POST", f"{self.session}/element/{self.element(selector)}/value",
                   {"text": text})

    def log(self, kind):
        """Return the entries of a log that are new."""
        return self._call("POST", f"{self.session}/se/log", {"type": kind})

    def resize(self, width, height, mobile=False):
        """Give the page a screen of that size."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=1, mobile=mobile)

    def prefer(self, scheme):
        """Prefer 'light' or 'dark'."""
        self.cdp("Emulation.setEmulatedMedia",
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def scripts(self, allowed):
        """Let the pages that are opened from now on run their scripts, or not."""
        self.cdp("Emulation.setScriptExecutionDisabled", value=not allowed)

    def screenshot(self, path, whole=False):
        """Write what is seen, or the whole page, as a PNG."""
        shot = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
