// Starts Swagger UI. A file of its own, because the page allows no inline script.
"use strict";

const page = SwaggerUIBundle({
  dom_id: "#swagger-ui",
  // Relative to the page, which may be mounted under any prefix.
  url: "./openapi.json",
  oauth2RedirectUrl: new URL("docs/oauth2-redirect.html", location.href).href,
  deepLinking: true,
  // The schemas stay folded: the routes are what people come for.
  defaultModelsExpandDepth: 0,
  // Credentials are forgotten when the page is left.
  persistAuthorization: false,
  // No validator: it would send the address of this API to another site.
  validatorUrl: null,
  // The server refuses a request with two credentials, so a cookie must not go along with a token.
  requestInterceptor: (request) => {
    if (Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === "authorization")) {
      request.credentials = "omit";
    }
    return request;
  },
});

// The log-in of an app, where the server offers it. The page keeps no secret, so PKCE shows that it is the one that asked.
page.initOAuth({
  clientId: document.getElementById("swagger-ui").dataset.client,
  scopes: "openid profile email",
  usePkceWithAuthorizationCodeGrant: true,
});
