"""Makes the vectors of the Python systems, and of libxcrypt through Python's crypt module.

    python3.11 -m venv venv
    venv/bin/pip install passlib==1.7.4 bcrypt==3.2.2 Django==5.2.19 Werkzeug==3.1.9 argon2-cffi==25.1.0
    venv/bin/python make.py

Salts are random, so that a second run writes other hashes. bcrypt 3.2.2 cuts passwords at 72 bytes, as all versions
before 5 did. Keycloak, FusionAuth and Auth0 cannot be installed from a package index: their JSON is made here
around the PBKDF2 and scrypt of Python's hashlib, and their own published hashes are in published.jsonl.
"""

import base64
import crypt
import hashlib
import hmac
import json
import os
import pathlib
import warnings

warnings.simplefilter("ignore")

import argon2
import bcrypt
import django
import passlib
import passlib.hash as p
import werkzeug
from django.conf import settings
from werkzeug.security import generate_password_hash

settings.configure()
from django.contrib.auth import hashers

HERE = pathlib.Path(__file__).parent

PASSWORDS = [
    "",
    "password",
    "correct horse battery staple",
    "pässwörd",
    "日本語のパスワード🔑",
    "with $ : , { } and \\ \" '",
    "a" * 71,
    "b" * 70 + "é",
    "c" * 73,
    "long " * 40,
]


def lines(name, by, cases):
    with open(HERE / name, "w", encoding="utf-8") as out:
        for scheme, password, stored in cases:
            line = {"by": by, "scheme": scheme, "password": password, "stored": stored}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def each(scheme, make, passwords=PASSWORDS):
    return [(scheme, password, make(password)) for password in passwords]


def write_argon2():
    types = {"argon2id": argon2.Type.ID, "argon2i": argon2.Type.I, "argon2d": argon2.Type.D}
    cases = []
    for scheme, kind in types.items():
        for memory, time, lanes in [(8, 1, 1), (64, 3, 4), (1024, 2, 1)]:
            hasher = argon2.PasswordHasher(time, memory, lanes, hash_len=32, salt_len=16, type=kind)
            cases += each(scheme, hasher.hash, PASSWORDS[:5] + PASSWORDS[-1:])
        # Version 16, and the form without a version.
        for password in PASSWORDS[:5]:
            old = argon2.low_level.hash_secret(password.encode(), os.urandom(16), 2, 64, 1, 24, kind, version=16)
            cases.append((scheme, password, old.decode()))
            cases.append((scheme, password, old.decode().replace("$v=16", "")))
    cases.append(("argon2id", "password", argon2.PasswordHasher().hash("password")))
    lines("argon2-cffi.jsonl", f"argon2-cffi {argon2.__version__}", cases)


def write_bcrypt():
    cases = each("bcrypt", lambda pw: bcrypt.hashpw(pw.encode(), bcrypt.gensalt(4)).decode())
    cases += each("bcrypt", lambda pw: bcrypt.hashpw(pw.encode(), bcrypt.gensalt(5, b"2a")).decode())
    lines("bcrypt.jsonl", f"bcrypt {bcrypt.__version__}", cases)


def write_passlib():
    plain = PASSWORDS
    cases = each("bcrypt-sha2", p.bcrypt_sha256.using(rounds=4, version=1).hash, plain)
    cases += each("bcrypt-sha2", p.bcrypt_sha256.using(rounds=4, version=2).hash, plain)
    cases += each("pbkdf2-sha1", p.pbkdf2_sha1.using(rounds=1000).hash, plain)
    cases += each("pbkdf2-sha256", p.pbkdf2_sha256.using(rounds=1000).hash, plain)
    cases += each("pbkdf2-sha512", p.pbkdf2_sha512.using(rounds=1000).hash, plain)
    cases += each("pbkdf2-sha256", p.pbkdf2_sha256.hash, plain[:2])
    cases += each("pbkdf2-sha256", p.pbkdf2_sha256.using(rounds=1000, salt_size=0).hash, plain[:2])
    cases += each("scrypt", p.scrypt.using(rounds=8).hash, plain)
    cases += each("sha256-crypt", p.sha256_crypt.using(rounds=1000).hash, plain)
    cases += each("sha512-crypt", p.sha512_crypt.using(rounds=1000).hash, plain)
    cases += each("sha256-crypt", p.sha256_crypt.using(rounds=5000).hash, plain[:3])
    cases += each("md5-crypt", p.md5_crypt.hash, plain)
    cases += each("md5-crypt", p.apr_md5_crypt.hash, plain)
    cases += each("phpass", p.phpass.using(rounds=7).hash, plain)
    cases += each("phpass", p.phpass.using(rounds=7, ident="H").hash, plain[:5])
    cases += each("md5", p.hex_md5.hash, plain)
    cases += each("sha1", p.hex_sha1.hash, plain)
    cases += each("sha2", p.hex_sha256.hash, plain)
    cases += each("sha2", p.hex_sha512.hash, plain)
    cases += each("md5", p.ldap_md5.hash, plain[:5])
    cases += each("md5", p.ldap_salted_md5.hash, plain[:5])
    cases += each("sha1", p.ldap_sha1.hash, plain[:5])
    cases += each("sha1", p.ldap_salted_sha1.hash, plain)
    cases += each("sha2", p.ldap_salted_sha256.hash, plain)
    cases += each("sha2", p.ldap_salted_sha512.hash, plain)
    cases += each("pbkdf2-sha1", p.ldap_pbkdf2_sha1.using(rounds=1000).hash, plain[:5])
    cases += each("pbkdf2-sha256", p.ldap_pbkdf2_sha256.using(rounds=1000).hash, plain[:5])
    cases += each("pbkdf2-sha512", p.ldap_pbkdf2_sha512.using(rounds=1000).hash, plain[:5])
    cases += each("sha512-crypt", p.ldap_sha512_crypt.using(rounds=1000).hash, plain[:5])
    cases += each("bcrypt", p.ldap_bcrypt.using(rounds=4).hash, plain[:5])
    lines("passlib.jsonl", f"passlib {passlib.__version__}", cases)


