//! scrypt (RFC 7914), and Firebase's variation on it.

use aes::Aes256;
use ctr::Ctr128BE;
use ctr::cipher::{KeyIvInit, StreamCipher};
use scrypt::Params;
use zeroize::Zeroizing;

use super::hash::Digest;
use crate::bounds::Bounds;
use crate::error::Error;
use crate::scheme::Scheme;

/// The parameters of one scrypt computation.
pub(crate) struct Scrypt {
    pub(crate) n: u64,
    pub(crate) r: u32,
    pub(crate) p: u32,
    pub(crate) salt: Vec<u8>,
    /// better-auth and Lucia: the text is brought to NFKC.
    pub(crate) nfkc: bool,
    /// Firebase: the signer key, encrypted with the output of scrypt.
    pub(crate) signer_key: Option<Zeroizing<Vec<u8>>>,
}

impl Scrypt {
    pub(crate) fn scheme(&self) -> Scheme {
        if self.signer_key.is_some() { Scheme::FirebaseScrypt } else { Scheme::Scrypt }
    }

    pub(crate) fn check(&self, bounds: &Bounds) -> Result<(), Error> {
        bounds.check_scrypt(self.n, self.r, self.p)?;
        self.params().map(|_| ())
    }

    pub(crate) fn compute(&self, password: &[u8], length: usize) -> Result<Digest, Error> {
        let params = self.params()?;
        let derive = |length| {
            let mut out = Zeroizing::new(vec![0; length]);
            let done = scrypt::scrypt(password, &self.salt, &params, &mut out);
            done.map(|()| out).map_err(|_| Error::Malformed(self.scheme()))
        };
        let Some(signer_key) = &self.signer_key else { return derive(length) };
        let key = derive(32)?;
        let mut out = signer_key.clone();
        Ctr128BE::<Aes256>::new_from_slices(&key, &[0; 16])
            .expect("the key has 32 bytes and the counter 16")
            .apply_keystream(&mut out);
        Ok(out)
    }

    fn params(&self) -> Result<Params, Error> {
        let malformed = Error::Malformed(self.scheme());
        if !self.n.is_power_of_two() || self.n < 2 {
            return Err(malformed);
        }
        let log_n = u8::try_from(self.n.trailing_zeros()).map_err(|_| malformed.clone())?;
        Params::new(log_n, self.r, self.p).map_err(|_| malformed)
    }
}
