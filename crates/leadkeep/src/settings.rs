//! What `serve` can be told, and the ways to tell it: flags, the environment and a file. All of it is made of the
//! definition of the flags, so that an option that is added there can be set in each way.

use crate::exit::Failure;
use anyhow::{Context, anyhow};
use clap::builder::{BoolishValueParser, Resettable};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::any::TypeId;
use std::error::Error;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};

/// The command that has settings.
const SERVE: &str = "serve";
/// Its option that names the file.
const CONFIG: &str = "config";

/// What flags and numbers are, for messages.
const FLAG: &str = "true or false";
const NUMBER: &str = "a whole number, 0 or more";

/// What a setting takes in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `true` or `false`.
    Flag,
    /// A whole number from 0 on.
    Number,
    /// A text.
    Text,
    /// Several texts.
    List,
}

/// One option of `serve`.
pub(crate) struct Setting<'a> {
    arg: &'a Arg,
    long: &'a str,
}

impl<'a> Setting<'a> {
    /// The settings of `serve`, in the order of its help. The option that names the file is none: a file cannot say it.
    pub(crate) fn all(serve: &'a Command) -> impl Iterator<Item = Self> {
        serve
            .get_arguments()
            .filter(|arg| !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version))
            .filter_map(|arg| arg.get_long().map(|long| Self { arg, long }))
            .filter(|setting| setting.long != CONFIG)
    }

    /// Its key in a file.
    pub(crate) fn key(&self) -> String {
        self.long.replace('-', "_")
    }

    /// Its environment variable.
    pub(crate) fn variable(&self) -> String {
        variable(self.long)
    }

    /// Its flag, if it may be an argument: those are visible to others.
    pub(crate) fn flag(&self) -> Option<String> {
        let names = self.arg.get_value_names().unwrap_or_default();
        let value = match self.kind() {
            Kind::Flag => String::new(),
            _ => names.iter().map(|name| format!(" <{name}>")).collect(),
        };
        (!self.arg.is_hide_set()).then(|| format!("--{}{value}", self.long))
    }

    /// What it does, and which values there are.
    pub(crate) fn help(&self) -> String {
        let help = self
            .arg
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let values = self.arg.get_possible_values();
        if values.is_empty() || self.kind() == Kind::Flag {
            return help;
        }
        let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        format!("{help}: {}", values.join(" or "))
    }

    /// What a file would say to leave it as it is.
    pub(crate) fn default(&self) -> String {
        let value = self.arg.get_default_values().first();
        let value = value.map(|value| value.to_string_lossy().into_owned());
        match (self.kind(), value) {
            (Kind::Flag, _) => "false".to_owned(),
            (Kind::List, _) => "[]".to_owned(),
            (Kind::Number, value) => value.unwrap_or_else(|| "0".to_owned()),
            (Kind::Text, value) => toml::Value::String(value.unwrap_or_default()).to_string(),
        }
    }

    /// Whether its value is shown to nobody.
    pub(crate) fn is_secret(&self) -> bool {
        self.arg.is_hide_env_values_set()
    }

    /// What it takes in a file.
    pub(crate) fn kind(&self) -> Kind {
        let parsed = self.arg.get_value_parser().type_id();
        let numbers = [
            TypeId::of::<u16>(),
            TypeId::of::<u32>(),
            TypeId::of::<u64>(),
            TypeId::of::<usize>(),
        ];
        match self.arg.get_action() {
            ArgAction::SetTrue => Kind::Flag,
            ArgAction::Append => Kind::List,
            _ if numbers.iter().any(|number| parsed == *number) => Kind::Number,
            _ => Kind::Text,
        }
    }

    /// Where its value comes from.
    fn source(&self, matches: &ArgMatches) -> Option<ValueSource> {
        matches.value_source(self.arg.get_id().as_str())
    }

    /// Its value as a text; nothing if it has none.
    pub(crate) fn shown(&self, matches: &ArgMatches) -> Option<String> {
        let values = matches.get_raw(self.arg.get_id().as_str())?;
        let values: Vec<_> = values.map(|value| value.to_string_lossy()).collect();
        let text = values.join(",");
        match self.is_secret() {
            _ if text.is_empty() => None,
            true => Some("***".to_owned()),
            false => Some(text),
        }
    }

    /// Why it does not take a value, if it does not.
    fn refusal(&self, value: &str) -> Option<String> {
        // By itself, so that the error is about this value.
        let alone = Arg::new("setting")
            .long("setting")
            .value_parser(self.arg.get_value_parser().clone());
        let command = Command::new(SERVE).no_binary_name(true).arg(alone);
        let error = command
            .try_get_matches_from([format!("--setting={value}")])
            .err()?;
        let expected = match (self.kind(), error.get(ContextKind::ValidValue)) {
            (Kind::Flag, _) => format!("expected {FLAG}"),
            (Kind::Number, _) if value.parse::<u64>().is_err() => format!("expected {NUMBER}"),
            (_, Some(ContextValue::Strings(values))) if !values.is_empty() => {
                format!("expected {}", values.join(" or "))
            }
            _ => error.source().map(ToString::to_string).unwrap_or_default(),
        };
        Some(match self.is_secret() {
            true => format!("invalid value: {expected}"),
            false => format!("invalid value {value:?}: {expected}"),
        })
    }
}

