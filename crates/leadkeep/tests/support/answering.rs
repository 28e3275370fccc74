//! Which operations a server answers.

#[expect(dead_code, reason = "each test uses its part of the support")]
#[path = "../../../mktows/tests/support/mod.rs"]
mod made;

use crate::support::Server;
use made::{Maker, Side, Tape, plain};
use mktows::{Operation, Version};

/// Whether the server has the operation: its answer is another one than the fault for what is not there (20019).
pub(crate) fn answers(server: &Server, operation: Operation) -> bool {
    let maker = Maker::new(Side::Request, Version::LAST);
    let stem = operation.type_stem();
    let request = maker.node(
        &format!("params{stem}"),
        &format!("tns:Params{stem}"),
        &mut Tape::new(&[]),
    );
    let code = server.call(&plain(&request, "ns1")).element("code");
    code.as_deref() != Some("20019")
}
