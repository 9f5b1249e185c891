//! Another project's authenticator and client, those of 1Password, read the options and make answers to them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{future::Future, pin::Pin};

use doorward_passkey::{
    Algorithm, Authentication, AuthenticationResponse, Credential, Error, Known, PublicKey,
    RegistrationResponse, RelyingParty, Stored, User,
};
use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData, WebauthnError},
    crypto::{aws_lc_rs::AwsLcRsBackend, iana},
    types::{
        Passkey,
        ctap2::{Aaguid, Ctap2Error},
    },
};
use public_suffix::PublicSuffixList;
use serde_json::json;
use url::Url;

const CHALLENGE: [u8; 32] = [7; 32];
const HANDLE: &[u8] = &[0, 0, 0, 0, 0, 0, 0, 42];
const ORIGIN: &str = "https://example.org";

fn site() -> RelyingParty {
    RelyingParty::new("example.org", "Example", [ORIGIN])
}

/// A person who is there and looks into the camera, or not.
struct Person {
    verified: bool,
}

type Checked<'a> = Pin<Box<dyn Future<Output = Result<UserCheck, Ctap2Error>> + Send + 'a>>;

impl UserValidationMethod for Person {
    type PasskeyItem = Passkey;

    fn check_user<'a, 'this, 'answer>(
        &'this self,
        _hint: UiHint<'a, Passkey>,
        presence: bool,
        _verification: bool,
    ) -> Checked<'answer>
    where
        'a: 'answer,
        'this: 'answer,
    {
        Box::pin(async move { Ok(UserCheck { presence, verification: self.verified }) })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

type Device = Client<Option<Passkey>, Person, AwsLcRsBackend, PublicSuffixList, ()>;

fn device(algorithm: Algorithm) -> Device {
    let algorithm = match algorithm {
        Algorithm::EdDsa => iana::Algorithm::EdDSA,
        Algorithm::Es256 => iana::Algorithm::ES256,
        other => panic!("this authenticator does not know {other:?}"),
    };
    let mut authenticator =
        Authenticator::new(Aaguid::new_empty(), None, Person { verified: true }, AwsLcRsBackend);
    authenticator.set_algorithms(&[algorithm]).unwrap();
    Client::new(authenticator)
}

/// Adds a passkey as a page does: JSON to the browser, and JSON back.
async fn register(device: &mut Device, site: &RelyingParty) -> Result<Credential, Error> {
    let ann = User { handle: HANDLE, name: "ann@example.org", display_name: "Ann" };
    let options = json!({"publicKey": site.creation_options(&CHALLENGE, ann, &[])});
    let options = serde_json::from_value(options).unwrap();
    let made = device.register(Url::parse(ORIGIN).unwrap(), options, DefaultClientData).await.unwrap();
    let response = RegistrationResponse::from_json(&serde_json::to_vec(&made).unwrap())?;
    assert_eq!(response.challenge(), Ok(CHALLENGE.to_vec()));
    site.register(&CHALLENGE, &response)
}

/// Logs in as a page does. Without a passkey in the options, the device finds its own.
async fn authenticate(
    device: &mut Device,
    allow: &[Known<'_>],
) -> Result<AuthenticationResponse, WebauthnError> {
    let options = json!({"publicKey": site().request_options(&CHALLENGE, allow)});
    let options = serde_json::from_value(options).unwrap();
    let proof = device.authenticate(Url::parse(ORIGIN).unwrap(), options, DefaultClientData).await?;
    Ok(AuthenticationResponse::from_json(&serde_json::to_vec(&proof).unwrap()).unwrap())
}

fn verify(credential: &Credential, response: &AuthenticationResponse) -> Result<Authentication, Error> {
    let key = PublicKey::from_cose(credential.public_key.as_cose()).unwrap();
    let stored = Stored {
        id: &credential.id,
        user_handle: HANDLE,
        public_key: &key,
        sign_count: credential.sign_count,
        backup_eligible: credential.backup_eligible,
    };
    site().authenticate(&CHALLENGE, response, &stored)
}

#[tokio::test]
async fn a_passkey_is_added_and_logs_in_without_a_name() {
    for algorithm in [Algorithm::EdDsa, Algorithm::Es256] {
        let mut device = device(algorithm);
        let passkey = register(&mut device, &site()).await.unwrap();
        assert_eq!(passkey.public_key.algorithm(), algorithm);
        assert!(passkey.user_verified && passkey.discoverable == Some(true));
        assert!(passkey.transports.contains(&"internal".to_owned()), "{:?}", passkey.transports);

        let response = authenticate(&mut device, &[]).await.unwrap();
        assert_eq!((&response.id, response.user_handle.as_deref()), (&passkey.id, Some(HANDLE)));
        let proof = verify(&passkey, &response).unwrap();
        assert!(proof.user_verified && !proof.count_regressed);
        assert_eq!(proof.backup_eligible, passkey.backup_eligible);
    }
}

#[tokio::test]
async fn a_passkey_that_is_named_in_the_options_logs_in() {
    let mut device = device(Algorithm::Es256);
    let passkey = register(&mut device, &site()).await.unwrap();
    let known = Known { id: &passkey.id, transports: &passkey.transports };
    let response = authenticate(&mut device, &[known]).await.unwrap();
    assert!(verify(&passkey, &response).is_ok());
}

#[tokio::test]
async fn the_device_takes_the_first_algorithm_of_the_options() {
    let mut device: Device =
        Client::new(Authenticator::new(Aaguid::new_empty(), None, Person { verified: true }, AwsLcRsBackend));
    let passkey = register(&mut device, &site()).await.unwrap();
    assert_eq!(passkey.public_key.algorithm(), Algorithm::EdDsa);
}

#[tokio::test]
async fn a_count_grows_from_proof_to_proof() {
    let mut device = device(Algorithm::Es256);
    device.authenticator_mut().set_make_credentials_with_signature_counter(true);
    let mut passkey = register(&mut device, &site()).await.unwrap();
    let mut copy = authenticate(&mut device, &[]).await.unwrap();
    for _ in 0..3 {
        let response = authenticate(&mut device, &[]).await.unwrap();
        let proof = verify(&passkey, &response).unwrap();
        assert!(!proof.count_regressed && proof.sign_count > passkey.sign_count);
        passkey.sign_count = proof.sign_count;
    }
    assert!(verify(&passkey, &copy).unwrap().count_regressed);
    copy.signature[8] ^= 1;
    assert_eq!(verify(&passkey, &copy), Err(Error::Signature));
}

#[tokio::test]
async fn another_device_proves_nothing_about_this_passkey() {
    let mut mine = device(Algorithm::Es256);
    let passkey = register(&mut mine, &site()).await.unwrap();
    let mut other = device(Algorithm::Es256);
    register(&mut other, &site()).await.unwrap();
    let mut response = authenticate(&mut other, &[]).await.unwrap();
    assert_eq!(verify(&passkey, &response), Err(Error::OtherCredential));
    response.id.clone_from(&passkey.id);
    assert_eq!(verify(&passkey, &response), Err(Error::Signature));
}
