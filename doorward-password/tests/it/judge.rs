//! `argon2-rust` against another implementation: hashes that the `argon2` crate computes must verify here.
//!
//! The implementation chooses its SIMD level when it runs, so one run judges one level. An emulator that hides
//! instructions makes it choose the others:
//!
//! ```text
//! qemu-x86_64 -cpu Nehalem  target/debug/deps/it-… judge      (SSE2)
//! qemu-x86_64 -cpu Haswell  target/debug/deps/it-… judge      (AVX2)
//! ```

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use doorward_password::{PasswordContext, Worker};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const PEPPER: [u8; 32] = [42; 32];

/// One computation of argon2 with all its inputs.
#[derive(Debug, Clone)]
struct Case {
    algorithm: Algorithm,
    version: Version,
    lanes: u32,
    kib_per_lane: u32,
    passes: u32,
    length: usize,
    password: String,
    salt: Vec<u8>,
    data: Vec<u8>,
    peppered: bool,
}

fn cases(algorithm: Algorithm) -> impl Strategy<Value = Case> {
    let version = prop_oneof![Just(Version::V0x10), Just(Version::V0x13)];
    let cost = (1..=4_u32, 8..=40_u32, 1..=3_u32);
    let bytes = |range| proptest::collection::vec(any::<u8>(), range);
    let texts = (".{0,80}", bytes(8..=48), bytes(0..=32));
    (version, cost, 12..=96_usize, texts, any::<bool>()).prop_map(
        move |(version, (lanes, kib_per_lane, passes), length, (password, salt, data), peppered)| Case {
            algorithm,
            version,
            lanes,
            kib_per_lane,
            passes,
            length,
            password,
            salt,
            data,
            peppered,
        },
    )
}

impl Case {
    /// Returns the stored hash as the judge makes it.
    fn stored(&self) -> String {
        let params = ParamsBuilder::new()
            .m_cost(self.lanes * self.kib_per_lane)
            .t_cost(self.passes)
            .p_cost(self.lanes)
            .output_len(self.length)
            .data(AssociatedData::new(&self.data).unwrap())
            .build()
            .unwrap();
        let secret = if self.peppered { &PEPPER[..] } else { &[] };
        let argon2 = Argon2::new_with_secret(secret, self.algorithm, self.version, params).unwrap();
        let mut tag = vec![0; self.length];
        argon2.hash_password_into(self.password.as_bytes(), &self.salt, &mut tag).unwrap();

        let base64 = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
        let (version, memory) = (self.version as u32, self.lanes * self.kib_per_lane);
        let key_id = if self.peppered { format!(",keyid={}", base64(b"k")) } else { String::new() };
        let data = if self.data.is_empty() { String::new() } else { format!(",data={}", base64(&self.data)) };
        format!(
            "${}$v={version}$m={memory},t={},p={}{key_id}{data}${}${}",
            self.algorithm.as_str(),
            self.passes,
            self.lanes,
            base64(&self.salt),
            base64(&tag),
        )
    }
}

fn judge(worker: &mut Worker, cases: u32, strategy: impl Strategy<Value = Case>) {
    let worker = std::cell::RefCell::new(worker);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
        .run(&strategy, |case| {
            let stored = case.stored();
            prop_assert!(worker.borrow_mut().verify(&case.password, &stored).unwrap().matches, "{stored}");
            Ok(())
        })
        .unwrap();
}

fn worker() -> Worker {
    PasswordContext::builder().pepper("k", &PEPPER).build().unwrap().worker()
}

#[test]
fn it_agrees_with_the_judge_on_argon2d() {
    judge(&mut worker(), 3_000, cases(Algorithm::Argon2d));
}

#[test]
fn it_agrees_with_the_judge_on_argon2i() {
    judge(&mut worker(), 3_000, cases(Algorithm::Argon2i));
}

#[test]
fn it_agrees_with_the_judge_on_argon2id() {
    judge(&mut worker(), 4_000, cases(Algorithm::Argon2id));
}

#[test]
fn it_agrees_with_the_judge_at_the_default_cost() {
    let default_cost = cases(Algorithm::Argon2id).prop_map(|case| Case {
        lanes: 1,
        kib_per_lane: 19_456,
        passes: 2,
        ..case
    });
    judge(&mut worker(), 10, default_cost);
}

/// The long run, before a release and for a new version of the implementation.
#[test]
#[ignore = "takes minutes"]
fn it_agrees_with_the_judge_three_hundred_thousand_times() {
    for algorithm in [Algorithm::Argon2d, Algorithm::Argon2i, Algorithm::Argon2id] {
        judge(&mut worker(), 100_000, cases(algorithm));
    }
}
