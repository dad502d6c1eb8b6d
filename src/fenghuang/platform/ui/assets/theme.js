// Sets the theme before the first paint; loaded in <head>, so it stays this small.
(() => {
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; }
  };
  const apply = () => {
    const theme = chosen();
    root.dataset.theme = theme;
    root.dataset.bsTheme = theme === "auto" ? (system.matches ? "dark" : "light") : theme;
    root.dispatchEvent(new CustomEvent("themechange"));
  };
  system.addEventListener("change", apply);
  window.fenghuangTheme = { chosen, set(theme) { try { localStorage.setItem("theme", theme); } catch { /* private window */ } apply(); } };
  apply();
})();
