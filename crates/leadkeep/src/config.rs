//! `leadkeep config`.

use crate::exit::{Exit, Failure};
use crate::serve;
use crate::settings::{self, File, Setting};
use clap::{CommandFactory, FromArgMatches};
use std::fmt::Write as _;
use std::io::Write;
use std::path::PathBuf;

/// Look at the settings of `serve`, or print a file with all of them.
#[derive(clap::Subcommand)]
pub(crate) enum Command {
    /// Print every setting with its value and where that comes from.
    #[command(
        after_help = "Reads the file and the environment as `serve --config FILE` would. Secrets are shown as ***.\nExit status: 0 if `serve` would take them, 2 if not, with all that is wrong.\n\nExample: leadkeep config check /etc/leadkeep.toml"
    )]
    Check {
        /// The file; without it only the environment counts.
        #[arg(env = "LEADKEEP_CONFIG")]
        file: Option<PathBuf>,
    },
    /// Print a file with all settings and what they do, each as it is without the file.
    #[command(after_help = "Example: leadkeep config sample > leadkeep.toml")]
    Sample,
}

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<Exit, Failure> {
    let cli = settings::with_environment(crate::Cli::command());
    let text = match command {
        Command::Check { file } => check(&cli, file.as_ref())?,
        Command::Sample => sample(settings::serve(&cli)?),
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(Exit::Done)
}

/// A line a setting: its name, its value, and where that comes from.
fn check(cli: &clap::Command, path: Option<&PathBuf>) -> Result<String, Failure> {
    let serve = settings::serve(cli)?;
    let mut wrong = settings::wrong_variables(serve);
    let mut file = None;
    match path.map(|path| File::read(path, serve)).transpose() {
        Ok(read) => file = read,
        Err(errors) => wrong.extend(errors),
    }
    if !wrong.is_empty() {
        return Err(settings::all_of(&wrong));
    }
    let matches = settings::values_of(cli, file.as_ref())?;
    serve::Options::from_arg_matches(&matches)?.check()?;
    if let Some(warning) = file.as_ref().and_then(|file| file.warning.as_deref()) {
        // Not worth a failure if standard error is closed.
        let _ = writeln!(std::io::stderr(), "leadkeep: warning: {warning}");
    }
    let mut text = String::new();
    for setting in Setting::all(serve) {
        let key = setting.key();
        let value = setting.shown(&matches).unwrap_or_else(|| "-".to_owned());
        let origin = settings::origin(&setting, &matches, file.as_ref());
        writeln!(text, "{key:24} {value:24} {origin}")?;
    }
    Ok(text)
}

/// A file in which each setting is a comment.
fn sample(serve: &clap::Command) -> String {
    let mut text = String::from(
        "# Settings of `leadkeep serve --config FILE`; `leadkeep config check FILE` says what comes of them.\n\
         # A flag goes before an environment variable, that before this file. An empty text is a setting that is not set.\n",
    );
    for setting in Setting::all(serve) {
        let told = match setting.flag() {
            Some(flag) => format!("{flag}, {}", setting.variable()),
            None => setting.variable(),
        };
        let lines = format!(
            "\n# {}.\n# {told}\n#{} = {}\n",
            setting.help(),
            setting.key(),
            setting.default()
        );
        text.push_str(&lines);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/configuration.md");

    /// The table of the settings in the document.
    fn table(serve: &clap::Command) -> String {
        let mut table = String::from(
            "| setting | flag | environment | default | what it does |\n|---|---|---|---|---|\n",
        );
        for setting in Setting::all(serve) {
            let flag = setting.flag().map(|flag| format!("`{flag}`"));
            let default = match setting.default().as_str() {
                "\"\"" | "[]" => String::new(),
                default => format!("`{default}`"),
            };
            let row = format!(
                "| `{}` | {} | `{}` | {default} | {} |\n",
                setting.key(),
                flag.as_deref().unwrap_or("none"),
                setting.variable(),
                setting.help().replace('|', "\\|"),
            );
            table.push_str(&row);
        }
        table
    }

    /// `INSTA_UPDATE=always`, which updates the snapshots of the helps, updates the document too.
    #[test]
    fn the_document_has_the_table_of_the_settings() {
        const MARKS: [&str; 2] = ["<!-- settings -->\n", "<!-- end of settings -->\n"];
        let cli = settings::with_environment(crate::Cli::command());
        let page = std::fs::read_to_string(PAGE).unwrap();
        let (before, rest) = page.split_once(MARKS[0]).unwrap();
        let (_, after) = rest.split_once(MARKS[1]).unwrap();
        let table = table(settings::serve(&cli).unwrap());
        let expected = [before, MARKS[0], &table, MARKS[1], after].concat();
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::write(PAGE, &expected).unwrap();
            return;
        }
        assert!(
            page == expected,
            "the settings have changed: `INSTA_UPDATE=always cargo test -p leadkeep` writes docs/configuration.md anew"
        );
    }
}
