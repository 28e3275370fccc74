//! Campaigns on the real server: mails over a real SMTP server, webhooks over HTTP, runs that a restart slept through
//! (RC-17, SC-15).

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use support::smtp::Smtp;
use support::{Server, leadkeep};

/// Longer than this nothing takes.
const PATIENCE: Duration = Duration::from_secs(60);

const GROUND: &str = r#"
[[channel]]
name = "Blog"
statuses = [{ name = "Visited", step = 10 }]
[[program]]
name = "Spring"
channel = "Blog"
tokens = { gift = "mug", hook = "HOOK" }
[[list]]
name = "Guests"
program = "Spring"
[[campaign]]
id = 1
name = "Welcome"
program = "Spring"
kind = "trigger"
sources = ["MKTOWS"]
steps = [
  { do = "change_score", field = "LeadScore", by = 5 },
  { do = "send_email", from = "news@example.com", subject = "Hello {{lead.First Name:default=friend}}", text = "Your {{my.gift}}" },
  { do = "webhook", url = "{{my.hook}}/{{lead.Id}}", body = '{"gift": "{{my.gift}}"}' },
  { do = "add_to_list", list = "Spring.Guests" },
]
[[campaign]]
id = 2
name = "Count"
program = "Spring"
kind = "batch"
list = "Guests"
steps = [{ do = "change_score", field = "LeadScore", by = 1 }]
"#;

/// A receiver of webhooks, which answers 200.
struct Hooks(TcpListener);

impl Hooks {
    fn start() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    fn url(&self) -> String {
        format!("http://{}/hook", self.0.local_addr().unwrap())
    }

    /// The next request: its head in lower case, and its body.
    fn next(&self) -> (String, String) {
        self.next_and(|| ())
    }

    /// The same; something happens before it is answered.
    fn next_and(&self, before: impl FnOnce()) -> (String, String) {
        let (stream, _) = self.0.accept().unwrap();
        read_request(stream, before)
    }
}

fn read_request(stream: TcpStream, before: impl FnOnce()) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while reader.read_line(&mut head).unwrap() > 2 {}
    let head = head.to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    before();
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    reader.get_mut().write_all(answer).unwrap();
    (head, String::from_utf8(body).unwrap())
}

fn sync(server: &Server, email: &str) -> String {
    let answer = server.call(&format!(
        "<ns1:paramsSyncLead><leadRecord><Email>{email}</Email><leadAttributeList><attribute><attrName>FirstName</attrName>\
         <attrValue>Ann</attrValue></attribute></leadAttributeList></leadRecord><returnLead>false</returnLead></ns1:paramsSyncLead>"
    ));
    answer
        .element("leadId")
        .unwrap_or_else(|| panic!("{}", answer.text()))
}

/// Requests the campaign by its names, with a token.
fn request(server: &Server, lead: &str) {
    let answer = server.call(&format!(
        "<ns1:paramsRequestCampaign><source>MKTOWS</source><leadList><leadKey><keyType>IDNUM</keyType>\
         <keyValue>{lead}</keyValue></leadKey></leadList><programName>Spring</programName>\
         <campaignName>Welcome</campaignName><programTokenList><attrib><name>{{{{my.gift}}}}</name>\
         <value>red pen</value></attrib></programTokenList></ns1:paramsRequestCampaign>"
    ));
    assert_eq!(
        answer.element("success").as_deref(),
        Some("true"),
        "{}",
        answer.text()
    );
}

/// The types and campaigns of a lead's history, the latest first.
fn history(server: &Server, lead: &str) -> Vec<(String, String)> {
    let answer = server.call(&format!(
        "<ns1:paramsGetLeadActivity><leadKey><keyType>IDNUM</keyType><keyValue>{lead}</keyValue></leadKey>\
         </ns1:paramsGetLeadActivity>"
    ));
    let text = answer.text();
    let inside = |part: &str, name: &str| {
        let (_, rest) = part.split_once(&format!("<{name}>")).unwrap_or_default();
        rest.split('<').next().unwrap().to_owned()
    };
    let records = text.split("<activityRecord>").skip(1);
    records
        .map(|record| (inside(record, "activityType"), inside(record, "campaign")))
        .collect()
}

