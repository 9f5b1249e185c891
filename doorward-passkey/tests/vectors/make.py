#!/usr/bin/env python3
"""Derives the test vectors of W3C WebAuthn Level 3, section 16, and writes them to webauthn-3.jsonl.

The section says how: each random value is HKDF-SHA-256 over the text "WebAuthn test vectors", with the name of the vector
and a counter. ECDSA signatures are those of RFC 6979. So the results are the published bytes.

    pip install cryptography==48.0.0
    ./make.py
"""

import datetime
import hashlib
import json
import pathlib
from base64 import urlsafe_b64encode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509.oid import NameOID

RP_ID = "example.org"
ORIGIN = "https://example.org"
DER = serialization.Encoding.DER

# The numbers of the algorithms and curves (RFC 9053, RFC 8812).
CURVES = {"ES256": (ec.SECP256R1(), -7, 1, 32), "ES384": (ec.SECP384R1(), -35, 2, 48), "ES512": (ec.SECP521R1(), -36, 3, 66)}
HASHES = {"ES256": hashes.SHA256(), "ES384": hashes.SHA384(), "ES512": hashes.SHA512()}


def sha256(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def cbor(value):
    """Encodes in the canonical form of CTAP2: the shorter key first."""
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    pairs = sorted((cbor(key), cbor(item)) for key, item in value.items())
    pairs.sort(key=lambda pair: (len(pair[0]), pair[0]))
    return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)


def head(kind, number):
    if number < 24:
        return bytes([kind << 5 | number])
    for code, size in ((24, 1), (25, 2), (26, 4)):
        if number < 1 << 8 * size:
            return bytes([kind << 5 | code]) + number.to_bytes(size, "big")
    raise ValueError(number)


class Random:
    """The random values of one vector, in their order."""

    def __init__(self, name):
        self.name, self.counter = name, 0

    def next(self, length):
        salt = bytes([self.counter])
        self.counter += 1
        hkdf = HKDF(hashes.SHA256(), length, salt, self.name.encode())
        return hkdf.derive(b"WebAuthn test vectors")


def ecdsa(hash):
    return ec.ECDSA(hash, deterministic_signing=True)


def ec_key(curve, secret):
    return ec.derive_private_key(int.from_bytes(secret, "big"), curve)


class Credential:
    """The key pair of a credential: its public key as COSE_Key, and how it signs."""

    def __init__(self, algorithm, random):
        if algorithm in CURVES:
            curve, number, name, size = CURVES[algorithm]
            self.private = ec_key(curve, random.next(65 if algorithm == "ES512" else size))
            point = self.private.public_key().public_numbers()
            self.x, self.y = point.x.to_bytes(size, "big"), point.y.to_bytes(size, "big")
            self.cose = {1: 2, 3: number, -1: name, -2: self.x, -3: self.y}
            self.how = [ecdsa(HASHES[algorithm])]
        elif algorithm == "RS256":
            # Two Mersenne primes.
            p, q, e = 2**1279 - 1, 2**2203 - 1, 65537
            d = rsa.rsa_recover_private_exponent(e, p, q)
            public = rsa.RSAPublicNumbers(e, p * q)
            crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
            self.private = rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()
            self.cose = {1: 3, 3: -257, -1: public.n.to_bytes((3482 + 7) // 8, "big"), -2: b"\x01\x00\x01"}
            self.how = [padding.PKCS1v15(), hashes.SHA256()]
        else:
            kind, size, number, name = {
                "EdDSA": (ed25519.Ed25519PrivateKey, 32, -8, 6),
                "Ed448": (ed448.Ed448PrivateKey, 57, -53, 7),
            }[algorithm]
            self.private = kind.from_private_bytes(random.next(size))
            self.cose = {1: 1, 3: number, -1: name, -2: self.private.public_key().public_bytes_raw()}
            self.how = []

    def sign(self, message):
        return self.private.sign(message, *self.how)


def name(unit):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "WebAuthn test vectors"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "W3C"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "AA"),
        ]
    )


