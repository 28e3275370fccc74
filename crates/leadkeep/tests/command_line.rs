//! `apply`, `user`, `status` and `call` beside a running server.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test may fail loudly"
)]

#[expect(dead_code, reason = "each test uses its part of the support")]
mod support;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;
use support::{KEY, Server, USER, binary, post, signed};

const PROVISION: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../leadkeep-core/data/provision.toml"
);

fn leadkeep(arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(binary())
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    process
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    process.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn prv_01_prv_02_apply_works_beside_a_server_and_changes_nothing_the_second_time() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    let data = directory.path().join("data");
    let data = data.to_str().unwrap();
    let dry = leadkeep(&["apply", PROVISION, "--data", data, "--dry-run"], "");
    assert!(dry.status.success(), "{}", err(&dry));
    assert!(out(&dry).contains("nothing was written"), "{}", out(&dry));
    let unknown = "<ns1:paramsGetCustomObjects><objTypeName>RoadShow</objTypeName></ns1:paramsGetCustomObjects>";
    assert_eq!(
        server.call(unknown).element("code").as_deref(),
        Some("20110")
    );
    let first = leadkeep(&["apply", PROVISION, "--data", data], "");
    assert!(first.status.success(), "{}", err(&first));
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(
        server.call(unknown).status,
        200,
        "the server sees it within a second"
    );
    let second = leadkeep(&["apply", PROVISION, "--data", data], "");
    assert!(out(&second).contains("no changes"), "{}", out(&second));

    let broken = directory.path().join("broken.toml");
    std::fs::write(
        &broken,
        "[[field]]\nobject = \"Lead\"\nname = \"A\"\ntyp = \"string\"\n[rule]\n",
    )
    .unwrap();
    let refused = leadkeep(&["apply", broken.to_str().unwrap(), "--data", data], "");
    assert_eq!(refused.status.code(), Some(1));
    let text = err(&refused);
    assert!(
        text.contains("typ") && text.contains("type") && text.contains("rules"),
        "{text}"
    );
}

#[test]
fn aut_12_aut_13_users_are_added_rotated_and_revoked() {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    let data = directory.path().join("data");
    let data = data.to_str().unwrap();
    let code = |user: &str, key: &str| {
        let answer = server.raw(&post(
            "3_1",
            "",
            &signed(user, key, "<ns1:paramsListMObjects/>"),
        ));
        answer.element("code").unwrap_or_default()
    };
    let user = |arguments: &[&str]| {
        let output = leadkeep(&[&["user"], arguments, &["--data", data]].concat(), "");
        std::thread::sleep(Duration::from_secs(1));
        output
    };
    let added = user(&["add", "crm", "--key", "old"]);
    assert!(added.status.success(), "{}", err(&added));
    assert_eq!(code("crm", "old"), "");
    assert_eq!(
        user(&["add", "crm"]).status.code(),
        Some(1),
        "it is there already"
    );
    let rotated = user(&["rotate", "crm"]);
    let key = out(&rotated)
        .lines()
        .find_map(|line| line.strip_prefix("key  ").map(str::to_owned))
        .unwrap();
    assert_eq!(key.len(), 40);
    assert_eq!(
        (code("crm", &key), code("crm", "old")),
        (String::new(), String::new()),
        "both are valid for a while"
    );
    assert!(out(&user(&["list"])).contains("crm\tactive\t2 keys"));
    assert!(user(&["revoke", "crm"]).status.success());
    assert_eq!(code("crm", &key), "20013");
    assert_eq!(user(&["revoke", "nobody"]).status.code(), Some(1));
}

