//! Messages of MObjects, to core and back.

use super::{Refused, int, record_error};
use crate::app::App;
use jiff::tz::TimeZone;
use leadkeep_core::mobjects::{
    self, Association, Criterion, ExternalKey, MObjectInput, MObjectOutcome, MObjectQuery,
    MObjectStatus, MObjectView, SyncOperation, TypedAttributes,
};
use mktows::{
    Attrib, DateTime, MObjAssociation, MObjFieldMetadata, MObjStatus, MObjStatusEnum, MObject,
    MObjectMetadata, ParamsDeleteMObjects, ParamsDescribeMObject, ParamsGetMObjects,
    ParamsSyncMObjects, Response, ResultDeleteMObjects, ResultDescribeMObject, ResultGetMObjects,
    ResultListMObjects, ResultSyncMObjects, SyncOperationEnum, TypeAttrib,
};
use std::sync::Arc;

/// Whatever the request holds (LMO-4).
pub(super) fn list_mobjects() -> Response {
    ResultListMObjects {
        objects: mobjects::list_mobjects().map(str::to_owned).to_vec(),
    }
    .into()
}

pub(super) async fn describe_mobject(
    app: &Arc<App>,
    params: ParamsDescribeMObject,
) -> Result<Response, Refused> {
    let (found, zone) = app
        .read(move |_, schema, _| {
            let found = mobjects::describe_mobject(schema, &params.object_name)?;
            Ok((found, schema.instance.time_zone.clone()))
        })
        .await?;
    let fields = found.fields.into_iter().map(|field| MObjFieldMetadata {
        name: field.name,
        description: field.description,
        display_name: field.display_name,
        source_object: Some(field.source_object),
        data_type: field.data_type,
        size: field.size.map(int),
        is_readonly: field.is_readonly,
        is_update_blocked: field.is_update_blocked,
        is_name: field.is_name,
        is_primary_key: field.is_primary_key,
        is_custom: field.is_custom,
        is_dynamic: field.dynamic_field_ref.is_some(),
        dynamic_field_ref: field.dynamic_field_ref.map(str::to_owned),
        updated_at: DateTime::new(field.updated_at, &zone),
    });
    let metadata = MObjectMetadata {
        name: found.name.to_owned(),
        description: found.description,
        is_custom: false,
        is_virtual: found.is_virtual,
        field_list: fields.collect(),
        updated_at: DateTime::new(found.updated_at, &zone),
    };
    Ok(ResultDescribeMObject { metadata }.into())
}

pub(super) async fn get_mobjects(
    app: &Arc<App>,
    params: ParamsGetMObjects,
) -> Result<Response, Refused> {
    let query = MObjectQuery {
        object: params.type_,
        id: number(params.id, Zero::IsNobody),
        external_key: params.external_key.map(key),
        criteria: params
            .m_obj_criteria_list
            .unwrap_or_default()
            .into_iter()
            .map(|criterion| Criterion {
                name: criterion.attr_name,
                comparison: criterion.comparison.map(|comparison| comparison.0),
                value: criterion.attr_value.0,
            })
            .collect(),
        associations: links(params.m_obj_association_list, Zero::IsNobody),
        include_details: params.include_details,
    };
    let position = params.stream_position;
    let (page, zone) = app
        .read(move |txn, schema, _| {
            let page = mobjects::get_mobjects(txn, schema, &query, position.as_deref())?;
            Ok((page, schema.instance.time_zone.clone()))
        })
        .await?;
    Ok(ResultGetMObjects {
        return_count: int(page.objects.len()),
        has_more: page.has_more,
        new_stream_position: page.position,
        m_object_list: Some(
            page.objects
                .into_iter()
                .map(|object| view(object, &zone))
                .collect(),
        ),
    }
    .into())
}

pub(super) async fn sync_mobjects(
    app: &Arc<App>,
    params: ParamsSyncMObjects,
) -> Result<Response, Refused> {
    let operation = match params.operation {
        SyncOperationEnum::Insert => SyncOperation::Insert,
        SyncOperationEnum::Update => SyncOperation::Update,
        SyncOperationEnum::Upsert => SyncOperation::Upsert,
    };
    let objects = inputs(params.m_object_list, Zero::IsNone);
    let outcomes = app
        .write(move |txn, schema, now| {
            mobjects::sync_mobjects(txn, schema, now, operation, &objects)
        })
        .await?;
    Ok(ResultSyncMObjects {
        m_obj_status_list: outcomes.into_iter().map(status).collect(),
    }
    .into())
}

