// The review screen: fields and boxes point at each other, and everything has a key.
import { addRow, firstCell, onCellKey, openCells, prepareCells, removeRow, restoreCells } from "./cells.js";
import { isTyping, say } from "./shell.js";

const SVG = "http://www.w3.org/2000/svg";
const ZOOM_STEP = 1.25;
const UPPER_THIRD = 0.28;
let zoom = 1;
let words = null;
let afterSave = null;
let cell = null;

const review = () => document.getElementById("review");
const fields = () => [...document.querySelectorAll("[data-field]")];
const fieldNamed = (name) => document.querySelector(`[data-field="${CSS.escape(name)}"]`);
const current = () => document.querySelector(".field.on");
const viewer = () => document.querySelector(".viewer");

// --- Boxes ----------------------------------------------------------------------------------------------------
function drawBoxes() {
  for (const svg of document.querySelectorAll(".boxes")) svg.replaceChildren();
  for (const field of fields()) {
    for (const box of JSON.parse(field.dataset.boxes)) addBox(box, field);
  }
}

function addBox(box, field) {
  const svg = document.querySelector(`#page-${box.page} .boxes`);
  if (!svg) return null;
  const rect = place(document.createElementNS(SVG, "rect"), box);
  if (field.classList.contains("doubtful")) rect.classList.add("doubt");
  rect.dataset.for = field.dataset.field;
  svg.append(rect);
  return rect;
}

function place(rect, box) {
  for (const [key, value] of [["x", box.x], ["y", box.y], ["width", box.w], ["height", box.h]]) {
    rect.setAttribute(key, Math.max(0, value * 1000));
  }
  return rect;
}

function boxesOf(name) {
  return [...document.querySelectorAll(`.boxes [data-for="${CSS.escape(name)}"]`)];
}

function mark(field, { scroll = true } = {}) {
  current()?.classList.remove("on");
  for (const rect of document.querySelectorAll(".boxes .on")) rect.classList.remove("on");
  if (!field) return;
  field.classList.add("on");
  const rects = boxesOf(field.dataset.field);
  for (const rect of rects) {
    rect.classList.add("on");
    rect.parentNode.append(rect);
  }
  if (scroll && rects[0]) showRect(rects[0]);
}

// The cell that a person is in: its own place on the page, within the field's.
function markCell(target) {
  for (const rect of document.querySelectorAll(".boxes .cell-box")) rect.remove();
  cell = target;
  if (!cell) return;
  openCells(cell.closest("[data-field]"));
  const rects = JSON.parse(cell.dataset.boxes || "[]").map((box) => addBox(box, cell.closest("[data-field]")));
  for (const rect of rects) rect?.classList.add("cell-box");
  if (rects[0]) showRect(rects[0]);
}

function cellAt(field, event) {
  const sheet = event.target.closest(".sheet");
  const { x, y } = pointOn(sheet, event);
  const within = (box) => box.page === Number(sheet.dataset.number)
    && x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
  return [...field.querySelectorAll("[data-cell]")].find((item) => JSON.parse(item.dataset.boxes || "[]").some(within));
}

function showRect(rect) {
  const pane = viewer();
  const at = rect.getBoundingClientRect();
  const frame = pane.getBoundingClientRect();
  const left = at.left < frame.left || at.right > frame.right ? at.left - frame.left - 24 : 0;
  pane.scrollBy({ top: at.top - frame.top - frame.height * UPPER_THIRD, left });
}

let label = null;
function nameBox(rect) {
  label?.remove();
  label = null;
  if (!rect) return;
  const field = fieldNamed(rect.dataset.for);
  label = document.createElement("span");
  label.className = "box-name";
  label.textContent = field.dataset.label;
  const sheet = rect.closest(".sheet");
  const at = rect.getBoundingClientRect();
  const origin = sheet.getBoundingClientRect();
  sheet.append(label);
  // Positions through the CSSOM are fine under a strict style-src; only style attributes in HTML are not.
  label.style.left = `${at.left - origin.left}px`;
  label.style.top = `${at.top - origin.top - 2}px`;
}

