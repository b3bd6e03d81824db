// Uploads: many files, each with its own bar, then the stages of its job as they happen.
import { say } from "./shell.js";
import { watchJob } from "./live.js";

const AT_ONCE = 3;
const CHOICES = ["flow_id", "template_id", "pdf_password", "type", "language", "pages", "ocr", "table_mode", "image_handling", "model"];
const TONES = {
  pending: ["Waiting", "wait"], queued: ["Queued", "wait"], processing: ["Processing", "run"], completed: ["Done", "done"],
  requires_review: ["To review", "look"], approved: ["Approved", "good"], rejected: ["Rejected", "bad"],
  failed: ["Failed", "bad"], password_required: ["Needs password", "look"], cancelled: ["Cancelled", "wait"],
};
const OPEN = ["pending", "queued", "processing"];
const form = document.getElementById("upload");
const area = document.querySelector("[data-uploads]");
const template = document.getElementById("upload-row");
const items = new Map();
const waiting = [];
let running = 0;

function add(file) {
  const row = template.content.firstElementChild.cloneNode(true);
  const item = { file, row, id: null };
  put(row, "[data-name]", file.name);
  put(row, "[data-size]", size(file.size));
  row.querySelector("[data-retry]").addEventListener("click", () => queue(item));
  area.hidden = false;
  area.querySelector("tbody").prepend(row);
  queue(item);
}

function queue(item) {
  show(item, "Waiting", "wait", "");
  item.row.querySelector("[data-retry]").hidden = true;
  item.row.querySelector("progress").hidden = false;
  const most = Number(form.dataset.maxBytes);
  if (item.file.size > most * 1024 * 1024) return fail(item, `The file is larger than ${most} MB.`, false);
  if (item.file.size === 0) return fail(item, "The file is empty.", false);
  waiting.push(item);
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length) {
    running += 1;
    send(waiting.shift());
  }
}

function send(item) {
  const data = new FormData();
  data.append("file", item.file);
  for (const name of CHOICES) {
    const value = form.elements[name]?.value;
    if (value) data.append(name, value);
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.url);
  request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
  request.responseType = "json";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar(item, event.loaded / event.total, `${Math.round((event.loaded / event.total) * 100)} % sent`);
  });
  request.addEventListener("load", () => answered(item, request));
  request.addEventListener("error", () => fail(item, "The server cannot be reached.", true));
  request.addEventListener("loadend", () => { running -= 1; next(); });
  show(item, "Sending", "run", "");
  request.send(data);
}

function answered(item, request) {
  const body = request.response ?? {};
  if (request.status >= 400) {
    return fail(item, sentence(body), request.status >= 500 || request.status === 429);
  }
  item.id = body.document_id;
  items.set(item.id, item);
  const link = item.row.querySelector("[data-name]");
  link.href = `/documents/${item.id}`;
  if (body.deduped && !body.job) {
    put(item.row, "[data-note]", `is here already, as ${body.document.title || body.document.filename}`);
  }
  status(item, body.document.status);
  if (body.job) watchJob(body.job.id, (message) => jobSays(item, message));
}

function sentence(body) {
  const first = Object.values(body.details?.fields ?? {})[0];
  return first ? first.join(" ") : body.message ?? "It could not be sent. Try again.";
}

function jobSays(item, message) {
  const { progress, message: words } = message.job ?? message;
  if (progress !== undefined && !item.settled) bar(item, progress, words ?? "");
  if (words && !item.settled) show(item, words, "run");
}

function status(item, name, error) {
  const [word, tone] = TONES[name] ?? [name, "wait"];
  item.settled = !OPEN.includes(name);
  show(item, word, tone);
  if (item.settled) {
    bar(item, 1, "");
    item.row.querySelector("progress").hidden = true;
    if (error) put(item.row, "[data-note]", error);
    said(`${item.file.name}: ${word}`);
  }
}

function fail(item, text, again) {
  show(item, "Failed", "bad");
  bar(item, 0, "");
  item.row.querySelector("progress").hidden = true;
  put(item.row, "[data-note]", text);
  item.row.querySelector("[data-retry]").hidden = !again;
  said(`${item.file.name}: ${text}`);
}

function show(item, word, tone, note) {
  const state = item.row.querySelector(".state");
  state.className = `state ${tone}`;
  state.querySelector(".dot").className = `dot ${tone}`;
  put(item.row, "[data-word]", word);
  if (note !== undefined) put(item.row, "[data-note]", note);
}

function bar(item, value, words) {
  item.row.querySelector("progress").value = value;
  put(item.row, "[data-message]", words);
}

function put(root, selector, text) {
  root.querySelector(selector).textContent = text;
}

function said(text) {
  put(document, "[data-said]", text);
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const mb = bytes / 1024 / 1024;
  return mb < 1 ? `${Math.round(bytes / 1024)} KB` : `${mb.toFixed(1)} MB`;
}

// --- What happens to them -------------------------------------------------------------------------------------
document.addEventListener("recto:document", async ({ detail }) => {
  const item = items.get(detail.document_id);
  if (!item) return;
  if (detail.status === "failed" || detail.status === "password_required") return ask(item);
  status(item, detail.status);
});
document.addEventListener("recto:poll", () => {
  for (const item of items.values()) if (!item.settled) ask(item);
});

async function ask(item) {
  const response = await fetch(`/api/v1/documents/${item.id}`);
  if (!response.ok) return;
  const body = await response.json();
  status(item, body.status, body.error_message);
}

// --- Files in ---------------------------------------------------------------------------------------------------
function take(list) {
  const files = [...list];
  if (!files.length) return say("There was no file in that.");
  files.forEach(add);
}

form.elements.file.addEventListener("change", (event) => {
  take(event.target.files);
  event.target.value = "";
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("over");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  take(event.dataTransfer.files);
});
addEventListener("paste", (event) => {
  if (event.clipboardData.files.length) take(event.clipboardData.files);
});
