"""Makes the vectors of the Python systems, and of libxcrypt through Python's crypt module.

    python3.11 -m venv venv
    venv/bin/pip install passlib==1.7.4 bcrypt==3.2.2 Django==5.2.19 Werkzeug==3.1.9 argon2-cffi==25.1.0 \\
        firebase-scrypt==0.1.0
    venv/bin/python make.py

Salts are random, so a second run writes other hashes. bcrypt 3.2.2 cuts passwords at 72 bytes, as all versions before 5
did. Keycloak, FusionAuth, Auth0, Ory Kratos and ASP.NET Core cannot be installed from a package index. Their texts are made
here by their documentation, from the output of Python's hashlib and hmac and of the packages above. Hashes that they
published themselves are in published.jsonl.

OpenLDAP's own hashes are made if Debian's packages slapd and slapd-contrib are installed (2.5.13 was).
"""

import base64
import crypt
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile
import warnings

warnings.simplefilter("ignore")

import argon2
import bcrypt
import django
import firebase_scrypt
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
            cases += each(scheme, hasher.hash)
        # Version 16, and the form without a version.
        for password in PASSWORDS:
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
    cases += each("sha256-crypt", p.sha256_crypt.using(rounds=5000).hash, plain)
    cases += each("md5-crypt", p.md5_crypt.hash, plain)
    cases += each("md5-crypt", p.apr_md5_crypt.hash, plain)
    cases += each("phpass", p.phpass.using(rounds=7).hash, plain)
    cases += each("phpass", p.phpass.using(rounds=7, ident="H").hash, plain)
    cases += each("md5", p.hex_md5.hash, plain)
    cases += each("sha1", p.hex_sha1.hash, plain)
    cases += each("sha2", p.hex_sha256.hash, plain)
    cases += each("sha2", p.hex_sha512.hash, plain)
    cases += each("md5", p.ldap_md5.hash, plain)
    cases += each("md5", p.ldap_salted_md5.hash, plain)
    cases += each("sha1", p.ldap_sha1.hash, plain)
    cases += each("sha1", p.ldap_salted_sha1.hash, plain)
    cases += each("sha2", p.ldap_salted_sha256.hash, plain)
    cases += each("sha2", p.ldap_salted_sha512.hash, plain)
    cases += each("pbkdf2-sha1", p.ldap_pbkdf2_sha1.using(rounds=1000).hash, plain)
    cases += each("pbkdf2-sha256", p.ldap_pbkdf2_sha256.using(rounds=1000).hash, plain)
    cases += each("pbkdf2-sha512", p.ldap_pbkdf2_sha512.using(rounds=1000).hash, plain)
    cases += each("md5-crypt", p.ldap_md5_crypt.hash, plain)
    cases += each("sha256-crypt", p.ldap_sha256_crypt.using(rounds=1000).hash, plain)
    cases += each("sha512-crypt", p.ldap_sha512_crypt.using(rounds=1000).hash, plain)
    cases += each("bcrypt", p.ldap_bcrypt.using(rounds=4).hash, plain)
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
        cases += each(scheme, lambda pw: f"{name}$${hashlib.new(name, pw.encode()).hexdigest()}")
    lines("django.jsonl", f"Django {django.__version__}", cases)


