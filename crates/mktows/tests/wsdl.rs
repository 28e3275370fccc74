//! The WSDL, element by element, against the facts of the schema in types.txt.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use mktows::wsdl::{types, wsdl};
use mktows::xml::{Mark, TypeKind};
use mktows::{MKTOWS_NAMESPACE, Operation, Version};
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, BTreeSet};

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const SOAP: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const ADDRESS: &str = "https://leadkeep.example/soap/mktows/2_7";

/// The order of the portType, from protocol.md.
const OPERATIONS: &str = "deleteMObjects describeMObject getMObjects syncMObjects getCampaignsForSource \
    getImportToListStatus getLead getLeadActivity getLeadChanges getMultipleLeads importToList listMObjects \
    listOperation requestCampaign scheduleCampaign syncLead syncMultipleLeads syncCustomObjects deleteCustomObjects \
    getCustomObjects mergeLeads getChannels getTags";

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

fn text() -> String {
    wsdl(version("2_7"), ADDRESS)
}

fn children<'a>(node: Node<'a, 'a>, namespace: &'a str, name: &'a str) -> Vec<Node<'a, 'a>> {
    node.children()
        .filter(|child| child.has_tag_name((namespace, name)))
        .collect()
}

fn only<'a>(node: Node<'a, 'a>, namespace: &'a str, name: &'a str) -> Node<'a, 'a> {
    let found = children(node, namespace, name);
    assert_eq!(found.len(), 1, "{name}");
    found[0]
}

fn attribute<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    node.attribute(name)
        .unwrap_or_else(|| panic!("{name} of {node:?}"))
}

/// A type of the document in the notation of types.txt.
fn notation(node: Node<'_, '_>) -> String {
    let bare = |name: &str| name.split_once(':').unwrap().1.to_owned();
    let name = node.attribute("name").unwrap();
    if node.tag_name().name() == "simpleType" {
        let restriction = node.first_element_child().unwrap();
        assert_eq!(restriction.attribute("base"), Some("xs:string"));
        let words: Vec<_> = restriction
            .children()
            .filter(Node::is_element)
            .map(|word| word.attribute("value").unwrap())
            .collect();
        return format!("{name} = {}", words.join(" "));
    }
    let first = node.first_element_child().unwrap();
    let (base, sequence) = if first.tag_name().name() == "complexContent" {
        let extension = first.first_element_child().unwrap();
        let base = bare(extension.attribute("base").unwrap());
        (
            format!(" : {base}"),
            extension.first_element_child().unwrap(),
        )
    } else {
        (String::new(), first)
    };
    assert_eq!(sequence.tag_name().name(), "sequence");
    if node.attribute("abstract") == Some("true") {
        return format!("{name} abstract");
    }
    let members: Vec<String> = sequence
        .children()
        .filter(Node::is_element)
        .map(|member| {
            let many = member.attribute("maxOccurs").map(|count| {
                assert_eq!(
                    (count, member.attribute("minOccurs")),
                    ("unbounded", Some("0"))
                );
                "*"
            });
            let optional = member.attribute("minOccurs").map(|count| {
                assert_eq!(count, "0");
                "?"
            });
            let nillable = member.attribute("nillable").map(|nillable| {
                assert_eq!(nillable, "true");
                "!"
            });
            format!(
                "{}{}{}: {}",
                member.attribute("name").unwrap(),
                many.or(optional).unwrap_or_default(),
                nillable.unwrap_or_default(),
                bare(member.attribute("type").unwrap())
            )
        })
        .collect();
    if members.is_empty() {
        format!("{name}{base} {{ }}")
    } else {
        format!("{name}{base} {{ {} }}", members.join("; "))
    }
}

/// The facts of types.txt that hold for a document.
fn facts(document: Version) -> BTreeMap<&'static str, &'static str> {
    let mut facts = BTreeMap::new();
    for line in include_str!("types.txt").lines() {
        let fact = match line.split_once(' ') {
            _ if line.starts_with('#') => continue,
            Some((versions, fact)) if versions.contains("..") => {
                let (first, last) = versions.split_once("..").unwrap();
                if !(version(first)..=version(last)).contains(&document) {
                    continue;
                }
                fact
            }
            _ => line,
        };
        let name = fact.split(' ').next().unwrap();
        assert_eq!(facts.insert(name, fact), None, "{name} at {document}");
    }
    facts
}

