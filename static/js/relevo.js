// Everything here is a comfort: each page works without it.

const find = (selector, root = document) => root.querySelector(selector);

// Focus: after a swap it goes to what the server marked, the error summary first; where the focused
// element went away, to what came in its place.
let held = false;

document.addEventListener("htmx:before:swap", () => {
  held = document.activeElement !== document.body;
});

document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  const place = ctx.target?.isConnected ? ctx.target : document.getElementById(ctx.target?.id);
  const marked = place && (find(".error-summary", place) ?? find("[data-focus]", place));
  const lost = held && document.activeElement === document.body;
  if (marked) {
    marked.focus();
  } else if (lost && place) {
    place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }
  markAllPressed();
});

// Network errors: the form stays as it is and says so beside its button.
document.addEventListener("htmx:error", ({ detail }) => {
  const source = detail.ctx?.sourceElement;
  if (!source || source.matches("[hx-trigger^=every]")) return;
  const place = source.closest("form") ?? find("#alerts");
  forgetNotSent(place);
  const region = document.createElement("div");
  region.className = "not-sent";
  region.setAttribute("role", "alert");
  place.append(region);
  region.append(find("#not-sent").content.cloneNode(true));
});

document.addEventListener("htmx:before:request", ({ detail }) => {
  forgetNotSent(detail.ctx.sourceElement.closest("form") ?? find("#alerts"));
});

function forgetNotSent(place) {
  find(".not-sent", place)?.remove();
}

// Questions before what cannot be undone. Captured before htmx sees the submit.
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const asked = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!asked || form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const dialog = find("#confirm");
  find("#confirm-text").textContent = asked;
  dialog.returnValue = "no";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return submitter?.focus();
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  }, { once: true });
}, true);

// Letters a keyboard lacks go in at the caret.
function insertAtCaret(field, text) {
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Words to order: the field holds the pressed words in the order of pressing, and can be typed into as well.
function pressedWords(group, written) {
  const pressed = [];
  for (let rest = written.trim(); rest;) {
    const fitting = [...group.children].filter((word) =>
      !pressed.includes(word) && `${rest} `.startsWith(`${word.textContent} `));
    const next = fitting.sort((a, b) => b.textContent.length - a.textContent.length)[0];
    if (!next) return [];
    pressed.push(next);
    rest = rest.slice(next.textContent.length).trim();
  }
  return pressed;
}

function markPressed(group, field) {
  const pressed = pressedWords(group, field.value);
  for (const word of group.children) word.setAttribute("aria-pressed", String(pressed.includes(word)));
}

function moveWord(word, group, field) {
  const pressed = pressedWords(group, field.value);
  if (pressed.includes(word)) {
    field.value = pressed.filter((other) => other !== word).map((other) => other.textContent).join(" ");
  } else {
    field.value = `${field.value.trim()} ${word.textContent}`.trim();
  }
  markPressed(group, field);
}

function markAllPressed() {
  for (const group of document.querySelectorAll("[data-tokens-for]")) {
    markPressed(group, document.getElementById(group.dataset.tokensFor));
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("button[type=button]");
  const keys = button?.closest("[data-keys-for]");
  const tokens = button?.closest("[data-tokens-for]");
  if (keys) insertAtCaret(document.getElementById(keys.dataset.keysFor), button.textContent);
  if (tokens) moveWord(button, tokens, document.getElementById(tokens.dataset.tokensFor));
  if (button?.dataset.play) {
    const sound = document.getElementById(button.dataset.play);
    sound.currentTime = 0;
    sound.play();
  }
  if (button?.hasAttribute("data-print")) print();
  if (button?.hasAttribute("data-close")) button.parentElement.remove();
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  find("summary", menu).focus();
});

// Filters send themselves; their button stays for everyone else.
document.addEventListener("change", ({ target }) => {
  target.closest?.("form[data-autosubmit]")?.requestSubmit();
});

document.addEventListener("input", ({ target }) => {
  if (target.matches(".answer")) markAllPressed();
});

find(".error-summary")?.focus();
markAllPressed();
find(".strip [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
