// Extras for the pages, which also work without this script.
"use strict";

// Show and hide a password.
for (const button of document.querySelectorAll(".reveal")) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  const show = (shown) => {
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  };
  button.addEventListener("click", () => show(input.type === "password"));
  // Hide the password again: password managers look for such a field, and bystanders read the screen.
  input.form.addEventListener("submit", () => show(false));
}

// Print the page.
for (const button of document.querySelectorAll(".print")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Rate a new password, mostly by its length. The server makes the real check.
for (const meter of document.querySelectorAll(".strength")) {
  const input = document.getElementById(meter.dataset.for);
  const spoken = document.getElementById(meter.dataset.spoken);
  const judge = () => {
    const length = [...input.value].length;
    const kinds = new Set(input.value).size;
    const score = length === 0 ? 0 : length < input.minLength ? 1 : length < 12 || kinds < 6 ? 2 : length < 15 ? 3 : 4;
    meter.dataset.score = score;
    return score;
  };
  input.addEventListener("input", judge);
  // Screen readers say it when the field is left, not at every key.
  input.addEventListener("change", () => {
    const score = judge();
    spoken.textContent = score ? meter.dataset[`level${score}`] : "";
  });
}

// Show the fault of a field beside it, in the language of the page and not of the browser.
const tell = (input, text) => {
  const error = document.getElementById(`${input.id}-error`);
  error.textContent = text;
  error.hidden = !text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
};
const fault = (input) => {
  if (input.required && !(input.type === "checkbox" ? input.checked : input.value)) return input.dataset.missing;
  if (input.dataset.short && [...input.value].length < input.minLength) return input.dataset.short;
  if (input.dataset.malformed && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(input.value.trim())) return input.dataset.malformed;
  return "";
};
for (const form of document.querySelectorAll("form.stack")) {
  const inputs = [...form.querySelectorAll("input[required]")];
  form.noValidate = true;
  for (const input of inputs) {
    // While the user types, errors only disappear. A new one would move the button away from under the pointer.
    input.addEventListener("input", () => input.hasAttribute("aria-invalid") && !fault(input) && tell(input, ""));
  }
  form.addEventListener("submit", (event) => {
    if (event.submitter?.formNoValidate) return;
    const wrong = inputs.filter((input) => (tell(input, fault(input)), fault(input)));
    const button = form.querySelector("button.primary");
    if (wrong.length || button.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      wrong[0]?.focus();
    } else if (!form.hasAttribute("data-stays")) {
      button.setAttribute("aria-busy", "true");
    }
  });
}
// A browser may show a kept page when the user comes back. Load an account again, because its session may have ended.
// Make the button of a form work again.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("main.wide")) location.reload();
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Send a form that only carries an answer to another app.
for (const form of document.querySelectorAll("form[data-send]")) form.submit();

// Ask the browser for a passkey, and send its answer as a form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const base64url = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const optionsOf = (kind, json) => {
  const read = PublicKeyCredential[kind === "create" ? "parseCreationOptionsFromJSON" : "parseRequestOptionsFromJSON"];
  if (read) return read.call(PublicKeyCredential, json);
  const known = (one) => ({ ...one, id: bytes(one.id) });
  const options = { ...json, challenge: bytes(json.challenge) };
  if (json.user) options.user = known(json.user);
  if (json.excludeCredentials) options.excludeCredentials = json.excludeCredentials.map(known);
  if (json.allowCredentials) options.allowCredentials = json.allowCredentials.map(known);
  return options;
};
const written = (credential) => {
  // Some password managers put an object of their own here, which cannot write itself.
  try { return JSON.stringify(credential); } catch { /* written below */ }
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = base64url(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return JSON.stringify({ id: credential.id, type: credential.type, response, clientExtensionResults: credential.getClientExtensionResults() });
};
let asked; // Only one request may wait.
const ask = async (form, mediation) => {
  asked?.abort();
  const own = (asked = new AbortController());
  const kind = form.dataset.passkey;
  const answer = await fetch(form.dataset.options, { method: "POST", signal: own.signal });
  if (answer.status === 401 && form.dataset.confirm) return location.assign(form.dataset.confirm);
  if (!answer.ok) throw new DOMException(String(answer.status), "NetworkError");
  const options = { publicKey: optionsOf(kind, await answer.json()), signal: own.signal };
  if (mediation) options.mediation = mediation;
  form.elements.credential.value = written(await navigator.credentials[kind](options));
  form.submit();
};
// Offer passkeys in the field of the address. The question is asked anew before it is too old.
const offer = async (form) => {
  if (!form.hasAttribute("data-conditional") || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const anew = setTimeout(() => offer(form), 450000);
  ask(form, "conditional").catch(() => clearTimeout(anew));
};
if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const [button, status] = [form.querySelector("button"), form.querySelector("[role=status]")];
    form.hidden = false;
    button.addEventListener("click", () => {
      status.textContent = "";
      ask(form).catch((error) => {
        status.textContent = error.name === "InvalidStateError" ? form.dataset.exists : form.dataset.failed;
        offer(form);
      });
    });
    // After a refusal by the server, only a person begins again. Otherwise a device that answers by itself would go round.
    if (form.dataset.conditional === "later") for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => offer(form), { once: true });
    else offer(form);
  }
  // Tell password managers which passkeys work.
  for (const element of document.querySelectorAll("[data-signal]")) {
    const { rpId, userId, allAcceptedCredentialIds, name } = JSON.parse(element.dataset.signal);
    PublicKeyCredential.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }).catch(() => {});
    PublicKeyCredential.signalCurrentUserDetails?.({ rpId, userId, name, displayName: name }).catch(() => {});
  }
  for (const form of document.querySelectorAll("form[data-unknown]")) {
    const { unknown: credentialId, domain: rpId } = form.dataset;
    PublicKeyCredential.signalUnknownCredential?.({ rpId, credentialId }).catch(() => {});
  }
}
