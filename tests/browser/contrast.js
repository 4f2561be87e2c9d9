// Run in a page by contrast.py: what of its buttons and fields can't be read, in each state that they can have.
() => {
  const CONTROLS = `button, a.button, summary, [role=tab], .menu-item, select, textarea,
    input:not([type=hidden], [type=checkbox], [type=radio], [type=range], [type=file], [type=color])`;
  const STATES = { rest: "", hover: "hover", focus: "focus focus-visible", pressed: "hover active" };
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();

  /** Any colour that CSS knows: red, green and blue up to 255, and how opaque it is. */
  function rgba(colour) {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [red, green, blue, alpha / 255]);
    }
    return known.get(colour);
  }

  const over = (top, alpha, below) => below.map((value, part) => top[part] * alpha + value * (1 - alpha));

  function luminance(colour) {
    const [red, green, blue] = colour.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  function contrast(one, other) {
    const [low, high] = [luminance(one), luminance(other)].sort((less, more) => less - more);
    return (high + 0.05) / (low + 0.05);
  }

  /** What is painted behind the content of an element, and how opaque that content is. */
  function ground(element) {
    const chain = [];
    for (let each = element; each; each = each.parentElement) {
      chain.unshift(each);
      // What lies in the top layer covers the page.
      if (each.matches("dialog:modal, :popover-open")) break;
    }
    const page = getComputedStyle(document.body).backgroundColor;
    let [colour, opacity] = [over(rgba(page), rgba(page)[3], [255, 255, 255]), 1];
    for (const each of chain) {
      const style = getComputedStyle(each);
      opacity *= Number(style.opacity);
      const fill = rgba(style.backgroundColor);
      colour = over(fill, fill[3] * opacity, colour);
    }
    return { colour, opacity };
  }

  function against(colour, behind) {
    const ink = rgba(colour);
    return contrast(over(ink, ink[3] * behind.opacity, behind.colour), behind.colour);
  }

  /** Every rule about a state holds for what is marked with that state, too. */
  function expose(holder) {
    for (let place = holder.cssRules.length - 1; place >= 0; place -= 1) {
      const rule = holder.cssRules[place];
      if (rule.cssRules?.length) expose(rule);
      const selector = rule.selectorText?.replace(/:(hover|active|focus-visible|focus)(?![-\w])/g, '[data-held~="$1"]');
      if (selector && selector !== rule.selectorText) holder.insertRule(`${selector} { ${rule.style.cssText} }`, place + 1);
    }
  }

  if (!document.documentElement.hasAttribute("data-exposed")) {
    document.documentElement.setAttribute("data-exposed", "");
    for (const sheet of document.styleSheets) expose(sheet);
  }

  const isField = (control) => control.matches("select, textarea, input:not([type=submit], [type=button])");
  const isOff = (control) => control.matches(":disabled, [aria-disabled=true]");
  const isSeen = (each) => each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().width > 2;

  /** What of a control has words of its own; its icons where nothing has. */
  function inks(control) {
    const all = [control, ...control.querySelectorAll("*")].filter(isSeen);
    const words = all.filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim()));
    return words.length ? words : all.filter((each) => each.matches("svg:not(.logo)"));
  }

  function isLarge(style) {
    const size = Number.parseFloat(style.fontSize);
    return size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  }

  /** How well the line around a field is seen, its own or that of a box which it is a row of; nothing where there is no line. */
  function edgeOf(field) {
    const ratios = [];
    for (let [each, up] = [field, 0]; each?.parentElement && up < 5; [each, up] = [each.parentElement, up + 1]) {
      const { borderBottomStyle, borderBottomWidth, borderBottomColor: colour } = getComputedStyle(each);
      if (borderBottomStyle === "none" || Number.parseFloat(borderBottomWidth) < 1 || !rgba(colour)[3]) continue;
      // It is found by its outer side or by its inner one.
      ratios.push(against(colour, ground(each)), against(colour, ground(each.parentElement)));
    }
    return ratios.length ? Math.max(...ratios) : undefined;
  }

  function nameOf(control) {
    const words = control.getAttribute("aria-label") || control.innerText || control.title || control.placeholder || control.name;
    return `${control.tagName.toLowerCase()}.${control.className} “${(words ?? "").trim().replace(/\s+/g, " ").slice(0, 40)}”`;
  }

  const found = [];
  function look(control, state) {
    const report = (what, ratio, least) => {
      if (ratio < least) found.push(`${state}${isOff(control) ? ", disabled" : ""}: ${nameOf(control)}: ${what} ${ratio.toFixed(2)}, not ${least}`);
    };
    const least = isOff(control) ? 3 : 4.5;
    if (isField(control)) {
      const behind = ground(control);
      report("text", against(getComputedStyle(control).color, behind), least);
      if (control.placeholder) report("placeholder", against(getComputedStyle(control, "::placeholder").color, behind), least);
      const edge = isOff(control) ? undefined : edgeOf(control);
      if (edge) report("edge", edge, 3);
    } else {
      for (const ink of inks(control)) {
        const style = getComputedStyle(ink);
        const isIcon = ink.matches("svg");
        report(isIcon ? "icon" : "text", against(style.color, ground(ink)), isIcon || isLarge(style) ? 3 : least);
      }
    }
    const { outlineStyle, outlineWidth, outlineOffset, outlineColor } = getComputedStyle(control);
    if (state !== "focus" || outlineStyle === "none" || !Number.parseFloat(outlineWidth)) return;
    const isInside = Number.parseFloat(outlineOffset) < 0;
    report("ring", against(outlineColor, ground(isInside ? control : control.parentElement)), 3);
  }

  const top = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document;
  const controls = [...top.querySelectorAll(CONTROLS)].filter((each) => isSeen(each) && !each.closest("[inert]"));
  for (const [state, held] of Object.entries(STATES)) {
    for (const control of controls) control.dataset.held = held;
    for (const control of controls) look(control, state);
  }
  const usable = controls.filter((control) => "disabled" in control && !control.disabled);
  for (const control of usable) control.disabled = true;
  for (const [state, held] of Object.entries({ rest: "", hover: "hover" })) {
    for (const control of usable) control.dataset.held = held;
    for (const control of usable) look(control, state);
  }
  for (const control of usable) control.disabled = false;
  for (const control of controls) delete control.dataset.held;
  return found;
}
