import { getToken } from "next-auth/jwt";

// Returns where a reader logs out of Doorward too.
export async function GET(request) {
  const { DOORWARD_URL, CLIENT_ID, NEXTAUTH_URL } = process.env;
  const token = await getToken({ req: request });
  const metadata = await fetch(`${DOORWARD_URL}/.well-known/openid-configuration`, { next: { revalidate: 3600 } });
  const url = new URL((await metadata.json()).end_session_endpoint);
  url.searchParams.set("client_id", CLIENT_ID);
  url.searchParams.set("post_logout_redirect_uri", `${NEXTAUTH_URL}/`);
  if (token?.idToken) url.searchParams.set("id_token_hint", token.idToken);
  return Response.json({ url: url.href });
}
