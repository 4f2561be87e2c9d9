/**
 * The customer's conversation: what comes over the socket goes into the list, what is written goes out, and each change
 * of state is shown.
 */

import { Clock } from "../shared/clock.js";
import { atMidnight, Dates } from "../shared/dates.js";
import { Connection, SocketError } from "../shared/socket.js";
import { Sync } from "../shared/sync.js";
import { About } from "./about.js";
import { Attach } from "./attach.js";
import { Banner } from "./banner.js";
import { Forms } from "./chat/forms.js";
import { Hello } from "./chat/hello.js";
import { MessageSender, NEW } from "./chat/message_sender.js";
import { PostChat } from "./chat/post_chat.js";
import { Requests } from "./chat/requests.js";
import { Site } from "./chat/site.js";
import { Thread } from "./chat/thread.js";
import { stageOf, View } from "./view.js";
import { ASK_MS, WaitingExperience } from "./waiting_experience.js";

/** @typedef {import("../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../shared/types.js").Conversation} Conversation */
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
      hello: () => this.hello.compose(),
      onWelcome: (frame) => this.#welcome(frame),
      onFrame: (frame) => this.#take(frame),
      onState: (state, { retryAt, code }) => this.#state(state, retryAt, code),
      onHelloError: (error) => this.hello.refused(error),
      onWake: () => this.sync.wake(),
    });
    /** @type {Sync<WidgetSocket["acks"]["sync"]>} */
    this.sync = new Sync(this.connection, {
      ask: (timeout) => this.requests.sync(this.thread.last, timeout),
      apply: (ack) => this.#apply(ack),
      idle: () => (this.view.stage === "waiting" ? ASK_MS : undefined),
    });
    this.clock = new Clock(() => this.connection.now());
    this.banner = new Banner(this.clock, () => this.connection.retryNow());
    this.about = new About();
    this.waiting = new WaitingExperience();
    this.forms = new Forms({ onFilled: () => this.sync.now() });
    this.view = new View({ onEnd: () => this.#end(), onAgain: () => this.#startOver(), onOver: () => this.focus() });
    this.attach = new Attach({
      connection: this.connection,
      place: () => this.conversation?.id ?? null,
      enabled: () => this.view.stage !== "ended",
    });
    const { connection, about, attach, hello } = this;
    const current = () => this.conversation?.id;
    this.thread = new Thread({
      connection,
      files: attach.files,
      current,
      isOpen: () => this.host.isOpen,
      onGap: () => this.sync.now(),
      onUnread: (count) => this.site.unread(count),
      onTyping: (names) => this.view.typing(names),
    });
    const { messages, scroll } = this.thread;
    this.requests = new Requests({ connection, hello, store, current });
    this.postChat = new PostChat({
      requests: this.requests,
      list: messages.list,
      isEnded: () => stageOf(this.conversation) === "ended",
      onShow: () => scroll.arrived(),
    });
    this.sender = new MessageSender({
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
    this.outbox = this.sender.outbox;
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
    this.thread.scroll.toEnd();
    this.thread.readMarks.update();
  }

  /** @param {string} token */
  identify(token) {
    if (this.hello.identify(token)) this.connection.renew();
  }

  /** @param {import("./host.js").Attributes} attributes */
  setAttributes(attributes) {
    this.hello.add(attributes);
    this.#tellAttributes();
  }

  #tellAttributes() {
    if (this.connection.state !== "open") return;
    const attributes = this.hello.takeLate();
    if (Object.keys(attributes).length) this.connection.tell({ type: "attributes", attributes });
  }

  /** The site has another address now. */
  moved() {
    const { url, title } = this.host.page;
    this.connection.tell({ type: "page", url, title });
  }

  /** The customer has signed out of the site: this browser is a new one. */
  forget() {
    this.hello.forget();
    this.#switchTo(null, []);
    this.outbox.retain([]);
    this.about.reset();
    this.postChat.knownEmail = "";
    this.#show();
    this.connection.renew();
  }

  // --- Connecting

  /** @param {WidgetSocket["welcome"]} frame */
  #welcome(frame) {
    this.hello.accepted(frame);
    this.#tellAttributes();
    if (this.hello.isElsewhere) this.moved();
    this.attach.key = frame.file_key;
    this.about.known = frame.contact;
    this.view.staffed = frame.staffed;
    const { conversation } = frame;
    if (!conversation || this.#isDismissed(conversation)) {
      if (this.conversation) this.#switchTo(null, []);
    } else if (conversation.id === this.conversation?.id) {
      this.#takeMessages(frame.messages);
      this.#setConversation(conversation);
    } else {
      this.#switchTo(conversation, frame.messages);
      this.thread.history.more = frame.more;
    }
    for (const marks of conversation ? frame.marks : []) this.thread.moveMarks(marks, true);
    this.waiting.know(frame.waiting);
    this.postChat.knownEmail = frame.contact?.email ?? "";
    if (this.conversation && frame.email_left) this.postChat.leave.done(frame.email_left);
    this.postChat.survey.know(this.conversation ? frame.survey : null);
    this.forms.know(this.conversation ? frame.forms : []);
    this.outbox.retain([NEW, this.sender.place]);
    this.site.settle(this.thread.last);
    this.#show();
    this.thread.readMarks.update();
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
      this.thread.typing.clear("");
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
    this.sender.compose.enabled = enabled;
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
    else if (frame.type === "redacted") this.thread.messages.revise(frame.message);
    else if (frame.type === "marks") this.thread.moveMarks(frame);
    else if (frame.type === "typing" && frame.side !== "customer") this.thread.typing.heard("", frame.name, frame.on);
  }

  /** @param {Message[]} messages */
  #takeMessages(messages) {
    for (const message of messages) if (message.side === "customer") this.outbox.settle(message.client_id);
    this.thread.add(messages);
    // Where a form is filled in, and how it stands now, is no part of its line.
    if (this.forms.lacks(messages)) this.sync.now();
    this.site.said(messages);
    this.postChat.showLeave();
    this.thread.readMarks.update();
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
    if (learns || conversation.last_number > this.thread.last) this.sync.now();
    this.#show();
  }

  /**
   * Show another conversation, or a blank page for the next one.
   *
   * @param {Conversation | null} conversation
   * @param {Message[]} messages
   */
  #switchTo(conversation, messages) {
    if (this.conversation) this.attach.clear();
    this.conversation = conversation;
    for (const message of messages) if (message.side === "customer") this.outbox.settle(message.client_id);
    this.thread.switchTo(conversation?.id ?? "", messages);
    this.site.switchTo(this.thread.last);
    this.waiting.know(null);
    this.forms.know([]);
    this.postChat.reset();
    // What was written before we knew of a running conversation belongs to it.
    if (conversation && stageOf(conversation) !== "ended") this.outbox.rename(NEW, conversation.id);
    this.outbox.replay(this.sender.place);
    this.thread.scroll.toEnd();
  }

  /** @param {WidgetSocket["acks"]["sync"]} ack */
  #apply(ack) {
    const id = this.#id;
    const messages = ack.messages[id];
    if (!messages) return false;
    this.#takeMessages(messages);
    for (const { message } of ack.redacted) this.thread.messages.revise(message);
    for (const conversation of ack.conversations) this.#setConversation(conversation);
    for (const marks of ack.marks) if (marks.conversation === id) this.thread.moveMarks(marks, true);
    this.waiting.know(ack.waiting);
    this.postChat.survey.know(ack.survey);
    this.postChat.survey.show();
    this.forms.know(ack.forms);
    this.thread.readMarks.update();
    return ack.more.includes(id);
  }

  /** The id of the conversation that is shown; empty where none is. */
  get #id() {
    return this.conversation?.id ?? "";
  }

  // --- What goes

  #wrote() {
    this.sync.touch();
    this.thread.scroll.toEnd();
    this.#show();
  }

  /**
   * @param {WidgetSocket["acks"]["start"]} ack
   * @param {string} email
   */
  #began({ conversation, waiting }, email) {
    this.conversation = conversation;
    this.thread.readMarks.switchTo(conversation.id);
    this.outbox.rename(NEW, conversation.id);
    this.site.began();
    this.waiting.know(waiting);
    if (email) this.postChat.knownEmail = email;
    // A flow may have ended it already.
    if (stageOf(conversation) === "ended") this.sync.now();
  }

  /** @param {Message | null} stored */
  #settled(stored) {
    if (stored) this.#takeMessages([stored]);
    if (this.conversation && this.conversation.last_number > this.thread.last) this.sync.now();
    this.#show();
  }

  async #end() {
    try {
      this.#setConversation((await this.requests.end()).conversation);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
    }
    // Also when it had ended already, or the answer was lost.
    this.sync.now();
  }

  #startOver() {
    if (this.conversation) this.store.set("dismissed", this.conversation.id);
    this.#switchTo(null, []);
    this.#show();
    this.focus();
  }

  /** Put the cursor where the customer goes on. */
  focus() {
    if (this.view.stage === "ended") this.postChat.focus();
    else if (!this.about.focus()) this.sender.compose.focus();
  }

  // --- What is shown

  #show() {
    const stage = stageOf(this.conversation);
    const starting = stage === "new" && this.outbox.isSending(NEW);
    this.waiting.show(starting || stage === "waiting");
    this.postChat.showQuestions();
    this.view.show(starting ? "starting" : stage, this.conversation?.agent?.name ?? "");
    this.about.open = stage === "new" && !this.outbox.isSending(NEW);
    this.postChat.showTranscripts(this.conversation !== null);
    if (stage === "ended" && this.conversation) this.outbox.ended(this.conversation.id);
    this.sender.offerResend();
    this.site.stands(stage === "ended" ? null : (this.conversation?.id ?? null), stage === "ended");
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
