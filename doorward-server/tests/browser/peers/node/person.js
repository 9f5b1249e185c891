// A person with a browser that knows no scripts: it keeps cookies, follows redirects, and fills in the forms of Doorward.

export const { ISSUER, EMAIL, PASSWORD, NAME } = process.env;

export class Person {
  #cookies = new Map();
  /// What Doorward has asked for since the last look: "log-in", "confirm" or "consent".
  #asked = [];

  /// `acts: false` is a person who does nothing on the first page. `allows: false` is one who allows no app anything.
  constructor({ acts = true, allows = true } = {}) {
    Object.assign(this, { acts, allows });
  }

  /// Returns what Doorward has asked for since the last call.
  get asked() {
    return this.#asked.splice(0);
  }

  /// Opens an address, and does what the pages want. The answer is where Doorward leads: `{ url, form }` of another site, with a
  /// form if it is posted there; or `{ status, html, url }` of a page where nothing is to be done. A `form` comes from the page of
  /// an app, unless `site` says that it is one of Doorward.
  async open(url, form, site = "cross-site") {
    for (let steps = 0; steps < 20; steps++) {
      url = new URL(url);
      if (url.origin !== ISSUER) return { url, form };
      const response = await this.#send(url, form, site);
      const html = await response.text();
      site = "same-origin";
      if (response.status === 303) {
        [url, form] = [new URL(response.headers.get("location"), url)];
        continue;
      }
      const next = this.#next(html, url);
      if (!next) return { status: response.status, headers: response.headers, html, url };
      [url, form] = next;
    }
    throw new Error(`no end of redirects at ${url}`);
  }

  /// Logs in, before any app asks for it.
  async logIn() {
    await this.open(`${ISSUER}/login`);
    this.asked;
    return this;
  }

  async #send(url, form, site) {
    const headers = { accept: "text/html", "sec-fetch-site": site };
    // The cookies are `SameSite=Lax`.
    if (!form || site === "same-origin") headers.cookie = [...this.#cookies].map((pair) => pair.join("=")).join("; ");
    const sent = { headers, redirect: "manual", method: form ? "POST" : "GET", body: form && new URLSearchParams(form) };
    const response = await fetch(url, sent);
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (/max-age=0\b/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  // Returns the next address, and the form for it. Nothing if the page is the end.
  #next(html, url) {
    const refresh = /<meta http-equiv="refresh" content="0;url=([^"]*)"/.exec(html);
    if (refresh) return [new URL(text(refresh[1]), url)];
    if (!this.acts) return;
    const form = forms(html, url).find(({ action }) => action.origin !== ISSUER || action.pathname in this.#answers);
    if (!form) return;
    if (form.action.origin !== ISSUER) return [form.action, form.fields];
    return [form.action, { ...form.fields, ...this.#answers[form.action.pathname]() }];
  }

  #answers = {
    "/login": () => this.#answer("log-in", { email: EMAIL, password: PASSWORD }),
    "/oauth/confirm": () => this.#answer("confirm", { password: PASSWORD }),
    "/oauth/consent": () => this.#answer("consent", { decision: this.allows ? "allow" : "deny" }),
  };

  #answer(name, fields) {
    // A form that comes again was refused.
    if (this.#asked.filter((asked) => asked === name).length > 2) throw new Error(`${name} is refused`);
    this.#asked.push(name);
    return fields;
  }
}

/// Returns the forms of a page, each with its hidden fields.
export function forms(html, url) {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes, content]) => {
    const hidden = content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
    const fields = Object.fromEntries([...hidden].map(([, name, value]) => [text(name), text(value)]));
    return { action: new URL(text(/ action="([^"]*)"/.exec(attributes)?.[1] ?? ""), url), fields };
  });
}

function text(html) {
  const named = { amp: "&", quot: '"', lt: "<", gt: ">", apos: "'" };
  return html.replace(/&(?:#x([0-9a-f]+)|#([0-9]+)|([a-z]+));/gi, (all, hex, decimal, name) =>
    name ? named[name] ?? all : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)));
}
