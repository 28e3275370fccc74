//! Prepared, signed calls, in the form in which PHP's SoapClient sends them.

use std::fmt::Write;

/// Who signs the calls.
pub(crate) struct Signer {
    pub(crate) user: String,
    pub(crate) key: String,
}

/// The leads of one call: their numbers, from zero.
pub(crate) type Range = std::ops::Range<usize>;

/// The address of a lead. Addresses come in no order of the alphabet, as people do not, so that the index of addresses is
/// written at all its places.
pub(crate) fn email(number: usize) -> String {
    let mixed = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    format!("P{mixed:06x}.{number}@bench{}.example", number % 997)
}

/// A call that creates leads with ten attributes each.
pub(crate) fn create(signer: &Signer, leads: Range) -> Vec<u8> {
    sync(signer, leads, ten_attributes)
}

/// A call that creates one lead with ten attributes: the first of the range.
pub(crate) fn sync_lead(signer: &Signer, leads: Range) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str("<ns1:paramsSyncLead>");
        record(out, leads.start, ten_attributes);
        out.push_str("<returnLead>false</returnLead></ns1:paramsSyncLead>");
    })
}

fn ten_attributes(out: &mut String, n: usize) {
    attribute(out, "FirstName", format_args!("Name{n}"));
    attribute(out, "LastName", format_args!("Family{}", n % 5003));
    attribute(
        out,
        "Company",
        format_args!("Company {} &amp; Sons", n % 2003),
    );
    attribute(out, "Industry", format_args!("Industry {}", n % 31));
    attribute(out, "Title", format_args!("Head of Department {}", n % 97));
    attribute(out, "Phone", format_args!("+1 555 {n:07}"));
    attribute(out, "Address", format_args!("{n} Station Road"));
    attribute(out, "City", format_args!("City {}", n % 401));
    attribute(out, "LeadSource", format_args!("Webinar"));
    attribute(out, "LeadScore", format_args!("{}", n % 100));
}

/// A call that changes two attributes of each lead.
pub(crate) fn update(signer: &Signer, leads: Range) -> Vec<u8> {
    sync(signer, leads, |out, n| {
        attribute(out, "LeadScore", format_args!("{}", n % 100 + 100));
        attribute(
            out,
            "Title",
            format_args!("Director of Department {}", n % 97),
        );
    })
}

/// A call that reads one lead by its address.
pub(crate) fn get_lead(signer: &Signer, number: usize) -> Vec<u8> {
    envelope(signer, |out| {
        let _ = write!(
            out,
            "<ns1:paramsGetLead><leadKey><keyType>EMAIL</keyType><keyValue>{}</keyValue></leadKey></ns1:paramsGetLead>",
            email(number)
        );
    })
}

/// One call that imports leads into a list.
pub(crate) fn import(signer: &Signer, leads: Range) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str(
            "<ns1:paramsImportToList><programName>Bench</programName><importFileHeader>Email Address,First Name,\
             Last Name,Company Name,Job Title,City</importFileHeader><importFileRows>",
        );
        for n in leads {
            let _ = write!(
                out,
                "<stringItem>{},Name{n},Family{},Company {} &amp; Sons,Head of Department {},City {}</stringItem>",
                email(n),
                n % 5003,
                n % 2003,
                n % 97,
                n % 401
            );
        }
        out.push_str(
            "</importFileRows><importListMode>UPSERTLEADS</importListMode><listName>People</listName>\
             <clearList>false</clearList></ns1:paramsImportToList>",
        );
    })
}

/// A call that creates leads with the values of [`import`].
pub(crate) fn create_like_import(signer: &Signer, leads: Range) -> Vec<u8> {
    sync(signer, leads, |out, n| {
        attribute(out, "FirstName", format_args!("Name{n}"));
        attribute(out, "LastName", format_args!("Family{}", n % 5003));
        attribute(
            out,
            "Company",
            format_args!("Company {} &amp; Sons", n % 2003),
        );
        attribute(out, "Title", format_args!("Head of Department {}", n % 97));
        attribute(out, "City", format_args!("City {}", n % 401));
    })
}

/// A call that asks how far the import is.
pub(crate) fn import_status(signer: &Signer) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str(
            "<ns1:paramsGetImportToListStatus><programName>Bench</programName><listName>People</listName>\
             </ns1:paramsGetImportToListStatus>",
        );
    })
}

/// A call that changes one attribute of one lead as often as there are values.
pub(crate) fn changes(signer: &Signer, lead: usize, values: Range) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str("<ns1:paramsSyncMultipleLeads><leadRecordList>");
        for value in values {
            record(out, lead, |out, _| {
                attribute(out, "LeadScore", format_args!("{value}"));
            });
        }
        out.push_str("</leadRecordList></ns1:paramsSyncMultipleLeads>");
    })
}

/// A call that reads a page of a history, the latest activities first; no offset is the first page.
pub(crate) fn history(signer: &Signer, lead: usize, page: usize, offset: &str) -> Vec<u8> {
    envelope(signer, |out| {
        let _ = write!(
            out,
            "<ns1:paramsGetLeadActivity><leadKey><keyType>EMAIL</keyType><keyValue>{}</keyValue></leadKey>\
             <startPosition><offset>{offset}</offset></startPosition><batchSize>{page}</batchSize>\
             </ns1:paramsGetLeadActivity>",
            email(lead)
        );
    })
}

