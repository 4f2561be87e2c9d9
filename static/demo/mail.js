// The frame of a mail is as high as the mail: the page scrolls, not the frame.

/** @param {HTMLIFrameElement} frame */
function fit(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  frame.style.blockSize = "0";
  frame.style.blockSize = `${page.documentElement.scrollHeight}px`;
}

for (const frame of document.querySelectorAll("iframe[data-fit]")) {
  if (!(frame instanceof HTMLIFrameElement)) continue;
  const begin = () => {
    fit(frame);
    // Folded history opens inside; pictures come later.
    frame.contentDocument?.addEventListener("toggle", () => fit(frame), true);
    frame.contentDocument?.addEventListener("load", () => fit(frame), true);
  };
  frame.addEventListener("load", begin);
  if (frame.contentDocument?.readyState === "complete") begin();
  let width = 0;
  new ResizeObserver(() => {
    if (frame.clientWidth !== width) fit(frame);
    width = frame.clientWidth;
  }).observe(frame);
}

// Nobody looks: nothing is asked.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.visibilityState === "hidden") event.preventDefault();
});

// The list begins where the mail that is read stands.
document.querySelector(".mail-line[aria-current]")?.scrollIntoView({ block: "nearest" });
