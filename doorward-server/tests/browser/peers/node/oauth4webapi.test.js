// oauth4webapi, a certified relying party, through the flows that the modules of the conformance suite leave out.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as oauth from "oauth4webapi";
import { Client, SECRETS, server, userinfoStatus } from "./client.js";
import { EMAIL, ISSUER, Person } from "./person.js";

const [wiki, forum, spa, api] = ["wiki", "forum", "spa", "api"].map((id) => new Client(id));
const API = "https://api.example.net";

/// The code of an error, whatever the library wraps it in.
const refused = (error) => ({ error });

test("a client shows its secret in the header, in the body, or has none", async () => {
  const ways = [wiki, new Client("wiki", oauth.ClientSecretPost), spa];
  for (const client of ways) {
    const tokens = await client.logIn({ scope: "openid email" });
    assert.equal((await client.userinfo(tokens)).email, EMAIL);
    await client.revoke(tokens.access_token);
    assert.equal(await userinfoStatus(tokens.access_token), 401);
  }
});

test("each client gets ID tokens with its algorithm", async () => {
  for (const id of ["wiki", "ES256", "EdDSA"]) {
    const { claims } = await new Client(id).logIn();
    assert.equal(claims.aud, id);
  }
});

test("a person is asked once, and can say no", async () => {
  const person = new Person();
  await forum.logIn({ scope: "openid email" }, person);
  assert.deepEqual(person.asked, ["log-in", "consent"]);
  await forum.logIn({ scope: "openid email" }, person);
  assert.deepEqual(person.asked, []);
  // More than that is asked about again, and `prompt=none` may not ask.
  assert.equal(await forum.error({ scope: "openid email profile", prompt: "none" }, person), "consent_required");
  for (const mode of [{}, { response_mode: "form_post" }]) {
    const refuses = new Person({ allows: false });
    assert.equal(await forum.error({ scope: "openid email profile", ...mode }, refuses), "access_denied");
  }
});

test("without openid there is no ID token", async () => {
  const tokens = await wiki.logIn({ scope: "read", nonce: undefined });
  assert.deepEqual([tokens.id_token, tokens.scope], [undefined, "read"]);
  const response = await oauth.userInfoRequest(server, wiki.client, tokens.access_token);
  await assert.rejects(oauth.processUserInfoResponse(server, wiki.client, "1", response), (error) => {
    const [{ scheme, parameters }] = error.cause;
    assert.deepEqual([error.status, scheme, parameters.error], [403, "bearer", "insufficient_scope"]);
    return error instanceof oauth.WWWAuthenticateChallengeError;
  });
});

test("an unknown scope is left out, and the answer says so", async () => {
  assert.equal((await wiki.logIn({ scope: "openid phone nothing" })).scope, "openid");
});

test("a token for an API is known to the API and to the client, and to nobody else", async () => {
  const { access_token } = await wiki.logIn({ scope: "openid read", resource: API });
  for (const client of [api, wiki]) {
    const told = await client.introspect(access_token);
    assert.deepEqual([told.active, told.client_id, told.aud, told.scope], [true, "wiki", API, "openid read"]);
    assert.ok(told.exp > told.iat);
  }
  assert.deepEqual(await forum.introspect(access_token), { active: false });
  assert.deepEqual(await api.introspect("dw_a_nothing"), { active: false });
  assert.equal(await userinfoStatus(access_token), 401);
  // Nobody else can revoke it, and nobody learns that it exists.
  await forum.revoke(access_token);
  assert.equal((await api.introspect(access_token)).active, true);
  await wiki.revoke(access_token);
  assert.deepEqual(await api.introspect(access_token), { active: false });
});

test("the answer names the issuer, so a client does not take it for one of another server", async () => {
  const begun = await wiki.begin();
  const { url } = await new Person().open(begun.url);
  assert.equal(url.searchParams.get("iss"), ISSUER);
  const other = { ...server, issuer: "https://other.example.org" };
  assert.throws(() => oauth.validateAuthResponse(other, wiki.client, url, begun.parameters.state), /unexpected "iss"/);
  url.searchParams.delete("iss");
  assert.throws(() => oauth.validateAuthResponse(server, wiki.client, url, begun.parameters.state), /"iss" .* missing/);
});