def write_werkzeug():
    from importlib.metadata import version

    cases = each("scrypt", lambda pw: generate_password_hash(pw, "scrypt:256:8:1"))
    cases += each("scrypt", generate_password_hash, PASSWORDS[1:2])
    cases += each("pbkdf2-sha256", lambda pw: generate_password_hash(pw, "pbkdf2:sha256:1000"))
    cases += each("pbkdf2-sha512", lambda pw: generate_password_hash(pw, "pbkdf2:sha512:1000"))
    cases += each("pbkdf2-sha1", lambda pw: generate_password_hash(pw, "pbkdf2:sha1:1000"))
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
    cases += each("sha256-crypt", lambda pw: crypt.crypt(pw, f"$5${salt(8)}"))
    cases += each("sha512-crypt", lambda pw: crypt.crypt(pw, f"$6${salt(8)}"))
    cases += each("sha512-crypt", lambda pw: crypt.crypt(pw, f"$6${salt(16)}"), PASSWORDS[:3])
    cases += each("md5-crypt", lambda pw: crypt.crypt(pw, f"$1${salt(8)}"))
    cases += each("md5-crypt", lambda pw: crypt.crypt(pw, f"$1${salt(3)}"))
    for parameters in ["j75", "j8T", "j9T"]:
        # 16 bytes of salt are 22 characters; the last one carries two bits.
        cases += each("yescrypt", lambda pw: crypt.crypt(pw, f"$y${parameters}${salt(21)}/"))
    cases += each("yescrypt", lambda pw: crypt.crypt(pw, f"$y$j75${salt(4)}"), PASSWORDS[:5])
    lines("libxcrypt.jsonl", "libxcrypt 4.4.33", cases)


def b64(value):
    return base64.b64encode(value).decode()


# Parameters of the example in Firebase's README, which the test of the export uses.
SIGNER_KEY = "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA=="
SALT_SEPARATOR = "Bw=="


def firebase(password, salt, memory_cost):
    key = firebase_scrypt.generate_derived_key(password, salt, SALT_SEPARATOR, 8, memory_cost)
    return b64(firebase_scrypt.encrypt(base64.b64decode(SIGNER_KEY), key))


def write_firebase():
    cases = []
    for password in PASSWORDS:
        salt = b64(os.urandom(10))
        stored = {"localId": "x", "passwordHash": firebase(password, salt, 14), "salt": salt}
        cases.append(("firebase-scrypt", password, json.dumps(stored)))
        digest = firebase(password, salt, 8)
        kratos = f"$firescrypt$ln=8,r=8,p=1${salt}${digest}${SALT_SEPARATOR}${SIGNER_KEY}"
        cases.append(("firebase-scrypt", password, kratos))
        supabase = f"$fbscrypt$v=1,n=8,r=8,p=1,ss={SALT_SEPARATOR},sk={SIGNER_KEY}${salt}${digest}"
        cases.append(("firebase-scrypt", password, supabase))
    lines("firebase-python.jsonl", "firebase-scrypt (PyPI) 0.1.0, in the forms of Firebase, Ory Kratos and Supabase", cases)


def write_kratos():
    cases = []
    templates = ["{SALT}{PASSWORD}", "{PASSWORD}{SALT}", "$${PASSWORD}??{SALT}", "{SALT}${PASSWORD}${SALT}"]
    for index, password in enumerate(PASSWORDS):
        raw = password.encode()
        salt = os.urandom(16)
        for digest, scheme in [("md5", "md5"), ("sha1", "sha1"), ("sha256", "sha2"), ("sha512", "sha2")]:
            template = templates[(index + len(digest)) % len(templates)]
            text = b"abc\xff" + salt[:4]
            filled = raw.join(part.encode().replace(b"{SALT}", text) for part in template.split("{PASSWORD}"))
            value = hashlib.new(digest, filled).digest()
            cases.append((scheme, password, f"${digest}$pf={b64(template.encode())}${b64(text)}${b64(value)}"))
        cases.append(("md5", password, f"$md5${b64(hashlib.md5(raw).digest())}"))
        for digest in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]:
            value = hmac.new(salt, raw, digest).hexdigest()
            cases.append(("hmac", password, f"$hmac-{digest}${b64(value.encode())}${b64(salt)}"))
        for digest, size in [("sha1", 20), ("sha256", 32), ("sha512", 64)]:
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, size)
            bare = lambda value: b64(value).rstrip("=")
            cases.append((f"pbkdf2-{digest}", password, f"$pbkdf2-{digest}$i=1000,l={size}${bare(salt)}${bare(value)}"))
        value = hashlib.scrypt(raw, salt=salt, n=256, r=8, p=1, dklen=32)
        cases.append(("scrypt", password, f"$scrypt$ln=256,r=8,p=1${b64(salt)}${b64(value)}"))
        for scheme, id, hasher in [
            ("md5-crypt", "1", p.md5_crypt),
            ("sha256-crypt", "5", p.sha256_crypt.using(rounds=1000)),
            ("sha512-crypt", "6", p.sha512_crypt.using(rounds=1000)),
        ]:
            cases.append((scheme, password, hasher.hash(password).replace(f"${id}$", f"${scheme}$", 1)))
    lines("kratos.jsonl", "Python 3.11 hashlib and hmac, passlib 1.7.4, in Ory Kratos's forms", cases)


