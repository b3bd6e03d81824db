// The frame of every page: live counts, keys, theme, toasts, and htmx's answers that are errors.
import { watchWorkspace } from "./live.js";

const POLL_MS = 5000;
const TOAST_MS = 10000;
const MOST_TOASTS = 3;
const ROOMS = { r: "/review", d: "/documents", u: "/upload", j: "/jobs", f: "/flows" };
const toasts = document.getElementById("toasts");

// --- Counts ---------------------------------------------------------------------------------------------------
function setCount(name, value) {
  if (value === null || value === undefined) return;
  for (const element of document.querySelectorAll(`[data-count="${name}"]`)) {
    element.textContent = value;
    if (element.classList.contains("count")) element.hidden = !value;
  }
  if (name === "jobs") {
    for (const element of document.querySelectorAll("[data-running]")) element.hidden = !value;
  }
}

async function readCounts() {
  const response = await fetch(document.body.dataset.live, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const counts = await response.json();
  setCount("review", counts.review);
  setCount("jobs", counts.jobs);
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

let soon = 0;
function readCountsSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => readCounts().catch(() => {}), 400);
}

function onMessage(message) {
  if (message.type === "review.count") setCount("review", message.count);
  if (message.type === "document.status") tell("recto:document", message);
  if (message.type === "job.state") tell("recto:job", message);
  if (message.type.includes(".")) readCountsSoon();
}

let polling = 0;
function onState(up) {
  const sign = document.querySelector("[data-offline]");
  if (sign) sign.hidden = up;
  clearInterval(polling);
  if (up) return;
  polling = setInterval(() => {
    readCounts().catch(() => {});
    tell("recto:poll");
  }, POLL_MS);
}

if (document.body.dataset.live) watchWorkspace(onMessage, onState);

// --- Toasts ---------------------------------------------------------------------------------------------------
function armToasts(root) {
  for (const line of root.querySelectorAll("[data-toast]:not([data-armed])")) {
    line.dataset.armed = "";
    setTimeout(() => line.remove(), TOAST_MS);
  }
  const lines = [...toasts.querySelectorAll("[data-toast]")];
  for (const old of lines.slice(0, -MOST_TOASTS)) old.remove();
}

export function say(text) {
  const line = document.createElement("div");
  line.className = "toast-line error";
  line.dataset.toast = "";
  line.textContent = text;
  toasts.append(line);
  armToasts(toasts);
}

armToasts(toasts);
new MutationObserver(() => armToasts(toasts)).observe(toasts, { childList: true });

document.addEventListener("click", (event) => {
  const undo = event.target.closest("[data-undo]");
  // Outside the review page there is nothing to paint into, so the plain form does it.
  if (undo && !document.getElementById("review")) {
    event.stopPropagation();
    event.preventDefault();
    HTMLFormElement.prototype.submit.call(undo);
  } else if (undo) {
    setTimeout(() => undo.closest("[data-toast]").remove(), 0);
  }
}, true);

// --- htmx -----------------------------------------------------------------------------------------------------
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  // 422 is the same form with its sentences; every other refusal is a toast.
  if (xhr.status >= 400 && xhr.status !== 422) {
    event.detail.target = toasts;
    event.detail.swapOverride = "beforeend";
    event.detail.shouldSwap = xhr.status < 500 || xhr.responseText.includes("data-toast");
    if (!event.detail.shouldSwap) say("The server did not answer. Try again in a moment.");
  }
});
document.addEventListener("htmx:sendError", () => say("The server cannot be reached. Your changes are still here."));
document.addEventListener("htmx:afterSwap", () => {
  for (const element of document.querySelectorAll("[data-set-count]")) {
    setCount(element.dataset.setCount, Number(element.dataset.value));
    element.remove();
  }
});

// --- Theme ----------------------------------------------------------------------------------------------------
document.querySelector("[data-theme-switch]")?.addEventListener("click", () => {
  const root = document.documentElement;
  const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
  root.dataset.bsTheme = next;
  try { localStorage.setItem("recto.theme", next); } catch { /* not kept in private mode */ }
});

// --- Keys -----------------------------------------------------------------------------------------------------
export function isTyping(target) {
  return target.matches("textarea, select, input:not([type=checkbox]):not([type=file])") || target.isContentEditable;
}

function showKeys() {
  const keys = document.getElementById("keys");
  if (keys.open) keys.close();
  else keys.showModal();
}

document.querySelector("[data-keys]")?.addEventListener("click", showKeys);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

let afterG = 0;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll(".menu[open]")) menu.open = false;
  }
  if (isTyping(event.target) || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") {
    const undo = [...document.querySelectorAll("[data-undo] button")].at(-1);
    if (undo) {
      event.preventDefault();
      undo.click();
    }
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") showKeys();
  else if (event.key === "/") {
    event.preventDefault();
    const search = document.querySelector("[data-search]");
    if (search) search.focus();
    else location.href = "/documents";
  } else if (event.key === "g") afterG = Date.now();
  else if (ROOMS[event.key] && Date.now() - afterG < 1500) location.href = ROOMS[event.key];
});
