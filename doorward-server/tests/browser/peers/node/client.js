// A strict client of Doorward, by oauth4webapi. What the library refuses is an error of Doorward.

import * as oauth from "oauth4webapi";
import { ISSUER, Person } from "./person.js";

export const SECRETS = {
  wiki: "the secret of the wiki, 32 or more",
  forum: "the secret of the forum, 32 or more",
  ES256: "the secret of the client with ES256",
  EdDSA: "the secret of the client with EdDSA",
  api: "the secret of the API, 32 or more..",
};

const CALLBACKS = { forum: "https://forum.example.net/callback", spa: "https://spa.example.net/" };

export const server = await discover("oidc");

export async function discover(algorithm) {
  const issuer = new URL(ISSUER);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm }));
}

export class Client {
  /// `proof` is the way to show the secret: `oauth.ClientSecretBasic`, `oauth.ClientSecretPost`, or none for a public client.
  constructor(id, proof = SECRETS[id] && oauth.ClientSecretBasic) {
    this.id = id;
    this.redirectUri = CALLBACKS[id] ?? "https://wiki.example.net/callback";
    this.auth = proof ? proof(SECRETS[id]) : oauth.None();
    const alg = ["ES256", "EdDSA"].includes(id) ? id : undefined;
    this.client = { client_id: id, id_token_signed_response_alg: alg };
  }

  /// Makes a request. `more` has further parameters; one that is undefined is left out.
  async begin(more = {}) {
    const verifier = oauth.generateRandomCodeVerifier();
    const parameters = {
      client_id: this.id,
      redirect_uri: this.redirectUri,
      response_type: "code",
      scope: "openid",
      state: oauth.generateRandomState(),
      nonce: oauth.generateRandomNonce(),
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...more,
    };
    const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined));
    return { verifier, parameters, url: `${server.authorization_endpoint}?${query}` };
  }

  /// Checks the answer of a request. Throws if it is an error.
  check({ parameters }, answer) {
    if (!answer.url.href.startsWith(parameters.redirect_uri)) throw new Error(`led to ${answer.url}`, { cause: answer });
    const form = parameters.response_mode === "form_post";
    if (form !== Boolean(answer.form)) throw new Error("answered in the other response mode");
    const received = form ? new URLSearchParams(answer.form) : answer.url;
    return oauth.validateAuthResponse(server, this.client, received, parameters.state ?? oauth.expectNoState);
  }

  async exchange({ verifier, parameters }, checked) {
    const { client, auth } = this;
    const response =
      await oauth.authorizationCodeGrantRequest(server, client, auth, checked, parameters.redirect_uri, verifier);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: parameters.nonce ?? oauth.expectNoNonce,
      maxAge: parameters.max_age === undefined ? oauth.skipAuthTimeCheck : Number(parameters.max_age),
      requireIdToken: parameters.scope.split(" ").includes("openid"),
    });
    if (tokens.id_token) await oauth.validateApplicationLevelSignature(server, response);
    return { ...tokens, claims: oauth.getValidatedIdTokenClaims(tokens) };
  }

  /// Goes through a whole log-in.
  async logIn(more = {}, person = new Person()) {
    const begun = await this.begin(more);
    return this.exchange(begun, this.check(begun, await person.open(begun.url)));
  }

  /// Returns the error that the app gets at its address.
  async error(more, person = new Person()) {
    const begun = await this.begin(more);
    const answer = await person.open(begun.url);
    try {
      this.check(begun, answer);
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) return error.error;
      throw error;
    }
    throw new Error("no error");
  }

  async userinfo(tokens) {
    const { client } = this;
    const response = await oauth.userInfoRequest(server, client, tokens.access_token);
    return oauth.processUserInfoResponse(server, client, tokens.claims.sub, response);
  }

  async introspect(token) {
    const response = await oauth.introspectionRequest(server, this.client, this.auth, token);
    return oauth.processIntrospectionResponse(server, this.client, response);
  }

  async refresh(token) {
    const response = await oauth.refreshTokenGrantRequest(server, this.client, this.auth, token);
    const tokens = await oauth.processRefreshTokenResponse(server, this.client, response);
    if (tokens.id_token) await oauth.validateApplicationLevelSignature(server, response);
    return tokens;
  }

  async revoke(token) {
    await oauth.processRevocationResponse(await oauth.revocationRequest(server, this.client, this.auth, token));
  }
}

/// Returns the status of the userinfo endpoint for an access token.
export async function userinfoStatus(token) {
  const response = await fetch(server.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } });
  return response.status;
}

/// Returns the address of a log-out.
export function logOutUrl(parameters) {
  return `${server.end_session_endpoint}?${new URLSearchParams(parameters)}`;
}
