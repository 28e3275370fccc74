#!/usr/bin/env python3
"""Takes pictures of the admin pages in a real Chromium, of a demo server with some calls: in two languages, in light and
dark, narrow and wide.

All go to target/screenshots, those that the documents show to docs/screenshots too, if `--docs` is given. Needs
chromedriver and chromium; LEADKEEP_BIN names the binary. Fails if a page is wider than its window.
"""

import subprocess
import sys

from chromium import BIN, KEY, ROOT, demo_and_browser

OUT = ROOT / "target/screenshots"
SHOWN = ROOT / "docs/screenshots"
IN_DOCS = ["overview-en-1440-light", "call-en-1440-light", "lead-en-1440-light", "overview-ja-390-dark"]
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
    wide = []
    with demo_and_browser() as (demo, browser):
        address = demo.address
        calls(demo.endpoint, KEY)
        browser.go(demo.set_up)
        browser.fill("name", "owner")
        browser.fill("password", PASSWORD)
        browser.fill("again", PASSWORD)
        browser.press("main button")
        browser.wait_for("owner")
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
                        # What is folded up is to fit, too.
                        browser.run("document.querySelectorAll('main details').forEach(own => { own.open = true })")
                        needed = browser.run("return document.documentElement.scrollWidth")
                        picture = f"{name}-{language}-{width}-{scheme}"
                        if needed > width:
                            wide.append(f"{picture}: {needed} px")
                        path_of = OUT / f"{picture}.png"
                        browser.picture(path_of)
                        if "--docs" in sys.argv and picture in IN_DOCS:
                            SHOWN.mkdir(exist_ok=True)
                            (SHOWN / path_of.name).write_bytes(path_of.read_bytes())
    for own in wide:
        print("wider than its window:", own, file=sys.stderr)
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