#[test]
fn wsd_03_all_142_types_of_each_document_are_those_of_its_schema() {
    for version in Version::DOCUMENTS {
        let text = wsdl(version, ADDRESS);
        let document = Document::parse(&text).unwrap();
        let schema = only(only(document.root_element(), WSDL, "types"), XS, "schema");
        let facts = facts(version);
        assert_eq!(facts.len(), 142, "types.md section 8");
        let mut seen = BTreeSet::new();
        for node in schema
            .children()
            .filter(|node| matches!(node.tag_name().name(), "simpleType" | "complexType"))
        {
            let line = notation(node);
            let name = node.attribute("name").unwrap();
            assert_eq!(Some(&line.as_str()), facts.get(name), "{version}");
            assert!(seen.insert(name.to_owned()), "{name} twice at {version}");
        }
        assert_eq!(seen.len(), 142, "{version}");
    }
}

#[test]
fn clt_03_wsd_06_statuses_of_custom_objects_have_all_six_values_at_every_version() {
    for version in Version::DOCUMENTS {
        let all = types(version);
        let status = all
            .iter()
            .find(|definition| definition.name == "tns:SyncStatusEnum")
            .unwrap();
        let TypeKind::Enumeration(words) = &status.kind else {
            panic!()
        };
        for word in ["UNCHANGED", "SKIPPED"] {
            assert!(words.contains(&word), "{version}");
        }
    }
}

#[test]
fn nothing_of_the_lenient_reader_is_in_the_schema() {
    for version in Version::DOCUMENTS {
        for definition in types(version) {
            if let TypeKind::Sequence { fields, .. } = definition.kind {
                assert!(fields.iter().all(|field| field.form.mark != Mark::Hidden));
            }
        }
        // REQ-3, REQ-22: names that are only taken.
        let text = wsdl(version, ADDRESS);
        for name in [
            "customObjectList",
            "objectTypeName",
            "\"leadId\" type=\"xs:string\"",
        ] {
            assert!(!text.contains(name), "{name} at {version}");
        }
    }
}

#[test]
fn wsd_05_global_elements_and_the_schema_itself() {
    for version in Version::DOCUMENTS {
        global_elements(&wsdl(version, ADDRESS));
    }
}

fn global_elements(text: &str) {
    let document = Document::parse(text).unwrap();
    let types = only(document.root_element(), WSDL, "types");
    let schema = only(types, XS, "schema");
    assert_eq!(schema.attribute("targetNamespace"), Some(MKTOWS_NAMESPACE));
    for default in ["elementFormDefault", "attributeFormDefault"] {
        assert_eq!(
            schema.attribute(default),
            None,
            "local elements are unqualified"
        );
    }
    for outside in ["import", "include"] {
        assert!(
            document
                .descendants()
                .all(|node| node.tag_name().name() != outside)
        );
    }
    let elements = children(schema, XS, "element");
    assert_eq!(elements.len(), 48);
    let types: BTreeMap<_, _> = elements
        .iter()
        .map(|element| (attribute(*element, "name"), attribute(*element, "type")))
        .collect();
    assert_eq!(
        types["AuthenticationHeader"],
        "tns:AuthenticationHeaderInfo"
    );
    assert_eq!(types["MktowsContextHeader"], "tns:MktowsContextHeaderInfo");
    for operation in Operation::ALL {
        let stem = operation.type_stem();
        assert_eq!(
            types[format!("params{stem}").as_str()],
            format!("tns:Params{stem}")
        );
        assert_eq!(
            types[format!("success{stem}").as_str()],
            format!("tns:Success{stem}")
        );
    }
}

#[test]
fn clt_01_clt_02_wsd_07_names_that_are_compiled_into_clients() {
    for version in Version::DOCUMENTS {
        compiled_names(&wsdl(version, ADDRESS));
    }
}