pub(super) async fn delete_mobjects(
    app: &Arc<App>,
    params: ParamsDeleteMObjects,
) -> Result<Response, Refused> {
    let objects = inputs(params.m_object_list, Zero::IsNobody);
    let outcomes = app
        .write(move |txn, schema, now| mobjects::delete_mobjects(txn, schema, now, &objects))
        .await?;
    Ok(ResultDeleteMObjects {
        m_obj_status_list: outcomes.into_iter().map(status).collect(),
    }
    .into())
}

/// What an id of 0 means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zero {
    /// No id, as in leads (SL-39): clients with plain int fields send it in syncs, for new objects.
    IsNone,
    /// The id of nobody, since objects begin at 1 (SMO-73): a call that finds or deletes must not take it for "any"
    /// (GMO-34, XMO-4).
    IsNobody,
}

fn number(id: Option<i32>, zero: Zero) -> Option<i64> {
    id.filter(|id| *id != 0 || zero == Zero::IsNobody)
        .map(i64::from)
}

fn key(key: Attrib) -> ExternalKey {
    ExternalKey {
        name: key.name,
        value: key.value,
    }
}

fn attrib(key: ExternalKey) -> Attrib {
    Attrib {
        name: key.name,
        value: key.value,
    }
}

fn pairs(attributes: Option<Vec<Attrib>>) -> Vec<(String, String)> {
    attributes
        .unwrap_or_default()
        .into_iter()
        .map(|attribute| (attribute.name, attribute.value))
        .collect()
}

fn links(associations: Option<Vec<MObjAssociation>>, zero: Zero) -> Vec<Association> {
    let link = |link: MObjAssociation| Association {
        object: link.m_obj_type,
        id: number(link.id, zero),
        external_key: link.external_key.map(key),
    };
    associations
        .unwrap_or_default()
        .into_iter()
        .map(link)
        .collect()
}

fn inputs(objects: Vec<MObject>, zero: Zero) -> Vec<MObjectInput> {
    let read = |object| input(object, zero);
    objects.into_iter().map(read).collect()
}

fn input(object: MObject, zero: Zero) -> MObjectInput {
    let typed = object.type_attrib_list.unwrap_or_default().into_iter();
    MObjectInput {
        object: object.type_.unwrap_or_default(),
        id: number(object.id, zero),
        external_key: object.external_key.map(key),
        attributes: pairs(object.attrib_list),
        typed: typed
            .map(|typed| TypedAttributes {
                kind: typed.attr_type,
                attributes: pairs(typed.attr_list),
            })
            .collect(),
        associations: links(object.association_list, zero),
    }
}

/// `error` is left out unless the object failed (SMO-13, SMO-74); the writer knows how an absent id is told (RSP-5).
fn status(outcome: MObjectOutcome) -> MObjStatus {
    let (status, error) = match outcome.status {
        MObjectStatus::Created => (MObjStatusEnum::Created, None),
        MObjectStatus::Updated => (MObjStatusEnum::Updated, None),
        MObjectStatus::Deleted => (MObjStatusEnum::Deleted, None),
        MObjectStatus::Unchanged => (MObjStatusEnum::Unchanged, None),
        MObjectStatus::Skipped => (MObjStatusEnum::Skipped, None),
        MObjectStatus::Failed(error) => (MObjStatusEnum::Failed, Some(record_error::text(&error))),
    };
    MObjStatus {
        id: outcome.id.map(int),
        external_key: outcome.external_key.map(attrib),
        status,
        error,
    }
}

/// The three lists of an object are left out when they are empty (RSP-4).
fn view(object: MObjectView, zone: &TimeZone) -> MObject {
    fn filled<T>(list: Vec<T>) -> Option<Vec<T>> {
        Some(list).filter(|list| !list.is_empty())
    }
    let attributes = object
        .attributes
        .into_iter()
        .map(|(name, value)| Attrib { name, value });
    let typed = object.typed.into_iter().map(|(kind, attributes)| {
        let attributes = attributes.into_iter().map(|(name, value)| Attrib {
            name: name.to_owned(),
            value,
        });
        TypeAttrib {
            attr_type: kind.to_owned(),
            attr_list: Some(attributes.collect()),
        }
    });
    let links = object
        .associations
        .into_iter()
        .map(|(kind, id)| MObjAssociation {
            m_obj_type: kind.to_owned(),
            id: Some(int(id)),
            external_key: None,
        });
    MObject {
        type_: Some(object.object.as_str().to_owned()),
        id: Some(int(object.id)),
        external_key: object.external_key.map(attrib),
        created_at: object.created_at.map(|at| DateTime::new(at, zone)),
        updated_at: object.updated_at.map(|at| DateTime::new(at, zone)),
        attrib_list: filled(attributes.collect()),
        type_attrib_list: filled(typed.collect()),
        association_list: filled(links.collect()),
    }
}
