/**
 * Security keys and passkeys: the browser is asked for one, and what it answers goes with the form.
 *
 * A form says by `data-key` what for: "add" one, "use" one of one's own, or "enter" with any passkey of this host.
 */

for (const form of document.querySelectorAll("form[data-key]")) {
  if (form instanceof HTMLFormElement) prepare(form);
}

/** @param {HTMLFormElement} form */
function prepare(form) {
  const button = form.querySelector("[data-key-button]");
  const error = form.querySelector("[data-key-error]");
  if (!(button instanceof HTMLButtonElement) || !(error instanceof HTMLElement)) return;
  if (!("PublicKeyCredential" in window) || !PublicKeyCredential.parseRequestOptionsFromJSON) {
    button.hidden = true;
    return;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    error.hidden = true;
    try {
      await answer(form);
    } catch {
      // Cancelled, timed out, or refused by the key: the same to whoever sits there.
      button.disabled = false;
      error.hidden = false;
    }
  });
}

/** @param {HTMLFormElement} form */
async function answer(form) {
  const credential = form.dataset.key === "add" ? await create(form) : await get(form);
  const field = form.elements.namedItem("credential");
  if (!(credential instanceof PublicKeyCredential) || !(field instanceof HTMLInputElement)) throw new Error("no key");
  field.value = JSON.stringify(credential.toJSON());
  form.submit();
}

/** @param {HTMLFormElement} form */
async function create(form) {
  const options = written();
  const alone = form.elements.namedItem("passwordless");
  if (alone instanceof HTMLInputElement && alone.checked) {
    const wanted = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
    options.authenticatorSelection = { ...options.authenticatorSelection, ...wanted };
  }
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
}

/** @param {HTMLFormElement} form */
async function get(form) {
  const options = form.dataset.key === "enter" ? await asked(form.action) : written();
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}

/** What the page was sent with. */
function written() {
  return JSON.parse(document.getElementById("key-options")?.textContent ?? "{}").publicKey;
}

/** @param {string} address */
async function asked(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(String(response.status));
  return (await response.json()).request_options.publicKey;
}