def write_django():
    def encode(hasher, **settings):
        return lambda pw: hasher.encode(pw, hasher.salt(), **settings)

    def cheap(base, **attributes):
        return type(base.__name__, (base,), attributes)()

    cases = each("pbkdf2-sha256", encode(hashers.PBKDF2PasswordHasher(), iterations=1000))
    cases += each("pbkdf2-sha256", encode(hashers.PBKDF2PasswordHasher()), PASSWORDS[1:2])
    cases += each("pbkdf2-sha1", encode(hashers.PBKDF2SHA1PasswordHasher(), iterations=1000))
    cases += each("scrypt", encode(hashers.ScryptPasswordHasher(), n=2**8))
    cases += each("scrypt", encode(hashers.ScryptPasswordHasher()), PASSWORDS[1:2])
    argon = cheap(hashers.Argon2PasswordHasher, time_cost=1, memory_cost=64, parallelism=2)
    cases += each("argon2id", encode(argon))
    cases += each("bcrypt-sha2", encode(cheap(hashers.BCryptSHA256PasswordHasher, rounds=4)))
    cases += each("bcrypt", encode(cheap(hashers.BCryptPasswordHasher, rounds=4)))
    cases += each("md5", encode(hashers.MD5PasswordHasher()))
    # Django removed these in 5.1; passlib still writes them.
    cases += each("sha1", p.django_salted_sha1.hash)
    for name, scheme in [("md5", "md5"), ("sha1", "sha1")]:
        cases += each(scheme, lambda pw: f"{name}$${hashlib.new(name, pw.encode()).hexdigest()}", PASSWORDS[:5])
    lines("django.jsonl", f"Django {django.__version__}", cases)


def write_werkzeug():
    from importlib.metadata import version

    cases = each("scrypt", lambda pw: generate_password_hash(pw, "scrypt:256:8:1"))
    cases += each("scrypt", generate_password_hash, PASSWORDS[1:2])
    cases += each("pbkdf2-sha256", lambda pw: generate_password_hash(pw, "pbkdf2:sha256:1000"))
    cases += each("pbkdf2-sha512", lambda pw: generate_password_hash(pw, "pbkdf2:sha512:1000"), PASSWORDS[:5])
    cases += each("pbkdf2-sha1", lambda pw: generate_password_hash(pw, "pbkdf2:sha1:1000"), PASSWORDS[:5])
    lines("werkzeug.jsonl", f"Werkzeug {version('werkzeug')}", cases)


def write_libxcrypt():
    alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    salt = lambda n: "".join(alphabet[b & 63] for b in os.urandom(n))
    # The 22nd character of a bcrypt salt carries two bits.
    blowfish = lambda: salt(21) + "O"
    cases = []
    for id in ["2a", "2b", "2x", "2y"]:
        cases += each("bcrypt", lambda pw: crypt.crypt(pw, f"${id}$04${blowfish()}"))
    cases += each("sha256-crypt", lambda pw: crypt.crypt(pw, f"$5$rounds=1000${salt(16)}"))
    cases += each("sha512-crypt", lambda pw: crypt.crypt(pw, f"$6${salt(8)}"))
    cases += each("sha512-crypt", lambda pw: crypt.crypt(pw, f"$6${salt(16)}"), PASSWORDS[:3])
    cases += each("md5-crypt", lambda pw: crypt.crypt(pw, f"$1${salt(8)}"))
    cases += each("md5-crypt", lambda pw: crypt.crypt(pw, f"$1${salt(3)}"), PASSWORDS[:5])
    for parameters in ["j75", "j8T", "j9T"]:
        # 16 bytes of salt are 22 characters; the last one carries two bits.
        cases += each("yescrypt", lambda pw: crypt.crypt(pw, f"$y${parameters}${salt(21)}/"))
    cases += each("yescrypt", lambda pw: crypt.crypt(pw, f"$y$j75${salt(4)}"), PASSWORDS[:5])
    lines("libxcrypt.jsonl", "libxcrypt 4.4.33", cases)


