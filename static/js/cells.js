// The cells of lists and objects on the review page: going through them, adding and removing rows.
const untouched = new WeakMap();

const cellsOf = (element) => [...element.querySelectorAll("[data-cell]")];
const bodyOf = (field) => field.querySelector(".cells tbody");
const rowOf = (cell) => cell.closest("[data-cell-row]");
const numberOf = (row) => Number(row.querySelector("[data-cell]").name.match(/\.(\d+)\./)?.[1] ?? -1);

// Without JavaScript an empty row stands below; with it there is a button.
export function prepareCells() {
  for (const row of document.querySelectorAll("[data-cell-row].no-js")) row.remove();
  for (const body of document.querySelectorAll(".cells tbody")) {
    if (!untouched.has(body)) untouched.set(body, [...body.children].map((row) => row.cloneNode(true)));
  }
  for (const button of document.querySelectorAll("[data-remove-row]")) button.tabIndex = -1;
}

export function firstCell(field) {
  const cells = cellsOf(field);
  return cells.find((cell) => cell.matches("[aria-invalid]")) ?? cells.find((cell) => cell.matches(".unsure")) ?? cells[0];
}

// Tab goes from cell to cell once a person is in the table; before, it goes from field to field.
export function openCells(field) {
  for (const cell of cellsOf(field)) cell.tabIndex = 0;
}

export function restoreCells(field) {
  const body = bodyOf(field);
  if (body) body.replaceChildren(...(untouched.get(body) ?? []).map((row) => row.cloneNode(true)));
  for (const cell of cellsOf(field)) if (cell.defaultValue !== undefined) cell.value = cell.defaultValue;
}

export function addRow(field, after = null) {
  const body = bodyOf(field);
  const number = Math.max(-1, ...[...body.children].map(numberOf)) + 1;
  const row = field.querySelector("[data-pattern]").content.querySelector("[data-cell-row]").cloneNode(true);
  for (const cell of cellsOf(row)) cell.name = cell.name.replace(".NEW.", `.${number}.`);
  if (after) after.after(row);
  else body.append(row);
  openCells(row);
  cellsOf(row)[0].focus();
}

export function removeRow(row) {
  const near = row.nextElementSibling ?? row.previousElementSibling;
  const field = row.closest("[data-field]");
  row.remove();
  const next = near ? cellsOf(near)[0] : field.querySelector("[data-add-row]");
  next.focus();
}

function goTo(cell, step) {
  const row = rowOf(cell);
  const other = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  if (!other) return false;
  cellsOf(other)[cellsOf(row).indexOf(cell)].focus();
  return true;
}

// True when the key was one of the table's.
export function onCellKey(event) {
  const cell = event.target.closest("[data-cell]");
  if (!cell || !rowOf(cell)) return false;
  if (event.altKey && event.key === "Enter") addRow(cell.closest("[data-field]"), rowOf(cell));
  else if (event.altKey && event.key === "Delete") removeRow(rowOf(cell));
  else if (event.altKey || event.ctrlKey || cell.matches("select")) return false;
  else if (event.key === "ArrowDown") goTo(cell, 1);
  else if (event.key === "ArrowUp") goTo(cell, -1);
  else return false;
  event.preventDefault();
  return true;
}
