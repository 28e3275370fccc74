#!/usr/bin/env python3
"""The story of an owner's first day, told in a real Chromium: the first owner, a custom object that PHP then calls, the call
in the log, a lead that is found and edited, a file with progress, a key, a viewer, a form that is wrong.

Needs chromedriver, chromium and PHP with SOAP; LEADKEEP_BIN names the binary. Fails where the story does not go on, and if
the browser has anything against a page.
"""

import pathlib
import subprocess
import sys
import tempfile

from chromium import KEY, demo_and_browser

PASSWORD = "a password for the story"
# A program as an old integration has it: it writes a record of the new type, and reads it again.
PHP = r"""
[, $endpoint, $user, $key] = $argv;
$client = new SoapClient("$endpoint?WSDL", ['location' => $endpoint, 'cache_wsdl' => WSDL_CACHE_NONE]);
function call($client, $user, $key, $operation, $params) {
    $time = date(DATE_W3C);
    $client->__setSoapHeaders(new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader', (object) [
        'mktowsUserId' => $user, 'requestSignature' => hash_hmac('sha1', $time . $user, $key), 'requestTimestamp' => $time,
    ]));
    return $client->__soapCall($operation, [$params]);
}
$pair = fn($name, $value) => ['attrName' => $name, 'attrValue' => $value];
$made = call($client, $user, $key, 'syncCustomObjects', ['objTypeName' => 'ticket_c', 'operation' => 'UPSERT',
    'customObjList' => ['customObj' => [[
        'customObjKeyList' => ['attribute' => [$pair('number', 'T-1')]],
        'customObjAttributeList' => ['attribute' => [$pair('owner', 'zoe@example.com')]],
    ]]]]);
echo json_encode($made);
"""


def php(endpoint, key):
    """Runs the program; what it said, faults too."""
    run = subprocess.run(["php", "-r", PHP, endpoint, "demo_user", key], capture_output=True, text=True, check=False)
    return run.stdout + run.stderr


def sign_in(browser, address, name):
    browser.go(f"{address}/admin")
    browser.fill("name", name)
    browser.fill("password", PASSWORD)
    browser.press("main button")
    browser.wait_for("Overview")


def tell(demo, browser, directory):
    go = lambda path: browser.go(demo.address + path)
    # The first owner.
    browser.go(demo.set_up)
    browser.fill("name", "owner")
    browser.fill("password", PASSWORD)
    browser.fill("again", "something else entirely")
    browser.press("main button")
    browser.wait_for("The two passwords are not the same.")
    browser.fill("password", PASSWORD)
    browser.fill("again", PASSWORD)
    browser.press("main button")
    browser.wait_for("Overview")

    # A custom object with a key and a link, first with a mistake, which does not cost what was typed.
    go("/admin/setup/objects")
    browser.press("main summary")
    browser.fill("name", "ticket c!")
    browser.fill("name.0", "number")
    browser.press('main [name="dedupe.0"]')
    browser.fill("name.1", "owner")
    browser.fill("type.1", "email")
    browser.fill("link.1", "Lead.Email")
    browser.press('main form[action="/admin/setup/objects"] > button')
    browser.wait_for("expected")
    assert browser.run("return document.querySelector('[name=\"name.0\"]').value") == "number"
    browser.fill("name", "ticket_c")
    browser.press('main form[action="/admin/setup/objects"] > button')
    browser.wait_for("Saved.")

    # A file with a lead and a row that fails; the page follows it to its end.
    file = pathlib.Path(directory) / "leads.csv"
    file.write_text("Email Address,Last Name,Lead Score\nzoe@example.com,Zöllner 山,5\nbad@example.com,Bad,many\n")
    go("/admin/imports?list=new")
    browser.fill("file", str(file))
    browser.fill("new_list", "Story")
    browser.press('main form[action="/admin/imports"] button')
    browser.wait_for("Done")
    browser.wait_for("LeadScore")
    assert browser.run("return document.querySelector('progress').value") == 2

    # PHP calls the type; the call is in the log, which is live.
    go("/admin/calls")
    said = php(demo.endpoint, KEY)
    assert "CREATED" in said, said
    browser.wait_for("syncCustomObjects")
    browser.press("td.time a")
    browser.wait_for("ticket_c")
    assert "***" in browser.text()

    # The lead is found and edited; its history says so, and the record is on its page.
    go("/admin/leads?by=field.LastName&q=zö")
    browser.press("td a")
    browser.wait_for("T-1")
    browser.press('main a[href$="/edit"]')
    browser.fill("after.LastName", "Zürcher")
    browser.press("main form button")
    browser.wait_for("Saved.")
    browser.wait_for("User changed value")
    lead = browser.path().split("?")[0]

    # A new key for the user of the program: the old one is valid for an hour more, and both work.
    go("/admin/users")
    row = '//tr[.//a[text()="demo_user"]]'
    browser.run(
        f"const row = document.evaluate('{row}', document).iterateNext();"
        "row.querySelector('[name=overlap]').value = '1'; row.querySelector('form[action$=rotate] button').click();"
    )
    browser.wait_for("Copy the key now")
    key = browser.run("return document.querySelector('main pre, main code').textContent").strip()
    assert len(key) == 40 and key != KEY, key
    for one in (key, KEY):
        said = php(demo.endpoint, one)
        assert "UPDATED" in said or "UNCHANGED" in said or "SKIPPED" in said, said
    assert "20014" in php(demo.endpoint, "a key of nobody"), "a wrong key is refused"

    # A viewer sees the lead and changes nothing.
    go("/admin/admins")
    browser.type('form[action="/admin/admins/add"] [name=name]', "vic")
    browser.type('form[action="/admin/admins/add"] [name=role]', "Viewer")
    browser.type('form[action="/admin/admins/add"] [name=password]', PASSWORD)
    browser.press('form[action="/admin/admins/add"] button')
    browser.wait_for("vic")
    complaints = browser.complaints()
    browser.press('form[action="/admin/sign-out"] button')
    browser.wait_for("Sign in")
    sign_in(browser, demo.address, "vic")
    go(lead)
    browser.wait_for("Zürcher")
    assert "/edit" not in browser.run("return document.body.innerHTML")
    complaints += browser.complaints()
    go(f"{lead}/edit")
    browser.wait_for("Not allowed")
    assert not complaints, complaints


def main():
    with tempfile.TemporaryDirectory() as directory, demo_and_browser() as (demo, browser):
        browser.window(1440, "light")
        tell(demo, browser, directory)
    print("the story goes on to its end")
    return 0


if __name__ == "__main__":
    sys.exit(main())
