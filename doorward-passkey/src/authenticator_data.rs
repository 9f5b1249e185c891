//! Reads the authenticator data: what the authenticator did, and the public key it made (section 6.1).

use minicbor::{Decoder, data::Type};

use crate::{error::Error, public_key::PublicKey};

const NAME: &str = "the authenticator data";
const MALFORMED: Error = Error::Malformed(NAME);
/// The longest id of a credential (section 7.1).
const LONGEST_ID: usize = 1023;

// The flags.
const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const BACKUP_ELIGIBLE: u8 = 0x08;
const BACKED_UP: u8 = 0x10;
const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

pub(crate) struct AuthenticatorData<'a> {
    pub(crate) rp_id_hash: &'a [u8],
    flags: u8,
    pub(crate) sign_count: u32,
    pub(crate) attested: Option<Attested<'a>>,
}

/// The new credential (section 6.5.1).
pub(crate) struct Attested<'a> {
    pub(crate) aaguid: [u8; 16],
    pub(crate) id: &'a [u8],
    pub(crate) public_key: PublicKey,
}

impl<'a> AuthenticatorData<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Error> {
        let (rp_id_hash, rest) = bytes.split_first_chunk::<32>().ok_or(MALFORMED)?;
        let (&[flags], rest) = rest.split_first_chunk().ok_or(MALFORMED)?;
        let (&sign_count, mut rest) = rest.split_first_chunk().ok_or(MALFORMED)?;
        let mut attested = None;
        if flags & ATTESTED != 0 {
            let (credential, after) = Attested::take(rest)?;
            (attested, rest) = (Some(credential), after);
        }
        if flags & EXTENSIONS != 0 {
            rest = after_extensions(rest)?;
        }
        if !rest.is_empty() {
            return Err(Error::TrailingBytes(NAME));
        }
        Ok(Self { rp_id_hash, flags, sign_count: u32::from_be_bytes(sign_count), attested })
    }

    pub(crate) fn user_present(&self) -> bool {
        self.flags & USER_PRESENT != 0
    }

    pub(crate) fn user_verified(&self) -> bool {
        self.flags & USER_VERIFIED != 0
    }

    pub(crate) fn backup_eligible(&self) -> bool {
        self.flags & BACKUP_ELIGIBLE != 0
    }

    pub(crate) fn backed_up(&self) -> bool {
        self.flags & BACKED_UP != 0
    }
}

impl<'a> Attested<'a> {
    /// Reads a credential at the beginning, and returns what follows it.
    fn take(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let (&aaguid, rest) = bytes.split_first_chunk().ok_or(MALFORMED)?;
        let (&length, rest) = rest.split_first_chunk().ok_or(MALFORMED)?;
        let length = usize::from(u16::from_be_bytes(length));
        if length > LONGEST_ID {
            return Err(Error::CredentialIdTooLong);
        }
        let (id, rest) = rest.split_at_checked(length).ok_or(MALFORMED)?;
        let (public_key, rest) = PublicKey::take(rest)?;
        Ok((Self { aaguid, id, public_key }, rest))
    }
}

/// Skips the outputs of extensions: one map. None of them is asked for, and a client may send others.
fn after_extensions(bytes: &[u8]) -> Result<&[u8], Error> {
    let mut decoder = Decoder::new(bytes);
    if !matches!(decoder.datatype(), Ok(Type::Map)) {
        return Err(MALFORMED);
    }
    decoder.skip().map_err(|_| MALFORMED)?;
    bytes.get(decoder.position()..).ok_or(MALFORMED)
}
