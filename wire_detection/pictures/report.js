"use strict";
// Lights up nets, lists them beside their sheet, zooms, hides layers and sorts the list of sheets.
// A link such as report.html#s2n3 opens sheet 2 with its net 3 lit.

const LOW = Number(document.body.dataset.low);
const ZOOM_STEP = 1.5, WIDEST = 12; // a step doubles the area; 12 times shows single pixels of the largest sheets

/** Make an element with properties and children. */
function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Count the wires and the junctions of a net: each begins with an M of its path. */
function count(net) {
  const parts = (selector) => [...net.querySelectorAll(selector)]
    .reduce((sum, path) => sum + path.getAttribute("d").split("M").length - 1, 0);
  net.dataset.wires = parts("path:not(.dot, .halo)");
  net.dataset.junctions = parts(".dot");
}

/** Say a net in words. */
function inWords(net) {
  const { net: number, wires, junctions, confidence } = net.dataset;
  const doubt = Number(confidence) < LOW ? ", doubtful" : "";
  const name = number === "" ? "in no net" : `net ${number}`;
  const many = (n, word) => `${n} ${word}${n === "1" ? "" : "s"}`;
  return `${name}: ${many(wires, "wire")}, ${many(junctions, "junction")}, confidence ${confidence}${doubt}`;
}

/** Let the nets of a sheet be pointed at, in the picture and in a list beside it. */
function setUp(sheet) {
  const stage = sheet.querySelector(".stage");
  if (!stage) return;
  const said = sheet.querySelector(".said");
  const nets = [...sheet.querySelectorAll(".net")];
  const rows = new Map();
  let pinned = null;

  function light(net) {
    for (const other of nets) other.classList.toggle("lit", other === net);
    for (const [other, row] of rows) row.classList.toggle("lit", other === net);
    sheet.classList.toggle("has-lit", net !== null);
    said.textContent = net ? inWords(net) : "";
  }
  function pin(net) {
    pinned = net === pinned ? null : net;
    for (const [other, row] of rows) row.querySelector("button").setAttribute("aria-pressed", other === pinned);
    light(pinned);
  }

  for (const net of nets) {
    count(net);
    for (const path of net.querySelectorAll("path")) {
      const hit = path.cloneNode(); // wide and unseen: a thin line is hard to point at
      hit.setAttribute("class", "hit");
      net.append(hit);
    }
    net.addEventListener("pointerenter", () => light(net));
    net.addEventListener("pointerleave", () => light(pinned));
    net.addEventListener("click", () => pin(net));
  }

  const body = make("tbody");
  for (const net of [...nets].sort((a, b) => a.dataset.confidence - b.dataset.confidence)) {
    const swatch = make("span", { className: "swatch" });
    swatch.style.background = net.getAttribute("stroke");
    const button = make("button", { type: "button" }, swatch, net.dataset.net === "" ? "in no net" : `net ${net.dataset.net}`);
    button.setAttribute("aria-pressed", "false");
    const low = Number(net.dataset.confidence) < LOW;
    const row = make("tr", {}, make("td", {}, button),
      ...["wires", "junctions"].map((key) => make("td", { className: "number" }, net.dataset[key])),
      make("td", { className: low ? "number low" : "number" }, net.dataset.confidence));
    rows.set(net, row);
    row.addEventListener("pointerenter", () => light(net));
    row.addEventListener("pointerleave", () => light(pinned));
    button.addEventListener("focus", () => light(net));
    button.addEventListener("blur", () => light(pinned));
    button.addEventListener("click", () => pin(net));
    body.append(row);
  }
  const titles = ["net", "wires", "junctions", "confidence"].map((text, i) =>
    make("th", { scope: "col", className: i ? "number" : "" }, text));
  sheet.querySelector(".nets-list").append(zoomTools(stage),
    make("table", {}, make("thead", {}, make("tr", {}, ...titles)), body));
  sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") pin(pinned); });
  sheet.pinNet = (number) => { const net = nets.find((n) => n.dataset.net === number); if (net) pin(net); };
}

/** Buttons that show the picture larger, smaller, and as a whole. */
function zoomTools(stage) {
  let zoom = 1;
  const set = (value) => {
    zoom = Math.min(WIDEST, Math.max(1, value));
    stage.style.setProperty("--zoom", zoom);
    stage.classList.toggle("zoomed", zoom > 1);
  };
  const button = (text, label, value) => {
    const made = make("button", { type: "button", onclick: () => set(value()) }, text);
    made.setAttribute("aria-label", label);
    return made;
  };
  return make("div", { className: "tools" },
    button("+", "larger", () => zoom * ZOOM_STEP), button("\u2212", "smaller", () => zoom / ZOOM_STEP),
    button("whole sheet", "whole sheet", () => 1));
}

/** Sort the rows of a table by the column of a clicked title, and by another click the other way round. */
function sortable(table) {
  const body = table.tBodies[0], titles = [...table.tHead.rows[0].cells];
  const value = (row, i) => row.cells[i].textContent;
  titles.forEach((title, i) => title.querySelector("button").addEventListener("click", () => {
    const sign = title.getAttribute("aria-sort") === "ascending" ? -1 : 1;
    for (const other of titles) other.removeAttribute("aria-sort");
    title.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
    const rows = [...body.rows].sort((a, b) =>
      sign * value(a, i).localeCompare(value(b, i), undefined, { numeric: true }));
    body.append(...rows);
  }));
}

document.querySelectorAll(".sheet").forEach(setUp);
document.querySelectorAll("table.sortable").forEach(sortable);
for (const box of document.querySelectorAll("[data-layer]")) {
  box.addEventListener("change", () => document.body.classList.toggle(`hide-${box.dataset.layer}`, !box.checked));
}
const asked = /^#(s\d+)n(\d+)$/.exec(location.hash);
if (asked) {
  const sheet = document.getElementById(asked[1]);
  sheet?.scrollIntoView();
  sheet?.pinNet?.(asked[2]);
}
