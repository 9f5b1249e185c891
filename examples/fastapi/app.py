"""A wiki whose readers log in at Doorward: FastAPI with Authlib."""

from html import escape
from os import environ
from urllib.parse import urlencode

from authlib.integrations.starlette_client import OAuth, OAuthError
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.middleware.sessions import SessionMiddleware

APP_URL = environ["APP_URL"]
DOORWARD_URL = environ["DOORWARD_URL"]

app = FastAPI()
# The session of the wiki is a signed cookie.
app.add_middleware(SessionMiddleware, secret_key=environ["SESSION_SECRET"], https_only=True)

oauth = OAuth()
# Authlib finds all addresses in the metadata of Doorward.
oauth.register(
    "doorward",
    server_metadata_url=f"{DOORWARD_URL}/.well-known/openid-configuration",
    client_id=environ["CLIENT_ID"],
    client_secret=environ["CLIENT_SECRET"],
    client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256"},
)


@app.get("/")
async def home(request: Request) -> HTMLResponse:
    person = request.session.get("person")
    if person is None:
        return page('<p>You are not logged in.</p><p><a id="log-in" href="/log-in">Log in</a></p>')
    return page(
        f'<p id="name">{escape(person["name"])}</p><p id="email">{escape(person["email"])}</p>'
        '<form method="post" action="/log-out"><button id="log-out">Log out</button></form>'
    )


@app.get("/log-in")
async def log_in(request: Request) -> RedirectResponse:
    return await oauth.doorward.authorize_redirect(request, f"{APP_URL}/callback")


@app.get("/callback")
async def callback(request: Request):
    try:
        # This checks the state, exchanges the code, and verifies the ID token.
        tokens = await oauth.doorward.authorize_access_token(request)
    except OAuthError as error:
        return page(f'<p>You are not logged in: {escape(error.description or error.error)}</p><a href="/">Back</a>', 403)
    claims = tokens["userinfo"]
    request.session["person"] = {"id": claims["sub"], "name": claims["name"], "email": claims["email"]}
    # It shows Doorward which session to end.
    request.session["id_token"] = tokens["id_token"]
    return RedirectResponse("/", 303)


@app.post("/log-out")
async def log_out(request: Request) -> RedirectResponse:
    asked = {"client_id": environ["CLIENT_ID"], "post_logout_redirect_uri": f"{APP_URL}/"}
    if id_token := request.session.get("id_token"):
        asked["id_token_hint"] = id_token
    request.session.clear()
    metadata = await oauth.doorward.load_server_metadata()
    return RedirectResponse(f"{metadata['end_session_endpoint']}?{urlencode(asked)}", 303)


def page(content: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(f'<!doctype html><html lang="en"><title>The wiki</title><h1>The wiki</h1>{content}', status)
