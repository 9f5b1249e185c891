"""Libraries of relying parties that Python apps use."""

import hmac
import struct
import time
import unittest
from base64 import b32decode
from secrets import token_urlsafe

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from oauthlib.oauth2 import LegacyApplicationClient
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error, InvalidGrantError
from requests_oauthlib import OAuth2Session

from person import CALLBACK, EMAIL, ISSUER, NAME, PASSWORD, SECRETS, SERVER, open_and_log_in

SCOPE = "openid profile email"
SPA = "https://spa.example.net/"


def verified(id_token: str, algorithm: str, client: str) -> jwt.Token:
    """Verifies an ID token with the published keys."""
    keys = KeySet.import_key_set(requests.get(SERVER["jwks_uri"]).json())
    token = jwt.decode(id_token, keys, algorithms=[algorithm])
    claims = jwt.JWTClaimsRegistry(
        iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": client},
        exp={"essential": True}, iat={"essential": True}, sub={"essential": True},
    )
    claims.validate(token.claims)
    return token


def code_of(secret: str) -> str:
    """The code that an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7fffffff) % 1_000_000:06}"


class Authlib(unittest.TestCase):
    def log_in(self, client: str, method: str, callback: str = CALLBACK) -> tuple[AuthlibSession, dict, str]:
        session = AuthlibSession(
            client, SECRETS.get(client), scope=SCOPE, redirect_uri=callback, code_challenge_method="S256",
            token_endpoint_auth_method=method,
        )
        verifier, nonce = token_urlsafe(48), token_urlsafe(16)
        url, _ = session.create_authorization_url(SERVER["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
        answer = open_and_log_in(url)
        tokens = session.fetch_token(SERVER["token_endpoint"], authorization_response=answer, code_verifier=verifier)
        return session, tokens, nonce

    def test_every_way_of_a_client_to_show_who_it_is(self):
        for client, method, callback in [
            ("wiki", "client_secret_basic", CALLBACK),
            ("wiki", "client_secret_post", CALLBACK),
            ("spa", "none", SPA),
        ]:
            with self.subTest(method):
                session, _, _ = self.log_in(client, method, callback)
                told = session.get(SERVER["userinfo_endpoint"]).json()
                self.assertEqual((told["name"], told["email"]), (NAME, EMAIL))

    def test_joserfc_verifies_the_id_tokens_of_every_algorithm_and_authlib_their_claims(self):
        for client, algorithm in [("wiki", "RS256"), ("ES256", "ES256"), ("EdDSA", "EdDSA")]:
            with self.subTest(algorithm):
                _, tokens, nonce = self.log_in(client, "client_secret_basic")
                token = verified(tokens["id_token"], algorithm, client)
                self.assertEqual(token.header["alg"], algorithm)
                params = {"nonce": nonce, "client_id": client, "access_token": tokens["access_token"]}
                claims = CodeIDToken(token.claims, token.header, {"nonce": {"value": nonce}}, params)
                claims.validate()
                header, payload, signature = tokens["id_token"].split(".")
                for wrong in [f"{header}.{payload}.{signature[:-8]}AAAAAAAA", f"{header}.e30.{signature}"]:
                    with self.assertRaises(JoseError):
                        verified(wrong, algorithm, client)

    def test_introspection_and_revocation(self):
        session, tokens, _ = self.log_in("wiki", "client_secret_basic")
        token = tokens["access_token"]
        told = session.introspect_token(SERVER["introspection_endpoint"], token=token).json()
        self.assertEqual((told["active"], told["username"]), (True, EMAIL))
        self.assertEqual(session.revoke_token(SERVER["revocation_endpoint"], token=token).status_code, 200)
        told = session.introspect_token(SERVER["introspection_endpoint"], token=token).json()
        self.assertEqual(told, {"active": False})


class RequestsOAuthlib(unittest.TestCase):
    def test_the_code_flow(self):
        session = OAuth2Session("wiki", scope=SCOPE.split(), redirect_uri=CALLBACK, pkce="S256")
        url, _ = session.authorization_url(SERVER["authorization_endpoint"])
        answer = open_and_log_in(url)
        tokens = session.fetch_token(
            SERVER["token_endpoint"], authorization_response=answer, client_secret=SECRETS["wiki"])
        self.assertEqual(session.get(SERVER["userinfo_endpoint"]).json()["email"], EMAIL)
        self.assertEqual(verified(tokens["id_token"], "RS256", "wiki").claims["name"], NAME)
        with self.assertRaises(InvalidGrantError):
            session.fetch_token(SERVER["token_endpoint"], authorization_response=answer, client_secret=SECRETS["wiki"])


class SecondFactor(unittest.TestCase):
    """Clients of the password grant that know nothing of a second factor show our text, ask once and do not loop."""

    email = f"{token_urlsafe(8)}@example.org".lower()

    @classmethod
    def setUpClass(cls):
        account = {"email": cls.email, "password": PASSWORD}
        assert requests.post(f"{ISSUER}/register", json=account).status_code == 201
        form = {"username": cls.email, "password": PASSWORD}
        token = requests.post(f"{ISSUER}/token", data=form).json()["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        begun = requests.post(f"{ISSUER}/totp", json={"current_password": PASSWORD}, headers=bearer).json()
        confirmed = requests.post(f"{ISSUER}/totp/confirm", json={"otp": code_of(begun["secret"])}, headers=bearer)
        cls.recovery_codes = confirmed.json()["recovery_codes"]

    def refusal(self, session, error: type[Exception], **more) -> Exception:
        """Asks for a token, and returns the error of the client."""
        asked = []
        session.hooks["response"].append(lambda answer, **_: asked.append(answer.status_code))
        with self.assertRaises(error) as caught:
            session.fetch_token(f"{ISSUER}/token", username=self.email, password=PASSWORD, **more)
        self.assertEqual(asked, [400])
        return caught.exception

    def test_requests_oauthlib_shows_the_text(self):
        session = OAuth2Session(client=LegacyApplicationClient("any"))
        error = self.refusal(session, CustomOAuth2Error)
        self.assertEqual((error.error, error.description), ("mfa_required", "A second factor is needed to log in"))
        token = session.fetch_token(
            f"{ISSUER}/token", username=self.email, password=PASSWORD, recovery_code=self.recovery_codes[0])
        self.assertTrue(token["access_token"].startswith("dw_s_"))

    def test_authlib_shows_the_text(self):
        error = self.refusal(AuthlibSession("any"), OAuthError, grant_type="password")
        self.assertEqual((error.error, error.description), ("mfa_required", "A second factor is needed to log in"))


if __name__ == "__main__":
    unittest.main()
