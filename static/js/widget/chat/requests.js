/** What the server is asked for about the conversation that is shown, besides what is written in it. */

import { timeZone } from "./hello.js";

/** @typedef {import("../../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../../shared/socket.js").Connection<WidgetSocket>} Connection */
/** @typedef {import("./hello.js").Hello} Hello */
/** @typedef {import("./survey_loader.js").Answer} Answer */

export class Requests {
  /**
   * @param {object} options
   * @param {Connection} options.connection
   * @param {Hello} options.hello
   * @param {import("../store.js").Store} options.store
   * @param {() => string | undefined} options.current the id of the conversation that is shown
   */
  constructor({ connection, hello, store, current }) {
    this.connection = connection;
    this.hello = hello;
    this.store = store;
    this.current = current;
  }

  /**
   * @param {number} last the highest number up to which no line is missing
   * @param {number} [timeout]
   */
  sync(last, timeout) {
    const id = this.current();
    return id ? this.connection.request({ type: "sync", conversations: { [id]: last } }, timeout) : null;
  }

  end() {
    return this.connection.request({ type: "end", conversation: this.#id });
  }

  /** @param {string} email */
  leaveEmail(email) {
    return this.connection.request({ type: "leave_email", conversation: this.#id, email });
  }

  /** @param {Answer} answer */
  answerSurvey(answer) {
    return this.connection.request({ type: "answer_survey", conversation: this.#id, ...answer });
  }

  /** @param {{client_id: string, email: string}} wish */
  mailTranscript(wish) {
    const conversation = this.#id;
    const { lang } = document.documentElement;
    return this.connection.request({
      type: "mail_transcript",
      conversation,
      ...wish,
      language: lang,
      time_zone: timeZone(),
    });
  }

  /** What the server needs to know to write the conversation down. */
  transcriptForm() {
    const { lang } = document.documentElement;
    const of = {
      channel: this.hello.channel,
      token: this.store.get("token") ?? "",
      conversation: this.#id,
    };
    return new URLSearchParams({ ...of, time_zone: timeZone(), language: lang });
  }

  get #id() {
    return this.current() ?? "";
  }
}
