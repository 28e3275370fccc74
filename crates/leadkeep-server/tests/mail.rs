//! Mails over a real SMTP server on loopback: aiosmtpd, which tells what came.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

#[path = "../../leadkeep/tests/support/python.rs"]
mod python;
#[path = "../../leadkeep/tests/support/smtp.rs"]
mod smtp;
#[path = "../../mktows/tests/support/tools.rs"]
#[expect(dead_code, reason = "only the probe is used here")]
mod tools;

use leadkeep_server::outbound::{Mail, Mailer, SendError, SmtpConfig};
use serde_json::{Value, json};
use smtp::Smtp;
use std::net::TcpListener;
use std::time::Duration;

fn mail(to: &str) -> Mail {
    Mail {
        from: "Übersee GmbH <news@example.com>".to_owned(),
        to: to.to_owned(),
        reply_to: Some("Zoë <answers@example.com>".to_owned()),
        subject: "Grüße, Zoë: 50 % für Sie 🎉".to_owned(),
        text: "Guten Tag,\n.\nein Punkt — und Schluss.\n".to_owned(),
        html: Some("<p>Guten Tag, Zoë &amp; Co</p>".to_owned()),
        message_id: "run-1-step-2@example.com".to_owned(),
    }
}

async fn send(url: &str, mail: Mail) -> Result<(), SendError> {
    let config = SmtpConfig {
        timeout: Duration::from_secs(20),
        ..SmtpConfig::new(url)
    };
    Mailer::new(&config).unwrap().send(mail).await
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let Some(mut smtp) = Smtp::start("a_mail_arrives_whole") else {
        return;
    };
    send(&smtp.url(), mail("Ann Lee <ann@example.com>"))
        .await
        .unwrap();
    let came = smtp.mail();
    assert_eq!(came["user"], Value::Null);
    assert_eq!(came["from"], "news@example.com");
    assert_eq!(came["to"], json!(["ann@example.com"]));
    assert_eq!(came["From"], "Übersee GmbH <news@example.com>");
    assert_eq!(came["To"], "Ann Lee <ann@example.com>");
    assert_eq!(came["Reply-To"], "Zoë <answers@example.com>");
    assert_eq!(came["Subject"], "Grüße, Zoë: 50 % für Sie 🎉");
    assert_eq!(came["Message-ID"], "<run-1-step-2@example.com>");
    assert!(came["Date"].is_string());
    assert_eq!(came["type"], "multipart/alternative");
    let parts = came["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2, "{parts:?}");
    // Lines end in CRLF on the way; a line of one dot ends nothing.
    assert_eq!(parts[0][0], "text/plain");
    let text = parts[0][1].as_str().unwrap().replace("\r\n", "\n");
    assert_eq!(text.trim_end(), "Guten Tag,\n.\nein Punkt — und Schluss.");
    assert_eq!(parts[1][0], "text/html");
    let html = parts[1][1].as_str().unwrap();
    assert_eq!(html.trim_end(), "<p>Guten Tag, Zoë &amp; Co</p>");
}

#[tokio::test]
async fn a_mail_without_html_is_text_and_headers_cannot_be_added() {
    let Some(mut smtp) = Smtp::start("a_mail_without_html") else {
        return;
    };
    let plain = Mail {
        from: "News\r\nBcc: b@example.com <news@example.com>".to_owned(),
        reply_to: None,
        subject: "Hello\r\nBcc: eve@example.com\r\n\r\nbody".to_owned(),
        html: None,
        ..mail("ann@example.com")
    };
    send(&smtp.url(), plain).await.unwrap();
    let came = smtp.mail();
    assert_eq!(came["type"], "text/plain");
    assert_eq!(came["Subject"], "Hello Bcc: eve@example.com body");
    assert_eq!(came["to"], json!(["ann@example.com"]));
    assert_eq!(came["Reply-To"], Value::Null);
    let headers = came["headers"].as_array().unwrap();
    assert!(!headers.contains(&json!("bcc")), "{headers:?}");
}

#[tokio::test]
async fn refusals_say_whether_to_try_again() {
    let Some(mut smtp) = Smtp::start("refusals_say_whether_to_try_again") else {
        return;
    };
    for (to, permanent, said) in [
        ("unknown@example.com", true, "no such mailbox"),
        ("busy@example.com", false, "try again later"),
        ("nobody", true, "to is no mail address"),
        (
            "ann@example.com, bob@example.com",
            true,
            "to is no mail address",
        ),
    ] {
        let error = send(&smtp.url(), mail(to)).await.unwrap_err();
        assert_eq!(error.permanent, permanent, "{error:?}");
        assert!(error.reason.contains(said), "{error:?}");
        assert_eq!(error.retry_after, None);
    }
    let bad = Mail {
        message_id: "none".to_owned(),
        ..mail("ann@example.com")
    };
    assert!(send(&smtp.url(), bad).await.unwrap_err().permanent);
    // None of them was sent in part: the next that comes is the next that is sent.
    let last = Mail {
        message_id: "last@example.com".to_owned(),
        ..mail("ann@example.com")
    };
    send(&smtp.url(), last).await.unwrap();
    assert_eq!(smtp.mail()["Message-ID"], "<last@example.com>");
}

#[tokio::test]
async fn addresses_beyond_ascii_need_a_server_that_takes_them() {
    let test = "addresses_beyond_ascii";
    let (Some(mut modern), Some(old)) = (Smtp::start(test), Smtp::start_with(test, &["ascii"]))
    else {
        return;
    };
    let to = "zoë@example.com";
    send(&modern.url(), mail(to)).await.unwrap();
    assert_eq!(modern.mail()["to"], json!([to]));
    let error = send(&old.url(), mail(to)).await.unwrap_err();
    assert!(
        error.permanent && error.reason.contains("SMTPUTF8"),
        "{error:?}"
    );
    // Names and texts need nothing of the kind.
    send(&old.url(), mail("Zoë <ann@example.com>"))
        .await
        .unwrap();
}

#[tokio::test]
async fn user_and_password_come_from_the_url() {
    let Some(mut smtp) = Smtp::start("user_and_password_come_from_the_url") else {
        return;
    };
    let url = |password: &str| {
        format!(
            "smtp://ann%40example.com:{password}@127.0.0.1:{}",
            smtp.port
        )
    };
    let (right, wrong) = (url("p%40ss%2Fword"), url("wrong"));
    // The operator's mistake is no fault of the mail: it waits.
    let error = send(&wrong, mail("ann@example.com")).await.unwrap_err();
    assert!(
        !error.permanent && error.reason.contains("535"),
        "{error:?}"
    );
    assert!(!error.reason.contains("wrong"), "{error:?}");
    send(&right, mail("ann@example.com")).await.unwrap();
    assert_eq!(smtp.mail()["user"], "ann@example.com");
    // Where TLS is demanded and not to be had, nothing is sent in the clear.
    let error = send(&format!("{right}?tls=required"), mail("ann@example.com")).await;
    let error = error.unwrap_err();
    assert!(
        !error.permanent && error.reason.contains("STARTTLS"),
        "{error:?}"
    );
}

#[tokio::test]
async fn servers_that_do_not_answer_are_tried_again() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for url in [
        format!("smtp://{}", silent.local_addr().unwrap()),
        format!("smtps://{}", silent.local_addr().unwrap()),
        format!("smtp://{closed}"),
        "smtp://no-such-host.invalid".to_owned(),
    ] {
        let config = SmtpConfig {
            timeout: Duration::from_millis(300),
            ..SmtpConfig::new(&url)
        };
        let mailer = Mailer::new(&config).unwrap();
        let error = mailer.send(mail("ann@example.com")).await.unwrap_err();
        assert!(!error.permanent, "{url}: {error:?}");
    }
}

#[test]
fn urls_that_name_no_server_are_refused_at_once() {
    for url in [
        "smtp://mail.example.com",
        "smtp://mail.example.com:587?tls=required",
        "smtp://mail.example.com:587?tls=opportunistic",
        "smtps://user:password@mail.example.com/leads.example.com",
    ] {
        assert!(Mailer::new(&SmtpConfig::new(url)).is_ok(), "{url}");
    }
    for url in [
        "",
        "mail.example.com",
        "http://mail.example.com",
        "smtp://",
        "smtp://user:hidden@mail.example.com?tls=perhaps",
    ] {
        let error = Mailer::new(&SmtpConfig::new(url))
            .err()
            .unwrap()
            .to_string();
        assert!(error.starts_with("no SMTP server, like smtp://"), "{error}");
        assert!(!error.contains("hidden"), "{error}");
    }
}
