"""A demo server of leadkeep and a real Chromium by its WebDriver, for the scripts that look at the admin pages.

Needs chromedriver and chromium; LEADKEEP_BIN names the binary, else it is the release binary.
"""

import base64
import contextlib
import json
import os
import pathlib
import re
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = os.environ.get("LEADKEEP_BIN", str(ROOT / "target/release/leadkeep"))
# Where the driver listens.
PORT = 9617
KEY = "demo_key_0123456789abcdef"


class DriverError(Exception):
    """What the driver could not do."""


class Browser:
    """A session of a WebDriver."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.base += f"/session/{made['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise DriverError(f"{path} {body}: {json.load(error)['value']['message']}") from None

    def go(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def devtools(self, command, **params):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def element(self, selector):
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return next(iter(found.values()))

    def type(self, selector, value):
        """Types into a field, in place of what it holds; for a file, its path."""
        element = self.element(selector)
        if self.run(f"return document.querySelector({json.dumps(selector)}).type") not in ("file", "select-one"):
            self.ask("POST", f"/element/{element}/clear", {})
        self.ask("POST", f"/element/{element}/value", {"text": value})

    def fill(self, name, value):
        self.type(f'main [name="{name}"]', value)

    def press(self, selector):
        """Clicks at something, which may be a moment away."""
        for _ in range(200):
            if self.run(f"return document.querySelector({json.dumps(selector)}) !== null"):
                break
            time.sleep(0.05)
        self.ask("POST", f"/element/{self.element(selector)}/click", {})

    def text(self):
        return self.run("return document.body.innerText")

    def path(self):
        return self.run("return location.pathname + location.search")

    def wait_for(self, text):
        """Looks at the page, which may follow what happens by itself, until it shows a text."""
        for _ in range(200):
            with contextlib.suppress(DriverError):
                if text in self.text():
                    return
            time.sleep(0.05)
        raise AssertionError(f"no {text!r} in {self.path()}:\n{self.text()}")

    def complaints(self):
        """What the browser had against the pages since the last time: scripts that failed, things that it may not load."""
        lines = self.ask("POST", "/se/log", {"type": "browser"})
        # An answer of 422 says that a form was wrong, and is meant.
        return [line["message"] for line in lines if line["level"] == "SEVERE" and "422" not in line["message"]]

    def picture(self, path):
        # All of the page, not only what fits the window.
        height = self.run("return document.documentElement.scrollHeight")
        clip = {"x": 0, "y": 0, "width": self.width, "height": min(height, 4000), "scale": 1}
        shot = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def window(self, width, scheme):
        self.width = width
        self.devtools(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 500
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.devtools("Emulation.setEmulatedMedia", features=[feature])


class Demo:
    """A demo server."""

    def __init__(self):
        self.process = subprocess.Popen(
            [BIN, "serve", "--demo", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in self.process.stdout:
            if found := re.match(r"set up +(\S+)", line):
                self.set_up = found.group(1)
            if found := re.match(r"listening on (\S+)", line):
                self.address = found.group(1)
                break
        self.endpoint = f"{self.address}/soap/mktows/3_1"


@contextlib.contextmanager
def demo_and_browser():
    """Both, until the block ends."""
    demo = Demo()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    driver = subprocess.Popen(["chromedriver", f"--port={PORT}"], **quiet)
    try:
        for _ in range(100):
            try:
                browser = Browser(PORT)
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        yield demo, browser
    finally:
        driver.terminate()
        driver.wait()
        demo.process.terminate()
        demo.process.wait()
