// openid-client, a certified relying party, through every flow that Doorward has.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as openid from "openid-client";
import { SECRETS } from "./client.js";
import { EMAIL, ISSUER, NAME, Person } from "./person.js";

const CALLBACK = "https://wiki.example.net/callback";
const GOODBYE = "https://wiki.example.net/goodbye";

const discover = (id, proof, metadata) => openid.discovery(new URL(ISSUER), id, metadata, proof);
const wiki = await discover("wiki", openid.ClientSecretBasic(SECRETS.wiki));

/// Asks for a code. `more` has further parameters.
async function ask(config, more = {}, person = new Person()) {
  const verifier = openid.randomPKCECodeVerifier();
  const parameters = {
    redirect_uri: CALLBACK,
    scope: "openid profile email",
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    ...more,
  };
  const answer = await person.open(openid.buildAuthorizationUrl(config, parameters));
  const { state, nonce, max_age } = parameters;
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
  if (max_age !== undefined) checks.maxAge = Number(max_age);
  return { answer, checks };
}

async function logIn(config, more, person) {
  const { answer, checks } = await ask(config, more, person);
  return openid.authorizationCodeGrant(config, received(answer), checks);
}

/// The answer as an app gets it.
function received({ url, form }) {
  return form ? new Request(url, { method: "POST", body: new URLSearchParams(form) }) : url;
}

test("every way of a client to show who it is", async () => {
  const post = await discover("wiki", openid.ClientSecretPost(SECRETS.wiki));
  const spa = await discover("spa", openid.None());
  for (const [config, more] of [[wiki], [post], [spa, { redirect_uri: "https://spa.example.net/" }]]) {
    const tokens = await logIn(config, more);
    const { sub, name, email } = tokens.claims();
    assert.deepEqual([name, email], [NAME, EMAIL]);
    const told = await openid.fetchUserInfo(config, tokens.access_token, sub);
    assert.deepEqual([told.name, told.email], [NAME, EMAIL]);
    assert.ok(tokens.expiresIn() > 0);
  }
});

test("every algorithm of ID tokens, with the signature verified", async () => {
  for (const id of ["wiki", "ES256", "EdDSA"]) {
    const metadata = { id_token_signed_response_alg: id === "wiki" ? "RS256" : id };
    const config = await discover(id, openid.ClientSecretBasic(SECRETS[id]), metadata);
    openid.enableNonRepudiationChecks(config);
    assert.equal((await logIn(config)).claims().aud, id);
  }
});

test("the answer as a form", async () => {
  const tokens = await logIn(wiki, { response_mode: "form_post" });
  assert.equal(tokens.claims().email, EMAIL);
});

test("max_age and prompt", async () => {
  const person = new Person();
  const first = (await logIn(wiki, { max_age: "1000" }, person)).claims();
  const second = (await logIn(wiki, { max_age: "1000", prompt: "none" }, person)).claims();
  assert.equal(second.auth_time, first.auth_time);
  assert.deepEqual(person.asked, ["log-in"]);
  await logIn(wiki, { max_age: "0" }, person);
  await logIn(wiki, { prompt: "login" }, person);
  assert.deepEqual(person.asked, ["confirm", "confirm"]);
});

test("introspection and revocation", async () => {
  const { access_token } = await logIn(wiki);
  const told = await openid.tokenIntrospection(wiki, access_token);
  assert.deepEqual([told.active, told.username, told.client_id], [true, EMAIL, "wiki"]);
  await openid.tokenRevocation(wiki, access_token);
  assert.deepEqual({ ...(await openid.tokenIntrospection(wiki, access_token)) }, { active: false });
});

test("the log-out of the app is one at Doorward too", async () => {
  const person = new Person();
  const { id_token } = await logIn(wiki, {}, person);
  const asked = { id_token_hint: id_token, post_logout_redirect_uri: GOODBYE, state: "a state" };
  const { url } = await person.open(openid.buildEndSessionUrl(wiki, asked));
  assert.equal(url.href, `${GOODBYE}?state=a+state`);
  person.asked;
  await logIn(wiki, {}, person);
  assert.deepEqual(person.asked, ["log-in"]);
});

test("a signed request is refused", async () => {
  const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const verifier = openid.randomPKCECodeVerifier();
  const url = await openid.buildAuthorizationUrlWithJAR(wiki, {
    redirect_uri: CALLBACK,
    scope: "openid",
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  }, privateKey);
  // The address stands in the signed part alone, so nobody is led anywhere.
  const page = await new Person().open(url);
  assert.deepEqual([page.status, page.url.origin], [400, ISSUER]);
  url.searchParams.set("redirect_uri", CALLBACK);
  url.searchParams.set("response_type", "code");
  const { url: answered } = await new Person().open(url);
  assert.equal(answered.searchParams.get("error"), "request_not_supported");
});

test("errors arrive as errors of the library", async () => {
  const denied = await ask(await discover("forum", openid.ClientSecretBasic(SECRETS.forum)),
    { redirect_uri: "https://forum.example.net/callback", prompt: "consent" }, new Person({ allows: false }));
  await assert.rejects(openid.authorizationCodeGrant(wiki, received(denied.answer), denied.checks),
    { code: "OAUTH_AUTHORIZATION_RESPONSE_ERROR", error: "access_denied" });
  const used = await ask(wiki);
  await openid.authorizationCodeGrant(wiki, received(used.answer), used.checks);
  await assert.rejects(openid.authorizationCodeGrant(wiki, received(used.answer), used.checks),
    { code: "OAUTH_RESPONSE_BODY_ERROR", error: "invalid_grant" });
  const foreign = await ask(wiki);
  await assert.rejects(openid.authorizationCodeGrant(wiki, received(foreign.answer), { ...foreign.checks, expectedState: "other" }));
  const other = await ask(wiki);
  await assert.rejects(openid.authorizationCodeGrant(wiki, received(other.answer), { ...other.checks, expectedNonce: "other" }));
});

test("a client refreshes its tokens", { skip: !wiki.serverMetadata().grant_types_supported.includes("refresh_token") }, async () => {
  const tokens = await logIn(wiki, { scope: "openid email offline_access", prompt: "consent" });
  const refreshed = await openid.refreshTokenGrant(wiki, tokens.refresh_token);
  assert.equal((await openid.fetchUserInfo(wiki, refreshed.access_token, tokens.claims().sub)).email, EMAIL);
});
