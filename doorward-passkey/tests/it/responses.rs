//! Credentials as browsers write them with `toJSON()`.

use doorward_passkey::{AuthenticationResponse, Error, RegistrationResponse, provider};
use serde_json::{Value, json};

fn registration() -> Value {
    json!({
        "id": "AQI",
        "rawId": "AQI",
        "type": "public-key",
        "authenticatorAttachment": "platform",
        "clientExtensionResults": {"credProps": {"rk": true}, "prf": {"enabled": false}},
        "response": {
            "clientDataJSON": "e30",
            "attestationObject": "_-8",
            "authenticatorData": "AA",
            "publicKey": null,
            "publicKeyAlgorithm": -7,
            "transports": ["internal", "hybrid"],
        },
    })
}

fn authentication() -> Value {
    json!({
        "id": "AQI",
        "rawId": "AQI",
        "type": "public-key",
        "clientExtensionResults": {},
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "AA",
            "signature": "_-8",
            "userHandle": "Kg",
        },
    })
}

fn registered(json: &Value) -> Result<RegistrationResponse, Error> {
    RegistrationResponse::from_json(json.to_string().as_bytes())
}

fn authenticated(json: &Value) -> Result<AuthenticationResponse, Error> {
    AuthenticationResponse::from_json(json.to_string().as_bytes())
}

#[test]
fn a_registration_is_read() {
    let response = registered(&registration()).unwrap();
    assert_eq!(
        (&response.client_data[..], &response.attestation_object[..]),
        (&b"{}"[..], &[0xFF, 0xEF][..])
    );
    assert_eq!(response.transports, ["internal", "hybrid"]);
    assert_eq!(response.discoverable, Some(true));
}

#[test]
fn what_old_browsers_leave_out_is_not_needed() {
    for extensions in [json!({}), json!({"credProps": {}}), json!({"credProps": null})] {
        let mut json = registration();
        json["clientExtensionResults"] = extensions;
        json["response"].as_object_mut().unwrap().remove("transports");
        let response = registered(&json).unwrap();
        assert_eq!((response.transports.len(), response.discoverable), (0, None));
    }
    let mut json = registration();
    json.as_object_mut().unwrap().remove("clientExtensionResults");
    assert_eq!(registered(&json).unwrap().discoverable, None);
}

#[test]
fn transports_are_names_and_few() {
    let mut json = registration();
    json["response"]["transports"] =
        json!(["", "usb", "a b", "USB", "<b>", "smart-card", "x".repeat(33), "é", "future2"]);
    assert_eq!(registered(&json).unwrap().transports, ["usb", "smart-card", "future2"]);
    json["response"]["transports"] = vec!["usb"; 100].into();
    assert_eq!(registered(&json).unwrap().transports.len(), 8);
}

#[test]
fn an_authentication_is_read() {
    let response = authenticated(&authentication()).unwrap();
    assert_eq!((response.id, response.client_data), (vec![1, 2], b"{}".to_vec()));
    assert_eq!((response.authenticator_data, response.signature), (vec![0], vec![0xFF, 0xEF]));
    assert_eq!(response.user_handle, Some(vec![42]));
}

#[test]
fn an_absent_or_empty_handle_is_none() {
    for handle in [Value::Null, "".into()] {
        let mut json = authentication();
        json["response"]["userHandle"] = handle;
        assert_eq!(authenticated(&json).unwrap().user_handle, None);
    }
    let mut json = authentication();
    json["response"].as_object_mut().unwrap().remove("userHandle");
    assert_eq!(authenticated(&json).unwrap().user_handle, None);
}

#[test]
fn a_field_that_is_no_base64url_is_named() {
    for bad in ["a", "a+b/", "AQI=", "AR", "Ä", " "] {
        for field in ["clientDataJSON", "attestationObject"] {
            let mut json = registration();
            json["response"][field] = bad.into();
            let name = format!("response.{field} is malformed");
            assert_eq!(registered(&json).unwrap_err().to_string(), name, "{bad}");
        }
        for field in ["clientDataJSON", "authenticatorData", "signature", "userHandle"] {
            let mut json = authentication();
            json["response"][field] = bad.into();
            let name = format!("response.{field} is malformed");
            assert_eq!(authenticated(&json).unwrap_err().to_string(), name, "{bad}");
        }
        let mut json = authentication();
        json["id"] = bad.into();
        assert_eq!(authenticated(&json), Err(Error::Malformed("id")), "{bad}");
    }
}

#[test]
fn what_is_no_credential_is_refused() {
    let malformed = Error::Malformed("the credential");
    for bad in [json!(null), json!([]), json!({}), json!({"response": {}}), json!({"response": 1})] {
        assert_eq!(registered(&bad), Err(malformed), "{bad}");
        assert_eq!(authenticated(&bad), Err(malformed), "{bad}");
    }
    assert_eq!(registered(&authentication()), Err(malformed));
    assert_eq!(authenticated(&registration()), Err(malformed));
    let mut without = authentication();
    without.as_object_mut().unwrap().remove("id");
    assert_eq!(authenticated(&without), Err(malformed));
    let mut other = registration();
    other["type"] = "password".into();
    assert_eq!(registered(&other), Err(malformed));
    assert_eq!(RegistrationResponse::from_json(b"\xFF"), Err(malformed));
}

#[test]
fn well_known_providers_have_names() {
    let aaguid = 0xBADA_5566_A7AA_401F_BD96_4561_9A55_120D_u128.to_be_bytes();
    assert_eq!(provider(&aaguid), Some("1Password"));
    assert_eq!(provider(&[0; 16]), None);
    assert_eq!(provider(&[0xFF; 16]), None);
}
