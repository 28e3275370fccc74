//! Every rule of the file, and every error with its line.

mod errors;
mod example;
mod export;
mod first_values;
mod hostile;
mod identity;
mod refusals;
mod users;

use super::ApplyOptions;
use crate::schema::testing::Structure;

/// An instance with a file applied.
fn instance(toml: &str) -> Structure {
    let mut structure = Structure::default();
    structure.apply(toml);
    structure
}

/// What is wrong with a file for an instance; nothing may have been written.
fn errors(structure: &mut Structure, toml: &str) -> Vec<String> {
    let (version, writes) = (structure.version, structure.writes);
    let errors = structure
        .try_apply(toml, &ApplyOptions::default())
        .expect_err(toml);
    assert_eq!((structure.version, structure.writes), (version, writes));
    errors
}

/// The only error must hold all of the parts.
fn assert_refused(structure: &mut Structure, toml: &str, parts: &[&str]) {
    let errors = errors(structure, toml);
    assert_eq!(errors.len(), 1, "{toml}\n{errors:#?}");
    for part in parts {
        assert!(errors[0].contains(part), "{part}\nis not in\n{}", errors[0]);
    }
}
