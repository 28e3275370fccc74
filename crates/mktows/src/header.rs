//! The two header blocks.

use crate::signature;
use crate::xml::types;

types! {
    /// Who calls. The texts are kept exactly as they were sent, since they are signed (AUT-2, AUT-3).
    #[derive(Default)]
    AuthenticationHeaderInfo {
        /// The API user.
        mktows_user_id: "mktowsUserId" laxopt String,
        /// HMAC-SHA1 over timestamp and user id.
        request_signature: "requestSignature" laxopt String,
        /// When the header was made.
        request_timestamp: "requestTimestamp" laxopt String,
        /// The key of a technology partner; in the schema from 3_0.
        partner_id: "partnerId" opt String [since V3_0],
        /// Without documented meaning.
        audit: "audit" opt String,
        /// Reserved. A number in the schema; what it holds is ignored.
        mode: "mode" opt String as "xs:int",
    }

    /// The workspace that syncLead is meant for (CTX-1).
    #[derive(Default)]
    MktowsContextHeaderInfo {
        /// Its name; none if empty or nil (CTX-4).
        target_workspace: "targetWorkspace" laxopt String,
    }
}

impl AuthenticationHeaderInfo {
    /// A signed header. The timestamp is sent as it is signed; W3C form by convention.
    pub fn signed(user_id: &str, key: &str, timestamp: &str) -> Self {
        Self {
            mktows_user_id: Some(user_id.to_owned()),
            request_signature: Some(signature::sign(key, timestamp, user_id)),
            request_timestamp: Some(timestamp.to_owned()),
            ..Self::default()
        }
    }
}
