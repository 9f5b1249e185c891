//! Every check of section 7.2.

use doorward_passkey::{Algorithm, Authentication, Credential, Error, Stored, UserVerification};

use crate::authenticator::{
    ATTESTED, Authenticator, BACKED_UP, CHALLENGE, ELIGIBLE, EXTENSIONS, HANDLE, ORIGIN, PRESENT, VERIFIED,
    read_again, site, stored,
};

fn registered() -> (Authenticator, Credential) {
    Authenticator::registered(Algorithm::Es256)
}

/// What happens to a proof after one change. The signature is over the changed bytes.
fn proved(change: impl FnOnce(&mut Authenticator)) -> Result<Authentication, Error> {
    let (mut device, passkey) = registered();
    change(&mut device);
    device.authenticate(&passkey)
}

fn refused(change: impl FnOnce(&mut Authenticator)) -> Error {
    proved(change).unwrap_err()
}

#[test]
fn a_passkey_of_every_algorithm_logs_in() {
    for algorithm in Algorithm::ALL {
        let (device, passkey) = Authenticator::registered(algorithm);
        let key = read_again(&passkey.public_key);
        let stored = Stored { public_key: &key, ..stored(&passkey) };
        let proof = site().authenticate(&CHALLENGE, &device.authentication(), &stored).unwrap();
        assert!(proof.user_verified, "{algorithm:?}");
        assert!(!proof.backed_up && !proof.backup_eligible && !proof.became_backup_eligible);
        assert_eq!((proof.sign_count, proof.count_regressed), (0, false));
    }
}

#[test]
fn the_client_data_must_be_of_an_authentication() {
    assert_eq!(refused(|device| device.ceremony = "webauthn.create".to_owned()), Error::Ceremony);
}

#[test]
fn the_challenge_must_be_the_one_that_was_sent() {
    assert_eq!(refused(|device| device.challenge[0] ^= 1), Error::Challenge);
    let (device, _) = registered();
    assert_eq!(device.authentication().challenge(), Ok(CHALLENGE.to_vec()));
}

#[test]
fn the_origin_must_be_in_the_list_exactly() {
    for origin in
        ["https://evil.example", "https://sub.example.org", "http://example.org", "https://example.org:444"]
    {
        assert_eq!(refused(|device| device.origin = origin.to_owned()), Error::Origin, "{origin}");
    }
    // JSON may write the same text in another way.
    assert!(proved(|device| device.origin = ORIGIN.replace('/', r"\/")).is_ok());
}