fn compiled_names(text: &str) {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name(), (WSDL, "definitions").into());
    assert_eq!(
        (
            root.attribute("name"),
            root.attribute("targetNamespace"),
            root.lookup_namespace_uri(Some("tns"))
        ),
        (
            Some("mktows"),
            Some(MKTOWS_NAMESPACE),
            Some(MKTOWS_NAMESPACE)
        )
    );
    let messages: BTreeMap<_, _> = children(root, WSDL, "message")
        .into_iter()
        .map(|message| {
            let part = only(message, WSDL, "part");
            (
                attribute(message, "name"),
                (attribute(part, "name"), attribute(part, "element")),
            )
        })
        .collect();
    assert_eq!(messages.len(), 48);
    assert_eq!(
        messages["AuthenticationHeader"],
        ("authentication", "tns:AuthenticationHeader")
    );
    assert_eq!(
        messages["MktowsContextHeader"],
        ("mktowsContext", "tns:MktowsContextHeader")
    );

    let port_type = only(root, WSDL, "portType");
    assert_eq!(port_type.attribute("name"), Some("MktowsPort"));
    let binding = only(root, WSDL, "binding");
    assert_eq!(
        (binding.attribute("name"), binding.attribute("type")),
        (Some("MktowsApiSoapBinding"), Some("tns:MktowsPort"))
    );
    let soap = only(binding, SOAP, "binding");
    assert_eq!(
        (soap.attribute("style"), soap.attribute("transport")),
        (
            Some("document"),
            Some("http://schemas.xmlsoap.org/soap/http")
        )
    );
    for place in [port_type, binding] {
        let names: Vec<_> = children(place, WSDL, "operation")
            .into_iter()
            .map(|operation| attribute(operation, "name"))
            .collect();
        assert_eq!(
            names,
            OPERATIONS.split_whitespace().collect::<Vec<_>>(),
            "in the original's order"
        );
    }
    for operation in children(port_type, WSDL, "operation") {
        let stem = Operation::from_name(attribute(operation, "name"))
            .unwrap()
            .type_stem();
        assert!(only(operation, WSDL, "documentation").text().is_some());
        let (input, output) = (
            only(operation, WSDL, "input"),
            only(operation, WSDL, "output"),
        );
        assert_eq!(attribute(input, "message"), format!("tns:{stem}Request"));
        assert_eq!(attribute(output, "message"), format!("tns:{stem}Response"));
        let (params, success) = (format!("params{stem}"), format!("success{stem}"));
        assert_eq!(
            messages[format!("{stem}Request").as_str()],
            (params.as_str(), format!("tns:{params}").as_str())
        );
        assert_eq!(
            messages[format!("{stem}Response").as_str()],
            (success.as_str(), format!("tns:{success}").as_str())
        );
    }
    for operation in children(binding, WSDL, "operation") {
        let name = attribute(operation, "name");
        assert_eq!(
            attribute(only(operation, SOAP, "operation"), "soapAction"),
            format!("{MKTOWS_NAMESPACE}{name}")
        );
        let input = only(operation, WSDL, "input");
        let headers: Vec<_> = children(input, SOAP, "header")
            .into_iter()
            .map(|header| {
                assert_eq!(attribute(header, "use"), "literal");
                (attribute(header, "part"), attribute(header, "message"))
            })
            .collect();
        let authentication = ("authentication", "tns:AuthenticationHeader");
        let context = ("mktowsContext", "tns:MktowsContextHeader");
        if name == "syncLead" {
            assert_eq!(headers, [authentication, context], "CTX-1");
        } else {
            assert_eq!(headers, [authentication], "{name}");
        }
        let output = only(operation, WSDL, "output");
        assert!(children(output, SOAP, "header").is_empty());
        for body in [only(input, SOAP, "body"), only(output, SOAP, "body")] {
            assert_eq!(attribute(body, "use"), "literal");
        }
    }
    assert!(
        document
            .descendants()
            .all(|node| !node.has_tag_name((WSDL, "fault"))),
        "the fault's detail is not in the schema"
    );
    let service = only(root, WSDL, "service");
    let port = only(service, WSDL, "port");
    assert_eq!(service.attribute("name"), Some("MktMktowsApiService"));
    assert_eq!(
        (port.attribute("name"), port.attribute("binding")),
        (Some("MktowsApiSoapPort"), Some("tns:MktowsApiSoapBinding"))
    );
}

#[test]
fn wsd_03_wsd_04_version_and_address() {
    // END-4: any version from 1_0 to 3_1.
    for (path, schema) in [
        ("1_0", "2_1"),
        ("1_6", "2_1"),
        ("2_0", "2_1"),
        ("2_1", "2_1"),
        ("2_2", "2_2"),
        ("2_3", "2_3"),
        ("2_4", "2_3"),
        ("2_6", "2_3"),
        ("2_7", "2_7"),
        ("2_9", "2_7"),
        ("2_99", "2_7"),
        ("3_0", "3_1"),
        ("3_1", "3_1"),
    ] {
        assert_eq!(version(path).document(), version(schema));
        assert_eq!(types(version(path)), types(version(schema)), "{path}");
        let address = format!("http://h:8080/soap/mktows/{path}?a=1&b=\"<é>\"");
        let text = wsdl(version(path), &address);
        let second = text.lines().nth(1).unwrap();
        assert_eq!(second, format!("<!-- mktows {path} -->"));
        let document = Document::parse(&text).unwrap();
        let port = only(only(document.root_element(), WSDL, "service"), WSDL, "port");
        assert_eq!(attribute(only(port, SOAP, "address"), "location"), address);
        // But for the two lines that name the address it is the other version's document.
        let rest = |text: &str| -> String {
            let lines = text.lines().enumerate();
            let rest = lines.filter(|(at, line)| *at != 1 && !line.contains("soap:address"));
            rest.map(|(_, line)| line.to_owned() + "\n").collect()
        };
        assert_eq!(rest(&text), rest(&wsdl(version(schema), ADDRESS)), "{path}");
    }
}

#[test]
fn the_whole_document_stays_as_it_is() {
    insta::assert_snapshot!("wsdl", text());
}