// --- Going through the fields ----------------------------------------------------------------------------------
function focusField(field) {
  field?.querySelector("summary").focus({ preventScroll: true });
  field?.scrollIntoView({ block: "nearest" });
}

function edit(field) {
  if (!field) return;
  field.open = true;
  field.classList.add("editing");
  const input = entryOf(field);
  input?.focus();
  input?.select?.();
}

function entryOf(field) {
  if (field.contains(cell)) return cell;
  if (field.querySelector("[data-cell]")) return firstCell(field);
  return field.querySelector(".entry input:not([type=hidden]), .entry textarea, .entry select");
}

function firstDoubtful() {
  return document.querySelector(".field.doubtful") ?? document.querySelector(".field");
}

function start({ focus = true } = {}) {
  const root = review();
  if (!root) return;
  words = null;
  cell = null;
  stopDrawing();
  prepareCells();
  // Tab goes from doubtful field to doubtful field; inside one, e and the number keys do the rest.
  for (const inside of document.querySelectorAll(".field.doubtful .entry *, .choice")) inside.tabIndex = -1;
  drawBoxes();
  setZoom(zoom);
  markPage(1);
  document.title = `Review ${root.dataset.title} · Recto`;
  const crumb = document.getElementById("crumb-title");
  if (crumb) crumb.textContent = root.dataset.title;
  if (focus) focusField(firstDoubtful());
  mark(current() ?? document.activeElement.closest?.("[data-field]"), { scroll: focus });
  prefetch();
}

function prefetch() {
  const { next } = document.getElementById("fields").dataset;
  if (next) new Image().src = next;
}

// --- Zoom and pages --------------------------------------------------------------------------------------------
function setZoom(value) {
  zoom = Math.min(4, Math.max(0.4, value));
  document.querySelector(".sheets")?.style.setProperty("--zoomed", `${zoom * 100}%`);
  const level = document.querySelector("[data-zoom-level]");
  if (level) level.textContent = `${Math.round(zoom * 100)} %`;
  const rect = document.querySelector(".boxes .on");
  if (rect) showRect(rect);
}

function turn(by) {
  const sheets = [...document.querySelectorAll(".sheet")];
  const now = sheets.findIndex((sheet) => sheet.getBoundingClientRect().bottom > viewer().getBoundingClientRect().top + 40);
  const wanted = sheets[Math.min(sheets.length - 1, Math.max(0, now + by))];
  wanted?.scrollIntoView({ block: "start" });
  if (wanted) markPage(Number(wanted.dataset.number));
}

