/**
 * The customer's conversation: what comes over the socket goes into the list, what is written goes out, and each change
 * of state is shown.
 */

import { Clock } from "../shared/clock.js";
import { atMidnight, Dates } from "../shared/dates.js";
import { MessageList } from "../shared/messages.js";
import { Scroll } from "../shared/scroll.js";
import { Connection, SocketError } from "../shared/socket.js";
import { Sync } from "../shared/sync.js";
import { TypingWatch } from "../shared/typing.js";
import { About } from "./about.js";
import { Attach } from "./attach.js";
import { Banner } from "./banner.js";
import { Asking } from "./chat/asking.js";
import { Forms } from "./chat/forms.js";
import { Hello, zone } from "./chat/hello.js";
import { History } from "./chat/history.js";
import { NEW, Sending } from "./chat/sending.js";
import { Site } from "./chat/site.js";
import { byId } from "./dom.js";
import { LeaveEmail } from "./leave.js";
import { Mailing } from "./mailing.js";
import { Reading } from "./reading.js";
import { Saving } from "./saving.js";
import { stageOf, View } from "./view.js";
import { ASK_MS, Waiting } from "./waiting.js";

/** @typedef {import("../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../shared/types.js").Conversation} Conversation */
/** @typedef {import("../shared/types.js").Marks} Marks */
/** @typedef {import("../shared/types.js").Message} Message */
/** @typedef {import("./host.js").Host} Host */
/** @typedef {import("./store.js").Store} Store */

export class Chat {
  /** @type {Conversation | null} */
  conversation = null;

