//! How a client is connected, and a console to try a call.

use super::page::{Page, Section, html};
use super::visit::{self, Editor, Fields, Viewer};
use crate::app::App;
use crate::call_id;
use crate::call_log::Client;
use crate::endpoint::public_base;
use crate::soap;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use leadkeep_core::admins::{Change, note};
use mktows::{AuthenticationHeaderInfo, Version, envelope_around, indented};
use serde::Deserialize;
use std::sync::Arc;

/// What the console begins with.
const FIRST: &str = "<ns1:paramsGetLead>\n  <leadKey>\n    <keyType>EMAIL</keyType>\n    <keyValue>ann@example.com</keyValue>\n  </leadKey>\n</ns1:paramsGetLead>";

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new().route("/admin/connect", get(form).post(call))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wanted {
    user: String,
}

/// A program for a client, with its language.
struct Snippet {
    id: &'static str,
    language: &'static str,
    text: String,
}

/// Quotes could end the strings in which they stand; ids and addresses with any are not filled in.
macro_rules! snippet {
    ($name:ident, $path:literal) => {
        #[derive(Template)]
        #[template(path = $path, escape = "none")]
        struct $name<'a> {
            endpoint: &'a str,
            user: &'a str,
        }
    };
}

snippet!(Php, "snippets/php.txt");
snippet!(Python, "snippets/python.txt");
snippet!(Java, "snippets/java.txt");
snippet!(Ruby, "snippets/ruby.txt");
snippet!(Node, "snippets/node.txt");
snippet!(DotNet, "snippets/dotnet.txt");
snippet!(Curl, "snippets/curl.txt");

/// What the console has sent and got.
struct Made {
    request: String,
    response: String,
}

#[derive(Template)]
#[template(path = "connect.html")]
struct Connect {
    page: Page,
    endpoint: String,
    users: Vec<String>,
    user: String,
    snippets: Vec<Snippet>,
    params: String,
    made: Option<Made>,
    error: Option<String>,
}

impl Connect {
    fn is_chosen(&self, user: &str) -> bool {
        self.user == user
    }
}

/// The page for one of the users.
async fn connect(
    app: &Arc<App>,
    page: Page,
    parts: &Parts,
    wanted: &str,
) -> Result<Connect, Response> {
    let page = page.of(Section::Connect);
    let read = app.read(|_, schema, _| {
        let active = schema.users.iter().filter(|user| !user.disabled);
        Ok(active.map(|user| user.id.clone()).collect::<Vec<_>>())
    });
    let users = read.await.map_err(|error| visit::unavailable(&error))?;
    let known = users.iter().find(|user| *user == wanted);
    let user = known.or(users.first()).cloned().unwrap_or_default();
    let base = public_base(app, &parts.headers, &parts.uri);
    let endpoint = format!("{base}/soap/mktows/3_1");
    Ok(Connect {
        snippets: snippets(&endpoint, &user),
        page,
        endpoint,
        users,
        user,
        params: FIRST.to_owned(),
        made: None,
        error: None,
    })
}

fn snippets(endpoint: &str, user: &str) -> Vec<Snippet> {
    let is_plain = |text: &&str| !text.contains(['\'', '"', '\\', '$', '`', '\n', '<', '&']);
    let user = Some(user).filter(is_plain).unwrap_or("USER_ID");
    let endpoint = Some(endpoint).filter(is_plain).unwrap_or("ENDPOINT");
    [
        ("php", "PHP", Php { endpoint, user }.render()),
        ("python", "Python", Python { endpoint, user }.render()),
        ("java", "Java", Java { endpoint, user }.render()),
        ("ruby", "Ruby", Ruby { endpoint, user }.render()),
        ("node", "Node.js", Node { endpoint, user }.render()),
        ("dotnet", ".NET (C#)", DotNet { endpoint, user }.render()),
        ("curl", "cURL", Curl { endpoint, user }.render()),
    ]
    .into_iter()
    .filter_map(|(id, language, text)| {
        Some(Snippet {
            id,
            language,
            text: text.ok()?,
        })
    })
    .collect()
}

async fn form(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    parts: Parts,
    Query(Wanted { user }): Query<Wanted>,
) -> Result<Response, Response> {
    let form = connect(&app, page, &parts, &user).await?;
    Ok(html(StatusCode::OK, &form))
}

/// Signs what was typed in as one of the users, makes the call as if it had come from outside, and shows both messages.
async fn call(
    State(app): State<Arc<App>>,
    Editor(page): Editor,
    parts: Parts,
    fields: Fields,
) -> Result<Response, Response> {
    let (admin, wanted) = (page.name().to_owned(), fields.get("user").to_owned());
    let mut form = connect(&app, page, &parts, &wanted).await?;
    form.params = fields.raw("params").to_owned();
    // Not another one, if this one was switched off since the page was loaded.
    let user = wanted;
    let prepared = app.write(move |txn, schema, now| {
        let own = schema.user(&user).filter(|own| !own.disabled);
        let Some(key) = own.and_then(|own| own.valid_keys(now).next()) else {
            return Ok(None);
        };
        let change = Change {
            by: &admin,
            action: "call.console",
            subject: &format!("user {user}"),
            detail: "",
        };
        note(txn, now, change)?;
        let at = Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%S+00:00")
            .to_string();
        Ok(Some(AuthenticationHeaderInfo::signed(&user, key, &at)))
    });
    let header = prepared.await.map_err(|error| visit::unavailable(&error))?;
    let Some(header) = header else {
        form.error = Some(form.page.t.get("connect-no-user"));
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &form));
    };
    let message = match envelope_around(&header, &form.params) {
        Ok(message) => message,
        Err(reason) => {
            form.error = Some(reason.to_string());
            return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &form));
        }
    };
    let sent = crate::call_log::without_signature(String::from_utf8_lossy(&message).into_owned());
    let client = Client {
        address: "".into(),
        user_agent: Client::named(&format!("leadkeep admin {}", form.page.name())),
    };
    let answer = soap::answer(
        &app,
        Version::LAST,
        None,
        Ok(message),
        client,
        call_id::next(),
    )
    .await;
    form.made = Some(Made {
        request: indented(&sent),
        response: indented(&String::from_utf8_lossy(&answer.body)),
    });
    Ok(html(StatusCode::OK, &form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out_of_a_program() {
        for user in ["a'; system('x'); '", "a\"", "$(x)", "`x`", "a\nb"] {
            for snippet in snippets("http://h/soap", user) {
                assert!(!snippet.text.contains(user), "{}", snippet.text);
                assert!(snippet.text.contains("USER_ID"), "{}", snippet.text);
            }
        }
        let all = snippets("http://h:1/soap", "crm_sync@x");
        assert!(all.iter().all(|own| own.text.contains("crm_sync@x")));
        assert_eq!(all.len(), 7);
    }
}
