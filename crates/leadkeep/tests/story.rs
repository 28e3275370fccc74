//! The story of an owner's first day, told in a real Chromium: the first owner, a custom object that PHP then calls, the call
//! in the log, a lead that is found and edited, a file with progress, a key, a viewer, a form that is wrong.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::path::Path;
use std::process::Command;
use support::chromium::Chromium;
use support::tools::available;
use support::{KEY, Server, USER};

const PASSWORD: &str = "a password for the story";

/// A program as an old integration has it: it writes a record of the new type, and says what came of it.
const PHP: &str = r#"
[, $endpoint, $user, $key] = $argv;
$client = new SoapClient("$endpoint?WSDL", ['location' => $endpoint, 'cache_wsdl' => WSDL_CACHE_NONE]);
$time = date(DATE_W3C);
$client->__setSoapHeaders(new SoapHeader('http://www.marketo.com/mktows/', 'AuthenticationHeader', (object) [
    'mktowsUserId' => $user, 'requestSignature' => hash_hmac('sha1', $time . $user, $key), 'requestTimestamp' => $time,
]));
$pair = fn($name, $value) => ['attrName' => $name, 'attrValue' => $value];
echo json_encode($client->syncCustomObjects(['objTypeName' => 'ticket_c', 'operation' => 'UPSERT',
    'customObjList' => ['customObj' => [[
        'customObjKeyList' => ['attribute' => [$pair('number', 'T-1')]],
        'customObjAttributeList' => ['attribute' => [$pair('owner', 'zoe@example.com')]],
    ]]]]));
"#;

/// Runs the program; what it said, faults too.
fn php(server: &Server, key: &str) -> String {
    let run = Command::new("php")
        .args(["-r", PHP, "--", &server.endpoint(), USER, key])
        .output()
        .unwrap();
    String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned()
}

#[test]
fn an_owners_first_day() {
    let test = "an_owners_first_day";
    let soap = "new ReflectionClass('SoapClient');";
    for (what, program, arguments) in [
        ("ChromeDriver", "chromedriver", &["--version"][..]),
        ("Chromium", "chromium", &["--version"]),
        ("PHP with its SOAP extension", "php", &["-r", soap]),
    ] {
        if !available(test, what, Command::new(program).args(arguments)) {
            return;
        }
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start(&["--demo"]);
        let browser = Chromium::start().await;
        let house = House {
            address: format!("http://{}", server.address),
            server,
            browser,
        };
        house.make_the_first_owner().await;
        house.design_a_type().await;
        house.bring_a_file(directory.path()).await;
        house.see_a_call().await;
        let lead = house.edit_a_lead().await;
        house.rotate_a_key().await;
        house.look_on(&lead).await;
        house.browser.end().await;
    });
}

struct House {
    address: String,
    server: Server,
    browser: Chromium,
}

