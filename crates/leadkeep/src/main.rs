//! A lead database that speaks the Marketo SOAP API.
fn main() {}