fn sync(signer: &Signer, leads: Range, attributes: impl Fn(&mut String, usize)) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str("<ns1:paramsSyncMultipleLeads><leadRecordList>");
        for number in leads {
            record(out, number, &attributes);
        }
        out.push_str(
            "</leadRecordList><dedupEnabled>true</dedupEnabled></ns1:paramsSyncMultipleLeads>",
        );
    })
}

fn record(out: &mut String, number: usize, attributes: impl FnOnce(&mut String, usize)) {
    let _ = write!(
        out,
        "<leadRecord><Email>{}</Email><leadAttributeList>",
        email(number)
    );
    attributes(out, number);
    out.push_str("</leadAttributeList></leadRecord>");
}

/// A call that creates custom object records, each of a lead that exists.
pub(crate) fn custom_objects(signer: &Signer, numbers: Range) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str(
            "<ns1:paramsSyncCustomObjects><objTypeName>RoadShow</objTypeName><customObjList>",
        );
        for n in numbers {
            let _ = write!(
                out,
                "<customObj><customObjKeyList><attribute><attrName>MKTOID</attrName><attrValue>{}</attrValue></attribute>\
                 <attribute><attrName>rid</attrName><attrValue>show-{n}</attrValue></attribute></customObjKeyList>\
                 <customObjAttributeList>",
                n + 1
            );
            for (name, value) in [
                ("city", format!("City {}", n % 401)),
                ("zip", format!("{:05}", n % 99_991)),
                ("state", format!("State {}", n % 53)),
            ] {
                let _ = write!(
                    out,
                    "<attribute><attrName>{name}</attrName><attrValue>{value}</attrValue></attribute>"
                );
            }
            out.push_str("</customObjAttributeList></customObj>");
        }
        out.push_str("</customObjList><operation>UPSERT</operation></ns1:paramsSyncCustomObjects>");
    })
}

/// A call that creates opportunities, each by a key of its own.
pub(crate) fn opportunities(signer: &Signer, numbers: Range) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str("<ns1:paramsSyncMObjects><mObjectList>");
        for n in numbers {
            let _ = write!(
                out,
                "<mObject><type>Opportunity</type><externalKey><name>opportunityId</name><value>deal-{n}</value>\
                 </externalKey><attribList>"
            );
            for (name, value) in [
                ("Name", format!("Deal {n}")),
                ("Amount", format!("{}.50", n % 100_000)),
                ("Stage", format!("Stage {}", n % 7)),
                ("Probability", format!("{}", n % 101)),
                ("CloseDate", format!("2026-12-{:02}", n % 28 + 1)),
            ] {
                let _ = write!(
                    out,
                    "<attrib><name>{name}</name><value>{value}</value></attrib>"
                );
            }
            out.push_str("</attribList></mObject>");
        }
        out.push_str("</mObjectList><operation>UPSERT</operation></ns1:paramsSyncMObjects>");
    })
}

/// The attributes that [`create`] gives each lead.
pub(crate) const TEN: [&str; 10] = [
    "FirstName",
    "LastName",
    "Company",
    "Industry",
    "Title",
    "Phone",
    "Address",
    "City",
    "LeadSource",
    "LeadScore",
];

/// What is wanted of each lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The address and [`TEN`], by name, as clients read in bulk.
    Ten,
    /// All that the lead has.
    All,
}

/// A call that reads a page of all leads by the time of their update; no position is the first page.
pub(crate) fn updated_leads(signer: &Signer, wanted: Wanted, position: &str) -> Vec<u8> {
    envelope(signer, |out| {
        out.push_str(
            "<ns1:paramsGetMultipleLeads><leadSelector xsi:type=\"ns1:LastUpdateAtSelector\">\
             <oldestUpdatedAt>2020-01-01T00:00:00+00:00</oldestUpdatedAt></leadSelector>",
        );
        if !position.is_empty() {
            let _ = write!(out, "<streamPosition>{position}</streamPosition>");
        }
        out.push_str("<batchSize>1000</batchSize>");
        if wanted == Wanted::Ten {
            out.push_str("<includeAttributes><stringItem>Email</stringItem>");
            for name in TEN {
                let _ = write!(out, "<stringItem>{name}</stringItem>");
            }
            out.push_str("</includeAttributes>");
        }
        out.push_str("</ns1:paramsGetMultipleLeads>");
    })
}

fn attribute(out: &mut String, name: &str, value: std::fmt::Arguments<'_>) {
    let _ = write!(
        out,
        "<attribute><attrName>{name}</attrName><attrType xsi:nil=\"true\"/><attrValue>{value}</attrValue></attribute>"
    );
}

fn envelope(signer: &Signer, body: impl FnOnce(&mut String)) -> Vec<u8> {
    let timestamp = jiff::Zoned::now()
        .strftime("%Y-%m-%dT%H:%M:%S%:z")
        .to_string();
    let signature = mktows::signature::sign(&signer.key, &timestamp, &signer.user);
    let mut out = String::new();
    let _ = write!(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SOAP-ENV:Envelope \
         xmlns:SOAP-ENV=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:ns1=\"http://www.marketo.com/mktows/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><SOAP-ENV:Header><ns1:AuthenticationHeader>\
         <mktowsUserId>{}</mktowsUserId><requestSignature>{signature}</requestSignature>\
         <requestTimestamp>{timestamp}</requestTimestamp></ns1:AuthenticationHeader></SOAP-ENV:Header><SOAP-ENV:Body>",
        signer.user
    );
    body(&mut out);
    out.push_str("</SOAP-ENV:Body></SOAP-ENV:Envelope>\n");
    out.into_bytes()
}
