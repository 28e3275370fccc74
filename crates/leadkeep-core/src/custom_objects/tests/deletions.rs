//! deleteCustomObjects.

use super::*;

#[test]
fn xco_01_xco_04_xco_05_xco_06_xco_07_xco_09_deletions() {
    let house = house();
    house.sync("RoadShow", Upsert, &["MKTOID=3; rid=a", "MKTOID=3; rid=b"]);
    let outcomes = house.delete(
        "roadshow",
        &[
            "MKTOID=3; rid=A",
            "MKTOID=3; rid=a",
            "MKTOID=3",
            "MKTOID=3; rid=b; city=x",
            "MKTOID=3; rid=zz",
            "MKTOID=x; rid=b",
        ],
    );
    let expected = [
        "DELETED",
        "UNCHANGED",
        "Missing key field: rid",
        "Not a key field: city",
        "UNCHANGED",
        "Invalid value for MKTOID: x",
    ];
    assert_eq!(outcomes.unwrap(), expected);
    assert_eq!(house.read("RoadShow", ""), ["MKTOID=3; rid=b | "]);
    assert_eq!(
        house.sync("RoadShow", Upsert, &["MKTOID=3; rid=a"]),
        ["CREATED"],
        "what is gone can come again"
    );
}

#[test]
fn xco_08_deletions_that_are_refused() {
    let house = house();
    assert!(matches!(
        house.delete("Nothing", &["a=1"]),
        Err(CallError::BadObjectName)
    ));
    assert!(matches!(
        house.delete("RoadShow", &[]),
        Err(CallError::ParameterRequired("customObjKeyLists"))
    ));
    assert!(matches!(
        house.delete("RoadShow", &["rid=1"; 101]),
        Err(CallError::BadParameter { .. })
    ));
}
