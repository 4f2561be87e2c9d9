/**
 * The builder of forms: each field shows what its kind has a use for, and the preview follows what is typed. Without this module every
 * input is there, and a form is seen once it is saved and published.
 */

(() => {
  const LATER_MS = 400;
  const NUMBERS = ["number", "range"];
  const DAYS = ["date", "datetime"];
  const TEXTS = ["text", "area", "password"];
  const STATIC = ["heading", "note"];

  /**
   * What an input is of use for, by its name: the kinds, or what stands in another input of the same field.
   *
   * @type {Record<string, (field: (name: string) => string) => boolean>}
   */
  const USES = {
    options: (field) => ["radio", "dropdown", "checkbox"].includes(field("kind")),
    placeholder: (field) => [...TEXTS, "number", "phone", "email", "url", "dropdown"].includes(field("kind")),
    is_required: (field) => !STATIC.includes(field("kind")),
    least: (field) => [...NUMBERS, ...DAYS, ...TEXTS].includes(field("kind")),
    most: (field) => [...NUMBERS, ...DAYS, ...TEXTS].includes(field("kind")),
    pattern: (field) => TEXTS.includes(field("kind")),
    pattern_says: (field) => TEXTS.includes(field("kind")) && field("pattern") !== "",
    secure: (field) => !STATIC.includes(field("kind")) && !isWhole(),
    replacement: (field) => field("secure") === "replace" && !isWhole() && !STATIC.includes(field("kind")),
    mask: (field) => field("secure") === "mask" && !isWhole() && !STATIC.includes(field("kind")),
    keep: (field) => field("secure") === "mask" && !isWhole() && !STATIC.includes(field("kind")),
    shown_test: (field) => field("shown_by") !== "",
    shown_value: (field) => field("shown_by") !== "" && ["is", "is_not"].includes(field("shown_test")),
    name: (field) => !STATIC.includes(field("kind")),
  };

  const form = () => /** @type {HTMLFormElement | null} */ (document.getElementById("form_form"));

  function isWhole() {
    const box = document.getElementById("id_is_secured");
    return box instanceof HTMLInputElement && box.checked;
  }

  /** @param {Element} group the inputs of one field */
  function arrange(group) {
    const inputs = /** @type {HTMLInputElement[]} */ ([...group.querySelectorAll("[name^='fields-']")]);
    const named = new Map(inputs.map((input) => [input.name.replace(/^fields-(\d+|__prefix__)-/, ""), input]));
    const read = (/** @type {string} */ name) => named.get(name)?.value ?? "";
    for (const [name, isOfUse] of Object.entries(USES)) {
      const input = named.get(name);
      // The whole column that Unfold puts an input into; else the input with its label.
      const place = input?.closest(".field-line, [class*='field-'], .flex.flex-col");
      place?.toggleAttribute("data-useless", !isOfUse(read));
    }
  }

  function arrangeAll() {
    for (const group of document.querySelectorAll("#fields-group .form-group")) arrange(group);
    nameAll();
  }

  /** Offer the names of all fields where a rule asks for one: what a field is called without a name of its own is made of its label. */
  function nameAll() {
    const list = document.getElementById("field-names") ?? document.createElement("datalist");
    list.id = "field-names";
    if (!list.isConnected) document.body.append(list);
    const names = [];
    for (const group of document.querySelectorAll("#fields-group .form-group:not(.empty-form)")) {
      const read = (/** @type {string} */ end) => {
        const input = group.querySelector(`[name$="-${end}"]`);
        return input instanceof HTMLInputElement ? input.value.trim() : "";
      };
      names.push(
        read("name") ||
          read("label")
            .toLowerCase()
            .replace(/[^a-z0-9]+/g, "_")
            .replace(/^_+|_+$/g, ""),
      );
    }
    list.replaceChildren(...names.filter(Boolean).map((name) => new Option(name)));
    for (const input of document.querySelectorAll("#fields-group [name$='-shown_by']"))
      input.setAttribute("list", list.id);
  }

  // --- The preview

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  let asked = 0;

  async function preview() {
    const drawer = document.querySelector("[data-preview]");
    const page = form();
    if (!(drawer instanceof HTMLDetailsElement) || !drawer.open || !page) return;
    const frame = /** @type {HTMLIFrameElement} */ (drawer.querySelector("iframe"));
    asked += 1;
    const mine = asked;
    drawer.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams();
      for (const [name, text] of new FormData(page)) body.append(name, String(text));
      const response = await fetch(drawer.dataset.address ?? "", { method: "POST", body });
      const text = await response.text();
      if (response.ok && mine === asked) frame.srcdoc = text;
    } catch {
      // What is typed next asks again.
    }
    if (mine === asked) drawer.removeAttribute("aria-busy");
  }

  function soon() {
    clearTimeout(later);
    later = setTimeout(preview, LATER_MS);
  }

  function changed() {
    arrangeAll();
    soon();
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (!document.getElementById("fields-group")) return;
    arrangeAll();
    preview();
    document.querySelector("[data-preview]")?.addEventListener("toggle", preview);
    document.addEventListener("input", changed);
    document.addEventListener("change", changed);
    document.addEventListener("formset:removed", changed);
    document.addEventListener("formset:added", (event) => {
      changed();
      // It opens for whoever wants to say what it is.
      const row = event.target;
      if (!(row instanceof Element)) return;
      const title = row.querySelector("h3 strong");
      const label = row.querySelector("input[name$='-label']");
      // First what drives the page has to have seen the row.
      setTimeout(() => title instanceof HTMLElement && title.click());
      setTimeout(() => label instanceof HTMLElement && label.focus(), LATER_MS / 2);
    });
    // Dragged to another place: its order is written when it is let go.
    document.addEventListener("pointerup", soon);
  });
})();
