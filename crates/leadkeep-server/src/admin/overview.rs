//! The first page: what the server has done lately, and what needs attention.

mod lately;

use super::calls::look;
use super::chart::{COLOURS, Series, bars};
use super::page::{Page, Section, html};
use super::visit::{self, Viewer};
use crate::app::App;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use lately::{Lately, Line, Span};
use leadkeep_core::call_log::{Minute, Size};
use serde::Deserialize;
use std::sync::Arc;

/// How far back the page shows how much there was.
const SIZES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Bars of that.
const SIZE_BARS: i64 = 56;
/// Things that wait are counted up to here.
const WAITING: usize = 1_000;

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    span: String,
}

/// A chart with its key.
struct Chart {
    title: String,
    svg: String,
    key: Vec<(&'static str, String)>,
}

/// Something that somebody should look at.
struct Attention {
    text: String,
    /// Where it is looked at, if there is such a page.
    link: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "overview.html")]
struct Overview {
    page: Page,
    span: Span,
    attention: Vec<Attention>,
    size: Option<Size>,
    waiting: Waiting,
    charts: Vec<Chart>,
    lines: Vec<Line>,
    all: Option<Line>,
    has_log: bool,
}

/// What waits to be done.
#[derive(Clone, Copy)]
struct Waiting {
    imports: u64,
    due: u64,
    failed: u64,
}

pub(crate) async fn page(
    State(app): State<Arc<App>>,
    Viewer(page): Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Response> {
    let page = page.of(Section::Overview);
    let span = Span::parse(&asked.span);
    let now = Timestamp::now();
    let count = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
    let waiting = app.read(move |txn, _, now| {
        Ok(Waiting {
            imports: count(txn.open_imports()?.len()),
            due: count(txn.due_tasks(now, WAITING)?.len()),
            failed: count(txn.failed_tasks(None, WAITING)?.len()),
        })
    });
    let waiting = waiting.await.map_err(|error| visit::unavailable(&error))?;
    let has_log = app.call_log.is_some();
    let (minutes, sizes) = match has_log {
        true => {
            let since = span.start(now);
            let oldest = now.saturating_sub(SIZES).unwrap_or(now);
            look(&app, &page, move |log| {
                Ok((log.minutes(since)?, log.sizes(oldest)?))
            })
            .await?
        }
        false => (Vec::new(), Vec::new()),
    };
    let lately = Lately::new(&minutes, span, now);
    let overview = Overview {
        attention: attention(&app, &page, &minutes, waiting, now),
        charts: charts(&page, &lately, &sizes, now),
        size: sizes.last().copied(),
        lines: lately.by_operation(),
        all: lately.all(),
        page,
        span,
        waiting,
        has_log,
    };
    Ok(html(StatusCode::OK, &overview))
}

/// What needs attention, in words.
fn attention(
    app: &App,
    page: &Page,
    minutes: &[Minute],
    waiting: Waiting,
    now: Timestamp,
) -> Vec<Attention> {
    let hour = Span::Hour.start(now);
    let of_hour = minutes.iter().filter(|minute| minute.at >= hour);
    let (mut faults, mut refused, mut failed) = (0, 0, 0);
    for minute in of_hour {
        match minute.fault {
            // Nobody believed who it was.
            Some(20_014) => refused += minute.calls,
            Some(_) => faults += minute.calls,
            None => failed += minute.failed,
        }
    }
    let counted = [
        (faults, "attention-faults", "/admin/calls?failed=on"),
        (refused, "attention-refused", "/admin/calls?fault=20014"),
        (failed, "attention-failed", "/admin/calls?failed=on"),
        (
            waiting.failed,
            "attention-steps",
            "/admin/campaigns/failures",
        ),
    ]
    .into_iter()
    .filter(|(count, _, _)| *count > 0)
    .map(|(count, key, link)| Attention {
        text: page.t.count(key, count),
        link: Some(link),
    });
    let ending = app.tls.iter().flat_map(|tls| tls.ending(now));
    let ending = ending.map(|(file, end)| Attention {
        text: page.t.about(
            match end < now {
                true => "attention-certificate-ended",
                false => "attention-certificate-ends",
            },
            &format!("{} ({})", file.display(), page.time(&end)),
        ),
        link: None,
    });
    ending.chain(counted).collect()
}

fn charts(page: &Page, lately: &Lately, sizes: &[Size], now: Timestamp) -> Vec<Chart> {
    let labels = lately.labels(|time| page.clock(time));
    let chart = |title: String, series: Vec<Series>, labels: &[(usize, String)]| Chart {
        svg: bars(&title, &series, labels, |value| page.t.number(value)),
        key: match series.len() {
            0 | 1 => Vec::new(),
            _ => series
                .iter()
                .map(|own| (own.class, own.name.clone()))
                .collect(),
        },
        title,
    };
    let named = |groups: Vec<(Option<String>, Vec<u64>)>| -> Vec<Series> {
        let all = groups.into_iter().zip(COLOURS);
        all.map(|((name, values), class)| Series {
            name: match name {
                None => page.t.get("chart-others"),
                Some(name) if name.is_empty() => page.t.get("chart-unknown"),
                Some(name) => name,
            },
            class,
            values,
        })
        .collect()
    };
    let faults = Series {
        name: page.t.get("chart-faults"),
        class: "series-bad",
        values: lately.faults(),
    };
    let mut charts = vec![
        chart(
            page.t.get("chart-operations"),
            named(lately.groups(|minute| &minute.operation)),
            &labels,
        ),
        chart(
            page.t.get("chart-users"),
            named(lately.groups(|minute| &minute.user)),
            &labels,
        ),
        chart(page.t.get("chart-faults"), vec![faults], &labels),
    ];
    let of_size = |size: fn(&Size) -> u64| lately::sampled(sizes, now, SIZES, SIZE_BARS, size);
    let days = lately::days(now, SIZES, SIZE_BARS, |time| page.day(time));
    for (key, size) in [
        ("count-leads", (|size| size.leads) as fn(&Size) -> u64),
        ("count-opportunities", |size| size.opportunities),
        ("count-records", |size| size.records),
    ] {
        let title = page.t.get(key);
        let series = Series {
            name: title.clone(),
            class: COLOURS[0],
            values: of_size(size),
        };
        charts.push(chart(title, vec![series], &days));
    }
    charts
}
