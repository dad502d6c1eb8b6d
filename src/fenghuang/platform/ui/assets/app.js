// What every page needs: htmx, Tabler's parts, the theme buttons, menus that close, searchable selects.
import "@tabler/core";
import htmx from "htmx.org";

window.htmx = htmx;
htmx.config.allowEval = false; // the content security policy forbids it anyway
htmx.config.includeIndicatorStyles = false; // the same: no style element from scripts
htmx.config.selfRequestsOnly = true;

function themeButtons() {
  const chosen = window.fenghuangTheme.chosen();
  for (const button of document.querySelectorAll("[data-set-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.setTheme === chosen));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set-theme]");
  if (button) {
    window.fenghuangTheme.set(button.dataset.setTheme);
    themeButtons();
  }
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
// "/" goes to the search box, or to the search page where the box is too wide for the screen.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("[data-search-all]");
  if (!box) return;
  event.preventDefault();
  if (box.offsetParent) box.focus();
  else document.querySelector(".shell-search-link")?.click();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
// A form sends once, and says that it is being sent.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.target.method !== "post" || event.defaultPrevented) return;
  setTimeout(() => { button.disabled = true; button.setAttribute("aria-busy", "true"); }, 0);
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) {
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }
});

// Copying and printing need a script; their buttons are hidden without one (calc.css).
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-print]");
  if (!button) return;
  if ("print" in button.dataset) return window.print();
  const words = button.querySelector("span");
  const said = words.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    words.textContent = "已复制";
  } catch { // no permission, or a page without TLS
    words.textContent = "未能复制，请从上方链接复制";
  }
  setTimeout(() => { words.textContent = said; }, 2500);
});
// A calendar writes its day into the field beside it, and the field tells whoever listens.
document.addEventListener("change", (event) => {
  const field = document.getElementById(event.target.dataset?.writes ?? "");
  if (!field || !event.target.value) return;
  field.value = event.target.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
// Paper is white: light figures on it could not be read.
window.addEventListener("beforeprint", () => {
  const page = document.documentElement;
  page.dataset.screenTheme = page.dataset.bsTheme ?? "light";
  page.dataset.bsTheme = "light";
});
window.addEventListener("afterprint", () => { document.documentElement.dataset.bsTheme = document.documentElement.dataset.screenTheme; });
// A result that could not be renewed says so: a stale figure must not pass for the answer.
const failed = (shown) => document.querySelectorAll("[data-failed]").forEach((note) => { note.hidden = !shown; });
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => failed(true));
document.addEventListener("htmx:afterSwap", () => failed(false));
// What was unfolded stays so when a result is renewed around it.
let unfolded = [];
document.addEventListener("htmx:beforeSwap", () => { unfolded = [...document.querySelectorAll("details[data-keep][open]")].map((one) => one.dataset.keep); });
document.addEventListener("htmx:afterSwap", () => {
  for (const one of document.querySelectorAll("details[data-keep]")) if (unfolded.includes(one.dataset.keep)) one.open = true;
});

// A drawing wider than the screen begins with its middle, where it starts.
for (const frame of document.querySelectorAll("[data-centred]")) frame.scrollLeft = (frame.scrollWidth - frame.clientWidth) / 2;

async function parts(root) {
  const charts = [...root.querySelectorAll("[data-chart]:not([data-ready])")];
  if (charts.length) {
    const { draw } = await import("./charts.js");
    charts.forEach(draw);
  }
  const selects = [...root.querySelectorAll("select[data-search]:not(.tomselected)")];
  if (selects.length) {
    const { default: TomSelect } = await import("tom-select");
    for (const select of selects) {
      new TomSelect(select, { maxOptions: 500, allowEmptyOption: true, render: { no_results: () => "<div class=\"no-results\">没有匹配项</div>" } });
    }
  }
}

htmx.onLoad((element) => parts(element));
themeButtons();
document.documentElement.dataset.scripts = "ready";
