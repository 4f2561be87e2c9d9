/**
 * The customer's conversation: what comes over the socket goes into the list, what is written goes out, and each change
 * of state is shown.
 */

import { Clock } from "../shared/clock.js";
import { MessageList } from "../shared/messages.js";
import { filesOf, Outbox } from "../shared/outbox.js";
import { Scroll } from "../shared/scroll.js";
import { Connection, SocketError } from "../shared/socket.js";
import { Sync } from "../shared/sync.js";
import { TypingSender, TypingWatch } from "../shared/typing.js";
import { About } from "./about.js";
import { Attach } from "./attach.js";
import { Banner } from "./banner.js";
import { Compose } from "./compose.js";
import { byId } from "./dom.js";
import { LeaveEmail } from "./leave.js";
import { Reading } from "./reading.js";
import { Saving } from "./saving.js";
import { stageOf, View } from "./view.js";
import { ASK_MS, Waiting } from "./waiting.js";

/** @typedef {import("../shared/types.js").Frame} Frame */
/** @typedef {import("../shared/types.js").Conversation} Conversation */
/** @typedef {import("../shared/types.js").Marks} Marks */
/** @typedef {import("../shared/types.js").Message} Message */
/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./store.js").Store} Store */

/** Stands for the conversation that the next message opens. */
const NEW = "new";

export class Chat {
  /** @type {Conversation | null} */
  conversation = null;
  #more = false;
  #fetching = false;
  #unread = 0;
  #settled = false;
  /** What is asked after the end. @type {import("../shared/types.js").Survey | null} */
  #asked = null;
  /** @type {import("./survey.js").Survey | null} */
  #survey = null;
  #fetchingSurvey = false;
  /** The signed token by which the company says who its customer is, until the server has refused it. @type {string | null} */
  #identity = null;
  /** The last such token, for a browser that the server does not know any more. */
  #presented = "";
  /** @type {import("./host.js").Attributes} */
  #attributes = {};
  /** The last line that the site was told of. */
  #told = 0;

