//! The contract of stores, on the store in memory.

#![cfg(feature = "testing")]

use leadkeep_core::memory::MemoryStore;

fn open() -> (MemoryStore, ()) {
    (MemoryStore::new(), ())
}

leadkeep_core::store_contract!(open);

/// Every public case is in the list that stores run.
#[test]
fn no_case_is_left_out() {
    let contract = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/contract");
    let list = std::fs::read_to_string(contract.join("mod.rs")).unwrap();
    let mut cases = 0;
    for file in std::fs::read_dir(&contract).unwrap() {
        let file = file.unwrap();
        if file.file_name() == "support.rs" {
            continue;
        }
        let text = std::fs::read_to_string(file.path()).unwrap();
        for case in text.lines().filter_map(|line| line.strip_prefix("pub fn ")) {
            let name = case.split('(').next().unwrap();
            let uses = list.lines().filter(|line| line.trim() == name).count();
            assert!(uses > 0, "{name} is not in the list");
            cases += 1;
        }
    }
    let listed = list.split("@tests $open:\n").nth(1).unwrap();
    let listed = listed.split("\n        }\n").next().unwrap();
    let listed = listed.lines().filter(|line| !line.contains(['{', '}']));
    assert_eq!(listed.count(), cases, "each case is listed once");
}