  /**
   * @param {object} options
   * @param {string} options.channel
   * @param {boolean} options.keep
   * @param {Host} options.host
   * @param {Store} options.store
   */
  constructor({ channel, keep, host, store }) {
    this.host = host;
    this.store = store;
    this.hello = new Hello({ channel, host, store });
    this.site = new Site({ host, store });
    /** @type {Connection<WidgetSocket>} */
    this.connection = new Connection("/ws/widget/", {
      serverTime: Date.parse(document.body.dataset.serverTime ?? "") || undefined,
      hello: () => this.hello.frame,
      onWelcome: (frame) => this.#welcome(frame),
      onFrame: (frame) => this.#take(frame),
      onState: (state, { retryAt, code }) => this.#state(state, retryAt, code),
      onHelloError: (error) => this.hello.refused(error),
      onWake: () => this.sync.wake(),
    });
    /** @type {Sync<WidgetSocket["acks"]["sync"]>} */
    this.sync = new Sync(this.connection, {
      ask: (timeout) => this.#ask(timeout),
      apply: (ack) => this.#apply(ack),
      idle: () => (this.view.stage === "waiting" ? ASK_MS : undefined),
    });
    this.clock = new Clock(() => this.connection.now());
    this.banner = new Banner(this.clock, () => this.connection.retryNow());
    this.about = new About();
    this.waiting = new Waiting();
    this.leave = new LeaveEmail((email) => this.#leaveEmail(email));
    this.asking = new Asking({
      answer: (answer) => this.#answer(answer),
      isOver: () => stageOf(this.conversation) === "ended",
      onShow: () => this.#askedMore(),
    });
    this.forms = new Forms({ onFilled: () => this.sync.now() });
    this.view = new View({ onEnd: () => this.#end(), onAgain: () => this.#again(), onOver: () => this.focus() });
    this.attach = new Attach({
      connection: this.connection,
      place: () => this.conversation?.id ?? null,
      enabled: () => this.view.stage !== "ended",
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
      onTop: () => this.history.fetch(),
      onEnd: () => this.reading?.update(),
    });
    const { connection, messages, scroll, about, attach } = this;
    const current = () => this.conversation?.id;
    this.history = new History({ connection, messages, scroll, current });
    this.reading = new Reading({
      messages: this.messages,
      isSeen: () => this.host.isOpen && document.visibilityState === "visible" && this.scroll.atEnd,
      tell: (mark) => this.connection.tell({ type: "mark", ...mark }),
      onUnread: (count) => this.site.unread(count),
    });
    this.watch = new TypingWatch((_key, names) => {
      this.view.typing(names);
      this.scroll.arrived();
    });
    this.sending = new Sending({
      keep,
      storageKey: store.unsentKey,
      connection,
      messages,
      about,
      attach,
      current,
      isTyped: () => this.view.stage === "active" || this.view.stage === "waiting",
      onWrite: () => this.#wrote(),
      onBegan: (ack, email) => this.#began(ack, email),
      onEntry: (stored) => this.#settled(stored),
    });
    this.saving = new Saving(() => this.#transcript());
    this.mailing = new Mailing((wish) => this.#mail(wish));
    this.outbox = this.sending.outbox;
    this.outbox.restore();
    this.store.onLive((value) => this.#elsewhere(value));
  }

  /** Connect; what was written before goes out when the connection is up. */
  start() {
    this.clock.onTick(atMidnight(new Dates()));
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
    if (this.hello.identify(token)) this.connection.renew();
  }

  /** @param {import("./host.js").Attributes} attributes */
  setAttributes(attributes) {
    this.hello.add(attributes);
    this.connection.tell({ type: "attributes", attributes });
  }

  /** The site has another address now. */
  moved() {
    const { url, title } = this.host.page;
    this.connection.tell({ type: "page", url, title });
  }

  /** The customer has signed out of the site: this browser is a new one. */
  forget() {
    this.hello.forget();
    this.#turnTo(null, []);
    this.outbox.retain([]);
    this.about.reset();
    this.leave.known = this.mailing.known = "";
    this.#show();
    this.connection.renew();
  }

  // --- Connecting

  /** @param {WidgetSocket["welcome"]} frame */
  #welcome(frame) {
    this.hello.accepted(frame);
    this.attach.key = frame.file_key;
    this.about.known = frame.contact;
    this.view.staffed = frame.staffed;
    const { conversation } = frame;
    if (!conversation || this.#isDismissed(conversation)) {
      if (this.conversation) this.#turnTo(null, []);
    } else if (conversation.id === this.conversation?.id) {
      this.#takeMessages(frame.messages);
      this.#setConversation(conversation);
    } else {
      this.#turnTo(conversation, frame.messages);
      this.history.more = frame.more;
    }
    for (const marks of conversation ? frame.marks : []) this.#takeMarks(marks, true);
    this.waiting.know(frame.waiting);
    this.leave.known = this.mailing.known = frame.contact?.email ?? "";
    if (this.conversation && frame.email_left) this.leave.done(frame.email_left);
    this.asking.know(this.conversation ? frame.survey : null);
    this.forms.know(this.conversation ? frame.forms : []);
    this.outbox.retain([NEW, this.sending.place]);
    this.site.settle(this.messages.last);
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
      this.attach.uploads.up();
      this.sync.open();
    }
    if (state === "refused" && code === 4410) this.view.show("gone");
  }

  /** @param {boolean} enabled */
  #enable(enabled) {
    this.sending.compose.enabled = enabled;
    this.view.enabled = enabled;
  }

  // --- What comes

  /** @param {WidgetSocket["server"]} frame */
  #take(frame) {
    this.sync.touch();
    if (frame.type === "resync") this.sync.now();
    else if (frame.type === "conversation") this.#setConversation(frame.conversation);
    else if (frame.conversation !== this.conversation?.id) return;
    else if (frame.type === "message") this.#takeMessages([frame.message]);
    else if (frame.type === "redacted") this.messages.revise(frame.message);
    else if (frame.type === "marks") this.#takeMarks(frame);
    else if (frame.type === "typing" && frame.side !== "customer") this.watch.heard("", frame.name, frame.on);
  }

  /** @param {Message[]} messages */
  #takeMessages(messages) {
    for (const message of messages) if (message.side === "customer") this.outbox.settle(message.client_id);
    if (messages.some((message) => message.side === "agent" && message.kind === "text")) this.watch.clear("");
    if (this.messages.add(messages)) this.scroll.arrived();
    // Where a form is filled in, and how it stands now, is no part of its line.
    if (this.forms.lacks(messages)) this.sync.now();
    this.site.said(messages);
    this.#showLeave();
    this.reading.update();
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
    // Whoever is back in line is told their place, or that an agent is asked, and after the end what they are asked.
    const learns =
      (stage === "waiting" && conversation.state !== this.conversation.state) ||
      (stage === "ended" && stage !== before);
    this.conversation = conversation;
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
    this.history.more = false;
    for (const message of messages) if (message.side === "customer") this.outbox.settle(message.client_id);
    this.messages.reset(messages);
    this.site.turnTo(this.messages.last);
    this.waiting.know(null);
    this.asking.know(null);
    this.forms.know([]);
    this.leave.reset();
    this.reading.turnTo(conversation?.id ?? "");
    // What was written before we knew of a running conversation belongs to it.
    if (conversation && stageOf(conversation) !== "ended") this.outbox.rename(NEW, conversation.id);
    this.outbox.replay(this.sending.place);
    this.scroll.toEnd();
  }

  /** @param {number} [timeout] */
  #ask(timeout) {
    if (!this.conversation) return null;
    const conversations = { [this.conversation.id]: this.messages.last };
    return this.connection.request({ type: "sync", conversations }, timeout);
  }

