//! A message in, a message out.

mod activities;
mod campaigns;
mod custom_objects;
mod fault;
mod leads;
mod lists;
mod mobjects;
mod outcomes;
mod programs;
mod record_error;
#[cfg(test)]
mod tests;
mod to_its_end;

use crate::app::App;
use crate::auth::authenticate;
use crate::call_log::{self, Client};
use crate::call_span::CallSpan;
use crate::metrics::Ended;
use futures_util::FutureExt;
use jiff::Timestamp;
use leadkeep_core::call_log::Outcomes;
use leadkeep_core::schema::ApiUser;
use mktows::{
    Fault, Limits, MktowsContextHeaderInfo, Operation, Request, Version, read_request, write_fault,
    write_response,
};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;
use to_its_end::ToItsEnd;
use tracing::level_filters::LevelFilter;

/// Messages above this size are read on a thread of their own, so that they hold up nobody.
const LARGE: usize = 64 << 10;

/// Whose call it is.
pub(crate) struct Caller {
    /// The API user, who has proved it.
    pub(crate) user: ApiUser,
    /// The context header.
    pub(crate) context: Option<MktowsContextHeaderInfo>,
}

/// The answer to a message.
pub(crate) struct Answer {
    /// The HTTP status (FLT-7).
    pub(crate) status: u16,
    /// The message.
    pub(crate) body: Vec<u8>,
}

/// What is logged of a call. Never keys, signatures or values.
#[derive(Default)]
struct Entry {
    /// How many records a writing call brought.
    records: Option<usize>,
    partner: Option<String>,
    /// Who it says it is, whether that is true or not.
    claimed: Option<String>,
    /// What became of them.
    outcomes: Outcomes,
    /// The message, if it is to be kept.
    message: Option<Vec<u8>>,
}

/// Answers a message, or one that did not get as far as to be one.
pub(crate) async fn answer(
    app: &Arc<App>,
    version: Version,
    content_type: Option<String>,
    body: Result<Vec<u8>, Fault>,
    client: Client,
    call_id: String,
) -> Answer {
    let ending = Ending {
        at: Timestamp::now(),
        started: Instant::now(),
        version,
        bytes_in: body.as_ref().map_or(0, Vec::len),
        client,
        span: CallSpan::new(call_id),
    };
    let (app, running) = (app.clone(), app.metrics.begin());
    let span = ending.span.clone();
    // All of it goes on when the client has gone away, so that the call is counted and logged then too.
    ToItsEnd::new(span.around(async move {
        let _running = running;
        let work = async {
            let mut entry = Entry::default();
            let result = match body {
                Ok(body) => call(&app, version, content_type, body, &ending.span, &mut entry).await,
                Err(fault) => Err(fault),
            };
            ending.end(&app, result, entry)
        };
        // A panic is a matter of its call and of no other; nobody sees what it left half done.
        AssertUnwindSafe(work)
            .catch_unwind()
            .await
            .unwrap_or_else(|_| {
                let span = &ending.span;
                span.log(|| tracing::error!("a call panicked"));
                ending.end(&app, Err(fault::internal(span)), Entry::default())
            })
    }))
    .await
}

/// What must be known of a call when it ends.
struct Ending {
    at: Timestamp,
    started: Instant,
    version: Version,
    bytes_in: usize,
    client: Client,
    span: Arc<CallSpan>,
}

impl Ending {
    /// Writes the answer, counts the call and logs it.
    fn end(&self, app: &App, result: Result<Vec<u8>, Fault>, entry: Entry) -> Answer {
        let (status, body, fault) = match result {
            Ok(body) => (200, body, None),
            Err(fault) => (Fault::HTTP_STATUS, write_fault(&fault), Some(fault)),
        };
        let outcome = match &fault {
            None => "ok".to_owned(),
            Some(fault) => fault.code.number().to_string(),
        };
        let duration = self.started.elapsed();
        let operation = self.span.operation().map(Operation::name);
        // The span of the call names its id, user and operation.
        let line = || {
            tracing::debug!(
                records = entry.records,
                partner_id = entry.partner,
                version = %self.version,
                outcome,
                duration_ms = duration.as_secs_f64() * 1000.0,
                bytes_in = self.bytes_in,
                bytes_out = body.len(),
                "call"
            );
        };
        // Not whether the line is wanted: that may depend on its span.
        if LevelFilter::current() >= LevelFilter::DEBUG {
            self.span.log(line);
        }
        app.metrics.end(Ended {
            operation,
            outcome,
            records: entry.records,
            bytes_in: self.bytes_in,
            bytes_out: body.len(),
            duration,
        });
        if let Some(log) = &app.call_log {
            let call = call_log::Ended {
                at: self.at,
                call_id: &self.span.id,
                user: self.span.user().or(entry.claimed.as_deref()),
                operation,
                version: self.version,
                records: entry.records,
                outcomes: entry.outcomes,
                fault: fault.as_ref(),
                duration,
                bytes_in: self.bytes_in,
                client: &self.client,
                request: entry.message,
            };
            log.ended(call, &body);
        }
        Answer { status, body }
    }
}

