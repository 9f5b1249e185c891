"""A person whose browser knows no scripts, and the clients that they log in to."""

import re
from html import unescape
from os import environ
from urllib.parse import urljoin

import requests

ISSUER, EMAIL, PASSWORD, NAME = (environ[name] for name in ("ISSUER", "EMAIL", "PASSWORD", "NAME"))
SERVER = requests.get(f"{ISSUER}/.well-known/openid-configuration").json()
CALLBACK = "https://wiki.example.net/callback"
SECRETS = {
    "wiki": "the secret of the wiki, 32 or more",
    "ES256": "the secret of the client with ES256",
    "EdDSA": "the secret of the client with EdDSA",
}


def open_and_log_in(url: str) -> str:
    """Opens an address, logs in, and returns the address of the app to which that leads."""
    browser, form = requests.Session(), None
    for _ in range(10):
        answer = browser.request("POST" if form else "GET", url, data=form, headers={"Origin": ISSUER}, allow_redirects=False)
        html, form = unescape(answer.text), None
        onward = re.search(r'http-equiv="refresh" content="0;url=([^"]*)"', html)
        login = re.search(r'<form [^>]*action="(/login[^"]*)"', html)
        if answer.status_code == 303:
            url = urljoin(url, answer.headers["Location"])
            if not url.startswith(ISSUER):
                return url
        elif onward:
            url = urljoin(url, onward[1])
        elif login:
            url, form = urljoin(url, login[1]), {"email": EMAIL, "password": PASSWORD}
        else:
            break
    raise AssertionError(f"the person is stuck at {url}: {answer.status_code}")