  /**
   * @param {object} options
   * @param {string} options.channel
   * @param {boolean} options.keep
   * @param {Host} options.host
   * @param {Store} options.store
   */
  constructor({ channel, keep, host, store }) {
    this.channel = channel;
    this.host = host;
    this.store = store;
    this.connection = new Connection("/ws/widget/", {
      serverTime: Date.parse(document.body.dataset.serverTime ?? "") || undefined,
      hello: () => this.#hello(),
      onWelcome: (frame) => this.#welcome(frame),
      onFrame: (frame) => this.#take(frame),
      onState: (state, { retryAt, code }) => this.#state(state, retryAt, code),
      onHelloError: (error) => this.#helloRefused(error),
      onWake: () => this.sync.wake(),
    });
    this.sync = new Sync(this.connection, {
      ask: () => this.#ask(),
      apply: (ack) => this.#apply(ack),
      idle: () => (this.view.stage === "waiting" ? ASK_MS : undefined),
    });
    this.clock = new Clock(() => this.connection.now());
    this.banner = new Banner(this.clock, () => this.connection.retryNow());
    this.about = new About();
    this.waiting = new Waiting();
    this.leave = new LeaveEmail((email) => this.#leaveEmail(email));
    this.view = new View({ onEnd: () => this.#end(), onAgain: () => this.#again(), onOver: () => this.focus() });
    this.attach = new Attach({
      request: (frame) => this.connection.request(frame),
      place: () => this.conversation?.id ?? null,
      enabled: () => this.connection.state === "open" && this.view.stage !== "ended",
    });
    this.messages = new MessageList({
      list: byId("messages", HTMLOListElement),
      template: byId("message-template", HTMLTemplateElement),
      side: "customer",
      files: this.attach.files,
      onGap: () => this.sync.now(),
    });
    this.scroll = new Scroll({
      viewport: byId("viewport", HTMLElement),
      content: byId("content", HTMLElement),
      chip: byId("chip", HTMLButtonElement),
      onTop: () => this.#history(),
      onEnd: () => this.reading?.update(),
    });
    this.reading = new Reading({
      messages: this.messages,
      isSeen: () => this.host.isOpen && document.visibilityState === "visible" && this.scroll.atEnd,
      tell: (mark) => this.connection.tell({ type: "mark", ...mark }),
      onUnread: (count) => this.#showUnread(count),
    });
    this.typing = new TypingSender((on) => this.#tellTyping(on));
    this.watch = new TypingWatch((_key, names) => {
      this.view.typing(names);
      this.scroll.arrived();
    });
    this.compose = new Compose({
      uploads: this.attach.uploads,
      onSend: (text) => this.#write(text),
      onResend: () => this.#resend(),
      onType: (empty) => (empty ? this.typing.stop() : this.typing.key()),
    });
    this.outbox = new Outbox({
      keep,
      storageKey: store.unsentKey,
      send: (entry) => this.#send(entry),
      onState: (entry, state, why, ack) => this.#entry(entry, state, why, ack),
      onChange: () => this.#offerResend(),
    });
    byId("emoji-button", HTMLButtonElement).addEventListener("click", () => this.#emoji(), { once: true });
    this.saving = new Saving(() => this.#transcript());
    this.outbox.restore();
    this.store.onLive((value) => this.#elsewhere(value));
  }

  /** Connect; what was written before goes out when the connection is up. */
  start() {
    this.clock.start();
    this.connection.start();
  }

  /** The card was opened. */
  opened() {
    this.scroll.toEnd();
    this.reading.update();
  }

  /** @param {string} token */
  identify(token) {
    if (token === this.#presented) return;
    this.#identity = this.#presented = token;
    this.connection.renew();
  }

  /** @param {import("./host.js").Attributes} attributes */
  setAttributes(attributes) {
    Object.assign(this.#attributes, attributes);
    this.connection.tell({ type: "attributes", attributes });
  }

  /** The site has another address now. */
  moved() {
    const { url, title } = this.host.page;
    this.connection.tell({ type: "page", url, title });
  }

  /** The customer has signed out of the site: this browser is a new one. */
  forget() {
    this.#identity = null;
    this.#presented = "";
    this.#attributes = {};
    this.store.clear();
    this.#turnTo(null, []);
    this.outbox.retain([]);
    this.about.reset();
    this.leave.known = "";
    this.#show();
    this.connection.renew();
  }

  /** Where what is written goes. */
  get #place() {
    return this.conversation?.id ?? NEW;
  }

  // --- Connecting

  #hello() {
    return {
      channel: this.channel,
      token: this.store.get("token"),
      page: { ...this.host.page, language: navigator.language ?? "", time_zone: zone() },
      identity: this.#identity,
      attributes: this.#attributes,
      pages: this.store.pages,
    };
  }

  /** @param {SocketError} error */
  #helloRefused(error) {
    if (error.code === "identity_refused" && this.#identity !== null) {
      this.#identity = null;
      this.host.event("identity", { proven: false, reason: String(error.detail.reason ?? "") });
    } else if (error.code === "bad_frame" && error.detail.field === "attributes") {
      this.#attributes = {};
    } else if (error.code === "token_refused" && this.store.get("token") !== null) {
      this.store.set("token", null);
      this.#identity = this.#presented || null;
    } else {
      return false;
    }
    return true;
  }

  /** @param {Frame} frame */
  #welcome(frame) {
    this.store.set("token", frame.token);
    this.attach.key = frame.file_key;
    this.about.known = frame.contact;
    this.view.staffed = frame.staffed;
    if (this.#identity !== null) this.host.event("identity", { proven: frame.contact?.proven === true });
    // From now on the browser's own token says whose it is: the signed one is soon too old.
    this.#identity = null;
    /** @type {Conversation | null} */
    const conversation = frame.conversation;
    if (!conversation || this.#isDismissed(conversation)) {
      if (this.conversation) this.#turnTo(null, []);
    } else if (conversation.id === this.conversation?.id) {
      this.#takeMessages(frame.messages);
      this.#setConversation(conversation);
    } else {
      this.#turnTo(conversation, frame.messages);
      this.#more = frame.more;
    }
    for (const marks of conversation ? frame.marks : []) this.#takeMarks(marks, true);
    this.waiting.know(frame.waiting);
    this.leave.known = frame.contact?.email ?? "";
    if (this.conversation && frame.email_left) this.leave.done(frame.email_left);
    this.#asked = this.conversation ? frame.survey : null;
    this.outbox.retain([NEW, this.#place]);
    if (!this.#settled) this.#told = this.messages.last;
    this.#settled = true;
    this.#show();
    this.reading.update();
  }

  /** @param {Conversation} conversation */
  #isDismissed(conversation) {
    const over = stageOf(conversation) === "ended";
    // Somebody who has begun to write anew before we knew is not taken back to what is over.
    const writes = this.outbox.has(NEW);
    return over && (writes || this.store.get("dismissed") === conversation.id);
  }

  /**
   * @param {import("../shared/socket.js").State} state
   * @param {number | null} retryAt
   * @param {number | null} code
   */
  #state(state, retryAt, code) {
    this.banner.show(state, retryAt);
    const lost = state === "closed" || state === "refused";
    if (lost) {
      this.outbox.down();
      this.sync.close();
      this.watch.clear("");
      this.waiting.know(null);
      this.#enable(false);
    } else if (state === "open") {
      this.#enable(true);
      this.outbox.up();
      this.sync.open();
    }
    if (state === "refused" && code === 4410) this.view.show("gone");
  }

  /** @param {boolean} enabled */
  #enable(enabled) {
    this.compose.enabled = enabled;
    this.view.enabled = enabled;
  }

  // --- What comes

  /** @param {Frame} frame */
  #take(frame) {
    this.sync.touch();
    if (frame.type === "resync") this.sync.now();
    else if (frame.type === "conversation") this.#setConversation(frame.conversation);
    else if (frame.conversation !== this.conversation?.id) return;
    else if (frame.type === "message") this.#takeMessages([frame.message]);
    else if (frame.type === "marks") this.#takeMarks(/** @type {any} */ (frame));
    else if (frame.type === "typing" && frame.side !== "customer") this.watch.heard("", frame.name, frame.on);
  }

  /** @param {Message[]} messages */
  #takeMessages(messages) {
    for (const message of messages) if (message.side === "customer") this.outbox.settle(message.client_id);
    if (messages.some((message) => message.side === "agent" && message.kind === "text")) this.watch.clear("");
    if (this.messages.add(messages)) this.scroll.arrived();
    this.#tellSite(messages);
    this.#showLeave();
    this.reading.update();
  }

  /**
   * The site hears that something was said, and by which side; never what.
   *
   * @param {Message[]} messages
   */
  #tellSite(messages) {
    if (!this.#settled) return;
    for (const { number, kind, side } of messages) {
      if (number <= this.#told) continue;
      this.#told = number;
      if (kind === "text") this.host.event("message", { from: side });
    }
  }

  /**
   * @param {Marks} marks
   * @param {boolean} [held] whether this is what the server holds, not what it heard just now
   */
  #takeMarks({ side, delivered, read }, held = false) {
    this.messages.marks(side, delivered, read);
    if (held && side === "customer") this.reading.held(delivered, read);
  }

  /** @param {Conversation} conversation */
  #setConversation(conversation) {
    if (conversation.id !== this.conversation?.id || conversation.version < this.conversation.version) return;
    const before = stageOf(this.conversation);
    const stage = stageOf(conversation);
    this.conversation = conversation;
    // Whoever is back in line is told their place, and after the end what they are asked.
    const learns = stage !== before && (stage === "waiting" || stage === "ended");
    if (learns || conversation.last_number > this.messages.last) this.sync.now();
    this.#show();
  }

  /**
   * Show another conversation, or a blank page for the next one.
   *
   * @param {Conversation | null} conversation
   * @param {Message[]} messages
   */
  #turnTo(conversation, messages) {
    if (this.conversation) this.attach.clear();
    this.conversation = conversation;
    this.#more = false;
    for (const message of messages) if (message.side === "customer") this.outbox.settle(message.client_id);
    this.messages.reset(messages);
    this.#told = this.messages.last;
    this.waiting.know(null);
    this.#asked = null;
    this.leave.reset();
    this.reading.turnTo(conversation?.id ?? "");
    // What was written before we knew of a running conversation belongs to it.
    if (conversation && stageOf(conversation) !== "ended") this.outbox.rename(NEW, conversation.id);
    this.outbox.replay(this.#place);
    this.scroll.toEnd();
  }

  #ask() {
    return this.conversation ? { conversations: { [this.conversation.id]: this.messages.last } } : null;
  }

  /** @param {Frame} ack */
  #apply(ack) {
    const id = this.conversation?.id ?? "";
    const messages = ack.messages[id];
    if (!messages) return false;
    this.#takeMessages(messages);
    for (const conversation of ack.conversations) this.#setConversation(conversation);
    for (const marks of ack.marks) if (marks.conversation === id) this.#takeMarks(marks, true);
    this.waiting.know(ack.waiting);
    this.#asked = ack.survey;
    this.#showSurvey();
    this.reading.update();
    return ack.more.includes(id);
  }

  async #history() {
    const first = this.messages.first;
    if (!this.conversation || !this.#more || this.#fetching || first <= 1) return;
    this.#fetching = true;
    const conversation = this.conversation.id;
    const earlier = byId("earlier", HTMLElement);
    earlier.hidden = false;
    try {
      const ack = await this.connection.request({ type: "history", conversation, before: first });
      if (conversation === this.conversation?.id) {
        this.scroll.keep(() => {
          earlier.hidden = true;
          this.messages.prepend(ack.messages);
        });
        this.#more = ack.more;
      }
    } catch {
      // Scrolling up again asks again.
    }
    earlier.hidden = true;
    this.#fetching = false;
  }

  // --- What goes

  /** @param {string} text */
  #write(text) {
    if (this.conversation === null && !this.about.check()) return false;
    this.typing.stop();
    this.outbox.add(this.#place, text, this.connection.now(), this.attach.uploads.take());
    this.sync.touch();
    this.scroll.toEnd();
    this.#show();
    return true;
  }

  #resend() {
    if (this.conversation === null && !this.about.check()) return;
    this.outbox.resend(this.#place);
  }

  /** @param {import("../shared/outbox.js").Entry} entry */
  async #send(entry) {
    const { conversation, client_id, body } = entry;
    const files = filesOf(entry);
    if (conversation !== NEW) return this.connection.request({ type: "send", conversation, client_id, body, ...files });
    // The first message's own key is the key of the start: however often it is sent, it opens one conversation.
    const start = { type: "start", start_key: client_id, client_id, body, ...files, ...this.about.value };
    const ack = await this.connection.request(start).catch((error) => {
      const field = error.code === "bad_frame" ? String(error.detail.field ?? "") : "";
      // Nothing is wrong with the message: it can be sent again once the answer is right.
      if (this.about.refuse(field, error.message)) throw new SocketError("closed", "");
      throw error;
    });
    this.#began(ack.conversation);
    this.waiting.know(ack.waiting);
    if (start.email) this.leave.known = start.email;
    return ack;
  }

