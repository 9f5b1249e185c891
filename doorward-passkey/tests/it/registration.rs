//! Every check of section 7.1 that needs no stored passkey.

use doorward_passkey::{Algorithm, Error, RelyingParty, UserVerification};

use crate::authenticator::{
    ATTESTED, Authenticator, BACKED_UP, CHALLENGE, Cbor, ELIGIBLE, EXTENSIONS, PRESENT, VERIFIED, site,
};

fn device() -> Authenticator {
    Authenticator::new(Algorithm::Es256)
}

/// What happens to a registration after one change.
fn refused(change: impl FnOnce(&mut Authenticator)) -> Error {
    let mut device = device();
    change(&mut device);
    device.register().unwrap_err()
}

#[test]
fn a_passkey_of_every_algorithm_is_registered() {
    for algorithm in Algorithm::ALL {
        let mut device = Authenticator::new(algorithm);
        device.flags |= ELIGIBLE | BACKED_UP;
        device.count = 5;
        let passkey = device.register().unwrap();
        assert_eq!(passkey.id, device.id);
        assert_eq!(passkey.public_key.algorithm(), algorithm);
        assert_eq!(passkey.public_key.as_cose(), device.cose());
        assert_eq!((passkey.sign_count, passkey.aaguid), (5, [3; 16]));
        assert!(passkey.backup_eligible && passkey.backed_up && passkey.user_verified);
        assert_eq!((passkey.transports, passkey.discoverable), (vec!["internal".to_owned()], Some(true)));
    }
}

#[test]
fn the_client_data_must_be_of_a_registration() {
    assert_eq!(refused(|device| device.ceremony = "webauthn.get".to_owned()), Error::Ceremony);
}

#[test]
fn the_challenge_must_be_the_one_that_was_sent() {
    assert_eq!(refused(|device| device.challenge[31] ^= 1), Error::Challenge);
    assert_eq!(refused(|device| device.challenge.truncate(31)), Error::Challenge);
    assert_eq!(refused(|device| device.challenge.clear()), Error::Challenge);
}

#[test]
fn the_origin_must_be_in_the_list_exactly() {
    for origin in [
        "https://evil.example",
        "http://example.org",
        "https://sub.example.org",
        "https://evil-example.org",
        "https://example.org.evil.example",
        "https://example.org:444",
        "https://example.org/",
        "https://EXAMPLE.org",
        "null",
        "",
    ] {
        assert_eq!(refused(|device| device.origin = origin.to_owned()), Error::Origin, "{origin}");
    }
}

#[test]
fn related_origins_and_apps_are_accepted_if_they_are_in_the_list() {
    let app = "android:apk-key-hash:7d1043473d55bfa90e8530d35801d4e381bc69f0";
    let site = RelyingParty::new("example.org", "Example", ["https://example.com", app]);
    for origin in ["https://example.com", app] {
        let mut device = device();
        device.origin = origin.to_owned();
        assert!(site.register(&CHALLENGE, &device.registration()).is_ok(), "{origin}");
    }
    assert_eq!(site.register(&CHALLENGE, &device().registration()), Err(Error::Origin));
}

