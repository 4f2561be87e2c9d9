/** Runs before the first paint: theme and pane widths that this browser remembers, so that nothing jumps later. */

(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("parley.theme");
    if (theme) root.dataset.theme = theme;
    for (const pane of ["tray", "panel"]) {
      const width = Number(localStorage.getItem(`parley.width.${pane}`));
      if (width) root.style.setProperty(`--${pane}-width`, `${width}px`);
    }
  } catch {
    // Storage is blocked: the defaults serve.
  }
})();
