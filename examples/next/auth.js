// How the wiki's readers log in: at Doorward, by Auth.js.

const { DOORWARD_URL, CLIENT_ID, CLIENT_SECRET } = process.env;

export const authOptions = {
  providers: [
    {
      id: "doorward",
      name: "Doorward",
      type: "oauth",
      // Auth.js finds all addresses in the metadata of Doorward.
      wellKnown: `${DOORWARD_URL}/.well-known/openid-configuration`,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      authorization: { params: { scope: "openid profile email" } },
      idToken: true,
      checks: ["pkce", "state", "nonce"],
      profile: (claims) => ({ id: claims.sub, name: claims.name, email: claims.email }),
    },
  ],
  callbacks: {
    // The token stays in an encrypted cookie. The ID token in it shows Doorward which session to end.
    jwt: ({ token, account }) => (account ? { ...token, idToken: account.id_token } : token),
  },
};
