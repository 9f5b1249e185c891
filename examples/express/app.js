// A wiki whose readers log in at Doorward: Express with openid-client.

import express from "express";
import session from "express-session";
import * as client from "openid-client";

const { APP_URL, DOORWARD_URL, CLIENT_ID, CLIENT_SECRET, SESSION_SECRET, PORT } = process.env;

// openid-client finds all addresses in the metadata of Doorward.
const doorward = await client.discovery(new URL(DOORWARD_URL), CLIENT_ID, CLIENT_SECRET);

const app = express();
// The proxy before the wiki says by X-Forwarded-Proto that the browser came over https.
app.set("trust proxy", "loopback");
// Sessions are kept in memory. For more than one process, give express-session a store.
app.use(session({
  secret: SESSION_SECRET,
  resave: false,
  saveUninitialized: false,
  cookie: { secure: true, sameSite: "lax" },
}));

app.get("/", (request, response) => {
  const { person } = request.session;
  response.send(page(person
    ? `<p id="name">${escape(person.name)}</p><p id="email">${escape(person.email)}</p>
       <form method="post" action="/log-out"><button id="log-out">Log out</button></form>`
    : `<p>You are not logged in.</p><p><a id="log-in" href="/log-in">Log in</a></p>`));
});

app.get("/log-in", async (request, response) => {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  request.session.started = { verifier, state };
  response.redirect(client.buildAuthorizationUrl(doorward, {
    redirect_uri: `${APP_URL}/callback`,
    scope: "openid profile email",
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    state,
  }).href);
});

app.get("/callback", async (request, response) => {
  const { verifier, state } = request.session.started ?? {};
  let tokens;
  try {
    // This checks the state and the issuer, exchanges the code, and verifies the ID token.
    tokens = await client.authorizationCodeGrant(doorward, new URL(request.originalUrl, APP_URL), {
      pkceCodeVerifier: verifier,
      expectedState: state,
      idTokenExpected: true,
    });
  } catch (error) {
    const reason = error.error_description ?? error.message;
    response.status(403).send(page(`<p>You are not logged in: ${escape(reason)}</p><a href="/">Back</a>`));
    return;
  }
  // The session of a person has another number than the one from before.
  await new Promise((done, failed) => request.session.regenerate((error) => error ? failed(error) : done()));
  const { sub, name, email } = tokens.claims();
  request.session.person = { id: sub, name, email };
  // It shows Doorward which session to end.
  request.session.idToken = tokens.id_token;
  response.redirect("/");
});

app.post("/log-out", (request, response) => {
  const asked = { post_logout_redirect_uri: `${APP_URL}/` };
  if (request.session.idToken) asked.id_token_hint = request.session.idToken;
  request.session.destroy(() => response.redirect(303, client.buildEndSessionUrl(doorward, asked).href));
});

function escape(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(content) {
  return `<!doctype html><html lang="en"><title>The wiki</title><h1>The wiki</h1>${content}`;
}

app.listen(Number(PORT ?? 3000), "127.0.0.1");