/// The environment variable of an option.
fn variable(long: &str) -> String {
    format!("LEADKEEP_{}", long.to_uppercase().replace('-', "_"))
}

/// The command line, with a variable for each option of `serve`.
pub(crate) fn with_environment(command: Command) -> Command {
    let command = command.mut_subcommand(SERVE, |serve| {
        serve.mut_args(|arg| {
            let Some(variable) = arg.get_long().map(variable) else {
                return arg;
            };
            let arg = match arg.get_action() {
                ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
                ArgAction::Append => arg.value_delimiter(','),
                _ => arg,
            };
            arg.env(variable)
        })
    });
    without_empty(command)
}

/// The command with its subcommands, in which a variable without a value is none.
fn without_empty(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let value = arg.get_env().and_then(std::env::var_os);
        match value.is_some_and(|value| value.is_empty()) {
            true => arg.env(Resettable::Reset),
            false => arg,
        }
    });
    command.mut_subcommands(without_empty)
}

/// The definition of `serve`.
pub(crate) fn serve(command: &Command) -> Result<&Command, Failure> {
    let serve = command.find_subcommand(SERVE);
    Ok(serve.with_context(|| format!("there is no command {SERVE}"))?)
}

/// Puts what the file says behind `serve` in these arguments, where neither they nor the environment say anything. Gives
/// the file too, if there is one.
pub(crate) fn read_file_into(
    arguments: &mut Vec<OsString>,
    command: &Command,
) -> Result<Option<File>, Failure> {
    // What is wrong with the arguments themselves is found when all of them are there.
    let lenient = command.clone().ignore_errors(true);
    let Ok(matches) = lenient.try_get_matches_from(arguments.iter()) else {
        return Ok(None);
    };
    let Some(given) = matches.subcommand_matches(SERVE) else {
        return Ok(None);
    };
    let serve = serve(command)?;
    for setting in Setting::all(serve).filter(|setting| setting.flag().is_none()) {
        if setting.source(given) == Some(ValueSource::CommandLine) {
            let (key, variable) = (setting.key(), setting.variable());
            return Err(anyhow!(
                "--{}: arguments are visible to others; set the variable {variable}, or {key} in the file of --{CONFIG}",
                setting.long
            )
            .into());
        }
    }
    let Some(path) = given.get_one::<PathBuf>(CONFIG) else {
        return Ok(None);
    };
    let file = File::read(path, serve).map_err(|errors| all_of(&errors))?;
    let start = arguments.iter().position(|argument| argument == SERVE);
    let start = start.map_or(arguments.len(), |place| place + 1);
    arguments.splice(start..start, file.arguments(serve, given));
    Ok(Some(file))
}

