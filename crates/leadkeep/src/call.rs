//! `leadkeep call`.

use crate::exit::{Exit, Failure};
use anyhow::{Context, anyhow, bail};
use mktows::{AuthenticationHeaderInfo, Document, Operation};
use mktows_client::{Answer, Client, Error};
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;

/// Sign a message, send it to any mktows endpoint, and print the answer.
#[derive(clap::Args)]
#[command(
    after_help = "FILE holds the params element of the operation, or a whole envelope, whose AuthenticationHeader is then replaced.\nThe answer is indented on a terminal, and as it came elsewhere. Exit status: 0 done, 1 fault, 2 usage or network.\n\nExamples:\n  echo '<paramsListMObjects/>' | leadkeep call listMObjects --endpoint http://127.0.0.1:8080/soap/mktows/3_1 --user demo_user --key demo_key_0123456789abcdef\n  LEADKEEP_ENDPOINT=... LEADKEEP_USER=... LEADKEEP_KEY=... leadkeep call getLead lead.xml"
)]
pub(crate) struct Options {
    /// The operation, like getLead.
    operation: String,
    /// The message; `-` or nothing is standard input.
    file: Option<PathBuf>,
    /// The endpoint, up to the version.
    #[arg(long, value_name = "URL", env = "LEADKEEP_ENDPOINT")]
    endpoint: String,
    /// The User ID.
    #[arg(long, value_name = "ID", env = "LEADKEEP_USER")]
    user: String,
    /// The encryption key.
    #[arg(long, value_name = "KEY", env = "LEADKEEP_KEY", hide_env_values = true)]
    key: String,
}

/// Runs the command.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let operation = operation(&options.operation)?;
    let client = Client::builder(&options.endpoint, &options.user, &options.key).build()?;
    let message = message(operation, &client.header(), &text(options)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let answer = runtime.block_on(client.call_raw(operation, message))?;
    match client.read(operation, &answer) {
        Ok(_) => {
            print(&answer)?;
            Ok(Exit::Done)
        }
        Err(Error::Fault {
            fault_string,
            message,
            ..
        }) => {
            print(&answer)?;
            Err(Failure::refused(anyhow!("fault {fault_string}: {message}")))
        }
        Err(Error::Malformed { status, reason }) => Err(anyhow!(
            "{} answered with HTTP status {status}, but not as the API does: {reason}",
            options.endpoint
        )
        .into()),
        Err(error) => Err(error.into()),
    }
}

fn operation(name: &str) -> Result<Operation, Failure> {
    Operation::from_name(name).ok_or_else(|| {
        let meant = Operation::ALL
            .iter()
            .find(|known| known.name().eq_ignore_ascii_case(name));
        let names: Vec<&str> = Operation::ALL.iter().map(|known| known.name()).collect();
        match meant {
            Some(meant) => {
                anyhow!("there is no operation {name}; {} is meant?", meant.name()).into()
            }
            None => anyhow!(
                "there is no operation {name}; there are {}",
                names.join(", ")
            )
            .into(),
        }
    })
}

fn text(options: &Options) -> Result<String, Failure> {
    Ok(
        match options.file.as_ref().filter(|file| file.as_os_str() != "-") {
            Some(file) => std::fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?,
            None => {
                let mut text = String::new();
                std::io::stdin()
                    .read_to_string(&mut text)
                    .context("cannot read standard input")?;
                text
            }
        },
    )
}

fn message(
    operation: Operation,
    header: &AuthenticationHeaderInfo,
    text: &str,
) -> anyhow::Result<Vec<u8>> {
    let wanted = format!("params{}", operation.type_stem());
    let kind = mktows::document_kind(text)
        .map_err(|reason| anyhow!("the message cannot be read: {reason}"))?;
    let message = match kind {
        Document::Envelope => mktows::with_header(header, text),
        Document::Params(name) if name == wanted => mktows::envelope_around(header, text),
        Document::Params(name) => {
            bail!("the message is {name}; {wanted} or an Envelope is expected")
        }
    };
    message.map_err(|reason| anyhow!("the message cannot be read: {reason}"))
}

fn print(answer: &Answer) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    if out.is_terminal() {
        out.write_all(mktows::indented(&String::from_utf8_lossy(&answer.body)).as_bytes())?;
    } else {
        out.write_all(&answer.body)?;
    }
    out.flush()?;
    Ok(())
}