/// Waits until something is so.
fn until(what: &str, mut is: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !is() {
        assert!(begin.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(directory: &Path, hooks: &Hooks, smtp: Option<&Smtp>) -> Server {
    let toml = GROUND.replace("HOOK", &hooks.url());
    let url = smtp.map(Smtp::url);
    let mut arguments = vec!["--allow-webhook-host", "127.0.0.1"];
    if let Some(url) = &url {
        arguments.extend(["--smtp-url", url]);
    }
    Server::on_with(directory, &toml, &arguments)
}

/// RC-6, RC-17, ACT-71: all steps, in order, with the tokens of the call.
#[test]
fn rc_17_a_requested_campaign_runs_its_steps() {
    let Some(mut smtp) = Smtp::start("rc_17_a_requested_campaign_runs_its_steps") else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let hooks = Hooks::start();
    let server = start(directory.path(), &hooks, Some(&smtp));
    let lead = sync(&server, "ann@example.com");
    request(&server, &lead);
    let mail = smtp.mail();
    assert_eq!(mail["Subject"], "Hello Ann");
    assert_eq!(mail["to"], serde_json::json!(["ann@example.com"]));
    assert!(mail.to_string().contains("Your red pen"), "{mail}");
    let (head, body) = hooks.next();
    assert!(
        head.starts_with(&format!("post /hook/{lead} http/1.1")),
        "{head}"
    );
    assert!(head.contains("\r\nidempotency-key: leadkeep-"), "{head}");
    assert_eq!(body, r#"{"gift": "red pen"}"#);
    let joined = || history(&server, &lead)[0].0 == "Add to List";
    until("the last step", joined);
    let own = |kind: &str| (kind.to_owned(), "Spring.Welcome".to_owned());
    let kinds = history(&server, &lead);
    assert_eq!(kinds[..2], [own("Add to List"), own("Send Email")]);
    assert!(
        kinds.contains(&own("Change Score"))
            && kinds.contains(&("Request Campaign".to_owned(), String::new()))
    );
    let (_, said) = leadkeep(directory.path(), &["campaign", "failures"]);
    assert_eq!(said, "no failed steps\n");
}

/// Without a mail server the step fails and says why, and the call does not; with one it can be done again.
#[test]
fn what_could_not_be_sent_can_be_sent_later() {
    let Some(mut smtp) = Smtp::start("what_could_not_be_sent_can_be_sent_later") else {
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let hooks = Hooks::start();
    let server = start(directory.path(), &hooks, None);
    let lead = sync(&server, "ann@example.com");
    request(&server, &lead);
    // The lead goes on.
    hooks.next();
    let failures = || leadkeep(directory.path(), &["campaign", "failures"]).1;
    until("the failure", || {
        failures().contains("no mail server is set up")
    });
    let said = failures();
    let columns: Vec<_> = said.trim_end().split('\t').collect();
    assert_eq!(
        columns[2..6],
        [lead.as_str(), "Spring.Welcome", "2", "Send Email"]
    );
    let number = columns[0].to_owned();
    server.kill();

    let _server = start(directory.path(), &hooks, Some(&smtp));
    let (done, said) = leadkeep(directory.path(), &["campaign", "replay", &number]);
    assert!(done && said == "1 step will be done again\n", "{said}");
    assert!(
        smtp.mail().to_string().contains("Your red pen"),
        "the token of the call is kept"
    );
    until("no failure is left", || failures() == "no failed steps\n");
    let (done, said) = leadkeep(directory.path(), &["campaign", "replay", &number]);
    assert!(
        !done && said.contains("1 of the numbers are no failed steps"),
        "{said}"
    );
}

/// Who is told to stop waits for what it is just sending, and knows what became of it at the next start.
#[test]
fn what_is_being_sent_is_not_cut_off() {
    let directory = tempfile::tempdir().unwrap();
    let hooks = Hooks::start();
    let server = start(directory.path(), &hooks, None);
    let lead = sync(&server, "ann@example.com");
    request(&server, &lead);
    let pid = server.pid().to_string();
    hooks.next_and(|| {
        let told = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(told.unwrap().success());
        std::thread::sleep(Duration::from_millis(500));
    });
    assert_eq!(server.wait(), Some(0));
    // If it were not known, the step would be held for two minutes.
    let server = start(directory.path(), &hooks, None);
    until("the step after it", || {
        history(&server, &lead)[0].0 == "Add to List"
    });
}

/// SC-15: a run whose time came while no server was there is done at the next start, and once.
#[test]
fn sc_15_a_run_survives_a_restart_that_slept_through_its_time() {
    let directory = tempfile::tempdir().unwrap();
    let hooks = Hooks::start();
    let server = start(directory.path(), &hooks, None);
    let leads: Vec<String> = (0..3)
        .map(|n| sync(&server, &format!("lead{n}@example.com")))
        .collect();
    let members: String = leads
        .iter()
        .map(|lead| {
            format!("<leadKey><keyType>IDNUM</keyType><keyValue>{lead}</keyValue></leadKey>")
        })
        .collect();
    let answer = server.call(&format!(
        "<ns1:paramsListOperation><listOperation>ADDTOLIST</listOperation><listKey><keyType>MKTOLISTNAME</keyType>\
         <keyValue>Spring.Guests</keyValue></listKey><listMemberList>{members}</listMemberList></ns1:paramsListOperation>"
    ));
    assert_eq!(answer.status, 200, "{}", answer.text());
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let at = jiff::Timestamp::from_second(since as i64 + 2).unwrap();
    let answer = server.call(&format!(
        "<ns1:paramsScheduleCampaign><programName>Spring</programName><campaignName>Count</campaignName>\
         <campaignRunAt>{at}</campaignRunAt></ns1:paramsScheduleCampaign>"
    ));
    assert_eq!(
        answer.element("success").as_deref(),
        Some("true"),
        "{}",
        answer.text()
    );
    assert_eq!(history(&server, &leads[0]).len(), 2, "not yet");
    server.kill();
    while jiff::Timestamp::now() <= at {
        std::thread::sleep(Duration::from_millis(50));
    }
    let server = start(directory.path(), &hooks, None);
    let scored = |server: &Server| {
        let scored = |lead: &&String| {
            history(server, lead)[0].0 == "Change Score"
                || history(server, lead)[0].0 == "Change Data Value"
        };
        leads.iter().filter(scored).count()
    };
    until("the run", || scored(&server) == 3);
    server.kill();
    let server = start(directory.path(), &hooks, None);
    // Time enough for whoever would do it again.
    std::thread::sleep(Duration::from_millis(1_500));
    for lead in &leads {
        let told = history(&server, lead).into_iter();
        assert_eq!(
            told.filter(|(kind, _)| kind == "Change Score").count(),
            1,
            "{lead}"
        );
    }
}

/// The count of activities of `leadkeep status`.
fn activities(directory: &Path) -> usize {
    let (_, said) = leadkeep(directory, &["status"]);
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix("activities"));
    line.unwrap_or_else(|| panic!("{said}"))
        .trim()
        .parse()
        .unwrap()
}

/// RC-17, SC-15: each lead has each step once, whenever the server is killed.
#[test]
fn sc_15_a_run_survives_kill_9_and_does_each_step_once() {
    const LEADS: usize = 2_500;
    let directory = tempfile::tempdir().unwrap();
    let hooks = Hooks::start();
    let mut server = start(directory.path(), &hooks, None);
    let rows: String = (0..LEADS)
        .map(|n| format!("<stringItem>lead{n}@example.com</stringItem>"))
        .collect();
    server.call(&format!(
        "<ns1:paramsImportToList><programName>Spring</programName><importFileHeader>Email</importFileHeader>\
         <importFileRows>{rows}</importFileRows><importListMode>UPSERTLEADS</importListMode><listName>Guests</listName>\
         </ns1:paramsImportToList>"
    ));
    // SC-16: after the import, without waiting for it.
    server.call(
        "<ns1:paramsScheduleCampaign><programName>Spring</programName><campaignName>Count</campaignName>\
         </ns1:paramsScheduleCampaign>",
    );
    // New Lead and Add to List by the import, Change Score and Change Data Value by the campaign.
    let all = 4 * LEADS;
    let begin = Instant::now();
    let (mut seen, mut kills) = (0, 0);
    while seen < all {
        assert!(begin.elapsed() < PATIENCE, "{seen} of {all} activities");
        let now = activities(directory.path());
        assert!((seen..=all).contains(&now), "{now} after {seen}, of {all}");
        if now == seen {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        }
        seen = now;
        server.kill();
        kills += 1;
        server = start(directory.path(), &hooks, None);
    }
    assert!(kills > 2, "the run was over before it could be disturbed");
    // Time enough for whoever would do it again.
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(activities(directory.path()), all);
}
