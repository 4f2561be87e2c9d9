/**
 * What the customer is asked and offered once the chat is over: to leave an address (RTE-4), to answer a survey (SRV-5), to keep
 * the conversation as a file or a mail.
 */

import { byId } from "../dom.js";
import { LeaveEmail } from "../leave.js";
import { TranscriptDownload } from "../transcript_download.js";
import { TranscriptMail } from "../transcript_mail.js";
import { SurveyLoader } from "./survey_loader.js";

/** @typedef {import("../../shared/types.js").Survey} Survey */

export class PostChat {
  /**
   * @param {object} options
   * @param {import("./requests.js").Requests} options.requests
   * @param {HTMLElement} options.list the lines of the conversation
   * @param {() => boolean} options.isEnded whether the conversation that is shown is over
   * @param {() => void} options.onShow something more is asked
   */
  constructor({ requests, list, isEnded, onShow }) {
    this.requests = requests;
    this.list = list;
    this.isEnded = isEnded;
    this.onShow = onShow;
    this.newChat = byId("new-chat", HTMLButtonElement);
    this.leave = new LeaveEmail((email) => this.#leaveEmail(email));
    this.survey = new SurveyLoader({
      answer: async (answer) => (await requests.answerSurvey(answer)).survey,
      isOver: isEnded,
      onShow: () => this.#showMore(),
    });
    this.download = new TranscriptDownload(() => requests.transcriptForm());
    this.mail = new TranscriptMail((wish) => requests.mailTranscript(wish));
  }

  /** @param {string} email the customer's address as this browser knows it, or empty */
  set knownEmail(email) {
    this.leave.known = this.mail.known = email;
  }

  /** Another conversation is shown, or none. */
  reset() {
    this.survey.know(null);
    this.leave.reset();
  }

  /** The address that is asked for, and the survey. */
  showQuestions() {
    this.showLeave();
    this.survey.show();
  }

  /** Where a flow asked for an address and the chat is over, it can be left. */
  showLeave() {
    const asked = this.list.querySelector("[data-kind=ask_email]") !== null;
    if (this.leave.show(asked && this.isEnded())) this.#showMore();
  }

  /** @param {boolean} exists whether there is a conversation */
  showTranscripts(exists) {
    this.download.shown = exists;
    const met = this.list.querySelector(":is([data-kind=joined], [data-side=agent])") !== null;
    this.mail.shown = this.isEnded() && met;
  }

  /** Put the cursor where the customer goes on. */
  focus() {
    this.leave.focus() || this.survey.focus() || this.newChat.focus();
  }

  /** The end may be known before what is asked after it. */
  #showMore() {
    this.onShow();
    if (document.activeElement === this.newChat) this.focus();
  }

  /** @param {string} email */
  async #leaveEmail(email) {
    const ack = await this.requests.leaveEmail(email);
    this.leave.known = ack.email;
    return ack.email;
  }
}
