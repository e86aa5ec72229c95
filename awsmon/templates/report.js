"use strict";
// Whatever a link leads to is shown, though it stands in something that is folded.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  const own = target.querySelector(":scope > details");
  if (own) own.open = true;
  target.scrollIntoView({ block: "start" });
  target.focus({ preventScroll: true });
}
addEventListener("hashchange", reveal);
reveal();

// Rows are filtered by what they say, and by the classes that a box asks for.
for (const form of document.querySelectorAll("[data-filters]")) {
  const body = document.getElementById(form.dataset.filters);
  const rows = [...(body.tagName === "TBODY" ? body.rows : body.querySelectorAll("[data-row]"))];
  const named = (row) => row.closest(".group")?.querySelector("h3").textContent ?? "";
  const told = rows.map((row) => `${named(row)} ${row.textContent}`.toLowerCase());
  const search = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("[data-only]")];
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = boxes.filter((box) => box.checked).map((box) => box.dataset.only);
    let shown = 0;
    rows.forEach((row, place) => {
      const fits = words.every((word) => told[place].includes(word)) && only.every((kind) => row.classList.contains(kind));
      row.hidden = !fits;
      shown += fits;
    });
    for (const group of body.querySelectorAll(".group")) group.hidden = !group.querySelector("[data-row]:not([hidden])");
    form.querySelector("output").textContent = shown === rows.length ? "" : `${shown} of ${rows.length}`;
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
}
