// Starts Swagger UI. A file of its own, because the page allows no inline script.
"use strict";

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  // Relative to the page, which may be mounted under any prefix.
  url: "./openapi.json",
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
