//! getChannels, getTags and getCampaignsForSource on the wire.

use super::*;
use leadkeep_core::schema::testing::DEMO;
use mktows::{Limits, Response, read_response};

/// The vendor's sample answer, read.
fn sample(text: &str, operation: mktows::Operation) -> Response {
    read_response(text.as_bytes(), None, operation, &Limits::default()).unwrap()
}

/// GCH-1, GCH-2, GCH-4, GCH-5: the channels of the provisioning file are those of the vendor's sample, and so is the answer.
#[tokio::test]
async fn gch_04_the_answer_of_get_channels() {
    let wire = wire(DEMO);
    let body = wire.call("<paramsGetChannels/>").await;
    let envelope = format!(
        "<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:ns1=\"http://www.marketo.com/mktows/\">\
         <SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>"
    );
    let sent = sample(&envelope, mktows::Operation::GetChannels);
    let golden = include_str!("../../../../mktows/tests/messages/getChannels-response.xml");
    assert_eq!(sent, sample(golden, mktows::Operation::GetChannels));
}

/// GCH-3, GCH-7, GCH-8, RSP-4.
#[tokio::test]
async fn gch_07_channels_are_filtered() {
    let wire = wire(DEMO);
    let some = wire
        .part("result", "<paramsGetChannels><tag><type>Channel</type><values><stringItem>blog</stringItem><stringItem>x</stringItem></values></tag></paramsGetChannels>")
        .await;
    assert_eq!(some.matches("<tagStatus>").count(), 1);
    assert!(some.contains("<tagValue>Blog</tagValue>"), "{some}");
    let none = wire
        .part("result", "<paramsGetChannels><tag><values><stringItem>x</stringItem></values></tag></paramsGetChannels>")
        .await;
    assert_eq!(none, "<tags/>");
}

/// GT-1, GT-2, GT-6, GT-10, RSP-4.
#[tokio::test]
async fn gt_01_the_answer_of_get_tags() {
    let wire = wire(DEMO);
    let tag = |name: &str, values: &[&str]| {
        let values: String = values
            .iter()
            .map(|value| format!("<stringItem>{value}</stringItem>"))
            .collect();
        format!("<tag><type>{name}</type><values>{values}</values></tag>")
    };
    let regions = tag("Regions", &["North", "South", "East", "West", "EMEA"]);
    let content = tag("Content Channel", &["SEM", "Email", "Website"]);
    for (params, expected) in [
        ("<paramsGetTags/>".to_owned(), format!("{regions}{content}")),
        ("<paramsGetTags><tagList/></paramsGetTags>".to_owned(), format!("{regions}{content}")),
        (
            "<paramsGetTags><tagList><tag><type>regions</type><values><stringItem>east</stringItem></values></tag></tagList></paramsGetTags>".to_owned(),
            tag("Regions", &["East"]),
        ),
        // REQ-8: one without content is none.
        (
            "<paramsGetTags><tagList><tag><type>Regions</type></tag><tag xsi:nil=\"true\"/></tagList></paramsGetTags>".to_owned(),
            regions.clone(),
        ),
    ] {
        assert_eq!(wire.part("tagList", &params).await, expected, "{params}");
    }
    let none = "<paramsGetTags><tagList><tag><type>Channel</type></tag></tagList></paramsGetTags>";
    assert_eq!(wire.part("result", none).await, "<tagList/>");
}

/// GCS-1, GCS-3, GCS-5, GCS-9, GCS-10, GCS-11.
#[tokio::test]
async fn gcs_05_the_answer_of_get_campaigns_for_source() {
    let wire = wire(DEMO);
    let ask = |filter: &str| {
        format!(
            "<paramsGetCampaignsForSource><source>MKTOWS</source>{filter}</paramsGetCampaignsForSource>"
        )
    };
    let found = "<returnCount>1</returnCount><campaignRecordList><campaignRecord><id>4496</id>\
                 <name>Trav-Demo-Program.Trigger: Welcome</name><description>Greets a new subscriber</description></campaignRecord>\
                 </campaignRecordList>";
    assert_eq!(wire.part("result", &ask("")).await, found);
    assert_eq!(
        wire.part(
            "result",
            &ask("<name>welcome</name><exactName>false</exactName>")
        )
        .await,
        found
    );
    let none = "<returnCount>0</returnCount><campaignRecordList/>";
    assert_eq!(
        wire.part(
            "result",
            &ask("<name>welcome</name><exactName>true</exactName>")
        )
        .await,
        none
    );
    assert_eq!(
        wire.fault("<paramsGetCampaignsForSource/>").await,
        "Parameter source is required (20109)"
    );
    assert_eq!(
        wire.fault(
            "<paramsGetCampaignsForSource><source>ELSE</source></paramsGetCampaignsForSource>"
        )
        .await,
        "source: MKTOWS, SALES is expected, not `ELSE` (20110)"
    );
    let nameless = wire
        .call("<paramsGetCampaignsForSource><source>SALES</source></paramsGetCampaignsForSource>")
        .await;
    assert!(
        nameless.contains("<returnCount>1</returnCount>"),
        "GCS-2: {nameless}"
    );
}