/// Several errors as one.
pub(crate) fn all_of(errors: &[String]) -> Failure {
    anyhow!("{}", errors.join("\nleadkeep: ")).into()
}

/// What is wrong with the variables of the settings.
pub(crate) fn wrong_variables(serve: &Command) -> Vec<String> {
    let mut wrong = Vec::new();
    for setting in Setting::all(serve) {
        let variable = setting.variable();
        let Some(value) = std::env::var_os(&variable).filter(|value| !value.is_empty()) else {
            continue;
        };
        let refusal = match value.to_str() {
            Some(value) if setting.kind() == Kind::List => {
                value.split(',').find_map(|value| setting.refusal(value))
            }
            Some(value) => setting.refusal(value),
            // Paths may be like this; clap knows which settings are paths.
            None => None,
        };
        wrong.extend(refusal.map(|refusal| format!("{variable}: {refusal}")));
    }
    wrong
}

/// A file with settings.
#[derive(Debug)]
pub(crate) struct File {
    path: PathBuf,
    entries: Vec<Entry>,
    /// Why its owner should look after it, if so.
    pub(crate) warning: Option<String>,
}

/// A key of a file, with what it would be as arguments: none, if it says that something is not set.
#[derive(Debug)]
struct Entry {
    key: String,
    line: usize,
    values: Vec<String>,
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// All that is wrong with it, with its lines.
    pub(crate) fn read(path: &Path, serve: &Command) -> Result<Self, Vec<String>> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| vec![format!("cannot read {shown}: {error}")])?;
        let line = |at: usize| text.get(..at).unwrap_or(&text).matches('\n').count() + 1;
        let (table, wrong) = DeTable::parse_recoverable(&text);
        if !wrong.is_empty() {
            let errors = wrong.iter().map(|error| {
                let at = error.span().map_or(0, |span| span.start);
                format!("{shown}:{}: this is no TOML: {}", line(at), error.message())
            });
            return Err(errors.collect());
        }
        let mut entries: Vec<Entry> = Vec::new();
        let mut errors = Vec::new();
        for (name, value) in table.get_ref() {
            let (key, line) = (name.get_ref().as_ref(), line(name.span().start));
            let read = match Setting::all(serve).find(|setting| setting.key() == key) {
                Some(setting) => values(&setting, value.get_ref()),
                None => Err(unknown(key, serve)),
            };
            match read {
                Ok(values) => entries.push(Entry {
                    key: key.to_owned(),
                    line,
                    values,
                }),
                Err(error) => errors.push((
                    line,
                    format!("{shown}:{line}: {}: {error}", key.escape_debug()),
                )),
            }
        }
        if !errors.is_empty() {
            // The parser sorts keys by name.
            errors.sort();
            return Err(errors.into_iter().map(|(_, error)| error).collect());
        }
        let mut file = Self {
            path: path.to_owned(),
            entries,
            warning: None,
        };
        file.warning = file.exposed(serve);
        Ok(file)
    }

    fn entry(&self, setting: &Setting) -> Option<&Entry> {
        let key = setting.key();
        self.entries
            .iter()
            .find(|entry| entry.key == key && !entry.values.is_empty())
    }

    /// Its entries as arguments, but for those that have a value already.
    fn arguments(&self, serve: &Command, given: &ArgMatches) -> Vec<OsString> {
        let mut arguments = Vec::new();
        for setting in Setting::all(serve) {
            let source = setting.source(given);
            if source.is_some_and(|source| source != ValueSource::DefaultValue) {
                continue;
            }
            for value in self.entry(&setting).iter().flat_map(|entry| &entry.values) {
                match setting.kind() {
                    Kind::Flag if value == "true" => arguments.push(format!("--{}", setting.long)),
                    Kind::Flag => {}
                    _ => arguments.push(format!("--{}={value}", setting.long)),
                }
            }
        }
        arguments.into_iter().map(OsString::from).collect()
    }

    /// A warning, if everybody can read it and it holds a secret. A group that may read it is somebody's intent.
    fn exposed(&self, serve: &Command) -> Option<String> {
        let secret = Setting::all(serve)
            .find(|setting| setting.is_secret() && self.entry(setting).is_some())?;
        let mode = std::fs::metadata(&self.path).ok()?.permissions().mode();
        (mode & 0o004 != 0).then(|| {
            let shown = self.path.display();
            format!(
                "everybody on this machine can read {shown}, which holds {}; `chmod o= {shown}` keeps it from them",
                secret.key()
            )
        })
    }
}