impl House {
    async fn go(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.address)).await;
    }

    async fn make_the_first_owner(&self) {
        let browser = &self.browser;
        let mut printed = self.server.printed.iter();
        let link = printed
            .find_map(|line| line.strip_prefix("set up"))
            .unwrap();
        browser.go(link.trim()).await;
        browser.fill("name", "owner").await;
        browser.fill("password", PASSWORD).await;
        browser.fill("again", "something else entirely").await;
        browser.press("main button").await;
        browser
            .wait_for("The two passwords are not the same.")
            .await;
        browser.fill("password", PASSWORD).await;
        browser.fill("again", PASSWORD).await;
        browser.press("main button").await;
        browser.wait_for("Overview").await;
    }

    /// With a key and a link, first with a mistake, which does not cost what was typed.
    async fn design_a_type(&self) {
        let browser = &self.browser;
        self.go("/admin/setup/objects").await;
        browser.press("main summary").await;
        browser.fill("name", "ticket c!").await;
        browser.fill("name.0", "number").await;
        browser.press("main [name=\"dedupe.0\"]").await;
        browser.fill("name.1", "owner").await;
        browser.fill("type.1", "email").await;
        browser.fill("link.1", "Lead.Email").await;
        let add = "main form[action=\"/admin/setup/objects\"] > button";
        browser.press(add).await;
        browser.wait_for("expected").await;
        let typed = "return document.querySelector('[name=\"name.0\"]').value";
        assert_eq!(browser.run(typed).await, "number");
        browser.fill("name", "ticket_c").await;
        browser.press(add).await;
        browser.wait_for("Saved.").await;
    }

    /// With a lead and a row that fails; the page follows it to its end.
    async fn bring_a_file(&self, directory: &Path) {
        let browser = &self.browser;
        let file = directory.join("leads.csv");
        let rows = "Email Address,Last Name,Lead Score\nzoe@example.com,Zöllner 山,5\nbad@example.com,Bad,many\n";
        std::fs::write(&file, rows).unwrap();
        self.go("/admin/imports?list=new").await;
        browser.fill("file", file.to_str().unwrap()).await;
        browser.fill("new_list", "Story").await;
        browser
            .press("main form[action=\"/admin/imports\"] button")
            .await;
        browser.wait_for("Done").await;
        browser.wait_for("LeadScore").await;
        let done = "return document.querySelector('progress').value";
        assert_eq!(browser.run(done).await, 2);
    }

    /// PHP calls the type; the call is in the log, which is live.
    async fn see_a_call(&self) {
        let browser = &self.browser;
        self.go("/admin/calls").await;
        let said = php(&self.server, KEY);
        assert!(said.contains("CREATED"), "{said}");
        browser.wait_for("syncCustomObjects").await;
        browser.press("td.time a").await;
        browser.wait_for("ticket_c").await;
        assert!(browser.text().await.contains("***"));
    }

    /// The lead's history says so, and the record is on its page. Gives the path of that.
    async fn edit_a_lead(&self) -> String {
        let browser = &self.browser;
        self.go("/admin/leads?by=field.LastName&q=z%C3%B6").await;
        browser.press("td a").await;
        browser.wait_for("T-1").await;
        browser.press("main a[href$=\"/edit\"]").await;
        browser.wait_for("Last Name").await;
        browser.fill("after.LastName", "Zürcher").await;
        browser.press("main form button").await;
        browser.wait_for("Saved.").await;
        browser.wait_for("User changed value").await;
        browser.path().await
    }

    /// The old key is valid for an hour more, and both work.
    async fn rotate_a_key(&self) {
        let browser = &self.browser;
        self.go("/admin/users").await;
        let row = format!("//tr[.//a[text()=\"{USER}\"]]");
        let rotate = format!(
            "const row = document.evaluate('{row}', document).iterateNext(); \
             row.querySelector('[name=overlap]').value = '1'; \
             row.querySelector('form[action$=rotate] button').click();"
        );
        browser.run(&rotate).await;
        browser.wait_for("Copy the key now").await;
        let shown = "return document.querySelector('main pre, main code').textContent.trim()";
        let key = browser.run(shown).await;
        let key = key.as_str().unwrap();
        assert!(key.len() == 40 && key != KEY, "{key}");
        for one in [key, KEY] {
            let said = php(&self.server, one);
            assert!(
                ["UPDATED", "UNCHANGED", "SKIPPED"]
                    .iter()
                    .any(|word| said.contains(word)),
                "{said}"
            );
        }
        let said = php(&self.server, "a key of nobody");
        assert!(said.contains("20014"), "{said}");
    }

    /// A viewer sees the lead and changes nothing.
    async fn look_on(&self, lead: &str) {
        let browser = &self.browser;
        self.go("/admin/admins").await;
        let form = "form[action=\"/admin/admins/add\"]";
        for (name, value) in [("name", "vic"), ("role", "Viewer"), ("password", PASSWORD)] {
            browser
                .fill_at(&format!("{form} [name={name}]"), value)
                .await;
        }
        browser.press(&format!("{form} button")).await;
        browser.wait_for("vic").await;
        let mut complaints = browser.complaints().await;
        browser
            .press("form[action=\"/admin/sign-out\"] button")
            .await;
        browser.wait_for("Sign in").await;
        self.go("/admin").await;
        browser.fill("name", "vic").await;
        browser.fill("password", PASSWORD).await;
        browser.press("main button").await;
        browser.wait_for("Overview").await;
        self.go(lead).await;
        browser.wait_for("Zürcher").await;
        let page = browser.run("return document.body.innerHTML").await;
        assert!(!page.as_str().unwrap().contains("/edit"), "{page}");
        complaints.extend(browser.complaints().await);
        assert!(complaints.is_empty(), "{complaints:?}");
        self.go(&format!("{lead}/edit")).await;
        browser.wait_for("Not allowed").await;
    }
}