  /** @param {WidgetSocket["acks"]["sync"]} ack */
  #apply(ack) {
    const id = this.#id;
    const messages = ack.messages[id];
    if (!messages) return false;
    this.#takeMessages(messages);
    for (const { message } of ack.redacted) this.messages.revise(message);
    for (const conversation of ack.conversations) this.#setConversation(conversation);
    for (const marks of ack.marks) if (marks.conversation === id) this.#takeMarks(marks, true);
    this.waiting.know(ack.waiting);
    this.asking.know(ack.survey);
    this.asking.show();
    this.forms.know(ack.forms);
    this.reading.update();
    return ack.more.includes(id);
  }

  /** The id of the conversation that is shown; empty where none is. */
  get #id() {
    return this.conversation?.id ?? "";
  }

  // --- What goes

  #wrote() {
    this.sync.touch();
    this.scroll.toEnd();
    this.#show();
  }

  /**
   * @param {WidgetSocket["acks"]["start"]} ack
   * @param {string} email
   */
  #began({ conversation, waiting }, email) {
    this.conversation = conversation;
    this.reading.turnTo(conversation.id);
    this.outbox.rename(NEW, conversation.id);
    this.site.began();
    this.waiting.know(waiting);
    if (email) this.leave.known = this.mailing.known = email;
    // A flow may have ended it already.
    if (stageOf(conversation) === "ended") this.sync.now();
  }

  /** @param {Message | null} stored */
  #settled(stored) {
    if (stored) this.#takeMessages([stored]);
    if (this.conversation && this.conversation.last_number > this.messages.last) this.sync.now();
    this.#show();
  }

  async #end() {
    const conversation = this.#id;
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
    const conversation = this.#id;
    const ack = await this.connection.request({ type: "leave_email", conversation, email });
    this.leave.known = ack.email;
    return ack.email;
  }

  /** @param {import("./chat/asking.js").Answer} answer */
  async #answer(answer) {
    const conversation = this.#id;
    const ack = await this.connection.request({ type: "answer_survey", conversation, ...answer });
    return ack.survey;
  }

  /** @param {{client_id: string, email: string}} wish */
  #mail(wish) {
    const conversation = this.#id;
    const { lang } = document.documentElement;
    return this.connection.request({
      type: "mail_transcript",
      conversation,
      ...wish,
      language: lang,
      time_zone: zone(),
    });
  }

  /** What the server needs to know to write the conversation down. */
  #transcript() {
    const { lang } = document.documentElement;
    const of = {
      channel: this.hello.channel,
      token: this.store.get("token") ?? "",
      conversation: this.#id,
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
    else if (!this.about.focus()) this.sending.compose.focus();
  }

  #focusOver() {
    this.leave.focus() || this.asking.focus() || byId("new-chat", HTMLButtonElement).focus();
  }

  // --- What is shown

  #show() {
    const stage = stageOf(this.conversation);
    const starting = stage === "new" && this.outbox.isSending(NEW);
    this.waiting.show(starting || stage === "waiting");
    this.#showLeave();
    this.asking.show();
    this.view.show(starting ? "starting" : stage, this.conversation?.agent?.name ?? "");
    this.about.open = stage === "new" && !this.outbox.isSending(NEW);
    this.saving.shown = this.conversation !== null;
    const met = this.messages.list.querySelector(":is([data-kind=joined], [data-side=agent])") !== null;
    this.mailing.shown = stage === "ended" && met;
    if (stage === "ended" && this.conversation) this.outbox.ended(this.conversation.id);
    this.sending.offerResend();
    this.site.stands(stage === "ended" ? null : (this.conversation?.id ?? null), stage === "ended");
  }

  /** Where a flow asked for an address and the chat is over, it can be left (RTE-4). */
  #showLeave() {
    const asked = this.messages.list.querySelector("[data-kind=ask_email]") !== null;
    if (this.leave.show(asked && stageOf(this.conversation) === "ended")) this.#askedMore();
  }

  /** The end may be known before what is asked after it. */
  #askedMore() {
    this.scroll.arrived();
    if (document.activeElement === byId("new-chat", HTMLButtonElement)) this.#focusOver();
  }

  /**
   * Another page of this browser opened a conversation: come back to find it.
   *
   * @param {string | null} live
   */
  #elsewhere(live) {
    if (live !== null && live !== this.conversation?.id) this.connection.drop();
  }
}
