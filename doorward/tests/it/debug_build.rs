//! What hosts are told about debug builds.

use std::{fs, path::Path};

/// The packages that a text compiles with all optimizations.
fn optimized(text: &str) -> Vec<&str> {
    let lines: Vec<_> = text.lines().collect();
    lines
        .windows(2)
        .filter(|pair| pair[1] == "opt-level = 3")
        .filter_map(|pair| pair[0].strip_prefix("[profile.dev.package.")?.strip_suffix(']'))
        .collect()
}

#[test]
fn hosts_are_told_to_optimize_the_package_that_hashes() {
    let read =
        |file| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap();
    let (readme, guide, workspace) =
        (read("README.md"), read("doorward/docs/guide/embed.md"), read("Cargo.toml"));
    let told = optimized(&readme);
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(optimized(&guide), told);
    assert!(optimized(&workspace).contains(&told[0]));
    let hashing = read("doorward-password/src/recipe/argon2.rs");
    assert!(hashing.contains(&format!("{}::", told[0].replace('-', "_"))), "{} does not hash", told[0]);
    assert!(read("doorward-password/Cargo.toml").contains(&format!("\n{} = ", told[0])));
}
