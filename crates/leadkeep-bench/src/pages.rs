//! `pages`: how long the admin pages take where there are many leads.

use crate::Pages;
use crate::messages;
use crate::report::{fill, settle};
use crate::server::Server;
use anyhow::{Context, Result, ensure};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The password of the owner that is made.
const PASSWORD: &str = "a password for measuring";

/// What pages should take at the most, in milliseconds.
const GOAL: f64 = 50.0;

/// Runs `pages`.
pub(crate) fn pages(options: &Pages) -> Result<()> {
    let server = Server::start()?;
    fill(&server, 0, options.leads)?;
    settle();
    let browser = Browser::owner(&server)?;
    let email = messages::email(options.leads / 2);
    let middle = options.leads / 2;
    let indexed = Instant::now();
    let field = "by=field.LastName&q=Family77";
    browser.post("/admin/leads/index", field)?;
    println!(
        "index    {:>9.1} s to make the one of LastName over {} leads",
        indexed.elapsed().as_secs_f64(),
        options.leads
    );
    let floor = browser.time("/healthz", options.times)?;
    println!("floor    {:>9.2} ms median of /healthz", floor.0);
    for path in [
        "/admin".to_owned(),
        "/admin?span=day".to_owned(),
        "/admin/calls".to_owned(),
        "/admin/leads".to_owned(),
        format!("/admin/leads?by=EMAIL&q={email}"),
        format!("/admin/leads?{field}"),
        format!("/admin/leads/{middle}"),
        format!("/admin/leads/{middle}/edit"),
        "/admin/opportunities".to_owned(),
        "/admin/programs".to_owned(),
        "/admin/lists".to_owned(),
        "/admin/campaigns".to_owned(),
        "/admin/imports".to_owned(),
        "/admin/setup".to_owned(),
        "/admin/setup/objects".to_owned(),
        "/admin/users".to_owned(),
        "/admin/connect".to_owned(),
        "/admin/audit".to_owned(),
    ] {
        let (median, worst) = browser.time(&path, options.times)?;
        let ratio = median / floor.0;
        let over = if median > GOAL {
            "  above the goal of 50 ms"
        } else {
            ""
        };
        println!(
            "page     {median:>9.2} ms median, {worst:>7.2} ms at the most, {ratio:>5.1} of the floor  {path}{over}"
        );
    }
    Ok(())
}

/// Somebody who is signed in.
struct Browser<'s> {
    server: &'s Server,
    cookie: String,
    csrf: String,
}

impl<'s> Browser<'s> {
    /// The first owner of a server.
    fn owner(server: &'s Server) -> Result<Self> {
        let mut browser = Self {
            server,
            cookie: String::new(),
            csrf: String::new(),
        };
        let token = server
            .set_up_token()
            .context("the server printed no link")?;
        let fields = format!("token={token}&name=owner&password={PASSWORD}&again={PASSWORD}");
        let answer = browser.post("/admin/set-up", &fields.replace(' ', "+"))?;
        let (_, cookie) = answer
            .split_once("leadkeep_session=")
            .context("nobody was signed in")?;
        let value = cookie.split(';').next().unwrap_or_default();
        browser.cookie = format!("leadkeep_session={value}");
        let page = browser.get("/admin")?;
        let (_, csrf) = page
            .split_once("name=\"csrf\" value=\"")
            .context("the page has no form")?;
        browser.csrf = csrf.split('"').next().unwrap_or_default().to_owned();
        Ok(browser)
    }

    fn get(&self, path: &str) -> Result<String> {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    fn post(&self, path: &str, fields: &str) -> Result<String> {
        let body = format!("csrf={}&{fields}", self.csrf);
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            body.len()
        );
        let answer = self.send(&head, &body)?;
        ensure!(answer.starts_with("HTTP/1.1 303"), "{path}: {answer}");
        Ok(answer)
    }

    fn send(&self, head: &str, body: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.server.address)?;
        stream.set_nodelay(true)?;
        let (host, cookie) = (self.server.address, &self.cookie);
        let message =
            format!("{head}Host: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n{body}");
        stream.write_all(message.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// Loads a page some times: the median and the longest, in milliseconds, each with a connection of its own.
    fn time(&self, path: &str, times: usize) -> Result<(f64, f64)> {
        let mut spent = Vec::with_capacity(times);
        for _ in 0..times.max(1) {
            let started = Instant::now();
            let answer = self.get(path)?;
            spent.push(started.elapsed());
            ensure!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
        }
        spent.sort_unstable();
        let millis = |time: &Duration| time.as_secs_f64() * 1e3;
        let median = spent.get(spent.len() / 2).map_or(0.0, millis);
        Ok((median, spent.last().map_or(0.0, millis)))
    }
}
