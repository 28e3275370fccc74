//! A browser without a screen: requests that keep their cookies, for the admin pages.

use super::{Answer, Server};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The password of whom tests make.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server on an empty directory.
pub(crate) fn house() -> (tempfile::TempDir, Server) {
    let directory = tempfile::tempdir().unwrap();
    let server = Server::on(directory.path());
    (directory, server)
}

/// Somebody who visits the pages.
pub(crate) struct Browser<'s> {
    server: &'s Server,
    cookies: BTreeMap<String, String>,
    /// More lines of the head of each request.
    pub(crate) head: String,
}

impl<'s> Browser<'s> {
    /// One that was never here.
    pub(crate) fn new(server: &'s Server) -> Self {
        Self {
            server,
            cookies: BTreeMap::new(),
            head: String::new(),
        }
    }

    /// The first owner, signed in.
    pub(crate) fn owner(server: &'s Server) -> Self {
        let mut browser = Self::new(server);
        let made = browser.make_owner(PASSWORD, PASSWORD);
        assert_eq!(made.status, 303, "{}", made.text());
        browser
    }

    /// Somebody whom this owner has added, signed in.
    pub(crate) fn added(&mut self, name: &str, role: &str) -> Self {
        let fields = [("name", name), ("role", role), ("password", PASSWORD)];
        assert_eq!(self.post("/admin/admins/add", &fields).status, 303);
        let mut other = Self::new(self.server);
        assert_eq!(other.sign_in(name, PASSWORD).status, 303);
        other
    }

    /// Opens the link that the server printed, and fills in its form.
    pub(crate) fn make_owner(&mut self, password: &str, again: &str) -> Answer {
        let path = self.set_up_path();
        let (_, token) = path.split_once("token=").unwrap();
        self.post(
            "/admin/set-up",
            &[
                ("token", token),
                ("name", "owner"),
                ("password", password),
                ("again", again),
            ],
        )
    }

    /// The path of the link that the server printed.
    pub(crate) fn set_up_path(&self) -> String {
        let line = self.server.printed.iter();
        let line = line.filter_map(|line| line.strip_prefix("set up")).next();
        let link = line.expect("a link is printed").trim();
        link[link.find("/admin").unwrap()..].to_owned()
    }

    /// Signs in.
    pub(crate) fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/admin/sign-in", &[("name", name), ("password", password)])
    }

    /// Loads a page.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers());
        self.send(request.as_bytes())
    }

    /// Loads a page until it shows something: some things are written or done beside the calls.
    pub(crate) fn wait_for(&mut self, path: &str, wanted: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let page = self.get(path).text();
            if page.contains(wanted) {
                return page;
            }
            assert!(Instant::now() < deadline, "no {wanted} in {page}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sends a form with the token of this session.
    pub(crate) fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf();
        let all: Vec<(&str, &str)> = [("csrf", csrf.as_str())]
            .into_iter()
            .chain(fields.iter().copied())
            .collect();
        self.post_bare(path, &all)
    }

    /// Sends a form as it is.
    pub(crate) fn post_bare(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        let request = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n{}\r\n{body}",
            body.len(),
            self.headers()
        );
        self.send(request.as_bytes())
    }

    /// Sends a form with a file and the token of this session.
    pub(crate) fn upload(&mut self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let csrf = self.csrf();
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf.as_str())].iter().chain(fields) {
            let part = format!(
                "--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.bytes());
        }
        let head = "--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"leads.csv\"\r\n\
                    Content-Type: text/csv\r\n\r\n";
        body.extend(head.bytes());
        body.extend(file);
        body.extend(b"\r\n--part--\r\n");
        let request = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=part\r\nContent-Length: {}\r\n{}\r\n",
            body.len(),
            self.headers()
        );
        self.send(&[request.as_bytes(), &body].concat())
    }

    /// The token that forms carry, out of a page.
    pub(crate) fn csrf(&mut self) -> String {
        let page = self.get("/admin/sign-in").text();
        let page = match page.contains("name=\"csrf\"") {
            true => page,
            false => self.get("/admin").text(),
        };
        let (_, rest) = page.split_once("name=\"csrf\" value=\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// What a cookie holds.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Has a cookie of somebody else.
    pub(crate) fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    fn headers(&self) -> String {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(
            "Host: {}\r\nConnection: close\r\nCookie: {}\r\n{}",
            self.server.address,
            cookies.join("; "),
            self.head
        )
    }

    fn send(&mut self, request: &[u8]) -> Answer {
        let answer = self.server.raw(request);
        for line in answer.head.lines() {
            // The head comes in lower case; tokens have no capitals, and languages are few.
            if let Some(cookie) = line.strip_prefix("set-cookie: ") {
                let (name, value) = cookie.split_once('=').unwrap();
                let value = value.split(';').next().unwrap().replace("zh-tw", "zh-TW");
                self.cookies.insert(name.to_owned(), value);
            }
        }
        answer
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
