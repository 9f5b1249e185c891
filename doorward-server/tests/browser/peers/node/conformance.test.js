// What the conformance suite of the OpenID Foundation tests, under the names of its modules: the plans Basic OP, Form Post OP,
// Config OP and RP-Initiated Logout OP. Modules about what Doorward does not have are not here: the scopes `address` and `phone`, the
// parameter `claims`, a token in the body of a request for userinfo, and registration.

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import * as jose from "jose";
import * as oauth from "oauth4webapi";
import { Client, discover, logOutUrl, server, userinfoStatus } from "./client.js";
import { EMAIL, ISSUER, NAME, Person, forms } from "./person.js";

const wiki = new Client("wiki");
const GOODBYE = "https://wiki.example.net/goodbye";
const unsigned = (claims) => new jose.UnsecuredJWT({ client_id: "wiki", iss: "wiki", aud: ISSUER, ...claims }).encode();

for (const [plan, mode] of [["basic", {}], ["formpost-basic", { response_mode: "form_post" }]]) {
  const logIn = (more, person, client = wiki) => client.logIn({ ...mode, ...more }, person);
  const error = (more, person) => wiki.error({ ...mode, ...more }, person);
  const module = (name, body) => test(`${name} (${plan})`, body);
  const succeeds = (name, more) => module(name, async () => assert.ok((await logIn(more)).claims.sub));

  module("oidcc-server", async () => {
    const { claims, token_type, expires_in } = await logIn();
    assert.deepEqual([claims.iss, claims.aud, token_type], [ISSUER, "wiki", "bearer"]);
    assert.ok(claims.exp > claims.iat && expires_in > 0 && claims.auth_time <= claims.iat);
  });

  module("oidcc-response-type-missing", async () => {
    assert.equal(await error({ response_type: undefined }), "invalid_request");
  });

  module("oidcc-idtoken-signature", async () => {
    const { alg, kid } = jose.decodeProtectedHeader((await logIn()).id_token);
    const { keys } = await (await fetch(server.jwks_uri)).json();
    const key = keys.find((key) => key.kid === kid);
    assert.deepEqual([alg, key.kty, key.use ?? "sig", key.alg ?? alg], ["RS256", "RSA", "sig", "RS256"]);
  });

  module("oidcc-codereuse", async () => {
    const begun = await wiki.begin(mode);
    const checked = wiki.check(begun, await new Person().open(begun.url));
    const { access_token } = await wiki.exchange(begun, checked);
    assert.equal(await userinfoStatus(access_token), 200);
    await assert.rejects(wiki.exchange(begun, checked), { error: "invalid_grant", status: 400 });
    assert.equal(await userinfoStatus(access_token), 401);
  });

  module("oidcc-scope-email", async () => {
    const told = await wiki.userinfo(await logIn({ scope: "openid email" }));
    assert.deepEqual([told.email, told.email_verified, told.name], [EMAIL, false, undefined]);
  });

  module("oidcc-scope-profile", async () => {
    const told = await wiki.userinfo(await logIn({ scope: "openid profile" }));
    assert.deepEqual([told.name, told.preferred_username, typeof told.updated_at, told.email], [NAME, EMAIL, "number", undefined]);
  });

  module("oidcc-ensure-other-scope-order-succeeds", async () => {
    assert.equal((await wiki.userinfo(await logIn({ scope: "email openid" }))).email, EMAIL);
  });

  module("oidcc-userinfo-get", async () => {
    const tokens = await logIn();
    assert.deepEqual(await wiki.userinfo(tokens), { sub: tokens.claims.sub });
  });

  module("oidcc-userinfo-post-header", async () => {
    const { access_token, claims } = await logIn();
    const sent = { method: "POST", headers: { authorization: `Bearer ${access_token}` } };
    assert.deepEqual(await (await fetch(server.userinfo_endpoint, sent)).json(), { sub: claims.sub });
  });

  succeeds("oidcc-display-page", { display: "page" });
  succeeds("oidcc-display-popup", { display: "popup" });
  succeeds("oidcc-claims-locales", { claims_locales: "se" });
  succeeds("oidcc-ensure-request-with-unknown-parameter-succeeds", { extra: "foobar" });
  succeeds("oidcc-ensure-request-with-valid-pkce-succeeds", { code_challenge_method: "S256" });

  module("oidcc-ensure-request-without-nonce-succeeds-for-code-flow", async () => {
    assert.equal((await logIn({ nonce: undefined })).claims.nonce, undefined);
  });

  module("oidcc-ensure-request-with-acr-values-succeeds", async () => {
    assert.ok((await logIn({ acr_values: server.acr_values_supported.join(" ") })).claims.acr);
  });

  module("oidcc-ui-locales", async () => {
    assert.ok((await logIn({ ui_locales: "se" })).claims.sub);
    const { url } = await wiki.begin({ ...mode, ui_locales: "se de" });
    assert.match((await new Person({ acts: false }).open(url)).html, /<html lang="de"/);
  });

  module("oidcc-login-hint", async () => {
    assert.ok((await logIn({ login_hint: EMAIL })).claims.sub);
    const { url } = await wiki.begin({ ...mode, login_hint: EMAIL });
    assert.match((await new Person({ acts: false }).open(url)).html, new RegExp(`value="${EMAIL}"`));
  });

  module("oidcc-prompt-none-not-logged-in", async () => {
    assert.equal(await error({ prompt: "none" }), "login_required");
  });

  module("oidcc-prompt-none-logged-in", async () => {
    const person = new Person();
    const first = await logIn({}, person);
    assert.deepEqual(person.asked, ["log-in"]);
    const { claims } = await logIn({ prompt: "none" }, person);
    assert.deepEqual([person.asked, claims.sub, claims.auth_time], [[], first.claims.sub, first.claims.auth_time]);
  });

  module("oidcc-id-token-hint", async () => {
    const person = new Person();
    const { id_token, claims } = await logIn({}, person);
    const again = await logIn({ prompt: "none", id_token_hint: id_token }, person);
    assert.equal(again.claims.sub, claims.sub);
  });

  module("oidcc-prompt-login", async () => {
    const person = new Person();
    const first = await logIn({}, person);
    await nextSecond(first.claims.auth_time);
    assert.deepEqual(person.asked, ["log-in"]);
    const { claims } = await logIn({ prompt: "login" }, person);
    assert.deepEqual([person.asked, claims.sub], [["confirm"], first.claims.sub]);
    assert.ok(claims.auth_time > first.claims.auth_time);
  });

  module("oidcc-max-age-1", async () => {
    const person = new Person();
    const first = await logIn({}, person);
    await nextSecond(first.claims.auth_time + 1);
    assert.deepEqual(person.asked, ["log-in"]);
    const { claims } = await logIn({ max_age: "1" }, person);
    assert.deepEqual([person.asked, claims.sub], [["confirm"], first.claims.sub]);
    assert.ok(claims.auth_time > first.claims.auth_time);
  });

  module("oidcc-max-age-10000", async () => {
    const person = new Person();
    const first = await logIn({}, person);
    const { claims } = await logIn({ max_age: "10000" }, person);
    assert.deepEqual([person.asked, claims.auth_time], [["log-in"], first.claims.auth_time]);
  });

  module("oidcc-ensure-post-request-succeeds", async () => {
    const begun = await wiki.begin(mode);
    const person = await new Person().logIn();
    const answer = await person.open(server.authorization_endpoint, begun.parameters);
    assert.ok((await wiki.exchange(begun, wiki.check(begun, answer))).claims.sub);
    assert.deepEqual(person.asked, []);
  });

  module("oidcc-ensure-registered-redirect-uri", async () => {
    const { url } = await wiki.begin({ ...mode, redirect_uri: "https://wiki.example.net/other" });
    const answer = await new Person().open(url);
    assert.deepEqual([answer.status, answer.url.origin], [400, ISSUER]);
  });

  module("oidcc-ensure-request-object-with-redirect-uri", async () => {
    // The address in the object is not the one of the request.
    const request = unsigned({ redirect_uri: "https://wiki.example.net/other" });
    assert.equal(await error({ request }), "request_not_supported");
  });

  module("oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", async () => {
    assert.equal(server.request_parameter_supported, false);
    assert.equal(await error({ request: unsigned({ nonce: "of the object" }) }), "request_not_supported");
  });

  module("oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", async () => {
    assert.equal(server.request_uri_parameter_supported, false);
    assert.equal(await error({ request_uri: "https://wiki.example.net/request" }), "request_uri_not_supported");
  });

  module("oidcc-server-client-secret-post", async () => {
    assert.ok((await logIn({}, new Person(), new Client("wiki", oauth.ClientSecretPost))).claims.sub);
  });
}

