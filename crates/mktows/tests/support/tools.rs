//! Programs of others that tests call, and what to do where one is missing.

use mktows::MKTOWS_NAMESPACE;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// Says that a test did not look at what it is there for. Not by `eprintln!`, of which nobody hears while a test passes.
pub(crate) fn skipped(test: &str, why: &str) {
    let line = format!("SKIPPED: {test}: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Whether a probe succeeds; says so loudly if it does not, and fails where nothing may be skipped.
pub(crate) fn available(test: &str, missing: &str, probe: &mut Command) -> bool {
    let found = probe.output().is_ok_and(|output| output.status.success());
    if !found {
        skipped(test, &format!("{missing} is missing"));
        assert!(
            std::env::var_os("LEADKEEP_REQUIRE_ALL").is_none(),
            "{test} was skipped: {missing} is missing"
        );
    }
    found
}

/// Whether xmllint is there.
pub(crate) fn xmllint_available(test: &str) -> bool {
    available(
        test,
        "xmllint (libxml2-utils)",
        Command::new("xmllint").arg("--version"),
    )
}

/// Messages that are held against the schema inside a WSDL, by libxml2.
pub(crate) struct Validation {
    folder: PathBuf,
    files: Vec<PathBuf>,
}

impl Validation {
    /// Puts the schema of a WSDL into a folder, which need not exist.
    pub(crate) fn new(folder: PathBuf, wsdl: &str) -> Self {
        std::fs::create_dir_all(&folder).unwrap();
        let from = wsdl.find("<xs:schema").unwrap();
        let to = wsdl.find("</xs:schema>").unwrap() + "</xs:schema>".len();
        // The prefixes are declared further out in the WSDL.
        let schema = wsdl[from..to].replacen(
            "<xs:schema",
            &format!(
                "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"{MKTOWS_NAMESPACE}\""
            ),
            1,
        );
        std::fs::write(folder.join("schema.xsd"), schema).unwrap();
        Self {
            folder,
            files: Vec::new(),
        }
    }

    /// Adds what the Body of a message holds, under a name that tells which it is.
    pub(crate) fn add(&mut self, name: &str, envelope: &[u8]) {
        let text = std::str::from_utf8(envelope).unwrap();
        let from = text.find("<SOAP-ENV:Body>").unwrap() + "<SOAP-ENV:Body>".len();
        let body = &text[from..text.find("</SOAP-ENV:Body>").unwrap()];
        let end = body.find(['>', ' ', '/']).unwrap();
        let path = self.folder.join(format!("{name}.xml"));
        let document = format!(
            "{} xmlns:ns1=\"{MKTOWS_NAMESPACE}\" xmlns:xsi=\"{}\"{}",
            &body[..end],
            mktows::XSI_NAMESPACE,
            &body[end..]
        );
        std::fs::write(&path, document).unwrap();
        self.files.push(path);
    }

    /// What is not valid, in xmllint's words; empty if all is.
    pub(crate) fn complaints(&self) -> String {
        let mut complaints = String::new();
        for files in self.files.chunks(500) {
            let output = Command::new("xmllint")
                .args(["--noout", "--nonet", "--schema"])
                .arg(self.folder.join("schema.xsd"))
                .args(files)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let bad = said.lines().filter(|line| !line.ends_with(" validates"));
            complaints.extend(bad.map(|line| line.to_owned() + "\n"));
            let valid = said.lines().filter(|line| line.ends_with(" validates"));
            if complaints.is_empty() {
                assert!(
                    output.status.success() && valid.count() == files.len(),
                    "{said}"
                );
            }
        }
        complaints
    }
}
