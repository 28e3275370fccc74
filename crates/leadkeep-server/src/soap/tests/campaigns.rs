//! requestCampaign and scheduleCampaign on the wire.

use super::*;
use leadkeep_core::schema::testing::DEMO;

const LEAD: &str = "<paramsSyncLead><leadRecord><Email>lead@example.com</Email></leadRecord><returnLead>false</returnLead>\
                    <marketoCookie>id:287-GTJ-838&amp;token:_mch-x-1</marketoCookie></paramsSyncLead>";

/// A demo with the lead of the vendor's samples.
async fn demo() -> Wire {
    let wire = wire(DEMO);
    wire.call(LEAD).await;
    wire
}

fn request(before: &str, key_type: &str, value: &str, after: &str) -> String {
    format!(
        "<paramsRequestCampaign>{before}<leadList><leadKey><keyType>{key_type}</keyType><keyValue>{value}</keyValue>\
         </leadKey></leadList>{after}</paramsRequestCampaign>"
    )
}

fn schedule(params: &str) -> String {
    format!("<paramsScheduleCampaign>{params}</paramsScheduleCampaign>")
}

/// RC-5, RC-7, RC-8, SC-7, SC-9: the vendor's samples, and every key type that finds the lead.
#[tokio::test]
async fn rc_08_the_answers_of_campaigns() {
    let wire = demo().await;
    for (stem, sample) in [
        (
            "requestCampaign-2",
            include_str!("../../../../mktows/tests/messages/requestCampaign-request-2.xml"),
        ),
        (
            "scheduleCampaign",
            include_str!("../../../../mktows/tests/messages/scheduleCampaign-request.xml"),
        ),
    ] {
        let body = wire.call_envelope(sample).await;
        assert!(
            body.contains("<result><success>true</success></result>"),
            "{stem}: {body}"
        );
    }
    let source = "<source>mktows</source><campaignId>4496</campaignId>";
    for (key_type, value) in [
        ("IDNUM", "1"),
        ("COOKIE", "id:287-GTJ-838&amp;token:_mch-x-1"),
        ("EMAIL", "LEAD@example.com"),
    ] {
        let success = wire
            .part("result", &request(source, key_type, value, ""))
            .await;
        assert_eq!(success, "<success>true</success>", "{key_type}");
    }
    let at = "<programName>Trav-Demo-Program</programName><campaignName>Batch Campaign Example</campaignName>";
    for more in [
        "",
        "<campaignRunAt/>",
        "<campaignRunAt>2013-08-03T21:39:34-07:00</campaignRunAt>",
    ] {
        let success = wire.part("result", &schedule(&format!("{at}{more}"))).await;
        assert_eq!(success, "<success>true</success>", "SC-10 {more}");
    }
}

/// RC-9, RC-12, RC-14, RC-19, SC-2, SC-11, SC-12, SC-14.
#[tokio::test]
async fn rc_19_what_campaigns_refuse() {
    let wire = demo().await;
    let ok = "<source>MKTOWS</source><campaignId>4496</campaignId>";
    let program = "<programName>Trav-Demo-Program</programName>";
    let campaign = "<campaignName>Batch Campaign Example</campaignName>";
    for (params, fault) in [
        (
            request("<campaignId>4496</campaignId>", "IDNUM", "1", ""),
            "Parameter source is required (20109)",
        ),
        (
            request(
                "<source>ME</source><campaignId>4496</campaignId>",
                "IDNUM",
                "1",
                "",
            ),
            "(20110)",
        ),
        (
            request("<source>MKTOWS</source>", "IDNUM", "1", ""),
            "Parameter campaignId is required (20109)",
        ),
        (request(ok, "IDNUM", "1", program), "(20110)"),
        (
            request(
                "<source>MKTOWS</source><campaignId>9</campaignId>",
                "IDNUM",
                "1",
                "",
            ),
            "Campaign 9 not found (20113)",
        ),
        (
            request(ok, "IDNUM", "77", ""),
            "No lead found with IDNUM = 77 (20103)",
        ),
        (request(ok, "IDNUM", "x", ""), "(20102)"),
        (
            format!("<paramsRequestCampaign>{ok}<leadList/></paramsRequestCampaign>"),
            "(20101)",
        ),
        (
            format!("<paramsRequestCampaign>{ok}</paramsRequestCampaign>"),
            "(20101)",
        ),
        (
            schedule(campaign),
            "Parameter programName is required (20109)",
        ),
        (
            schedule(program),
            "Parameter campaignName is required (20109)",
        ),
        (
            schedule(&format!("<programName>None</programName>{campaign}")),
            "Program None not found (20110)",
        ),
        (
            schedule(&format!("{program}<campaignName>None</campaignName>")),
            "Campaign None not found (20113)",
        ),
        (
            schedule(&format!(
                "{program}<campaignName>Trigger: Welcome</campaignName>"
            )),
            "campaignName: Trigger: Welcome is requested, not scheduled (20110)",
        ),
        (
            schedule(&format!(
                "{program}{campaign}<cloneToProgramName>trav-demo-program</cloneToProgramName>"
            )),
            "cloneToProgramName: there is a program trav-demo-program already (20110)",
        ),
        (
            schedule(&format!(
                "{program}{campaign}<campaignRunAt>soon</campaignRunAt>"
            )),
            "(20110)",
        ),
    ] {
        let text = wire.fault(&params).await;
        assert!(text.ends_with(fault), "{params}: {text}");
    }
}
