//! Messages in, messages out, over a store in memory.

mod activities;
mod campaigns;
mod lead_reads;
mod leads;
mod lists;
mod log_lines;
mod merge;
mod mobject_reads;
mod mobjects;
mod programs;

use super::answer;
use crate::app::App;
use crate::call_id;
use crate::call_log::Client;
use crate::config::Config;
use leadkeep_core::memory::MemoryStore;
use leadkeep_core::provision::{self, ApplyOptions};
use leadkeep_core::schema::Schema;
use leadkeep_core::store::StoreError;
use mktows::{AuthenticationHeaderInfo, Version, envelope_around, with_header};
use std::sync::Arc;
use std::time::Duration;

/// The key of `demo_user` in the project's own provisioning file.
const KEY: &str = "demo_key_0123456789abcdef";

/// A server that a provisioning file made, without its HTTP.
struct Wire {
    app: Arc<App>,
    store: Arc<MemoryStore>,
}

/// A server that a provisioning file made; `demo_user` is added where the file names no user.
fn wire(toml: &str) -> Wire {
    wire_with(toml, Config::default())
}

fn wire_with(toml: &str, config: Config) -> Wire {
    let store = Arc::new(MemoryStore::new());
    let user = match toml.contains("[[user]]") {
        true => String::new(),
        false => format!("[[user]]\nid = \"demo_user\"\nkey = \"{KEY}\"\n"),
    };
    let parsed = provision::parse(&format!("{toml}\n{user}")).unwrap();
    store
        .write_now(|txn, now| {
            let schema = Schema::load(txn.schema_version()?, &txn.definitions()?)?;
            let options = ApplyOptions::default();
            provision::apply(txn, &schema, now, &parsed, &options, &mut || {
                "a fresh key".to_owned()
            })
            .map_err(|error| StoreError::Failed(error.to_string()))
        })
        .unwrap();
    let config = Config {
        timestamp_past: Duration::ZERO,
        timestamp_future: Duration::ZERO,
        ..config
    };
    let app = App::new(store.clone(), config);
    Wire {
        app: Arc::new(app),
        store,
    }
}

fn header() -> AuthenticationHeaderInfo {
    AuthenticationHeaderInfo::signed("demo_user", KEY, "2013-08-01T00:00:00+00:00")
}

impl Wire {
    /// Sends an element of parameters. Gives what is in the Body of the answer.
    async fn call(&self, params: &str) -> String {
        let envelope = envelope_around(&header(), params).unwrap();
        self.send(envelope).await
    }

    /// Sends an envelope, signed.
    async fn call_envelope(&self, envelope: &str) -> String {
        self.send(with_header(&header(), envelope).unwrap()).await
    }

    async fn send(&self, envelope: Vec<u8>) -> String {
        let answer = answer(
            &self.app,
            Version::V2_7,
            None,
            Ok(envelope),
            Client::default(),
            call_id::next(),
        )
        .await;
        let text = String::from_utf8(answer.body).unwrap();
        let (_, body) = text.split_once("<SOAP-ENV:Body>").unwrap();
        let (body, _) = body.split_once("</SOAP-ENV:Body>").unwrap();
        let is_fault = body.starts_with("<SOAP-ENV:Fault>");
        assert_eq!(answer.status, if is_fault { 500 } else { 200 }, "FLT-7");
        body.to_owned()
    }

    /// Sends what is expected to be refused. Gives the fault's text, `Lead not found (20103)`.
    async fn fault(&self, params: &str) -> String {
        let body = self.call(params).await;
        let (_, text) = body.split_once("<message>").expect(&body);
        text.split_once("</message>").unwrap().0.to_owned()
    }

    /// The part of the answer between two tags of a name.
    async fn part(&self, name: &str, params: &str) -> String {
        let body = self.call(params).await;
        let (_, part) = body.split_once(&format!("<{name}>")).expect(&body);
        part.rsplit_once(&format!("</{name}>"))
            .unwrap()
            .0
            .to_owned()
    }
}
