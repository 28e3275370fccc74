#!/usr/bin/env python3
"""Collects which code and which tests name each rule of the reference, and writes docs/conformance.md.

    python3 scripts/conformance.py           writes the page
    python3 scripts/conformance.py --check   fails if the page is stale, or a rule is named nowhere and not explained

Rules are listed in scripts/rules.txt. Those that are not kept, or not yet, stand in scripts/exceptions.txt with the
reason.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/conformance.md"
CODE = re.compile(r"\b([A-Z]{2,4}(?:-[A-Z]{2,4})?)-(\d{1,2})\b")
RANGE = re.compile(r"\b([A-Z]{2,4})-(\d{1,2}) to (?:[A-Z]{2,4}-)?(\d{1,2})\b")
NAME = re.compile(r"fn ((?:[a-z]{2,4}_\d{1,2}_)+)")


def rules():
    """All codes, in the order of the list; `SML 1-55` stands for 55 of them."""
    for line in (ROOT / "scripts/rules.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            area, numbers = line.split()
            for part in numbers.split(","):
                first, _, last = part.partition("-")
                for number in range(int(first), int(last or first) + 1):
                    yield f"{area}-{number}"


def exceptions():
    found = {}
    for line in (ROOT / "scripts/exceptions.txt").read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            codes, reason = line.split(":", 1)
            for code in codes.split():
                area, numbers = code.rsplit("-", 1) if ".." not in code else code.rsplit("-", 1)
                first, _, last = numbers.partition("..")
                for number in range(int(first), int(last or first) + 1):
                    found[f"{area}-{number}"] = reason.strip()
    return found


def codes_in(text):
    for area, number in CODE.findall(text):
        yield f"{area}-{int(number)}"
    for area, first, last in RANGE.findall(text):
        for number in range(int(first), int(last) + 1):
            yield f"{area}-{number}"
    for names in NAME.findall(text):
        parts = names.strip("_").split("_")
        for area, number in zip(parts[::2], parts[1::2]):
            yield f"{area.upper()}-{int(number)}"


def sources():
    """Code and tests of each source file: what follows `#[cfg(test)]`, and what stands in a folder of tests."""
    listed = subprocess.run(["git", "ls-files", "*.rs"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in sorted(set(listed.stdout.split())):
        path = ROOT / name
        if path.exists():
            text = path.read_text()
            is_test = "/tests/" in name or name.endswith("/tests.rs") or "/contract/" in name
            code, _, test = ("", "", text) if is_test else text.partition("#[cfg(test)]")
            yield name, code, test


def page():
    in_code, in_tests = {}, {}
    for name, code, test in sources():
        for found, text in ((in_code, code), (in_tests, test)):
            for rule in set(codes_in(text)):
                found.setdefault(rule, set()).add(name.removeprefix("crates/"))
    excused = exceptions()
    lines = [
        "# Conformance",
        "",
        "Which code and which tests name each numbered rule of the reference. Made by `scripts/conformance.py` out of the",
        "sources; do not edit. A rule without a test of its own is kept by the form of the code or by a test that is named",
        "after another rule.",
        "",
        "| rule | code | tests | |",
        "|---|---|---|---|",
    ]
    nowhere, untested, total = [], 0, 0
    for rule in rules():
        total += 1
        code = "<br>".join(sorted(in_code.get(rule, [])))
        tests = "<br>".join(sorted(in_tests.get(rule, [])))
        reason = excused.get(rule, "")
        if not reason:
            if not code and not tests:
                nowhere.append(rule)
            untested += not tests
        lines.append(f"| {rule} | {code} | {tests} | {reason} |")
    kept = sum(1 for rule in rules() if rule not in excused)
    lines[6:6] = [f"{total} rules, {total - kept} of them not kept or not yet, with the reason; {kept - untested} of {kept} are named by a test.", ""]
    return "\n".join(lines) + "\n", nowhere


def main():
    text, nowhere = page()
    if "--check" not in sys.argv:
        PAGE.write_text(text)
        if nowhere:
            print("named nowhere: " + " ".join(nowhere))
        return
    if nowhere:
        sys.exit("named by no code and no test, and not explained in scripts/exceptions.txt: " + " ".join(nowhere))
    if not PAGE.exists() or PAGE.read_text() != text:
        sys.exit("docs/conformance.md is stale: run python3 scripts/conformance.py")
    print("docs/conformance.md is up to date")


main()
