//! The WSDL: a document a version, written from the same declarations as readers and writers (WSD-1 to WSD-7).

use crate::header::{AuthenticationHeaderInfo, MktowsContextHeaderInfo};
use crate::operation::{Kind, Operation};
use crate::version::Version;
use crate::xml::schema::Schema;
use crate::xml::writer::escape_attribute;
use crate::xml::{TypeDef, TypeKind, XmlType};
use std::fmt::Write;
use std::sync::OnceLock;

/// Where the address goes into the text that never changes.
const LOCATION: &str = "@location@";

/// All named types of the schema that an address of this version has (WSD-3).
pub fn types(version: Version) -> Vec<TypeDef> {
    let mut schema = Schema::new(version.document());
    AuthenticationHeaderInfo::define(&mut schema);
    MktowsContextHeaderInfo::define(&mut schema);
    for operation in Operation::ALL {
        operation.define(&mut schema);
    }
    crate::mobjects::MObjectTypeEnum::define(&mut schema);
    crate::unused::define(&mut schema);
    schema.types
}

/// The document for an address of this version; `location` is the URL by which the client reaches it (WSD-4).
///
/// Its schema is that of [`Version::document`] (WSD-3); what the five documents hold is made once (WSD-2).
pub fn wsdl(version: Version, location: &str) -> String {
    const COUNT: usize = Version::DOCUMENTS.len();
    static TEXTS: [OnceLock<(String, String)>; COUNT] = [const { OnceLock::new() }; COUNT];
    let known = |document: &Version| *document <= version.document();
    let at = Version::DOCUMENTS.iter().rposition(known).unwrap_or(0);
    let (before, after) = TEXTS[at].get_or_init(|| {
        let text = document(version);
        let (before, after) = text.split_once(LOCATION).unwrap_or((&text, ""));
        (before.to_owned(), after.to_owned())
    });
    let mut out = String::with_capacity(before.len() + after.len() + location.len() + 80);
    out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<!-- mktows {version} -->");
    out.push_str(before);
    out.push_str(&escape_attribute(location));
    out.push_str(after);
    out
}

fn document(version: Version) -> String {
    let mut out = String::with_capacity(64 * 1024);
    out.push_str(
        "<wsdl:definitions name=\"mktows\" targetNamespace=\"http://www.marketo.com/mktows/\" \
         xmlns:tns=\"http://www.marketo.com/mktows/\" xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" \
         xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n\
         <wsdl:types>\n<xs:schema targetNamespace=\"http://www.marketo.com/mktows/\">\n",
    );
    element(&mut out, "AuthenticationHeader", "AuthenticationHeaderInfo");
    element(&mut out, "MktowsContextHeader", "MktowsContextHeaderInfo");
    for operation in Operation::ALL {
        let stem = operation.type_stem();
        element(&mut out, &format!("params{stem}"), &format!("Params{stem}"));
        element(
            &mut out,
            &format!("success{stem}"),
            &format!("Success{stem}"),
        );
    }
    for definition in types(version) {
        write_type(&mut out, &definition);
    }
    out.push_str("</xs:schema>\n</wsdl:types>\n");
    message(
        &mut out,
        "AuthenticationHeader",
        "authentication",
        "AuthenticationHeader",
    );
    message(
        &mut out,
        "MktowsContextHeader",
        "mktowsContext",
        "MktowsContextHeader",
    );
    for operation in Operation::ALL {
        let stem = operation.type_stem();
        message(
            &mut out,
            &format!("{stem}Request"),
            &format!("params{stem}"),
            &format!("params{stem}"),
        );
        message(
            &mut out,
            &format!("{stem}Response"),
            &format!("success{stem}"),
            &format!("success{stem}"),
        );
    }
    out.push_str("<wsdl:portType name=\"MktowsPort\">\n");
    for operation in Operation::ALL {
        let (name, stem) = (operation.name(), operation.type_stem());
        let verb = if operation.kind() == Kind::Read {
            "Reads"
        } else {
            "Writes"
        };
        let _ = writeln!(
            out,
            "<wsdl:operation name=\"{name}\"><wsdl:documentation>{verb}: params{stem}, answered by \
             success{stem}.</wsdl:documentation><wsdl:input message=\"tns:{stem}Request\"/>\
             <wsdl:output message=\"tns:{stem}Response\"/></wsdl:operation>"
        );
    }
    out.push_str(
        "</wsdl:portType>\n<wsdl:binding name=\"MktowsApiSoapBinding\" type=\"tns:MktowsPort\">\n\
         <soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n",
    );
    for operation in Operation::ALL {
        let name = operation.name();
        let context = match operation {
            Operation::SyncLead => {
                "<soap:header use=\"literal\" part=\"mktowsContext\" message=\"tns:MktowsContextHeader\"/>"
            }
            _ => "",
        };
        let _ = writeln!(
            out,
            "<wsdl:operation name=\"{name}\"><soap:operation soapAction=\"http://www.marketo.com/mktows/{name}\"/>\
             <wsdl:input><soap:header use=\"literal\" part=\"authentication\" message=\"tns:AuthenticationHeader\"/>\
             {context}<soap:body use=\"literal\"/></wsdl:input><wsdl:output><soap:body use=\"literal\"/></wsdl:output>\
             </wsdl:operation>"
        );
    }
    let _ = write!(
        out,
        "</wsdl:binding>\n<wsdl:service name=\"MktMktowsApiService\">\n\
         <wsdl:port name=\"MktowsApiSoapPort\" binding=\"tns:MktowsApiSoapBinding\">\
         <soap:address location=\"{LOCATION}\"/></wsdl:port>\n</wsdl:service>\n</wsdl:definitions>\n"
    );
    out
}

