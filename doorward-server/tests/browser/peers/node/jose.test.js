// `jose` verifies our ID tokens by the keys that we publish.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as jose from "jose";
import { Client, server } from "./client.js";
import { ISSUER } from "./person.js";

const keys = jose.createRemoteJWKSet(new URL(server.jwks_uri));

for (const [id, algorithm] of [["wiki", "RS256"], ["ES256", "ES256"], ["EdDSA", "EdDSA"]]) {
  test(`jose verifies an ID token with ${algorithm}, and refuses a changed one`, async () => {
    const { id_token } = await new Client(id).logIn();
    const expected = { issuer: ISSUER, audience: id, algorithms: [algorithm], typ: "JWT", requiredClaims: ["sub", "iat", "exp"] };
    const { payload } = await jose.jwtVerify(id_token, keys, expected);
    const [header, , signature] = id_token.split(".");
    const changed = Buffer.from(JSON.stringify({ ...payload, sub: "2" })).toString("base64url");
    const refused = { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" };
    await assert.rejects(jose.jwtVerify(`${header}.${changed}.${signature}`, keys, expected), refused);
    await assert.rejects(jose.jwtVerify(id_token, keys, { ...expected, audience: "other" }), { claim: "aud" });
  });
}
