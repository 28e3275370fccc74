//! The one table of exit codes.

use std::process::ExitCode;

/// How the program ends. `docs/exit-codes.md` is this table for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; also when there was nothing to do.
    Done = 0,
    /// What was asked for was refused: a file with errors, a user that exists, a fault.
    Refused = 1,
    /// Wrong usage, or something around the program is missing: a file, a port, a database.
    Usage = 2,
    /// The server stopped, but calls were still running at the end of their grace.
    CutOff = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An end with something to say.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What is printed.
    pub(crate) error: anyhow::Error,
}

impl Failure {
    /// Something was refused.
    pub(crate) fn refused(error: impl Into<anyhow::Error>) -> Self {
        Self {
            exit: Exit::Refused,
            error: error.into(),
        }
    }
}

/// Errors without further notice come from the environment.
impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self {
            exit: Exit::Usage,
            error: error.into(),
        }
    }
}