#[test]
fn a_frame_of_another_site_is_refused() {
    assert_eq!(refused(|device| device.more = r#","crossOrigin":true"#.to_owned()), Error::CrossOrigin);
    let top = r#","topOrigin":"https://evil.example""#;
    assert_eq!(refused(|device| device.more = top.to_owned()), Error::TopOrigin);
}

#[test]
fn the_passkey_must_be_for_this_relying_party() {
    assert_eq!(refused(|device| device.rp_id = "example.com".to_owned()), Error::RelyingParty);
}

#[test]
fn the_user_must_be_present() {
    assert_eq!(refused(|device| device.flags &= !PRESENT), Error::UserNotPresent);
}

#[test]
fn the_user_must_be_verified_if_the_site_requires_it() {
    assert_eq!(refused(|device| device.flags &= !VERIFIED), Error::UserNotVerified);
    let (mut device, passkey) = registered();
    device.flags &= !VERIFIED;
    let mut site = site();
    site.user_verification = UserVerification::Preferred;
    let proof = site.authenticate(&CHALLENGE, &device.authentication(), &stored(&passkey)).unwrap();
    assert!(!proof.user_verified);
}

#[test]
fn a_passkey_that_cannot_be_backed_up_is_not_backed_up() {
    assert_eq!(refused(|device| device.flags |= BACKED_UP), Error::BackedUpButNotEligible);
}

#[test]
fn a_passkey_that_becomes_eligible_for_backup_says_so() {
    let proof = proved(|device| device.flags |= ELIGIBLE | BACKED_UP).unwrap();
    assert!(proof.became_backup_eligible && proof.backup_eligible && proof.backed_up);
}

#[test]
fn a_passkey_that_loses_its_eligibility_is_refused() {
    let (device, passkey) = registered();
    let stored = Stored { backup_eligible: true, ..stored(&passkey) };
    let proof = site().authenticate(&CHALLENGE, &device.authentication(), &stored);
    assert_eq!(proof, Err(Error::BackupEligibilityLost));
}

#[test]
fn the_backup_may_come_and_go() {
    let (mut device, passkey) = registered();
    let stored = Stored { backup_eligible: true, ..stored(&passkey) };
    for (flags, backed_up) in [(ELIGIBLE, false), (ELIGIBLE | BACKED_UP, true)] {
        device.flags = PRESENT | VERIFIED | flags;
        let proof = site().authenticate(&CHALLENGE, &device.authentication(), &stored).unwrap();
        assert_eq!((proof.backed_up, proof.became_backup_eligible), (backed_up, false));
    }
}

#[test]
fn a_count_that_does_not_grow_is_told_and_not_refused() {
    // Stored, new, regressed, to store.
    for (old, new, regressed, kept) in [
        (0, 0, false, 0),
        (0, 1, false, 1),
        (5, 6, false, 6),
        (5, u32::MAX, false, u32::MAX),
        (5, 5, true, 5),
        (5, 4, true, 5),
        (5, 0, true, 5),
        (u32::MAX, 0, true, u32::MAX),
    ] {
        let (mut device, passkey) = registered();
        device.count = new;
        let stored = Stored { sign_count: old, ..stored(&passkey) };
        let proof = site().authenticate(&CHALLENGE, &device.authentication(), &stored).unwrap();
        assert_eq!((proof.count_regressed, proof.sign_count), (regressed, kept), "{old} {new}");
    }
}

#[test]
fn the_answer_must_be_by_the_stored_passkey() {
    let (device, passkey) = registered();
    let stored = Stored { id: &[8; 32], ..stored(&passkey) };
    let proof = site().authenticate(&CHALLENGE, &device.authentication(), &stored);
    assert_eq!(proof, Err(Error::OtherCredential));
}

#[test]
fn the_handle_must_be_that_of_the_owner_if_it_is_sent() {
    let (device, passkey) = registered();
    let mut response = device.authentication();
    for (handle, expected) in [
        (Some(HANDLE.to_vec()), Ok(())),
        (None, Ok(())),
        (Some(vec![0, 0, 0, 0, 0, 0, 0, 43]), Err(Error::OtherUser)),
        (Some(HANDLE[..7].to_vec()), Err(Error::OtherUser)),
        (Some(Vec::new()), Err(Error::OtherUser)),
    ] {
        response.user_handle = handle;
        let proof = site().authenticate(&CHALLENGE, &response, &stored(&passkey)).map(|_| ());
        assert_eq!(proof, expected, "{:?}", response.user_handle);
    }
}

#[test]
fn bytes_after_the_authenticator_data_are_refused() {
    let trailing = Error::TrailingBytes("the authenticator data");
    assert_eq!(refused(|device| device.after = vec![0]), trailing);
    let extended = |device: &mut Authenticator| {
        device.flags |= EXTENSIONS;
        device.after = vec![0xA0, 0xA0];
    };
    assert_eq!(refused(extended), trailing);
}

#[test]
fn authenticator_data_that_end_early_are_refused() {
    let (device, passkey) = registered();
    for length in 0..37 {
        let mut response = device.authentication();
        response.authenticator_data.truncate(length);
        let proof = site().authenticate(&CHALLENGE, &response, &stored(&passkey));
        assert_eq!(proof, Err(Error::Malformed("the authenticator data")), "{length}");
    }
}

#[test]
fn outputs_of_extensions_and_a_repeated_key_are_ignored() {
    let extended = |device: &mut Authenticator| {
        device.flags |= EXTENSIONS | ATTESTED;
        device.after = b"\xA1\x63uvm\x81\x83\x02\x04\x02".to_vec();
    };
    assert!(proved(extended).is_ok());
}

#[test]
fn a_signature_by_another_key_is_refused() {
    for algorithm in Algorithm::ALL {
        let (device, _) = Authenticator::registered(algorithm);
        for other in Algorithm::ALL {
            let (_, passkey) = Authenticator::registered(other);
            assert_eq!(device.authenticate(&passkey), Err(Error::Signature), "{algorithm:?} {other:?}");
        }
    }
}

#[test]
fn a_signature_over_other_bytes_is_refused() {
    for algorithm in Algorithm::ALL {
        let (mut device, passkey) = Authenticator::registered(algorithm);
        let good = device.authentication();
        device.count = 1;
        device.more = r#","crossOrigin":null"#.to_owned();
        let other = device.authentication();

        let mut changed = good.clone();
        changed.authenticator_data = other.authenticator_data;
        let proof = site().authenticate(&CHALLENGE, &changed, &stored(&passkey));
        assert_eq!(proof, Err(Error::Signature), "{algorithm:?}: authenticator data");

        let mut changed = good.clone();
        changed.client_data = other.client_data;
        let proof = site().authenticate(&CHALLENGE, &changed, &stored(&passkey));
        assert_eq!(proof, Err(Error::Signature), "{algorithm:?}: client data");
    }
}

#[test]
fn every_changed_bit_of_a_signature_is_refused() {
    for algorithm in Algorithm::ALL {
        let (device, passkey) = Authenticator::registered(algorithm);
        let mut response = device.authentication();
        for bit in 0..response.signature.len() * 8 {
            response.signature[bit / 8] ^= 1 << (bit % 8);
            let proof = site().authenticate(&CHALLENGE, &response, &stored(&passkey));
            assert_eq!(proof, Err(Error::Signature), "{algorithm:?} {bit}");
            response.signature[bit / 8] ^= 1 << (bit % 8);
        }
        for bad in [Vec::new(), [&response.signature[..], &[0]].concat(), vec![0; response.signature.len()]] {
            response.signature = bad;
            let proof = site().authenticate(&CHALLENGE, &response, &stored(&passkey));
            assert_eq!(proof, Err(Error::Signature), "{algorithm:?}");
        }
    }
}
