//! What calls about custom objects take and give.

/// Names and values, in the order of the request.
pub type Pairs = Vec<(String, String)>;

/// A record as it was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordInput {
    /// The key list.
    pub keys: Pairs,
    /// The attribute list.
    pub attributes: Pairs,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordStatus {
    /// New.
    Created,
    /// Changed.
    Updated,
    /// Gone.
    Deleted,
    /// Nothing was different: UNCHANGED.
    Unchanged,
    /// An INSERT of what is there: SKIPPED.
    Exists,
    /// An UPDATE of what is not there: SKIPPED.
    Missing,
    /// A deletion of what is not there: UNCHANGED.
    NothingToDelete,
    /// Nothing of it was stored.
    Failed(RecordRefusal),
}

/// Why a record was refused. The texts are the wire's: without a code, some with recorded words by which loaders sort
/// their records (SCO-19, SCO-28, SCO-39).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordRefusal {
    /// SCO-19.
    #[error("Unknown name attribute list: {}", .0.join(", "))]
    UnknownFields(Vec<String>),
    /// SCO-24, XCO-6.
    #[error("Missing key field: {0}")]
    MissingKey(String),
    /// SCO-25, XCO-7.
    #[error("Not a key field: {0}")]
    NotAKey(String),
    /// SCO-26.
    #[error("Key field {0} has different values in the two lists")]
    DifferentKeys(String),
    /// SCO-35.
    #[error("Invalid value for {field}: {value}")]
    InvalidValue {
        /// The field.
        field: String,
        /// The beginning of what came.
        value: String,
    },
    /// SCO-28.
    #[error("{object} not found with {field} = {value}")]
    NotFound {
        /// What the link refers to.
        object: String,
        /// The link field.
        field: String,
        /// Its value.
        value: String,
    },
    /// SCO-28.
    #[error("Found more than one {object} with {field} = {value}")]
    FoundMore {
        /// What the link refers to.
        object: String,
        /// The link field.
        field: String,
        /// Its value.
        value: String,
    },
}

/// The outcome of one record; its keys are echoed by the caller, who has them.
pub type RecordOutcome = RecordStatus;

/// The outcomes of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedRecords {
    /// The type in its canonical spelling (GCO-6, SCO-15).
    pub object: String,
    /// One outcome a record, in the order of the request (SCO-21).
    pub outcomes: Vec<RecordOutcome>,
}
