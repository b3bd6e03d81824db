// Runs before the first paint, so that nothing flashes in the wrong theme.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  let chosen = null;
  try { chosen = localStorage.getItem("recto.theme"); } catch { /* private mode: the system setting it is */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.bsTheme = dark ? "dark" : "light";
  if (!chosen) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
      root.dataset.bsTheme = event.matches ? "dark" : "light";
    });
  }
})();