def write_fusionauth():
    cases = []
    for password in PASSWORDS:
        raw = password.encode()
        salt = os.urandom(16)

        def case(scheme, name, factor, value, salt=b64(salt)):
            stored = {"encryptionScheme": name, "factor": factor, "salt": salt, "password": value}
            cases.append((scheme, password, json.dumps(stored)))

        for suffix, digest, size in [("sha256", "sha256", 32), ("sha256-512", "sha256", 64), ("sha512-512", "sha512", 64)]:
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, size)
            case(f"pbkdf2-{digest}", f"salted-pbkdf2-hmac-{suffix}", 1000, b64(value))
        for digest, scheme in [("md5", "md5"), ("sha256", "sha2")]:
            for factor in [1, 20000]:
                value = raw + salt
                for _ in range(factor):
                    value = hashlib.new(digest, value).digest()
                case(scheme, f"salted-{digest}", factor, b64(value))
        case("hmac", "salted-hmac-sha256", 1, b64(hmac.new(salt, raw, "sha256").digest()))
        # phpass's text is $P$, a digit for the rounds, 8 characters of salt, the digest.
        hashed = p.phpass.using(rounds=7).hash(password)
        case("phpass", "phpass-md5", 2**7, hashed[12:], hashed[4:12])
        hashed = bcrypt.hashpw(raw, bcrypt.gensalt(4)).decode()
        case("bcrypt", "bcrypt", 4, hashed[29:], hashed[7:29])
    lines("fusionauth.jsonl", "Python 3.11 hashlib and hmac, bcrypt 3.2.2, passlib 1.7.4, in FusionAuth's JSON", cases)


def write_openldap():
    slappasswd, modules = shutil.which("slappasswd"), os.environ.get("LDAP_MODULES", "/usr/lib/ldap")
    if not slappasswd:
        return print("no slappasswd: openldap.jsonl stays as it is")
    cases = []
    forms = [("pw-pbkdf2", f"{{PBKDF2-{digest.upper()}}}", f"pbkdf2-{digest}") for digest in ["sha1", "sha256", "sha512"]]
    forms += [("pw-sha2", "{%sSHA%d}" % (s, bits), "sha2") for s in ["", "S"] for bits in [256, 384, 512]]
    forms += [("pw-sha2", "{SHA}", "sha1"), ("pw-sha2", "{SSHA}", "sha1"), ("pw-sha2", "{MD5}", "md5"), ("pw-sha2", "{SMD5}", "md5")]
    forms += [("argon2", "{ARGON2}", "argon2i")]
    # It takes no empty password.
    for password in PASSWORDS[1:]:
        with tempfile.NamedTemporaryFile() as file:
            file.write(password.encode())
            file.flush()
            for module, form, scheme in forms:
                command = [slappasswd, "-o", f"module-path={modules}", "-o", f"module-load={module}.la", "-h", form, "-T", file.name]
                stored = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
                cases.append((scheme, password, stored))
    lines("openldap.jsonl", "OpenLDAP 2.5.13", cases)