class Authority:
    """The root of the attestation certificates."""

    def __init__(self):
        self.key = ec_key(ec.SECP256R1(), Random("Attestation CA").next(32))
        self.name = name("Authenticator Attestation CA")

    def certificate(self, random, key, subject, extensions):
        usages = ["content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign"]
        usage = dict.fromkeys(usages + ["crl_sign", "encipher_only", "decipher_only"], False)
        builder = (
            x509.CertificateBuilder(self.name, subject, key.public_key(), int.from_bytes(random.next(16), "big"))
            .not_valid_before(datetime.datetime(2024, 1, 1))
            .not_valid_after(datetime.datetime(3024, 1, 1))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(digital_signature=True, **usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        return builder.sign(self.key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(DER)


AUTHORITY = Authority()


def unknown_extension(oid, der):
    return [(x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), der), False)]


def attested(random, subject=name("Authenticator Attestation"), extensions=()):
    """A key of an authenticator's maker, and its certificate."""
    key = ec_key(ec.SECP256R1(), random.next(32))
    return key, AUTHORITY.certificate(random, key, subject, extensions)


def tpm_statement(random, credential, message):
    directory = x509.Name(
        [
            x509.RelativeDistinguishedName(
                [
                    x509.NameAttribute(x509.ObjectIdentifier(f"2.23.133.2.{number}"), text)
                    for number, text in ((1, "id:00000000"), (2, "WebAuthn test vectors"), (3, "id:00000000"))
                ]
            )
        ]
    )
    extensions = [
        (x509.ExtendedKeyUsage([x509.ObjectIdentifier("2.23.133.8.3")]), False),
        (x509.SubjectAlternativeName([x509.DirectoryName(directory)]), True),
    ]
    key, certificate = attested(random, x509.Name([]), extensions)

    def sized(data):
        return len(data).to_bytes(2, "big") + data

    # TPMT_PUBLIC and TPMS_ATTEST of the TPM 2.0 library.
    area = bytes.fromhex("0023000b00040000" + "0000" + "0010001000030010") + sized(credential.x) + sized(credential.y)
    info = bytes.fromhex("ff5443478017") + sized(b"") + sized(sha256(message))
    info += bytes.fromhex("0000000000000000111111112222222233" + "0000000000000000")
    info += sized(b"\x00\x0b" + sha256(area)) + sized(b"")
    signature = key.sign(info, ecdsa(hashes.SHA256()))
    return {"ver": "2.0", "alg": -7, "x5c": [certificate], "sig": signature, "certInfo": info, "pubArea": area}


def statement(kind, random, credential, data, client_data):
    """The attestation statement. Doorward does not read it, but skips it."""
    message = data + sha256(client_data)
    maker = name("Authenticator Attestation")
    match kind:
        case "none":
            return {}
        case "packed-self":
            return {"alg": -7, "sig": credential.sign(message)}
        case "packed":
            key, certificate = attested(random)
            return {"alg": -7, "sig": key.sign(message, ecdsa(hashes.SHA256())), "x5c": [certificate]}
        case "tpm":
            return tpm_statement(random, credential, message)
        case "android-key":
            # KeyDescription of Android's key attestation.
            challenge = b"\x04\x20" + sha256(client_data)
            description = bytes.fromhex("0202012c" + "0a0100" + "020100" + "0a0100") + challenge + bytes.fromhex("040030003000")
            description = b"\x30" + bytes([len(description)]) + description
            extension = unknown_extension("1.3.6.1.4.1.11129.2.1.17", description)
            certificate = AUTHORITY.certificate(random, credential.private, maker, extension)
            return {"alg": -7, "sig": credential.sign(message), "x5c": [certificate]}
        case "apple":
            nonce = bytes.fromhex("3024a1220420") + sha256(message)
            extension = unknown_extension("1.2.840.113635.100.8.2", nonce)
            return {"x5c": [AUTHORITY.certificate(random, credential.private, maker, extension)]}
        case "fido-u2f":
            key, certificate = attested(random)
            point = b"\x04" + credential.x + credential.y
            identifier = data[55 : 55 + 32]
            signed = b"\x00" + sha256(RP_ID.encode()) + sha256(client_data) + identifier + point
            return {"sig": key.sign(signed, ecdsa(hashes.SHA256())), "x5c": [certificate]}


def client_data(random, kind, challenge, cross_origin, top_origin):
    fields = {"type": kind, "challenge": b64(challenge), "origin": ORIGIN, "crossOrigin": cross_origin}
    if top_origin:
        fields["topOrigin"] = "https://example.com"
    if random.next(1)[0] & 1:
        text = "clientDataJSON may be extended with additional fields in the future, such as this: "
        fields["extraData"] = text + b64(random.next(16))
    return json.dumps(fields, separators=(",", ":")).encode()


def authenticator_data(flags, more=b""):
    return sha256(RP_ID.encode()) + bytes([flags]) + bytes(4) + more


def vector(title, kind, algorithm, id_length=32, challenge_length=32, cross_origin=False, top_origin=False):
    random = Random(title)
    challenge = random.next(challenge_length)
    credential = Credential(algorithm, random)
    created = client_data(random, "webauthn.create", challenge, cross_origin, top_origin)
    aaguid, identifier = random.next(16), random.next(id_length)
    # User verified and backed up are random, and a passkey is backed up only if it may be.
    flags = 0 if kind == "fido-u2f" else random.next(1)[0] & 0x1C
    if not flags & 0x08:
        flags &= 0x04
    eligible = flags & 0x08
    more = aaguid + len(identifier).to_bytes(2, "big") + identifier + cbor(credential.cose)
    data = authenticator_data(0x41 | flags, more)
    format = kind.removesuffix("-self")
    attestation = {"fmt": format, "attStmt": statement(kind, random, credential, data, created), "authData": data}

    login_challenge = random.next(challenge_length)
    got = client_data(random, "webauthn.get", login_challenge, cross_origin, top_origin)
    flags = random.next(1)[0] & 0x14
    if not eligible:
        flags &= 0x04
    login_data = authenticator_data(0x01 | eligible | flags)
    return {
        "name": title,
        "credential_id": identifier.hex(),
        "challenge": challenge.hex(),
        "client_data": created.decode(),
        "attestation_object": cbor(attestation).hex(),
        "login_challenge": login_challenge.hex(),
        "login_client_data": got.decode(),
        "authenticator_data": login_data.hex(),
        "signature": credential.sign(login_data + sha256(got)).hex(),
    }


VECTORS = [
    vector("none.ES256", "none", "ES256"),
    vector("packed-self.ES256", "packed-self", "ES256"),
    vector("none.ES256.crossOrigin", "none", "ES256", cross_origin=True),
    vector("none.ES256.topOrigin", "none", "ES256", cross_origin=True, top_origin=True),
    vector("none.ES256.long-credential-id", "none", "ES256", id_length=1023),
    vector("packed.ES256", "packed", "ES256"),
    vector("packed.ES384", "packed", "ES384"),
    vector("packed.ES512", "packed", "ES512", challenge_length=128),
    vector("packed.RS256", "packed", "RS256"),
    vector("packed.EdDSA", "packed", "EdDSA"),
    vector("packed.Ed448", "packed", "Ed448"),
    vector("tpm.ES256", "tpm", "ES256"),
    vector("android-key.ES256", "android-key", "ES256"),
    vector("apple.ES256", "apple", "ES256"),
    vector("fido-u2f.ES256", "fido-u2f", "ES256"),
]

file = pathlib.Path(__file__).resolve().parent / "webauthn-3.jsonl"
file.write_text("".join(json.dumps(vector) + "\n" for vector in VECTORS), encoding="utf-8")
