//! The programs for users, and the Python that runs them and other helpers of tests.

use std::path::{Path, PathBuf};

/// The programs for users, which tests run.
pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .canonicalize()
        .unwrap()
}

/// The Python that has the libraries of the examples, or else that of the machine.
pub(crate) fn python() -> PathBuf {
    let own = examples().join("python/venv/bin/python");
    if own.exists() { own } else { "python3".into() }
}