def write_json():
    b64 = lambda value: base64.b64encode(value).decode()
    cases = []
    for password in PASSWORDS:
        raw = password.encode()
        salt = os.urandom(16)
        for algorithm, digest, size in [("pbkdf2", "sha1", 64), ("pbkdf2-sha256", "sha256", 64), ("pbkdf2-sha512", "sha512", 64)]:
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, size)
            secret = {"value": b64(value), "salt": b64(salt), "additionalParameters": {}}
            credential = {"hashIterations": 1000, "algorithm": algorithm, "additionalParameters": {}}
            stored = {"type": "password", "secretData": json.dumps(secret), "credentialData": json.dumps(credential)}
            cases.append((f"pbkdf2-{digest}", password, json.dumps(stored)))
        for suffix, digest, size in [("sha256", "sha256", 32), ("sha256-512", "sha256", 64), ("sha512-512", "sha512", 64)]:
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, size)
            stored = {"encryptionScheme": f"salted-pbkdf2-hmac-{suffix}", "factor": 1000, "salt": b64(salt), "password": b64(value)}
            cases.append((f"pbkdf2-{digest}", password, json.dumps(stored)))
        hashed = bcrypt.hashpw(raw, bcrypt.gensalt(4)).decode()
        stored = {"encryptionScheme": "bcrypt", "factor": 4, "salt": hashed[7:29], "password": hashed[29:]}
        cases.append(("bcrypt", password, json.dumps(stored)))

        for digest, scheme in [("md5", "md5"), ("sha1", "sha1"), ("sha256", "sha2"), ("sha512", "sha2")]:
            value = hashlib.new(digest, salt + raw).digest()
            stored = {
                "algorithm": digest,
                "hash": {"value": b64(value), "encoding": "base64"},
                "salt": {"value": salt.hex(), "encoding": "hex", "position": "prefix"},
            }
            cases.append((scheme, password, json.dumps(stored)))
            value = hashlib.new(digest, raw + b"salt").hexdigest()
            stored = {"algorithm": digest, "hash": {"value": value}, "salt": {"value": "salt", "position": "suffix"}}
            cases.append((scheme, password, json.dumps(stored)))
        value = hmac.new(b"key", raw, "sha256").hexdigest()
        stored = {"algorithm": "hmac", "hash": {"value": value, "encoding": "hex", "digest": "sha256", "key": {"value": "key"}}}
        cases.append(("hmac", password, json.dumps(stored)))
        value = hashlib.scrypt(raw, salt=salt, n=256, r=8, p=1, dklen=64).hex()
        stored = {
            "algorithm": "scrypt",
            "hash": {"value": value, "encoding": "hex"},
            "salt": {"value": b64(salt), "encoding": "base64"},
            "keylen": 64,
            "cost": 256,
        }
        cases.append(("scrypt", password, json.dumps(stored)))
        for digest in ["sha256", "sha384", "sha512"]:
            cases.append(("sha2", password, "{%s}" % digest.upper() + b64(hashlib.new(digest, raw).digest())))
        cases.append(("sha2", password, "{SSHA384}" + b64(hashlib.new("sha384", raw + salt).digest() + salt)))
        for digest, scheme in [("sha224", "pbkdf2-sha256"), ("sha384", "pbkdf2-sha512")]:
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, 28)
            phc = lambda value: b64(value).rstrip("=")
            cases.append((scheme, password, f"$pbkdf2-{digest}$i=1000,l=28${phc(salt)}${phc(value)}"))
        stored = "{ARGON2}" + argon2.PasswordHasher(1, 64, 1).hash(password)
        cases.append(("argon2id", password, stored))
        stored = {"algorithm": "ldap", "hash": {"value": p.ldap_salted_sha1.hash(password), "encoding": "utf8"}}
        cases.append(("sha1", password, json.dumps(stored)))
        stored = {"algorithm": "bcrypt", "hash": {"value": hashed}}
        cases.append(("bcrypt", password, json.dumps(stored)))
    lines("json.jsonl", "Python 3.11 hashlib and hmac, bcrypt 3.2.2, passlib 1.7.4, argon2-cffi 25.1.0", cases)


for write in [write_argon2, write_bcrypt, write_passlib, write_django, write_werkzeug, write_libxcrypt, write_json]:
    write()