fn element(out: &mut String, name: &str, type_name: &str) {
    let _ = writeln!(
        out,
        "<xs:element name=\"{name}\" type=\"tns:{type_name}\"/>"
    );
}

fn message(out: &mut String, name: &str, part: &str, element: &str) {
    let _ = writeln!(
        out,
        "<wsdl:message name=\"{name}\"><wsdl:part name=\"{part}\" element=\"tns:{element}\"/></wsdl:message>"
    );
}

fn write_type(out: &mut String, definition: &TypeDef) {
    let name = definition.name.trim_start_matches("tns:");
    match &definition.kind {
        TypeKind::Enumeration(words) => {
            let _ = write!(
                out,
                "<xs:simpleType name=\"{name}\"><xs:restriction base=\"xs:string\">"
            );
            for word in words {
                let _ = write!(out, "<xs:enumeration value=\"{word}\"/>");
            }
            out.push_str("</xs:restriction></xs:simpleType>\n");
        }
        TypeKind::Abstract => {
            let _ = writeln!(
                out,
                "<xs:complexType name=\"{name}\" abstract=\"true\"><xs:sequence/></xs:complexType>"
            );
        }
        TypeKind::Sequence { base, fields } => {
            let _ = write!(out, "<xs:complexType name=\"{name}\">");
            if let Some(base) = base {
                let _ = write!(out, "<xs:complexContent><xs:extension base=\"{base}\">");
            }
            out.push_str("<xs:sequence>");
            for field in fields {
                let _ = write!(
                    out,
                    "<xs:element name=\"{}\" type=\"{}\"",
                    field.name, field.form.type_name
                );
                if field.form.mark.is_optional() {
                    out.push_str(" minOccurs=\"0\"");
                }
                if field.form.mark == crate::xml::Mark::Many {
                    out.push_str(" maxOccurs=\"unbounded\"");
                }
                if field.form.mark.is_nillable() {
                    out.push_str(" nillable=\"true\"");
                }
                out.push_str("/>");
            }
            out.push_str("</xs:sequence>");
            if base.is_some() {
                out.push_str("</xs:extension></xs:complexContent>");
            }
            out.push_str("</xs:complexType>\n");
        }
    }
}
