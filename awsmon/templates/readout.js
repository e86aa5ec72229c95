"use strict";
// Under the pointer a chart tells the values of its lines, read off where they are drawn.
for (const canvas of document.querySelectorAll("[data-span]")) {
  const numbers = (text) => text.split(" ").map(Number);
  const [start, end, shift] = numbers(canvas.dataset.span);
  const lines = [...canvas.querySelectorAll("path[data-label]")].map((path) => ({
    label: path.dataset.label,
    axis: numbers(canvas.dataset[path.dataset.axis]),
    points: [...path.getAttribute("d").matchAll(/([\d.-]+) ([\d.-]+)/g)].map((found) => [Number(found[1]), Number(found[2])]),
  }));
  if (!lines.length) continue;
  const told = canvas.appendChild(document.createElement("p"));
  told.className = "readout";
  told.hidden = true;
  const near = (points, x) => points.reduce((best, each) => (Math.abs(each[0] - x) < Math.abs(best[0] - x) ? each : best));
  canvas.addEventListener("pointermove", (event) => {
    const box = canvas.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 1000;
    const found = lines.map((line) => ({ ...line, at: near(line.points, x) }));
    const at = near(found.map((line) => line.at), x)[0];
    const time = new Date((start + (at / 1000) * (end - start) + shift) * 1000).toISOString().slice(11, 19);
    const values = found.filter((line) => Math.abs(line.at[0] - at) < 0.2).map(({ label, axis, at: [, y] }) => {
      const value = Number((axis[1] - (y / 1000) * (axis[1] - axis[0])).toPrecision(3));
      return label ? `${label} ${value}` : `${value}`;
    });
    told.textContent = [time, ...values].join("\n");
    told.hidden = false;
    told.style.left = `${at / 10}%`;
    told.classList.toggle("leftwards", at > 500);
  });
  canvas.addEventListener("pointerleave", () => { told.hidden = true; });
}