function markPage(number) {
  for (const link of document.querySelectorAll(".thumbs a")) {
    if (Number(link.dataset.page) === number) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

// --- Drawing a box ---------------------------------------------------------------------------------------------
let drawing = false;
let begun = null;

function startDrawing() {
  if (!current() || !entryOf(current())) return say("Choose a field first, then draw over its words.");
  drawing = true;
  review().classList.add("drawing-on");
  document.querySelector("[data-draw]").setAttribute("aria-pressed", "true");
  readWords();
}

function stopDrawing() {
  drawing = false;
  begun?.rect.remove();
  begun = null;
  review()?.classList.remove("drawing-on");
  document.querySelector("[data-draw]")?.setAttribute("aria-pressed", "false");
}

function readWords() {
  words ??= fetch(review().dataset.words).then((response) => (response.ok ? response.json() : { results: [] }));
  return words;
}

function pointOn(sheet, event) {
  const frame = sheet.getBoundingClientRect();
  const within = (value) => Math.min(1, Math.max(0, value));
  return { x: within((event.clientX - frame.left) / frame.width), y: within((event.clientY - frame.top) / frame.height) };
}

function boxBetween(from, to, page) {
  return {
    page, x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), w: Math.abs(from.x - to.x), h: Math.abs(from.y - to.y),
  };
}

function down(event) {
  const sheet = event.target.closest?.(".sheet");
  if (!drawing || !sheet) return;
  event.preventDefault();
  const rect = document.createElementNS(SVG, "rect");
  rect.classList.add("drawing");
  sheet.querySelector(".boxes").append(rect);
  begun = { sheet, rect, from: pointOn(sheet, event), page: Number(sheet.dataset.number) };
}

function move(event) {
  if (begun) place(begun.rect, boxBetween(begun.from, pointOn(begun.sheet, event), begun.page));
}

async function up(event) {
  if (!begun) return;
  const box = boxBetween(begun.from, pointOn(begun.sheet, event), begun.page);
  const field = current();
  stopDrawing();
  if (box.w < 0.002 || box.h < 0.002) return;
  const found = wordsIn((await readWords()).results, box);
  if (!found.length) return say("There are no words in that box.");
  fill(field, found, box.page);
}

function wordsIn(pages, box) {
  const page = pages.find((item) => item.page === box.page);
  return (page?.words ?? []).filter(({ box: word }) => {
    const [x, y] = [word.x + word.w / 2, word.y + word.h / 2];
    return x >= box.x && x <= box.x + box.w && y >= box.y && y <= box.y + box.h;
  });
}

function fill(field, found, page) {
  const left = Math.min(...found.map(({ box }) => box.x));
  const top = Math.min(...found.map(({ box }) => box.y));
  const right = Math.max(...found.map(({ box }) => box.x + box.w));
  const bottom = Math.max(...found.map(({ box }) => box.y + box.h));
  const box = { page, x: left, y: top, w: right - left, h: bottom - top };
  edit(field);
  entryOf(field).value = found.map(({ text }) => text).join(" ");
  const kept = field.querySelector("[name^='b-']");
  if (kept) {
    kept.value = JSON.stringify(box);
    for (const rect of boxesOf(field.dataset.field)) rect.remove();
    addBox(box, field);
  }
  mark(field, { scroll: false });
}

// --- Divider ---------------------------------------------------------------------------------------------------
function setWidth(percent) {
  const kept = Math.min(75, Math.max(25, percent));
  document.documentElement.style.setProperty("--fields-width", `${kept}%`);
  document.querySelector(".divider")?.setAttribute("aria-valuenow", Math.round(kept));
  try { localStorage.setItem("recto.fields-width", kept); } catch { /* not kept in private mode */ }
}

function dragDivider(event) {
  if (!event.target.closest?.(".divider")) return;
  event.preventDefault();
  const frame = review().getBoundingClientRect();
  const drag = (moved) => setWidth(((frame.right - moved.clientX) / frame.width) * 100);
  addEventListener("pointermove", drag);
  addEventListener("pointerup", () => removeEventListener("pointermove", drag), { once: true });
}

// --- Keys ------------------------------------------------------------------------------------------------------
const press = (selector) => document.querySelector(selector)?.click();

function openReject() {
  const details = document.querySelector(".reject");
  if (!details) return;
  details.open = true;
  document.getElementById("reason").focus();
}

const CHORDS = {
  "ctrl+Enter": () => press("[data-approve]"),
  "ctrl+Backspace": openReject,
  "alt+ArrowRight": () => press("[data-skip]"),
};
const PLAIN = {
  "+": () => setZoom(zoom * ZOOM_STEP), "=": () => setZoom(zoom * ZOOM_STEP), "-": () => setZoom(zoom / ZOOM_STEP),
  "0": () => setZoom(1), "[": () => turn(-1), "]": () => turn(1), d: startDrawing, e: () => edit(current()),
};

function onKey(event) {
  if (document.querySelector("dialog[open]")) return;
  const chord = `${event.ctrlKey || event.metaKey ? "ctrl+" : ""}${event.altKey ? "alt+" : ""}${event.key}`;
  const typing = isTyping(event.target);
  // Ctrl+Backspace deletes a word while somebody types one.
  const wordDelete = chord === "ctrl+Backspace" && typing && event.target.value;
  if (CHORDS[chord] && !wordDelete) return act(event, CHORDS[chord]);
  if (typing) return onTypingKey(event);
  if (chord !== event.key) return;
  if (event.key === "Escape" && drawing) return act(event, stopDrawing);
  if (/^[1-3]$/.test(event.key)) return act(event, () => pick(event.key));
  if (event.key === "Enter" && event.target.closest("summary") && current()) return act(event, () => edit(current()));
  if (event.target.closest(".divider")) return onDividerKey(event);
  if (PLAIN[event.key]) act(event, PLAIN[event.key]);
}

function act(event, action) {
  event.preventDefault();
  action();
}

function pick(number) {
  current()?.querySelector(`.choice[data-number="${number}"]`)?.click();
}

function onTypingKey(event) {
  const field = event.target.closest("[data-field]");
  if (onCellKey(event)) return;
  if (event.key === "Escape") {
    act(event, () => (field ? leave(field) : closeReject()));
  } else if (event.key === "Enter" && event.target.id === "reason") {
    act(event, () => press("[data-reject]"));
  } else if (event.key === "Enter" && field && !event.target.matches("textarea")) {
    act(event, () => field.querySelector("[data-save-one]").click());
  }
}

function leave(field) {
  const input = entryOf(field);
  markCell(null);
  if (input.defaultValue !== undefined) input.value = input.defaultValue;
  restoreCells(field);
  const kept = field.querySelector("[name^='b-']");
  if (kept) kept.value = "";
  field.classList.remove("editing");
  if (!field.classList.contains("doubtful")) field.open = false;
  drawBoxes();
  focusField(field);
}

function closeReject() {
  const details = document.querySelector(".reject");
  if (details) details.open = false;
  focusField(current() ?? firstDoubtful());
}

function onDividerKey(event) {
  const now = Number(event.target.getAttribute("aria-valuenow"));
  if (event.key === "ArrowLeft") setWidth(now + 2);
  if (event.key === "ArrowRight") setWidth(now - 2);
}

// --- Listening -------------------------------------------------------------------------------------------------
document.addEventListener("keydown", onKey);
document.addEventListener("pointerdown", (event) => { down(event); dragDivider(event); });
document.addEventListener("pointermove", move);
document.addEventListener("pointerup", up);
document.addEventListener("focusin", (event) => {
  const field = event.target.closest?.("[data-field]");
  if (field && field !== current()) mark(field, { scroll: !event.target.matches("[data-cell]") });
  if (field) markCell(event.target.closest("[data-cell]"));
});
document.addEventListener("mouseover", (event) => nameBox(event.target.closest?.(".boxes [data-for]")));
document.addEventListener("click", (event) => {
  const box = event.target.closest?.(".boxes [data-for]");
  if (box) {
    const field = fieldNamed(box.dataset.for);
    mark(field, { scroll: false });
    const hit = cellAt(field, event);
    if (hit) field.open = true;
    if (hit) hit.focus();
    else focusField(field);
  }
  const grow = event.target.closest?.("[data-add-row]");
  if (grow) addRow(grow.closest("[data-field]"));
  const gone = event.target.closest?.("[data-remove-row]");
  if (gone) removeRow(gone.closest("[data-cell-row]"));
  const editing = event.target.closest?.("[data-edit]");
  if (editing) edit(editing.closest("[data-field]"));
  const button = event.target.closest?.("[data-zoom]");
  if (button) setZoom(button.dataset.zoom === "+" ? zoom * ZOOM_STEP : zoom / ZOOM_STEP);
  if (event.target.closest?.("[data-draw]")) (drawing ? stopDrawing : startDrawing)();
  const page = event.target.closest?.(".thumbs a");
  if (page) {
    event.preventDefault();
    document.querySelector(page.getAttribute("href"))?.scrollIntoView({ block: "start" });
    markPage(Number(page.dataset.page));
  }
  if (event.target.closest?.(".reject > summary")) setTimeout(() => document.getElementById("reason").focus(), 0);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const field = event.target.closest?.("[data-field]");
  const list = fields();
  afterSave = field ? { name: field.dataset.field, next: list[list.indexOf(field) + 1]?.dataset.field } : null;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "review" || !afterSave) return start();
  const wrong = document.querySelector("[aria-invalid]");
  start({ focus: false });
  if (wrong) return wrong.id === "reason" ? wrong.focus() : edit(wrong.closest("[data-field]"));
  focusField(document.querySelector(".field.doubtful") ?? fieldNamed(afterSave.name));
});

try {
  const kept = Number(localStorage.getItem("recto.fields-width"));
  if (kept) setWidth(kept);
} catch { /* the default width it is */ }
start();
