//! floor-http: the HTTP stack of the server, answering a constant.

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use axum::serve::ListenerExt;

/// What syncLead answers.
const ANSWER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope \
    xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
    xmlns:ns1=\"http://www.marketo.com/mktows/\"><SOAP-ENV:Body><ns1:successSyncLead><result><leadId>1</leadId>\
    <syncStatus><leadId>1</leadId><status>CREATED</status><error xsi:nil=\"true\"/></syncStatus>\
    <leadRecord xsi:nil=\"true\"/></result></ns1:successSyncLead></SOAP-ENV:Body></SOAP-ENV:Envelope>\n";

/// Serves until it is killed, and says where.
pub(crate) fn serve() -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on http://{}", listener.local_addr()?);
        let answer = |_: Bytes| async { ([(CONTENT_TYPE, "text/xml; charset=utf-8")], ANSWER) };
        let router = Router::new().route("/soap/mktows/{version}", post(answer));
        let listener = listener.tap_io(|stream| {
            // A client that is gone needs no answer.
            let _ = stream.set_nodelay(true);
        });
        Ok(axum::serve(listener, router).await?)
    })
}
