//! Lines of the log that calls write.

use super::{App, Wire, header, wire};
use crate::call_log::Client;
use crate::metrics;
use crate::soap::answer;
use leadkeep_core::memory::MemoryStore;
use leadkeep_core::store::{ReadWork, Rollback, Store, StoreError, WriteWork};
use mktows::{Version, envelope_around};
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Metadata, Subscriber, span};

/// Notes what is logged on this thread from warnings on, each line with the span that it stands in.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    lines: Vec<String>,
    spans: Vec<String>,
    inside: Option<span::Id>,
}

impl Lines {
    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().lines.clone()
    }
}

/// Fields with their values.
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.push_str(&format!("{field}={value:?} "));
    }
}

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut text = Text(format!("{} ", span.metadata().name()));
        span.record(&mut text);
        let mut noted = self.0.lock().unwrap();
        noted.spans.push(text.0);
        span::Id::from_u64(noted.spans.len().try_into().unwrap())
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut noted = self.0.lock().unwrap();
        let mut text = Text(String::new());
        if let Some(id) = &noted.inside {
            let place = usize::try_from(id.into_u64()).unwrap() - 1;
            text.0.clone_from(&noted.spans[place]);
        }
        event.record(&mut text);
        noted.lines.push(text.0);
    }

    fn enter(&self, id: &span::Id) {
        self.0.lock().unwrap().inside = Some(id.clone());
    }

    fn exit(&self, _: &span::Id) {
        self.0.lock().unwrap().inside = None;
    }
}

/// A store that does something else with calls that write.
struct Odd<W> {
    store: Arc<MemoryStore>,
    write: W,
}

impl<W: Fn(Box<dyn WriteWork>) + Send + Sync + 'static> Store for Odd<W> {
    fn read(&self, work: Box<dyn ReadWork>) {
        self.store.read(work);
    }

    fn write(&self, work: Box<dyn WriteWork>) {
        (self.write)(work);
    }

    fn size_bytes(&self) -> Result<u64, StoreError> {
        self.store.size_bytes()
    }
}

fn odd(write: impl Fn(Box<dyn WriteWork>) + Send + Sync + 'static) -> Wire {
    let Wire { app, store } = wire("[rules]\ncut_long_strings = true");
    let odd = Odd {
        store: store.clone(),
        write,
    };
    let app = App::new(Arc::new(odd), app.config.clone());
    Wire {
        app: Arc::new(app),
        store,
    }
}

fn sync(first_name: &str) -> String {
    format!(
        "<ns1:paramsSyncLead xmlns:ns1=\"http://www.marketo.com/mktows/\"><leadRecord><Email>a@x.com</Email>\
         <leadAttributeList><attribute><attrName>FirstName</attrName><attrValue>{first_name}</attrValue></attribute>\
         </leadAttributeList></leadRecord><returnLead>false</returnLead></ns1:paramsSyncLead>"
    )
}

/// The beginning of a line of a call with this id.
fn named(id: &str) -> String {
    format!("call id=\"{id}\" user=\"demo_user\" operation=\"syncLead\" ")
}

/// The answer to a call with this id.
async fn call(wire: &Wire, id: &str) -> String {
    let message = envelope_around(&header(), &sync("Jo")).unwrap();
    let id = id.to_owned();
    let answer = answer(
        &wire.app,
        Version::V2_7,
        None,
        Ok(message),
        Client::default(),
        id,
    );
    String::from_utf8(answer.await.body).unwrap()
}

/// VAL-8, DM-VAL-7: with `cut_long_strings` the log says that values were cut; a call that cuts nothing is silent.
#[tokio::test]
async fn val_08_cut_values_are_in_the_log() {
    let wire = wire("[rules]\ncut_long_strings = true");
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    for (name, said) in [("Jo".to_owned(), 0), ("x".repeat(300), 1)] {
        let body = wire.call(&sync(&name)).await;
        assert!(body.contains("successSyncLead"), "{body}");
        assert_eq!(lines.all().len(), said, "{name}");
    }
    let text = lines.all().concat();
    assert!(text.contains("values=1"), "{text}");
}

#[tokio::test]
async fn flt_10_a_call_that_panics_is_named_and_counted() {
    let wire = odd(|_| panic!("on purpose"));
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let answer = call(&wire, "7b5a11c3").await;
    assert!(
        answer.contains("Internal error, call 7b5a11c3 (20011)"),
        "{answer}"
    );
    let expected = format!("{}message=a call panicked ", named("7b5a11c3"));
    assert_eq!(lines.all(), [expected]);
    let numbers = metrics::written(&wire.app).await;
    let counted = "operation=\"syncLead\",outcome=\"20011\"} 1";
    assert!(numbers.contains(counted), "{numbers}");
}

#[tokio::test]
async fn flt_10_a_store_that_is_not_available_is_told_with_the_call() {
    let gone = || Rollback::Store(StoreError::Unavailable("it is gone".to_owned()));
    let wire = odd(move |work| work.done(Err(gone())));
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    let answer = call(&wire, "0123abcd").await;
    assert!(answer.contains("Internal error (10001)"), "{answer}");
    let said = lines.all();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with(&named("0123abcd")), "{said:?}");
}

/// A client that goes away takes nothing with it: its call goes on, is counted, and its lines name it.
#[tokio::test]
async fn a_call_whose_client_has_gone_is_named_too() {
    let kept = Arc::new(Mutex::new(None));
    let keeps = kept.clone();
    let wire = odd(move |work| *keeps.lock().unwrap() = Some(work));
    let lines = Lines::default();
    let _guard = tracing::subscriber::set_default(lines.clone());
    {
        let mut answer = Box::pin(call(&wire, "89abcdef"));
        let mut context = Context::from_waker(Waker::noop());
        assert!(matches!(answer.as_mut().poll(&mut context), Poll::Pending));
    }
    // Nor is it answered by the store.
    drop(kept.lock().unwrap().take().unwrap());
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    let said = lines.all();
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].starts_with(&named("89abcdef")), "{said:?}");
    let numbers = metrics::written(&wire.app).await;
    let counted = "operation=\"syncLead\",outcome=\"10001\"} 1";
    assert!(numbers.contains(counted), "{numbers}");
}
