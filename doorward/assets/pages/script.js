// What makes the pages nicer and nothing needs: they work without it.
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
  // Password managers look at what is sent, and so does whoever stands behind.
  input.form.addEventListener("submit", () => show(false));
}

// How good a new password is, by what counts most: its length. The server has the last word.
for (const meter of document.querySelectorAll(".strength")) {
  const input = document.getElementById(meter.dataset.for);
  const spoken = document.getElementById(meter.dataset.spoken);
  const judge = () => {
    const length = [...input.value].length;
    const kinds = new Set(input.value).size;
    const score = length === 0 ? 0 : length < 8 ? 1 : length < 12 || kinds < 6 ? 2 : length < 15 ? 3 : 4;
    meter.dataset.score = score;
    return score;
  };
  input.addEventListener("input", judge);
  // Said when the field is left, not at every key.
  input.addEventListener("change", () => {
    const score = judge();
    spoken.textContent = score ? meter.dataset[`level${score}`] : "";
  });
}

// What is wrong with a field stands beside it, in the words of the page and not of the browser.
const tell = (input, text) => {
  const error = document.getElementById(`${input.id}-error`);
  error.textContent = text;
  error.hidden = !text;
  if (text) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
};
const fault = (input) => {
  if (!input.value && input.required) return input.dataset.missing;
  if (input.dataset.short && [...input.value].length < 8) return input.dataset.short;
  if (input.dataset.malformed && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(input.value.trim())) return input.dataset.malformed;
  return "";
};
for (const form of document.querySelectorAll("form.stack")) {
  const inputs = [...form.querySelectorAll("input[required]")];
  form.noValidate = true;
  for (const input of inputs) {
    // Only what is right now is said at once: a new error would move the button away from under the pointer.
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
// Who comes back to a form finds it as it was. An account that the browser kept alive may be nobody's by now.
addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("main.wide")) location.reload();
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
