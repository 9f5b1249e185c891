//! The compiler's answers to mistakes that a host makes easily. Each must name the fix, and propose no type of ours that a
//! host cannot use. `TRYBUILD=overwrite cargo test -p doorward --test compile_fail` writes them again.

#[test]
fn each_error_names_the_fix() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