/// The steps of protocol section 6, from reading on.
async fn call(
    app: &Arc<App>,
    version: Version,
    content_type: Option<String>,
    body: Vec<u8>,
    span: &CallSpan,
    entry: &mut Entry,
) -> Result<Vec<u8>, Fault> {
    let limits = Limits {
        bytes: app.config.max_body,
        ..Limits::default()
    };
    let large = body.len() > LARGE;
    let is_kept = app.call_log.is_some() && body.len() <= call_log::LARGEST;
    let read = move || {
        let envelope = read_request(&body, content_type.as_deref(), &limits);
        (envelope, is_kept.then_some(body))
    };
    let (envelope, message) = if large {
        let turn = app.large_messages.acquire().await;
        let _turn = turn.map_err(|_| fault::internal(span))?;
        tokio::task::spawn_blocking(read)
            .await
            .map_err(|_| fault::internal(span))?
    } else {
        read()
    };
    entry.message = message;
    let envelope = envelope?;
    let schema = match app.schema.latest() {
        Some(schema) => schema,
        None => app
            .read(|_, schema, _| Ok(Arc::new(schema.clone())))
            .await
            .map_err(|error| fault::fault(error, span))?,
    };
    let header = envelope.authentication;
    entry.partner = header.as_ref().and_then(|header| header.partner_id.clone());
    let claimed = header.as_ref();
    let claimed = claimed.and_then(|header| header.mktows_user_id.as_deref());
    entry.claimed = claimed.map(Client::named);
    let user = authenticate(&schema, &app.config, Timestamp::now(), header.as_ref())?;
    span.set_user(user.id.clone());
    // LIM-5: also for a call that turns out to be a fault.
    let _place = app.limits.begin(&user.id, Timestamp::now())?;
    let request = envelope.body?;
    let operation = request.operation();
    span.set_operation(operation);
    entry.records = records(&request);
    let caller = Caller {
        user,
        context: envelope.context,
    };
    let outcomes = &mut entry.outcomes;
    Box::pin(dispatch(app, caller, request, version, outcomes))
        .await
        .map_err(|error| match error {
            Refused::Call(error) => fault::fault(error, span),
            Refused::Fault(fault) => fault,
        })
}

/// How many records a writing call brings.
fn records(request: &Request) -> Option<usize> {
    match request {
        Request::SyncLead(_) => Some(1),
        Request::SyncMultipleLeads(params) => Some(params.lead_record_list.len()),
        Request::SyncMObjects(params) => Some(params.m_object_list.len()),
        Request::DeleteMObjects(params) => Some(params.m_object_list.len()),
        Request::SyncCustomObjects(params) => Some(params.custom_obj_list.len()),
        Request::DeleteCustomObjects(params) => Some(params.custom_obj_key_lists.len()),
        Request::ListOperation(params) => Some(params.list_member_list.len()),
        Request::ImportToList(params) => Some(params.import_file_rows.len()),
        Request::RequestCampaign(params) => params.lead_list.as_ref().map(Vec::len),
        _ => None,
    }
}

/// Why an operation was refused.
pub(crate) enum Refused {
    /// By the rules.
    Call(leadkeep_core::error::CallError),
    /// At the edge.
    Fault(Fault),
}

impl From<leadkeep_core::error::CallError> for Refused {
    fn from(error: leadkeep_core::error::CallError) -> Self {
        Self::Call(error)
    }
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The answer to a request.
async fn dispatch(
    app: &Arc<App>,
    caller: Caller,
    request: Request,
    version: Version,
    outcomes: &mut Outcomes,
) -> Result<Vec<u8>, Refused> {
    let response = match request {
        // What can be long is written where it is read: another thread would fetch and free every text of it.
        Request::GetLead(params) => return leads::get_lead(app, params, version).await,
        Request::GetMultipleLeads(params) => {
            return leads::get_multiple_leads(app, params, version).await;
        }
        Request::GetLeadChanges(params) => {
            return activities::get_lead_changes(app, params, version).await;
        }
        Request::SyncLead(params) => leads::sync_lead(app, &caller, params).await,
        Request::SyncMultipleLeads(params) => leads::sync_multiple_leads(app, params).await,
        Request::GetCustomObjects(params) => custom_objects::get_custom_objects(app, params).await,
        Request::SyncCustomObjects(params) => {
            custom_objects::sync_custom_objects(app, &caller, params).await
        }
        Request::DeleteCustomObjects(params) => {
            custom_objects::delete_custom_objects(app, &caller, params).await
        }
        Request::ListMObjects(_) => Ok(mobjects::list_mobjects()),
        Request::DescribeMObject(params) => mobjects::describe_mobject(app, params).await,
        Request::GetMObjects(params) => mobjects::get_mobjects(app, params).await,
        Request::SyncMObjects(params) => mobjects::sync_mobjects(app, params).await,
        Request::DeleteMObjects(params) => mobjects::delete_mobjects(app, params).await,
        Request::MergeLeads(params) => leads::merge_leads(app, params).await,
        Request::GetLeadActivity(params) => activities::get_lead_activity(app, params).await,
        Request::ListOperation(params) => lists::list_operation(app, params).await,
        Request::ImportToList(params) => lists::import_to_list(app, params).await,
        Request::GetImportToListStatus(params) => {
            lists::get_import_to_list_status(app, params).await
        }
        Request::GetCampaignsForSource(params) => {
            campaigns::get_campaigns_for_source(app, params).await
        }
        Request::RequestCampaign(params) => campaigns::request_campaign(app, params).await,
        Request::ScheduleCampaign(params) => campaigns::schedule_campaign(app, params).await,
        Request::GetChannels(params) => programs::get_channels(app, params).await,
        Request::GetTags(params) => programs::get_tags(app, params).await,
    }?;
    *outcomes = outcomes::outcomes(&response);
    Ok(write_response(&response, version))
}

/// A number of the store as the schema's int.
fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}