def write_json():
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
        for index, (name, kind) in enumerate([("id", argon2.Type.ID), ("i", argon2.Type.I), ("d", argon2.Type.D)]):
            old = (len(raw) + index) % 2 == 1
            value = argon2.low_level.hash_secret_raw(raw, salt, 2, 64, 1, 32, kind, version=16 if old else 19)
            secret = {"value": b64(value), "salt": b64(salt), "additionalParameters": {}}
            parameters = {"hashLength": "32", "memory": "64", "type": name, "version": "1.0" if old else "1.3", "parallelism": "1"}
            parameters = {key: [text] for key, text in parameters.items()}
            credential = {"hashIterations": 2, "algorithm": "argon2", "additionalParameters": parameters}
            stored = {"type": "password", "secretData": json.dumps(secret), "credentialData": json.dumps(credential)}
            cases.append((f"argon2{name}", password, json.dumps(stored)))
        # ASP.NET Core Identity, version 3: a marker, function, iterations, length of the salt, salt, subkey.
        for number, digest in enumerate(["sha1", "sha256", "sha512"]):
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, 32)
            cases.append((f"pbkdf2-{digest}", password, b64(struct.pack(">BIII", 1, number, 1000, 16) + salt + value)))
        hashed = bcrypt.hashpw(raw, bcrypt.gensalt(4)).decode()

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
        for digest in ["md5", "sha1", "sha256", "sha512"]:
            value = hmac.new(b"key", raw, digest).hexdigest()
            stored = {"algorithm": "hmac", "hash": {"value": value, "encoding": "hex", "digest": digest, "key": {"value": "key"}}}
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
        phc = lambda value: b64(value).rstrip("=")
        for digest, scheme in [("sha224", "pbkdf2-sha256"), ("sha384", "pbkdf2-sha512"), ("sha512", "pbkdf2-sha512")]:
            value = hashlib.pbkdf2_hmac(digest, raw, salt, 1000, 28)
            hashed_pbkdf2 = f"$pbkdf2-{digest}$i=1000,l=28${phc(salt)}${phc(value)}"
            cases.append((scheme, password, hashed_pbkdf2))
        stored = {"algorithm": "pbkdf2", "hash": {"value": hashed_pbkdf2, "encoding": "utf8"}}
        cases.append(("pbkdf2-sha512", password, json.dumps(stored)))
        hashed_argon2 = argon2.PasswordHasher(1, 64, 1).hash(password)
        stored = {"algorithm": "argon2", "hash": {"value": hashed_argon2}}
        cases.append(("argon2id", password, json.dumps(stored)))
        # OpenLDAP's other name of passlib's {PBKDF2}.
        stored = p.ldap_pbkdf2_sha1.using(rounds=1000).hash(password).replace("{PBKDF2}", "{PBKDF2-SHA1}")
        cases.append(("pbkdf2-sha1", password, stored))
        for scheme, kind in [("argon2id", argon2.Type.ID), ("argon2i", argon2.Type.I)]:
            stored = "{ARGON2}" + argon2.PasswordHasher(1, 64, 1, type=kind).hash(password)
            cases.append((scheme, password, stored))
        stored = {"algorithm": "ldap", "hash": {"value": p.ldap_salted_sha1.hash(password), "encoding": "utf8"}}
        cases.append(("sha1", password, json.dumps(stored)))
        stored = {"algorithm": "bcrypt", "hash": {"value": hashed}}
        cases.append(("bcrypt", password, json.dumps(stored)))
    lines("json.jsonl", "Python 3.11 hashlib and hmac, bcrypt 3.2.2, passlib 1.7.4, argon2-cffi 25.1.0", cases)


for write in [
    write_argon2,
    write_bcrypt,
    write_passlib,
    write_django,
    write_werkzeug,
    write_libxcrypt,
    write_firebase,
    write_kratos,
    write_fusionauth,
    write_openldap,
    write_json,
]:
    write()
