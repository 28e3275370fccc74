//! Mails: one message to one receiver, over the operator's SMTP server.

use super::{SendError, SetupError, SmtpConfig, whole};
use leadkeep_core::campaigns::text::one_line;
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// One mail, with its texts filled in. Line breaks in what stands in headers become blanks.
#[derive(Debug, Clone)]
pub struct Mail {
    /// `ann@example.com` or `Ann <ann@example.com>`, as all addresses here.
    pub from: String,
    /// One receiver.
    pub to: String,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The text that everybody can read.
    pub text: String,
    /// The same in HTML.
    pub html: Option<String>,
    /// `key@host`: the same for each try of one step of one run, so that a repetition is known as one.
    pub message_id: String,
}

/// Sends mails. Each takes a connection of its own.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    timeout: Duration,
}

impl Mailer {
    /// A sender over this server. Nothing is connected to yet.
    pub fn new(config: &SmtpConfig) -> Result<Self, SetupError> {
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.url).map_err(|error| {
                SetupError(format!(
                    "no SMTP server, like smtp://user:password@host:587?tls=required: {error}"
                ))
            })?;
        Ok(Self {
            transport: builder.timeout(Some(config.timeout)).build(),
            timeout: config.timeout,
        })
    }

    /// Sends one mail, once; success is that the server has taken it.
    ///
    /// Errors that may pass: no connection, time-out, 4xx, and all that is wrong between leadkeep and its server (log-in,
    /// TLS), which the operator can mend. Errors that stay: 5xx, and addresses or message ids that are none.
    pub async fn send(&self, mail: Mail) -> Result<(), SendError> {
        let message = message(&mail)?;
        match tokio::time::timeout(self.timeout, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(not_sent(&error)),
            Err(_) => Err(SendError::transient(
                "the SMTP server did not answer in time",
            )),
        }
    }
}

fn message(mail: &Mail) -> Result<Message, SendError> {
    let mut builder = Message::builder()
        .from(mailbox("from", &mail.from)?)
        .to(mailbox("to", &mail.to)?)
        .subject(one_line(&mail.subject))
        .message_id(Some(message_id(&mail.message_id)?));
    if let Some(reply_to) = &mail.reply_to {
        builder = builder.reply_to(mailbox("reply_to", reply_to)?);
    }
    let text = mail.text.clone();
    match &mail.html {
        Some(html) => builder.multipart(MultiPart::alternative_plain_html(text, html.clone())),
        None => builder.singlepart(SinglePart::plain(text)),
    }
    .map_err(|error| SendError::permanent(format!("the mail cannot be made: {error}")))
}

/// Reads one address. The library's reader of mailboxes passes over what follows the first address, so that only its
/// reader of bare addresses is used.
fn mailbox(which: &str, text: &str) -> Result<Mailbox, SendError> {
    let line = one_line(text);
    let (name, address) = match line
        .strip_suffix('>')
        .and_then(|line| line.rsplit_once('<'))
    {
        Some((name, address)) => (name.trim().trim_matches('"'), address.trim()),
        None => ("", line.as_str()),
    };
    let address: Address = address
        .parse()
        .map_err(|error| SendError::permanent(format!("{which} is no mail address: {error}")))?;
    Ok(Mailbox::new(
        (!name.is_empty()).then(|| name.to_owned()),
        address,
    ))
}

/// `key@host` in its brackets.
fn message_id(text: &str) -> Result<String, SendError> {
    let id = text.trim().trim_start_matches('<').trim_end_matches('>');
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_graphic() && !"<>@".contains(c))
    };
    match id.split_once('@') {
        Some((key, host)) if plain(key) && plain(host) => Ok(format!("<{id}>")),
        _ => Err(SendError::permanent(format!("{text:?} is no message id"))),
    }
}

/// What a refusal means.
fn not_sent(error: &SmtpError) -> SendError {
    // Log-in is missing, too weak, or wrong: no fault of the mail.
    let log_in = error
        .status()
        .is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    let reason = whole(error);
    // What the library says, before it asks, of addresses that the server cannot take. Should its words change, such a
    // mail is tried in vain for some hours.
    let foreign = error.is_client() && reason.contains("SMTPUTF8");
    if (error.is_permanent() && !log_in) || foreign {
        return SendError::permanent(reason);
    }
    SendError::transient(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_whole_or_not_at_all() {
        for (text, email, name) in [
            ("ann@example.com", "ann@example.com", None),
            ("  ann@example.com\r\n", "ann@example.com", None),
            ("<ann@example.com>", "ann@example.com", None),
            ("Ann <ann@example.com>", "ann@example.com", Some("Ann")),
            (
                "\"Lee, Ann\" <ann@example.com>",
                "ann@example.com",
                Some("Lee, Ann"),
            ),
            (
                "Lee, Ann < ann@example.com >",
                "ann@example.com",
                Some("Lee, Ann"),
            ),
            (
                "Zoë <zoe@bücher.example>",
                "zoe@bücher.example",
                Some("Zoë"),
            ),
            (
                "A\nBcc: b@example.com <ann@example.com>",
                "ann@example.com",
                Some("A Bcc: b@example.com"),
            ),
        ] {
            let read = mailbox("to", text).unwrap();
            assert_eq!(
                (read.email.as_ref(), read.name.as_deref()),
                (email, name),
                "{text}"
            );
        }
        for text in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "a b@example.com",
            "ann@example.com, bob@example.com",
            "ann@example.com bob@example.com",
            "ann@example.com\nRCPT TO:<bob@example.com",
            "Ann <ann@example.com> more",
            "<ann@example.com",
            "Ann <>",
        ] {
            let error = mailbox("to", text).unwrap_err();
            assert!(
                error.permanent && error.reason.starts_with("to is no mail address"),
                "{text}"
            );
        }
    }

    #[test]
    fn message_ids_are_ids() {
        for text in ["a-1@example.com", "<a-1@example.com>", " a-1@example.com "] {
            assert_eq!(message_id(text).unwrap(), "<a-1@example.com>");
        }
        for text in [
            "",
            "a",
            "a@",
            "@b",
            "a@b@c",
            "a b@c",
            "a@b>\r\nX: y",
            "ä@b",
            "a@b> <c@d",
        ] {
            assert!(message_id(text).unwrap_err().permanent, "{text}");
        }
    }
}
