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
