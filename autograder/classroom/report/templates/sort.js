
for (const head of document.querySelectorAll("table.sortable thead th")) {
  if (!head.textContent.trim()) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => sort(head));
}

function sort(head) {
  const falls = head.getAttribute("aria-sort") === "ascending";
  for (const other of head.parentNode.children) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", falls ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].map(row => [value(row.cells[head.cellIndex]), row]);
  rows.sort(([one], [other]) => compare(one, other, falls ? -1 : 1));
  body.append(...rows.map(([, row]) => row));
}

function value(cell) {
  return cell ? cell.dataset.value ?? cell.textContent.trim() : "";
}

// Where there is no number, a row comes last, whichever way is up.
function compare(one, other, way) {
  if (one === "" || other === "") return (one === "") - (other === "");
  const difference = one - other;
  return way * (Number.isNaN(difference) ? one.localeCompare(other, "en", {numeric: true}) : difference);
}

// Where a table is wider than its box, a line above says that there is more to the side.
function hint() {
  for (const box of document.querySelectorAll(".scroll")) {
    const wide = box.querySelector("table").offsetWidth > box.clientWidth;
    box.classList.toggle("wide", wide);
  }
}
addEventListener("resize", hint);
hint();
