//! The names of the schemes.

use std::fmt;

/// The scheme that computed a stored hash.
///
/// One scheme can be written in several forms: Django, passlib, Werkzeug and ASP.NET Core all store
/// [`Scheme::Pbkdf2Sha256`], each in its own text. The README lists all forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Scheme {
    /// Argon2id (RFC 9106).
    Argon2id,
    /// Argon2i (RFC 9106).
    Argon2i,
    /// Argon2d (RFC 9106).
    Argon2d,
    /// bcrypt, which reads only the first 72 bytes of a password.
    Bcrypt,
    /// bcrypt over a SHA-2 digest of the password, as passlib, Django and WordPress do it.
    BcryptSha2,
    /// scrypt (RFC 7914).
    Scrypt,
    /// Firebase Authentication's scrypt, which ends in an AES encryption of the project's signer key.
    FirebaseScrypt,
    /// yescrypt, the default of several Linux distributions.
    Yescrypt,
    /// PBKDF2 with HMAC-SHA-1 (RFC 8018).
    Pbkdf2Sha1,
    /// PBKDF2 with HMAC-SHA-256.
    Pbkdf2Sha256,
    /// PBKDF2 with HMAC-SHA-512, or its truncation SHA-384.
    Pbkdf2Sha512,
    /// The `$5$` crypt of Linux.
    Sha256Crypt,
    /// The `$6$` crypt of Linux.
    Sha512Crypt,
    /// The `$1$` crypt of FreeBSD and Linux, and Apache's `$apr1$`.
    Md5Crypt,
    /// The portable hash of phpBB and of WordPress before 6.8 (`$P$`, `$H$`), and Drupal 7's (`$S$`).
    Phpass,
    /// An HMAC of the password, keyed with a stored salt.
    Hmac,
    /// MD5 with or without a salt, computed once or, by `FusionAuth`, in a loop.
    Md5,
    /// One SHA-1 computation, with or without a salt.
    Sha1,
    /// SHA-2 with or without a salt, computed once or, by `FusionAuth`, in a loop.
    Sha2,
}

impl Scheme {
    /// Every scheme, the strongest family first.
    pub const ALL: &[Scheme] = &[
        Scheme::Argon2id,
        Scheme::Argon2i,
        Scheme::Argon2d,
        Scheme::Bcrypt,
        Scheme::BcryptSha2,
        Scheme::Scrypt,
        Scheme::FirebaseScrypt,
        Scheme::Yescrypt,
        Scheme::Pbkdf2Sha1,
        Scheme::Pbkdf2Sha256,
        Scheme::Pbkdf2Sha512,
        Scheme::Sha256Crypt,
        Scheme::Sha512Crypt,
        Scheme::Md5Crypt,
        Scheme::Phpass,
        Scheme::Hmac,
        Scheme::Md5,
        Scheme::Sha1,
        Scheme::Sha2,
    ];

    /// Returns a stable lower-case name, for reports and configuration files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Scheme::Argon2id => "argon2id",
            Scheme::Argon2i => "argon2i",
            Scheme::Argon2d => "argon2d",
            Scheme::Bcrypt => "bcrypt",
            Scheme::BcryptSha2 => "bcrypt-sha2",
            Scheme::Scrypt => "scrypt",
            Scheme::FirebaseScrypt => "firebase-scrypt",
            Scheme::Yescrypt => "yescrypt",
            Scheme::Pbkdf2Sha1 => "pbkdf2-sha1",
            Scheme::Pbkdf2Sha256 => "pbkdf2-sha256",
            Scheme::Pbkdf2Sha512 => "pbkdf2-sha512",
            Scheme::Sha256Crypt => "sha256-crypt",
            Scheme::Sha512Crypt => "sha512-crypt",
            Scheme::Md5Crypt => "md5-crypt",
            Scheme::Phpass => "phpass",
            Scheme::Hmac => "hmac",
            Scheme::Md5 => "md5",
            Scheme::Sha1 => "sha1",
            Scheme::Sha2 => "sha2",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