  /** @param {Conversation} conversation */
  #began(conversation) {
    this.conversation = conversation;
    this.#told = 0;
    this.about.keep();
    this.reading.turnTo(conversation.id);
    this.outbox.rename(NEW, conversation.id);
    this.host.event("conversation.started");
    // A flow may have ended it already.
    if (stageOf(conversation) === "ended") this.sync.now();
  }

  /**
   * @param {import("../shared/outbox.js").Entry} entry
   * @param {import("../shared/outbox.js").State} state
   * @param {string} why
   * @param {Frame | null} ack
   */
  #entry(entry, state, why, ack) {
    if (entry.conversation !== this.#place && state !== "stored") return;
    if (state === "sending") this.messages.pending(entry);
    else if (state === "failed") this.messages.fail(entry.client_id, why);
    else if (state === "dropped") this.messages.drop(entry.client_id);
    else if (ack?.message) this.#takeMessages([ack.message]);
    if (this.conversation && this.conversation.last_number > this.messages.last) this.sync.now();
    this.#show();
  }

  #offerResend() {
    const place = this.#place;
    this.compose.resendable = this.outbox.resendable(place).length > 0;
  }

  /** @param {boolean} on */
  #tellTyping(on) {
    if (this.view.stage !== "active" && this.view.stage !== "waiting") return;
    this.connection.tell({ type: "typing", conversation: this.#place, on });
  }

  async #end() {
    const conversation = this.conversation?.id;
    try {
      const ack = await this.connection.request({ type: "end", conversation });
      this.#setConversation(ack.conversation);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
    }
    // Also when it had ended already, or the answer was lost.
    this.sync.now();
  }

  /** @param {string} email */
  async #leaveEmail(email) {
    const conversation = this.conversation?.id;
    const ack = await this.connection.request({ type: "leave_email", conversation, email });
    this.leave.known = ack.email;
    return ack.email;
  }

  /** @param {{ score: number, comment: string }} answer */
  async #answer(answer) {
    const conversation = this.conversation?.id;
    const ack = await this.connection.request({ type: "answer_survey", conversation, ...answer });
    return ack.survey;
  }

  /** The panel is fetched by whoever wants it. */
  async #emoji() {
    const { Emoji } = await import("./emoji.js");
    new Emoji((emoji) => this.compose.insert(emoji)).open();
  }

  /** What the server needs to know to write the conversation down. */
  #transcript() {
    const { lang } = document.documentElement;
    const of = {
      channel: this.channel,
      token: this.store.get("token") ?? "",
      conversation: this.conversation?.id ?? "",
    };
    return new URLSearchParams({ ...of, time_zone: zone(), language: lang });
  }

  #again() {
    if (this.conversation) this.store.set("dismissed", this.conversation.id);
    this.#turnTo(null, []);
    this.#show();
    this.focus();
  }

  /** Put the cursor where the customer goes on. */
  focus() {
    if (this.view.stage === "ended") this.#focusOver();
    else if (!this.about.focus()) this.compose.focus();
  }

  #focusOver() {
    this.leave.focus() || this.#survey?.focus() || byId("again", HTMLButtonElement).focus();
  }

  // --- What is shown

  #show() {
    const stage = stageOf(this.conversation);
    const starting = stage === "new" && this.outbox.isSending(NEW);
    this.waiting.show(starting || stage === "waiting");
    this.#showLeave();
    this.#showSurvey();
    this.view.show(starting ? "starting" : stage, this.conversation?.agent?.name ?? "");
    this.about.open = stage === "new" && !this.outbox.isSending(NEW);
    this.saving.shown = this.conversation !== null;
    if (stage === "ended" && this.conversation) this.outbox.ended(this.conversation.id);
    this.#offerResend();
    if (this.#settled) this.#remember(stage);
  }

  /** Where a flow asked for an address and the chat is over, it can be left (RTE-4). */
  #showLeave() {
    const asked = this.messages.list.querySelector("[data-kind=ask_email]") !== null;
    if (!this.leave.show(asked && stageOf(this.conversation) === "ended")) return;
    this.scroll.arrived();
    // The end may be known before the line that asks.
    if (document.activeElement === byId("again", HTMLButtonElement)) this.leave.focus();
  }

  /** What is asked is known a moment after the end, and the form for it is fetched by whoever is asked. */
  #showSurvey() {
    if (this.#asked && !this.#survey) this.#fetchSurvey();
    const ended = stageOf(this.conversation) === "ended";
    if (!this.#survey?.show(ended ? this.#asked : null)) return;
    this.scroll.arrived();
    if (document.activeElement === byId("again", HTMLButtonElement)) this.#focusOver();
  }

  async #fetchSurvey() {
    if (this.#fetchingSurvey) return;
    this.#fetchingSurvey = true;
    try {
      const { Survey } = await import("./survey.js");
      this.#survey = await Survey.make((answer) => this.#answer(answer));
      this.#showSurvey();
    } catch {
      // The next sync asks again.
    }
    this.#fetchingSurvey = false;
  }

  /** @param {import("./view.js").Stage} stage */
  #remember(stage) {
    const live = this.conversation && stage !== "ended" ? this.conversation.id : null;
    const before = this.store.get("live");
    if (before === live) return;
    if (live === null && stage === "ended") this.host.event("conversation.ended");
    this.store.set("live", live);
  }

  /**
   * Another page of this browser opened a conversation: come back to find it.
   *
   * @param {string | null} live
   */
  #elsewhere(live) {
    if (live !== null && live !== this.conversation?.id) this.connection.drop();
  }

  /** @param {number} count */
  #showUnread(count) {
    if (count === this.#unread) return;
    this.#unread = count;
    this.host.unread(count);
  }
}

/** The time zone that the customer's clock shows. */
function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
