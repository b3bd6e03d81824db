// Lists: rows by key, rows that change in place, selection.
import { isTyping } from "./shell.js";
import { watchJob } from "./live.js";

const list = () => document.querySelector("[data-list]");
const rows = () => [...document.querySelectorAll(".rows tbody [data-row]")];

// --- Moving ---------------------------------------------------------------------------------------------------
function here() {
  return document.querySelector(".rows tr.here");
}

function go(row) {
  here()?.classList.remove("here");
  if (!row) return;
  row.classList.add("here");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("a")?.focus({ preventScroll: true });
}

function step(by) {
  const all = rows();
  const now = all.indexOf(here());
  go(all[Math.min(all.length - 1, Math.max(0, now + by))] ?? all[0]);
}

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "j") step(1);
  else if (event.key === "k") step(-1);
  else if (event.key === "x" && here()) pickRow(here());
  else if (event.key === "Enter" && here() && !event.target.closest("a, button, summary")) open(here());
});
document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (row && row !== here()) go(row);
});
document.addEventListener("click", (event) => {
  const row = event.target.closest("[data-row][data-href]");
  if (row && !event.target.closest("a, button, input, form") && !getSelection().toString()) open(row);
});

function open(row) {
  if (row.dataset.href) location.href = row.dataset.href;
}

// --- Selecting ------------------------------------------------------------------------------------------------
let lastPicked = null;

function pickRow(row) {
  const box = row.querySelector(".pick");
  if (!box) return;
  box.checked = !box.checked;
  lastPicked = row;
  showPicked();
}

function showPicked() {
  const boxes = [...document.querySelectorAll(".pick")];
  const count = boxes.filter((box) => box.checked).length;
  for (const box of boxes) box.closest("tr").classList.toggle("picked", box.checked);
  document.getElementById("bulk")?.classList.toggle("some", count > 0);
  for (const sign of document.querySelectorAll("[data-picked]")) sign.textContent = count;
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(".pick");
  const row = box?.closest("tr");
  if (box && event.shiftKey && lastPicked) {
    const all = rows();
    const [from, to] = [all.indexOf(lastPicked), all.indexOf(row)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.querySelector(".pick").checked = box.checked;
  }
  if (box) {
    lastPicked = row;
    showPicked();
  }
  if (event.target.closest("[data-pick-none]")) {
    for (const each of document.querySelectorAll(".pick")) each.checked = false;
    showPicked();
  }
});

// --- Changing in place ----------------------------------------------------------------------------------------
let later = 0;
function refreshSoon() {
  clearTimeout(later);
  later = setTimeout(() => {
    // Somebody in the middle of typing keeps the page as it is.
    const root = list();
    const busy = root?.querySelector(".pick:checked, input:focus:not([type=hidden]), select:focus, details[open] :focus");
    if (root && !busy) swap(root, root.dataset.refresh, "#list");
  }, 500);
}

function swap(element, url, select) {
  const at = here()?.id;
  htmx.ajax("GET", url, { target: element, swap: "outerHTML", ...(select ? { select } : {}) }).then(() => {
    const row = at && document.getElementById(at);
    if (row && !here()) row.classList.add("here");
    watchRows();
  });
}

function changeRow(row) {
  const { id } = row;
  row.dataset.rowGet && htmx.ajax("GET", row.dataset.rowGet, { target: row, swap: "outerHTML" }).then(() => {
    document.getElementById(id)?.classList.add("changed");
  });
}

document.addEventListener("recto:document", ({ detail }) => {
  const root = list();
  if (!root) return;
  const row = document.querySelector(`tr[data-document="${detail.document_id}"]`);
  const on = root.dataset.refreshOn;
  if (on === "this" && detail.document_id !== root.dataset.document) return;
  if (on === "document" && row && detail.event !== "document.erased") changeRow(row);
  else if (on !== "job") refreshSoon();
});
document.addEventListener("recto:job", ({ detail }) => {
  const row = document.querySelector(`tr[data-job="${detail.job_id}"]`);
  if (row) changeRow(row);
});
document.addEventListener("recto:document", () => {
  if (list()?.dataset.refreshOn === "job") refreshSoon();
});
document.addEventListener("recto:poll", refreshSoon);

function watchRows() {
  for (const row of document.querySelectorAll("tr[data-job][data-active]")) {
    watchJob(row.dataset.job, (message) => showProgress(row.dataset.job, message));
  }
}

function showProgress(id, message) {
  const row = document.querySelector(`tr[data-job="${id}"]`);
  const { progress, message: words } = message.job ?? message;
  if (!row || progress === undefined) return;
  const bar = row.querySelector("[data-bar]");
  if (bar) bar.value = progress;
  if (words) row.querySelector("[data-message]").textContent = words;
}

watchRows();
// Enter opens the least sure document: nobody has to reach for the mouse to begin.
if (list()?.dataset.refreshOn === "review") go(rows()[0]);
