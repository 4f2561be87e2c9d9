/**
 * Files on their way to a message (CHAT-9): each is announced over the socket, sent with its progress to the address that
 * the answer names, and then waits until the message takes it. What fails says why, and can be tried again where that helps; what
 * was chosen while the line is down goes when it is back.
 */

/** @typedef {import("./types.js").FileFacts} FileFacts */
/** @typedef {import("./types.js").UploadTerms} UploadTerms */

/**
 * @typedef {object} Upload
 * @property {File} file
 * @property {string} name
 * @property {"waiting" | "sending" | "ready" | "failed"} state waiting: for the line
 * @property {number} sent 0 to 1
 * @property {FileFacts | null} facts once it is ready
 * @property {string} address where it is sent to, and taken back from
 * @property {string} why a sentence, when it failed
 * @property {boolean} again whether trying again may help
 * @property {boolean} lost whether the line was lost under it, so that it is tried again when it is back
 * @property {XMLHttpRequest | null} request
 */

/**
 * @typedef {object} Options
 * @property {(file: {name: string, size: number}) => Promise<UploadTerms>} ask announces a file
 * @property {{lost: string, many: string, waits: string}} words
 */

export class Uploads {
  /** @type {Upload[]} */
  all = [];
  /** @type {Set<() => void>} */
  #listeners = new Set();

  /** @param {Options} options */
  constructor({ ask, words }) {
    this.ask = ask;
    this.words = words;
  }

  /** Whether anything is still on its way. */
  get busy() {
    return this.all.some(({ state }) => state === "sending" || state === "waiting");
  }

  /** Whether anything can go with a message. */
  get any() {
    return this.all.some((upload) => upload.state === "ready");
  }

  /**
   * Be told of every change.
   *
   * @param {() => void} listener
   * @param {AbortSignal} [signal] ends it
   */
  watch(listener, signal) {
    this.#listeners.add(listener);
    signal?.addEventListener("abort", () => this.#listeners.delete(listener));
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      /** @type {Upload} */
      const upload = { file, name: file.name, state: "sending", sent: 0, facts: null, address: "", ...FRESH };
      this.all.push(upload);
      this.#start(upload);
    }
    this.#changed();
  }

  /** @param {FileFacts} facts what the server has already, such as a file of a draft */
  keep(facts) {
    const { name } = facts;
    this.all.push({ file: new File([], name), name, state: "ready", sent: 1, facts, address: "", ...FRESH });
    this.#changed();
  }

  /** @param {Upload} upload */
  retry(upload) {
    Object.assign(upload, { state: "sending", sent: 0, ...FRESH });
    this.#changed();
    this.#start(upload);
  }

  /** The line is back: what waits for it goes, and what it was lost under. */
  up() {
    for (const upload of this.all) if (upload.state === "waiting" || upload.lost) this.retry(upload);
  }

  /** @param {Upload} upload */
  remove(upload) {
    this.all = this.all.filter((one) => one !== upload);
    this.#giveUp(upload);
    this.#changed();
  }

  /**
   * What goes with the message that is sent now; it waits here no more.
   *
   * @returns {FileFacts[]}
   */
  take() {
    const facts = this.all.flatMap((upload) => (upload.facts ? [upload.facts] : []));
    this.all = this.all.filter((upload) => !upload.facts);
    this.#changed();
    return facts;
  }

  /** @param {Upload} upload */
  #giveUp({ request, address }) {
    request?.abort();
    // What the server has of it is swept within a day if this does not reach it.
    if (address) fetch(address, { method: "DELETE", credentials: "omit", keepalive: true }).catch(() => {});
  }

  /** @param {Upload} upload */
  async #start(upload) {
    try {
      const ack = await this.ask({ name: upload.name, size: upload.file.size });
      upload.address = ack.address;
      const place = this.all.indexOf(upload);
      if (place < 0) return this.#giveUp(upload);
      if (place < ack.max_files) return this.#send(upload);
      this.#giveUp(upload);
      this.#fail(upload, this.words.many.replace("{max}", String(ack.max_files)), false);
    } catch (error) {
      const { code, message = "" } = /** @type {{code?: string, message?: string}} */ (error);
      if (code === "closed") return this.#wait(upload);
      const passing = code === "internal" || code === "slow_down" || code === "busy";
      this.#fail(upload, message || this.words.lost, passing);
    }
  }

  /** @param {Upload} upload */
  #send(upload) {
    const request = new XMLHttpRequest();
    upload.request = request;
    request.open("PUT", upload.address);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      upload.sent = total ? loaded / total : 0;
      this.#changed();
    });
    request.addEventListener("load", () => {
      const { file = null, message = "" } = request.response ?? {};
      if (request.status !== 201 || !file) return this.#fail(upload, message || this.words.lost, request.status >= 500);
      Object.assign(upload, { state: "ready", sent: 1, facts: file, name: file.name });
      this.#changed();
    });
    for (const type of ["error", "timeout"]) {
      request.addEventListener(type, () => {
        upload.lost = true;
        this.#fail(upload, this.words.lost, true);
      });
    }
    request.send(upload.file);
  }

  /** @param {Upload} upload */
  #wait(upload) {
    Object.assign(upload, { state: "waiting", address: "", why: this.words.waits });
    this.#changed();
  }

  /**
   * @param {Upload} upload
   * @param {string} why
   * @param {boolean} again
   */
  #fail(upload, why, again) {
    Object.assign(upload, { state: "failed", address: "", why, again });
    this.#changed();
  }

  #changed() {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** @type {{why: string, again: boolean, lost: boolean, request: null}} */
const FRESH = { why: "", again: false, lost: false, request: null };