test("an app learns what is wrong with its request", async () => {
  const errors = [
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_type: "code id_token" }, "unsupported_response_type"],
    [{ code_challenge: undefined }, "invalid_request"],
    [{ code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge_method: undefined }, "invalid_request"],
    [{ scope: "nothing" }, "invalid_scope"],
    [{ resource: "https://other.example.net" }, "invalid_target"],
    [{ prompt: "none login" }, "invalid_request"],
    [{ max_age: "-1" }, "invalid_request"],
    [{ response_mode: "fragment" }, "invalid_request"],
  ];
  for (const [more, error] of errors) assert.equal(await wiki.error(more), error, JSON.stringify(more));
});

test("a code is for one client, one address and one verifier", async () => {
  const person = new Person();
  const begin = async () => {
    const begun = await wiki.begin();
    return [begun, wiki.check(begun, await person.open(begun.url))];
  };
  let [begun, checked] = await begin();
  const verifier = oauth.generateRandomCodeVerifier();
  await assert.rejects(wiki.exchange({ ...begun, verifier }, checked), refused("invalid_grant"));
  // That has used it up.
  await assert.rejects(wiki.exchange(begun, checked), refused("invalid_grant"));
  [begun, checked] = await begin();
  const parameters = { ...begun.parameters, redirect_uri: "https://wiki.example.net/callback?from=doorward" };
  await assert.rejects(wiki.exchange({ ...begun, parameters }, checked), refused("invalid_grant"));
  [begun, checked] = await begin();
  const { auth } = forum;
  const response = await oauth.authorizationCodeGrantRequest(
    server, forum.client, auth, checked, wiki.redirectUri, begun.verifier);
  await assert.rejects(oauth.processAuthorizationCodeResponse(server, forum.client, response), refused("invalid_grant"));
});

test("a redirect address may have a query", async () => {
  const redirect_uri = "https://wiki.example.net/callback?from=doorward";
  const begun = await wiki.begin({ redirect_uri });
  const answer = await new Person().open(begun.url);
  assert.equal(answer.url.searchParams.get("from"), "doorward");
  assert.ok((await wiki.exchange(begun, wiki.check(begun, answer))).claims.sub);
});

test("a wrong secret is refused at every endpoint for clients", async () => {
  for (const proof of [oauth.ClientSecretBasic, oauth.ClientSecretPost]) {
    const client = new Client("wiki");
    client.auth = proof(SECRETS.forum);
    const begun = await client.begin();
    const checked = client.check(begun, await new Person().open(begun.url));
    for (const call of [() => client.exchange(begun, checked), () => client.introspect("dw_a_x"), () => client.revoke("dw_a_x")]) {
      await assert.rejects(call(), (error) => {
        // A challenge comes with a status of 401 (RFC 6749, section 5.2).
        const told = error instanceof oauth.WWWAuthenticateChallengeError ? error.cause[0].scheme : error.error;
        assert.ok(["basic", "invalid_client"].includes(told), told);
        return error.status === 401;
      });
    }
  }
});

test("userinfo refuses a token that it does not know, and says so in a challenge", async () => {
  const response = await oauth.userInfoRequest(server, wiki.client, "dw_a_nothing");
  await assert.rejects(oauth.processUserInfoResponse(server, wiki.client, "1", response), (error) => {
    const [{ scheme, parameters }] = error.cause;
    assert.deepEqual([error.status, scheme, parameters.error], [401, "bearer", "invalid_token"]);
    return true;
  });
});

test("a client refreshes its tokens", { skip: !server.grant_types_supported.includes("refresh_token") }, async () => {
  for (const client of [wiki, spa]) {
    const first = await client.logIn({ scope: "openid email offline_access", prompt: "consent" });
    const second = await client.refresh(first.refresh_token);
    assert.equal(await userinfoStatus(second.access_token), 200);
    assert.ok(second.refresh_token && second.refresh_token !== first.refresh_token);
    await client.revoke(second.refresh_token);
    await assert.rejects(client.refresh(second.refresh_token), refused("invalid_grant"));
    assert.equal(await userinfoStatus(second.access_token), 401);
  }
});
