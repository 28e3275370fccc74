//! The load generator of leadkeep and the floors it is measured against.
fn main() {}