#[test]
fn call_signs_sends_and_tells_faults_by_its_exit_status() {
    let server = Server::start(&["--demo"]);
    let endpoint = server.endpoint();
    let call = |operation: &str, input: &str| {
        leadkeep(
            &[
                "call",
                operation,
                "--endpoint",
                &endpoint,
                "--user",
                USER,
                "--key",
                KEY,
            ],
            input,
        )
    };
    let good = call("listMObjects", "<paramsListMObjects/>");
    assert_eq!(good.status.code(), Some(0), "{}", err(&good));
    assert!(
        out(&good).contains("<objects>LeadRecord</objects>"),
        "not indented, since this is no terminal"
    );
    let envelope = "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>\
                    <m:paramsListMObjects xmlns:m='http://www.marketo.com/mktows/'/></e:Body></e:Envelope>";
    assert_eq!(call("listMObjects", envelope).status.code(), Some(0));
    let key = "<leadKey><keyType>IDNUM</keyType><keyValue>2000000000</keyValue></leadKey>";
    let fault = call("getLead", &format!("<paramsGetLead>{key}</paramsGetLead>"));
    assert_eq!(fault.status.code(), Some(1));
    assert!(
        err(&fault).contains("20103 - Lead not found"),
        "{}",
        err(&fault)
    );
    let mismatch = call("getLead", "<paramsSyncLead/>");
    assert_eq!(mismatch.status.code(), Some(2));
    assert!(
        err(&mismatch).contains("paramsGetLead"),
        "{}",
        err(&mismatch)
    );
}

#[test]
fn the_first_start_makes_a_private_directory_and_one_user() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let arguments = ["--data", data.to_str().unwrap()];
    let server = Server::start(&arguments);
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("api-user.txt")), 0o600);
    let kept = std::fs::read_to_string(data.join("api-user.txt")).unwrap();
    let part = |name: &str| {
        kept.lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap()
            .to_owned()
    };
    let message = signed(
        &part("User ID: "),
        &part("Encryption Key: "),
        "<ns1:paramsListMObjects/>",
    );
    assert_eq!(server.raw(&post("3_1", "", &message)).status, 200);
    let printed = server.printed.join("\n");
    assert!(
        printed.contains("?WSDL")
            && printed.contains(&part("User ID: "))
            && printed.contains("api-user.txt")
    );

    let second = leadkeep(
        &["serve", "--listen", "127.0.0.1:0", "--data", arguments[1]],
        "",
    );
    assert_eq!(second.status.code(), Some(2));
    assert!(err(&second).contains("serves"), "{}", err(&second));
    server.kill();
    let again = Server::start(&arguments);
    assert!(
        again.printed.join("\n").contains(&part("User ID: ")),
        "no second user is made"
    );
    assert_eq!(
        std::fs::read_to_string(data.join("api-user.txt")).unwrap(),
        kept
    );
    let status = leadkeep(&["status", "--data", arguments[1]], "");
    assert!(
        out(&status).contains("users          1\nleads          0"),
        "{}",
        out(&status)
    );
    // A key that is over is not told any more.
    let rotate = [
        "user",
        "rotate",
        &part("User ID: "),
        "--overlap",
        "0",
        "--data",
        arguments[1],
    ];
    assert_eq!(leadkeep(&rotate, "").status.code(), Some(0));
    again.kill();
    let printed = Server::start(&arguments).printed.join("\n");
    assert!(printed.contains("users     leadkeep_"), "{printed}");
    assert!(!printed.contains("api-user.txt"), "{printed}");
}

#[test]
fn what_is_in_a_directory_that_all_can_read_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("open");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let _server = Server::start(&["--data", data.to_str().unwrap()]);
    let files: Vec<_> = std::fs::read_dir(&data)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(
        files
            .iter()
            .any(|file| file.file_name() == "leadkeep.sqlite-wal")
    );
    for file in files {
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.path().display());
    }
}

#[test]
fn the_demo_holds_the_sample_data() {
    let server = Server::start(&["--demo"]);
    assert!(
        server.printed[0].contains("986 rows of leads loaded, 14 refused on purpose; 200 opportunities, 390 roles, 60 custom objects"),
        "{:?}",
        server.printed
    );
    let found = server.call(
        "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>owen.dunmore@dulvaris-foods.example</keyValue>\
         </leadKey></ns1:paramsGetLead>",
    );
    assert!(
        found
            .text()
            .contains("<attrValue>Dulvaris Foods Inc.</attrValue>"),
        "{}",
        found.text()
    );
}