#[test]
fn a_frame_of_another_site_is_refused() {
    assert_eq!(refused(|device| device.more = r#","crossOrigin":true"#.to_owned()), Error::CrossOrigin);
    let framed = r#","crossOrigin":true,"topOrigin":"https://evil.example""#;
    assert_eq!(refused(|device| device.more = framed.to_owned()), Error::CrossOrigin);
}

#[test]
fn an_origin_around_the_page_is_refused() {
    for more in [r#","topOrigin":"https://evil.example""#, r#","crossOrigin":false,"topOrigin":"""#] {
        assert_eq!(refused(|device| device.more = more.to_owned()), Error::TopOrigin, "{more}");
    }
}

#[test]
fn unknown_and_absent_members_of_the_client_data_are_fine() {
    for more in ["", r#","crossOrigin":null,"topOrigin":null"#, r#","future":{"a":[1,2,{"b":null}]}"#] {
        let mut device = device();
        device.more = more.to_owned();
        assert!(device.register().is_ok(), "{more}");
    }
}

#[test]
fn a_byte_order_mark_before_the_client_data_is_dropped() {
    let mut response = device().registration();
    response.client_data.splice(0..0, *b"\xEF\xBB\xBF");
    assert!(site().register(&CHALLENGE, &response).is_ok());
    assert_eq!(response.challenge(), Ok(CHALLENGE.to_vec()));
}

#[test]
fn malformed_client_data_are_refused() {
    let good = device().client_data();
    for bad in [
        b"".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        good[..good.len() - 1].to_vec(),
        [&good[..], b"x"].concat(),
        [&good[..good.len() - 1], br#","type":"webauthn.create"}"#].concat(),
        [&good[..good.len() - 1], br#","origin":"https://example.org"}"#].concat(),
        [br#"{"type":"webauthn.create","challenge":"x","origin":""#, &b"\xFF\"}"[..]].concat(),
        String::from_utf8(good.clone()).unwrap().replace(":false", r#":"false""#).into_bytes(),
        [&b"\xEF\xBB\xBF\xEF\xBB\xBF"[..], &good].concat(),
    ] {
        let mut response = device().registration();
        response.client_data = bad.clone();
        let text = String::from_utf8_lossy(&bad).into_owned();
        assert_eq!(
            site().register(&CHALLENGE, &response),
            Err(Error::Malformed("the client data")),
            "{text}"
        );
        assert_eq!(response.challenge(), Err(Error::Malformed("the client data")), "{text}");
    }
}

#[test]
fn the_challenge_can_be_looked_up() {
    assert_eq!(device().registration().challenge(), Ok(CHALLENGE.to_vec()));
    let mut response = device().registration();
    response.client_data = br#"{"type":"webauthn.create","challenge":"a/b=","origin":"x"}"#.to_vec();
    assert_eq!(response.challenge(), Err(Error::Malformed("the challenge")));
}

#[test]
fn the_passkey_must_be_for_this_relying_party() {
    assert_eq!(refused(|device| device.rp_id = "example.com".to_owned()), Error::RelyingParty);
    assert_eq!(refused(|device| device.rp_id = "sub.example.org".to_owned()), Error::RelyingParty);
}

#[test]
fn the_user_must_be_present() {
    assert_eq!(refused(|device| device.flags &= !PRESENT), Error::UserNotPresent);
}

#[test]
fn the_user_must_be_verified_if_the_site_requires_it() {
    assert_eq!(refused(|device| device.flags &= !VERIFIED), Error::UserNotVerified);
    let mut device = device();
    device.flags &= !VERIFIED;
    let mut site = site();
    site.user_verification = UserVerification::Preferred;
    assert!(!site.register(&CHALLENGE, &device.registration()).unwrap().user_verified);
}

#[test]
fn a_passkey_that_cannot_be_backed_up_is_not_backed_up() {
    assert_eq!(refused(|device| device.flags |= BACKED_UP), Error::BackedUpButNotEligible);
    let mut device = device();
    device.flags |= ELIGIBLE;
    let passkey = device.register().unwrap();
    assert!(passkey.backup_eligible && !passkey.backed_up);
}

#[test]
fn an_answer_without_a_public_key_is_refused() {
    assert_eq!(refused(|device| device.flags &= !ATTESTED), Error::NoPublicKey);
}

#[test]
fn an_id_has_at_most_1023_bytes() {
    assert_eq!(refused(|device| device.id = vec![1; 1024]), Error::CredentialIdTooLong);
    assert_eq!(refused(|device| device.id = vec![1; 65_535]), Error::CredentialIdTooLong);
    let mut device = device();
    device.id = vec![1; 1023];
    assert_eq!(device.register().unwrap().id.len(), 1023);
}

#[test]
fn extensions_are_skipped_and_must_be_a_map() {
    let map = |bytes: &[u8]| {
        let mut device = device();
        device.flags |= EXTENSIONS;
        device.after = bytes.to_vec();
        device.register()
    };
    for good in [&[0xA0][..], b"\xA1\x63abc\x82\x01\xA1\x01\x02", b"\xA1\x6BcredProtect\x03"] {
        assert!(map(good).is_ok(), "{good:?}");
    }
    let malformed = Err(Error::Malformed("the authenticator data"));
    for bad in [&[][..], &[0x00], &[0x80], &[0xA1], &[0xA1, 0x00], &[0xBF, 0xFF], &[0xFF]] {
        assert_eq!(map(bad), malformed, "{bad:?}");
    }
}

#[test]
fn bytes_after_the_authenticator_data_are_refused() {
    let trailing = Error::TrailingBytes("the authenticator data");
    assert_eq!(refused(|device| device.after = vec![0]), trailing);
    let extended = |device: &mut Authenticator| {
        device.flags |= EXTENSIONS;
        device.after = vec![0xA0, 0];
    };
    assert_eq!(refused(extended), trailing);
    let without_flag = |device: &mut Authenticator| device.after = vec![0xA0];
    assert_eq!(refused(without_flag), trailing);
}

#[test]
fn authenticator_data_that_end_early_are_refused() {
    let data = device().authenticator_data();
    for length in 0..data.len() {
        let mut response = device().registration();
        response.attestation_object = object(&data[..length]);
        let error = site().register(&CHALLENGE, &response).unwrap_err();
        assert!(matches!(error, Error::Malformed(_)), "{length}: {error:?}");
    }
}

fn object(data: &[u8]) -> Vec<u8> {
    let pairs = [
        (Cbor::Text("fmt"), Cbor::Text("none")),
        (Cbor::Text("attStmt"), Cbor::Map(Vec::new())),
        (Cbor::Text("authData"), Cbor::Bytes(data.to_vec())),
    ];
    Cbor::Map(pairs.into()).encode()
}

#[test]
fn a_statement_of_any_format_is_ignored() {
    let data = Cbor::Bytes(device().authenticator_data());
    for statement in
        [&b"\xA0"[..], b"\xA1\x63sig\x41\x00", b"\xA2\x63alg\x26\x63x5c\x82\x41\x00\x41\x01", b"\x00"]
    {
        let object = Cbor::Map(vec![
            (Cbor::Text("authData"), data.clone()),
            (Cbor::Text("attStmt"), Cbor::Raw(statement.to_vec())),
            (Cbor::Text("fmt"), Cbor::Text("future")),
        ]);
        let mut response = device().registration();
        response.attestation_object = object.encode();
        assert!(site().register(&CHALLENGE, &response).is_ok(), "{statement:?}");
    }
}

#[test]
fn malformed_attestation_objects_are_refused() {
    let register = |object: Vec<u8>| {
        let mut response = device().registration();
        response.attestation_object = object;
        site().register(&CHALLENGE, &response).map(|_| ())
    };
    let format = (Cbor::Text("fmt"), Cbor::Text("none"));
    let statement = (Cbor::Text("attStmt"), Cbor::Map(Vec::new()));
    let data = (Cbor::Text("authData"), Cbor::Bytes(device().authenticator_data()));
    let map = |pairs: &[&(Cbor, Cbor)]| Cbor::Map(pairs.iter().copied().cloned().collect()).encode();
    let good = map(&[&format, &statement, &data]);
    assert_eq!(register(good.clone()), Ok(()));
    let future = (Cbor::Text("future"), Cbor::Map(Vec::new()));
    assert_eq!(register(map(&[&format, &future, &statement, &data])), Ok(()));

    let malformed = Err(Error::Malformed("the attestation object"));
    for (what, bad) in [
        ("nothing", Vec::new()),
        ("no map", Cbor::Number(1).encode()),
        ("no format", map(&[&statement, &data])),
        ("no statement", map(&[&format, &data])),
        ("no data", map(&[&format, &statement])),
        ("format twice", map(&[&format, &format, &statement, &data])),
        ("statement twice", map(&[&format, &statement, &statement, &data])),
        ("data twice", map(&[&format, &statement, &data, &data])),
        ("a number as name", map(&[&format, &statement, &data, &(Cbor::Number(1), Cbor::Number(1))])),
        ("format as number", map(&[&(Cbor::Text("fmt"), Cbor::Number(1)), &statement, &data])),
        ("data as text", map(&[&format, &statement, &(Cbor::Text("authData"), Cbor::Text("x"))])),
        ("no length", [&[0xBF][..], &good[1..], &[0xFF]].concat()),
        ("a length of 2^64 - 1", [&[0xBB][..], &[0xFF; 8], &good[1..]].concat()),
        ("a long text", [&[0xA3, 0x7B][..], &[0xFF; 8], &good[2..]].concat()),
    ] {
        assert_eq!(register(bad), malformed, "{what}");
    }
    for length in 0..good.len() {
        assert_eq!(register(good[..length].to_vec()), malformed, "{length}");
    }
}

#[test]
fn bytes_after_the_attestation_object_are_refused() {
    let mut response = device().registration();
    response.attestation_object.push(0);
    let trailing = Err(Error::TrailingBytes("the attestation object"));
    assert_eq!(site().register(&CHALLENGE, &response), trailing);
}
