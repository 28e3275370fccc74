//! A real Chromium by its WebDriver.

use fantoccini::error::CmdError;
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long something may take to be seen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A browser with one window.
pub(crate) struct Chromium {
    driver: Child,
    client: Client,
}

impl Chromium {
    /// Starts a browser.
    pub(crate) async fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.find_map(|line| {
            let line = line.unwrap();
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        // It goes on printing, and must not wait for somebody to read that.
        std::thread::spawn(move || lines.count());
        let wanted = json!({
            "goog:chromeOptions": { "args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1440,900"] },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let wanted: Capabilities = wanted.as_object().unwrap().clone();
        let address = format!("http://127.0.0.1:{}", port.unwrap());
        let client =
            Client::with_capabilities_and_connector(&address, &wanted, HttpConnector::new()).await;
        Self {
            driver,
            client: client.unwrap(),
        }
    }

    /// Ends the browser.
    pub(crate) async fn end(self) {
        self.client.clone().close().await.unwrap();
    }

    /// Loads a page.
    pub(crate) async fn go(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// What a script returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// The text of the page.
    pub(crate) async fn text(&self) -> String {
        let text = self.run("return document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// The path of the page, without its query.
    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.unwrap().path().to_owned()
    }

    /// Types into a field of the page's own part, in place of what it holds; for a file, its path.
    pub(crate) async fn fill(&self, name: &str, value: &str) {
        self.fill_at(&format!("main [name=\"{name}\"]"), value)
            .await;
    }

    /// Types into a field.
    pub(crate) async fn fill_at(&self, selector: &str, value: &str) {
        let field = self.client.find(Locator::Css(selector)).await.unwrap();
        let kind = field.prop("type").await.unwrap();
        if !matches!(kind.as_deref(), Some("file" | "select-one")) {
            field.clear().await.unwrap();
        }
        field.send_keys(value).await.unwrap();
    }

    /// Clicks at something, which may be a moment away.
    pub(crate) async fn press(&self, selector: &str) {
        let wait = self.client.wait().at_most(PATIENCE);
        let button = wait.for_element(Locator::Css(selector)).await;
        button.unwrap().click().await.unwrap();
    }

    /// Looks at the page, which may follow what happens by itself, until it shows a text.
    pub(crate) async fn wait_for(&self, wanted: &str) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // A page that is just being loaded has nothing to show.
            let script = "return document.body.innerText";
            let shown: Result<Value, CmdError> = self.client.execute(script, Vec::new()).await;
            let text = shown.ok().and_then(|text| Some(text.as_str()?.to_owned()));
            if text.as_ref().is_some_and(|text| text.contains(wanted)) {
                return;
            }
            assert!(Instant::now() < deadline, "no {wanted:?} in {text:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the browser had against the pages since the last time: scripts that failed, things that it may not load.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let lines = self.client.issue_cmd(BrowserLog).await.unwrap();
        let severe = |line: &&Value| line["level"] == "SEVERE";
        let lines = lines.as_array().unwrap().iter().filter(severe);
        let lines = lines.map(|line| line["message"].as_str().unwrap().to_owned());
        // An answer of 422 says that a form was wrong, and is meant.
        lines.filter(|line| !line.contains("422")).collect()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Asks for the console of the browser.
#[derive(Debug)]
struct BrowserLog;

impl WebDriverCompatibleCommand for BrowserLog {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        let wanted = json!({ "type": "browser" }).to_string();
        (http::Method::POST, Some(wanted))
    }
}