/// Where the value of a setting comes from, for `serve` without arguments of its own.
pub(crate) fn origin(setting: &Setting, matches: &ArgMatches, file: Option<&File>) -> String {
    if setting.source(matches) == Some(ValueSource::EnvVariable) {
        return format!("environment {}", setting.variable());
    }
    let entry = file.and_then(|file| Some((file, file.entry(setting)?)));
    match entry {
        Some((file, entry)) => format!("{}:{}", file.path.display(), entry.line),
        None => "default".to_owned(),
    }
}

/// The values of `serve` without arguments of its own.
///
/// # Errors
/// What clap has against them together.
pub(crate) fn values_of(command: &Command, file: Option<&File>) -> Result<ArgMatches, Failure> {
    let serve = serve(command)?;
    let bare = serve.clone().ignore_errors(true);
    let given = bare.try_get_matches_from([SERVE])?;
    let arguments = file.map(|file| file.arguments(serve, &given));
    let all = [OsString::from(SERVE)].into_iter();
    let all = all.chain(arguments.unwrap_or_default());
    Ok(serve.clone().try_get_matches_from(all)?)
}

/// The values of a setting in a file.
fn values(setting: &Setting, value: &DeValue) -> Result<Vec<String>, String> {
    let text = |value: &DeValue| match value {
        DeValue::String(text) => Some(text.as_ref().to_owned()),
        _ => None,
    };
    let (expected, found) = match setting.kind() {
        Kind::Flag => (
            "true or false",
            value.as_bool().map(|on| vec![on.to_string()]),
        ),
        Kind::Number => (
            NUMBER,
            value
                .as_integer()
                .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
                .filter(|number| *number >= 0)
                .map(|number| vec![number.to_string()]),
        ),
        Kind::Text => ("a text in quotes", text(value).map(|text| vec![text])),
        Kind::List => (
            "a list of texts, like [\"one\", \"two\"]",
            value
                .as_array()
                .and_then(|list| list.iter().map(|value| text(value.get_ref())).collect()),
        ),
    };
    let mut values = found.ok_or_else(|| format!("expected {expected}, got {}", kind_of(value)))?;
    values.retain(|value| !value.is_empty());
    match values.iter().find_map(|value| setting.refusal(value)) {
        Some(refusal) => Err(refusal),
        None => Ok(values),
    }
}

/// What a value is, for a message. A text may be a secret, so it is not shown.
fn kind_of(value: &DeValue) -> String {
    match value {
        DeValue::String(_) => "a text".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(on) => on.to_string(),
        DeValue::Datetime(time) => time.to_string(),
    }
}

/// What is said of a key that is none.
fn unknown(key: &str, serve: &Command) -> String {
    // clap knows which flags are near.
    let flags = Setting::all(serve).map(|setting| Arg::new(setting.key()).long(setting.key()));
    let command = Command::new(SERVE)
        .no_binary_name(true)
        .disable_help_flag(true)
        .args(flags);
    let error = command.try_get_matches_from([format!("--{key}")]).err();
    let near = error
        .filter(|error| error.kind() == ErrorKind::UnknownArgument)
        .and_then(|error| match error.get(ContextKind::SuggestedArg) {
            Some(ContextValue::String(flag)) => Some(flag.trim_start_matches('-').to_owned()),
            _ => None,
        });
    match near {
        Some(near) => format!("there is no such setting; is {near:?} meant?"),
        None => "there is no such setting; `leadkeep config sample` prints all".to_owned(),
    }
}