test("oidcc-discovery-endpoint-verification (config)", async () => {
  assert.equal(server.issuer, ISSUER);
  for (const [name, value] of Object.entries(server)) {
    if (name.endsWith("_endpoint") || name === "jwks_uri") assert.match(value, new RegExp(`^${ISSUER}/`), name);
  }
  assert.deepEqual(server.response_types_supported, ["code"]);
  assert.deepEqual(server.subject_types_supported, ["public"]);
  assert.ok(server.id_token_signing_alg_values_supported.includes("RS256"));
  assert.ok(server.scopes_supported.includes("openid"));
  assert.ok(server.grant_types_supported.includes("authorization_code"));
  assert.ok(server.claims_supported.includes("sub"));
  const { keys } = await (await fetch(server.jwks_uri)).json();
  assert.ok(keys.every((key) => key.kid && key.kty && !key.d && !key.p), "a key is private or has no name");
  assert.equal(new Set(keys.map((key) => key.kid)).size, keys.length);
  // The metadata of RFC 8414 says the same.
  assert.deepEqual(await discover("oauth2"), server);
});

{
  const module = (name, body) => test(`${name} (rp-initiated-logout)`, body);
  const loggedIn = async () => {
    const person = new Person();
    return { person, ...(await wiki.logIn({}, person)) };
  };
  const isLoggedIn = async (person) => {
    const { url } = await wiki.begin({ prompt: "none" });
    return (await person.open(url)).url.searchParams.has("code");
  };
  const logOut = (person, parameters) => person.open(logOutUrl(parameters));
  // Presses the button of the page that asks.
  const confirm = (person, { html, url }) => {
    const form = forms(html, url).find(({ action }) => action.pathname === "/oauth/logout/confirm");
    return person.open(form.action, form.fields, "same-origin");
  };
  const asks = async (person, parameters) => {
    const answer = await logOut(person, parameters);
    assert.deepEqual([answer.status, answer.url.origin], [200, ISSUER]);
    assert.ok(await isLoggedIn(person));
    const then = await confirm(person, answer);
    assert.equal(await isLoggedIn(person), false);
    return then;
  };
  const refuses = async (person, parameters) => {
    const answer = await logOut(person, parameters);
    assert.deepEqual([answer.status, answer.url.origin], [400, ISSUER]);
    assert.ok(await isLoggedIn(person));
  };

  module("oidcc-rp-initiated-logout-discovery-endpoint-verification", () => {
    assert.match(server.end_session_endpoint, new RegExp(`^${ISSUER}/`));
  });

  module("oidcc-rp-initiated-logout", async () => {
    for (const method of ["GET", "POST"]) {
      const { person, id_token } = await loggedIn();
      const parameters = { id_token_hint: id_token, post_logout_redirect_uri: GOODBYE, state: "a state" };
      const { url } = await (method === "GET" ? logOut(person, parameters) : person.open(server.end_session_endpoint, parameters));
      assert.equal(url.href, `${GOODBYE}?state=a+state`);
      assert.equal(await isLoggedIn(person), false);
    }
  });

  module("oidcc-rp-initiated-logout-no-state", async () => {
    const { person, id_token } = await loggedIn();
    const { url } = await logOut(person, { id_token_hint: id_token, post_logout_redirect_uri: GOODBYE });
    assert.equal(url.href, GOODBYE);
  });

  module("oidcc-rp-initiated-logout-no-post-logout-redirect-uri", async () => {
    const { person, id_token } = await loggedIn();
    person.acts = false;
    const { url } = await logOut(person, { id_token_hint: id_token, state: "a state" });
    assert.equal(url.origin, ISSUER);
    assert.equal(await isLoggedIn(person), false);
  });

  module("oidcc-rp-initiated-logout-no-params", async () => {
    const { person } = await loggedIn();
    person.acts = false;
    assert.equal((await asks(person, {})).url.origin, ISSUER);
  });

  module("oidcc-rp-initiated-logout-only-state", async () => {
    const { person } = await loggedIn();
    person.acts = false;
    assert.equal((await asks(person, { state: "a state" })).url.origin, ISSUER);
  });

  module("oidcc-rp-initiated-logout-no-id-token-hint", async () => {
    const { person } = await loggedIn();
    person.acts = false;
    await refuses(person, { post_logout_redirect_uri: GOODBYE, state: "a state" });
    // With the id of the client, the person is asked and then led back.
    const parameters = { client_id: "wiki", post_logout_redirect_uri: GOODBYE, state: "a state" };
    assert.equal((await asks(person, parameters)).url.href, `${GOODBYE}?state=a+state`);
  });

  module("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", async () => {
    const { person, id_token } = await loggedIn();
    await refuses(person, { id_token_hint: id_token, post_logout_redirect_uri: "https://wiki.example.net/other" });
  });

  module("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", async () => {
    const { person, id_token } = await loggedIn();
    await refuses(person, { id_token_hint: id_token, post_logout_redirect_uri: `${GOODBYE}?foo=bar` });
  });

  module("oidcc-rp-initiated-logout-modified-id-token-hint", async () => {
    const { person, id_token } = await loggedIn();
    const [header, , signature] = id_token.split(".");
    const claims = { ...jose.decodeJwt(id_token), sub: "2" };
    const hint = [header, Buffer.from(JSON.stringify(claims)).toString("base64url"), signature].join(".");
    await refuses(person, { id_token_hint: hint, post_logout_redirect_uri: GOODBYE });
  });

  module("oidcc-rp-initiated-logout-bad-id-token-hint", async () => {
    const { person, id_token } = await loggedIn();
    const { privateKey } = await jose.generateKeyPair("RS256");
    const header = jose.decodeProtectedHeader(id_token);
    const hint = await new jose.SignJWT(jose.decodeJwt(id_token)).setProtectedHeader(header).sign(privateKey);
    await refuses(person, { id_token_hint: hint, post_logout_redirect_uri: GOODBYE });
  });
}

test("oidcc-refresh-token (basic)", { skip: !server.grant_types_supported.includes("refresh_token") }, async () => {
  const tokens = await wiki.logIn({ scope: "openid offline_access", prompt: "consent" });
  const refreshed = await wiki.refresh(tokens.refresh_token);
  assert.equal(await userinfoStatus(refreshed.access_token), 200);
  assert.notEqual(refreshed.access_token, tokens.access_token);
  // A refresh token of one client is nothing to another.
  await assert.rejects(new Client("forum").refresh(refreshed.refresh_token ?? tokens.refresh_token), { error: "invalid_grant" });
});

/// Waits until this second is over. The server has a clock of its own.
async function nextSecond(second) {
  while (Date.now() / 1000 < second + 1) await pause(20);
}
