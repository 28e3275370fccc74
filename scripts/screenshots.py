#!/usr/bin/env python3
"""Takes pictures of the admin pages in a real Chromium, of a demo server with some calls: in two languages, in light and
dark, narrow and wide.

All go to target/screenshots, those that the documents show to docs/screenshots too, if `--docs` is given. Needs
chromedriver and chromium; LEADKEEP_BIN names the binary. Fails if a page is wider than its window.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = os.environ.get("LEADKEEP_BIN", str(ROOT / "target/release/leadkeep"))
OUT = ROOT / "target/screenshots"
SHOWN = ROOT / "docs/screenshots"
IN_DOCS = ["overview-en-1440-light", "call-en-1440-light", "lead-en-1440-light", "overview-ja-390-dark"]
KEY = "demo_key_0123456789abcdef"
PASSWORD = "a password for pictures"
LANGUAGES = ["en", "ja"]
WIDTHS = [390, 1440]
SCHEMES = ["light", "dark"]
PAGES = {
    "overview": "/admin",
    "calls": "/admin/calls",
    "call": None,
    "leads": "/admin/leads",
    "lead": "/admin/leads/1",
    "lead-edit": "/admin/leads/1/edit",
    "lead-merge": "/admin/leads/1/merge?other=2",
    "opportunities": "/admin/opportunities",
    "opportunity": "/admin/opportunities/1",
    "programs": "/admin/programs",
    "program": "/admin/programs/1970",
    "lists": "/admin/lists",
    "list": "/admin/lists/1001",
    "campaigns": "/admin/campaigns",
    "campaign": "/admin/campaigns/4496",
    "failures": "/admin/campaigns/failures",
    "imports": "/admin/imports",
    "setup-fields": "/admin/setup",
    "setup-objects": "/admin/setup/objects",
    "setup-object": "/admin/setup/objects/RoadShow",
    "setup-programs": "/admin/setup/programs",
    "setup-workspaces": "/admin/setup/workspaces",
    "setup-file": "/admin/setup/file",
    "account": "/admin/account",
    "users": "/admin/users",
    "connect": "/admin/connect",
}


class Browser:
    """A session of a WebDriver."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments}}
        made = self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})
        self.base += f"/session/{made['sessionId']}"

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, {"content-type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def go(self, url):
        self.ask("POST", "/url", {"url": url})

    def run(self, script):
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def devtools(self, command, **params):
        return self.ask("POST", "/goog/cdp/execute", {"cmd": command, "params": params})

    def fill(self, name, value):
        found = self.ask("POST", "/element", {"using": "css selector", "value": f"main [name={name}]"})
        element = next(iter(found.values()))
        self.ask("POST", f"/element/{element}/value", {"text": value})

    def press(self, selector):
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        element = next(iter(found.values()))
        self.ask("POST", f"/element/{element}/click", {})

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


def calls(endpoint, key):
    """Makes some calls, good and bad, so that there is something to see."""
    params = OUT / "params.xml"
    for number in range(40):
        text = (
            '<ns1:paramsSyncLead xmlns:ns1="http://www.marketo.com/mktows/"><leadRecord>'
            f"<Email>person{number}@example.com</Email><leadAttributeList><attribute><attrName>FirstName</attrName>"
            f"<attrValue>山田 {number}</attrValue></attribute></leadAttributeList></leadRecord><returnLead>false</returnLead>"
            "</ns1:paramsSyncLead>"
        )
        params.write_text(text)
        subprocess.run(
            [BIN, "call", "syncLead", "--endpoint", endpoint, "--user", "demo_user", "--key", key, str(params)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    params.unlink()


def main():
    only = [name for name in sys.argv[1:] if name in PAGES]
    OUT.mkdir(parents=True, exist_ok=True)
    server = subprocess.Popen(
        [BIN, "serve", "--demo", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    driver = subprocess.Popen(["chromedriver", "--port=9617"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wide = []
    try:
        set_up = address = None
        for line in server.stdout:
            if found := re.match(r"set up +(\S+)", line):
                set_up = found.group(1)
            if found := re.match(r"listening on (\S+)", line):
                address = found.group(1)
                break
        calls(f"{address}/soap/mktows/3_1", KEY)
        for _ in range(100):
            try:
                browser = Browser(9617)
                break
            except urllib.error.URLError:
                time.sleep(0.1)
        browser.go(set_up)
        browser.fill("name", "owner")
        browser.fill("password", PASSWORD)
        browser.fill("again", PASSWORD)
        browser.press("main button")
        time.sleep(1)
        browser.go(f"{address}/admin/calls")
        PAGES["call"] = browser.run(
            "const link = document.querySelector('td.time a'); return link ? link.getAttribute('href') : '/admin/calls'"
        )
        for language in LANGUAGES:
            browser.go(f"{address}/admin")
            browser.run(f"document.getElementById('language').value = '{language}'")
            browser.press("footer button")
            for name, path in PAGES.items():
                if only and name not in only:
                    continue
                for width in WIDTHS:
                    for scheme in SCHEMES:
                        browser.window(width, scheme)
                        browser.go(address + path)
                        needed = browser.run("return document.documentElement.scrollWidth")
                        picture = f"{name}-{language}-{width}-{scheme}"
                        if needed > width:
                            wide.append(f"{picture}: {needed} px")
                        path_of = OUT / f"{picture}.png"
                        browser.picture(path_of)
                        if "--docs" in sys.argv and picture in IN_DOCS:
                            SHOWN.mkdir(exist_ok=True)
                            (SHOWN / path_of.name).write_bytes(path_of.read_bytes())
    finally:
        driver.terminate()
        server.terminate()
        server.wait()
    for own in wide:
        print("wider than its window:", own, file=sys.stderr)
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
