// Written by scripts/frame_types.py from the structs in apps/*/frames.py. To change it: make frames.

/** What stands in the compose bar of a conversation, unsent; empty when nothing does. */
export interface ConsoleKeepDraft {
  type: "draft";
  id: string;
  conversation: string;
  body: string;
}

/** What came before this number? */
export interface ConsoleHistory {
  type: "history";
  id: string;
  conversation: string;
  before: number;
}

/** How far this console has received and shown a conversation. */
export interface ConsoleMark {
  type: "mark";
  id: string;
  conversation: string;
  delivered: number;
  read: number;
}

/** The agent says something. */
export interface ConsoleSend {
  type: "send";
  id: string;
  conversation: string;
  client_id: string;
  body: string;
  files?: string[];
}

/** What did I miss? */
export interface ConsoleSync {
  type: "sync";
  id: string;
  conversations: Record<string, number>;
  cards?: Record<string, number>;
  offers?: string[];
  digest?: string;
  since?: string | null;
}

/** The agent types, or stopped. */
export interface ConsoleTyping {
  type: "typing";
  id: string;
  conversation: string;
  on: boolean;
}

/** The agent is about to upload a file for a conversation, or for a new mail, which has none yet (CHAT-9, EML-6). */
export interface ConsoleUpload {
  type: "upload";
  id: string;
  name: string;
  size: number;
  conversation?: string | null;
}

/** When it was kept; never where nothing stands there. */
export interface ConsoleKeepDraftAck {
  saved_at: string | null;
}

/** Somebody as the other side sees them. */
export interface PersonView {
  id: string;
  name: string;
}

/** A file as both sides see it; where it is fetched from is each side's own. */
export interface FileView {
  id: string;
  name: string;
  kind: string;
  media_type: string;
  size: number;
  thumbnail: boolean;
  width: number | null;
  height: number | null;
}

/** A numbered line; `files`, `removed` (what was taken out of it, FRM-6) and `revision` are left out where empty. */
export interface MessageView {
  number: number;
  client_id: string;
  side: "customer" | "agent" | "system";
  kind:
    | "text"
    | "joined"
    | "returned"
    | "passed_on"
    | "took_over"
    | "ended"
    | "left"
    | "ask_email"
    | "notice"
    | "form"
    | "filled";
  author: PersonView | null;
  body: string;
  at: string;
  files?: FileView[];
  removed?: string[];
  revision?: number;
}

/** What came before, the oldest first, and whether there is more. */
export interface ConsoleHistoryAck {
  messages: MessageView[];
  more: boolean;
}

/** The line as it is stored. */
export interface ConsoleSendAck {
  message: MessageView;
}

/** Where a conversation stands. */
export interface ConversationView {
  id: string;
  version: number;
  state: "arrived" | "waiting" | "offered" | "active" | "snoozed" | "wrap_up" | "closed";
  last_number: number;
  agent: PersonView | null;
  ended_by: string;
}

/** One side has received or read further (CHAT-4). */
export interface MarksFrame {
  type: "marks";
  conversation: string;
  side: "customer" | "agent" | "system";
  delivered: number;
  read: number;
}

/** Something that this agent must read; the same one may come again, and a newer one overtakes what it is about. */
export interface NoticeFrame {
  type: "notice";
  id: string;
  text: string;
  about: string | null;
}

/** Something was taken out of a line that may be on the screen (FRM-6). */
export interface RedactedFrame {
  type: "redacted";
  conversation: string;
  message: MessageView;
}

/** A note as colleagues see it. */
export interface NoteView {
  id: string;
  conversation: string | null;
  author: PersonView;
  body: string;
  at: string;
  edited: boolean;
  deleted_by: string;
}

/** A note was added, changed or deleted. */
export interface NoteFrame {
  type: "note";
  contact: string;
  note: NoteView;
}

/** For the agent alone: where the customer's browser is now, or whether it is there at all (CHAT-14, EDG-2). */
export interface VisitorFrame {
  type: "visitor";
  conversation: string;
  here?: boolean | null;
  url?: string;
  title?: string;
}

/** What the console lacks. */
export interface ConsoleSyncAck {
  server_time: string;
  messages: Record<string, MessageView[]>;
  more: string[];
  conversations: ConversationView[];
  marks: MarksFrame[];
  contacts: Record<string, number>;
  notices: NoticeFrame[];
  redacted: RedactedFrame[];
  notes: NoteFrame[];
  visitors: VisitorFrame[];
  mentions: number;
  digest: string;
  stale: boolean;
  queues: string | null;
}

/** What is answered to who has announced a file (CHAT-9). */
export interface UploadTerms {
  file: string;
  address: string;
  max_files: number;
}

/** The status an agent is in. */
export interface StatusView {
  code: string;
  label: string;
  base: "available" | "away" | "busy" | "offline";
  since: string;
  is_draining: boolean;
}

/** An offer as its agent sees it (CON-2). */
export interface OfferView {
  id: string;
  conversation: string;
  customer: string;
  channel: "chat" | "email" | "voice";
  queue: string;
  waiting_since: string | null;
  in_all_since: string | null;
  created_at: string;
  expires_at: string;
  may_reject: boolean;
  last_line: string;
  skills: string[];
  sender: string;
  note: string;
  subject: string;
}

/** How things stand for a console that is welcome. */
export interface ConsoleWelcome {
  server_time: string;
  digest: string;
  status: StatusView;
  offers: OfferView[];
}

/** A console page is here. */
export interface ConsoleHello {
  type: "hello";
  id: string;
  v: number;
  console: string;
  take_over?: boolean;
}

/** What a conversation's card in the tray says since a line was added (CON-1). */
export interface PreviewView {
  line: string;
  at: string | null;
  unanswered_since: string | null;
  mood: "good" | "calm" | "bad" | null;
  mood_count: number;
}

/** A line was added to a conversation of this agent's; lines that a screen has asked for come without `preview`. */
export interface AgentMessageFrame {
  type: "message";
  conversation: string;
  message: MessageView;
  preview?: PreviewView | null;
}

/** A conversation changed its state. */
export interface ConversationFrame {
  type: "conversation";
  conversation: ConversationView;
}

/** One side is typing, or stopped (CHAT-6). Never stored. */
export interface TypingFrame {
  type: "typing";
  conversation: string;
  side: "customer" | "agent" | "system";
  name: string;
  on: boolean;
}

/** An offer rings. */
export interface OfferFrame {
  type: "offer";
  offer: OfferView;
}

/** An offer no longer rings, and why: accepted, timed_out, rejected or withdrawn. */
export interface OfferGoneFrame {
  type: "offer.gone";
  offer: string;
  conversation: string;
  reason: "ringing" | "accepted" | "timed_out" | "rejected" | "withdrawn";
}

/** The agent's status changed, and why. */
export interface StatusFrame {
  type: "status";
  status: StatusView;
  cause:
    | "signed_in"
    | "signed_out"
    | "chosen"
    | "offer_timed_out"
    | "console_lost"
    | "prepared"
    | "full"
    | "room"
    | "drained"
    | "idle";
}

/** A conversation's clock as its agent sees it; `due_at` is the next stage. */
export interface ClockView {
  conversation: string;
  waits_for: "customer" | "agent" | "system";
  stage: "running" | "due" | "overdue" | "inactive" | "idle_due" | "idle" | "auto_close";
  since: string;
  due_at: string | null;
}

/** A clock has reached a stage, or runs anew after one. Not a numbered line. */
export interface ClockFrame {
  type: "clock";
  clock: ClockView;
}

/** How many mentions of this agent they have not seen (AGT-12). */
export interface MentionFrame {
  type: "mention";
  unread: number;
}

/** What is known of a contact changed; for the agents who have a conversation of theirs. */
export interface ContactFrame {
  type: "contact";
  contact: string;
  version: number;
}

/** Told to a client when events may have been lost on their way: ask again from the numbers you hold. */
export interface Resync {
  type: "resync";
}

/** What a client sends after its hello. */
export type ConsoleClientFrame =
  | ConsoleHistory
  | ConsoleKeepDraft
  | ConsoleMark
  | ConsoleSend
  | ConsoleSync
  | ConsoleTyping
  | ConsoleUpload;

/** What a client is told, answers excluded. */
export type ConsoleServerFrame =
  | AgentMessageFrame
  | RedactedFrame
  | ConversationFrame
  | MarksFrame
  | TypingFrame
  | OfferFrame
  | OfferGoneFrame
  | StatusFrame
  | ClockFrame
  | NoticeFrame
  | NoteFrame
  | MentionFrame
  | ContactFrame
  | VisitorFrame
  | Resync;

/** What each frame is answered with; the others by an error only. */
export interface ConsoleAcks {
  draft: ConsoleKeepDraftAck;
  history: ConsoleHistoryAck;
  send: ConsoleSendAck;
  sync: ConsoleSyncAck;
  upload: UploadTerms;
}

/** All that is said over this socket. */
export interface ConsoleSocket {
  hello: ConsoleHello;
  welcome: ConsoleWelcome;
  client: ConsoleClientFrame;
  acks: ConsoleAcks;
  server: ConsoleServerFrame;
}

/** The customer answers what they are asked after a chat (SRV-5). */
export interface WidgetAnswerSurvey {
  type: "answer_survey";
  id: string;
  conversation: string;
  score: number;
  comment?: string;
}

/** The site says something about its customer. */
export interface WidgetSetAttributes {
  type: "attributes";
  id: string;
  attributes: Record<string, unknown>;
}

/** The customer ends the chat. */
export interface WidgetEnd {
  type: "end";
  id: string;
  conversation: string;
}

/** The page wants a new key to its files: the one it has grows old. */
export interface WidgetFileKey {
  type: "file_key";
  id: string;
}

/** The page wants what came before. */
export interface WidgetHistory {
  type: "history";
  id: string;
  conversation: string;
  before: number;
}

/** The customer leaves an address to be written to (RTE-4). */
export interface WidgetLeaveEmail {
  type: "leave_email";
  id: string;
  conversation: string;
  email: string;
}

/** The customer wants the conversation by mail (CHAT-1); one that is asked for again is the same. */
export interface WidgetMailTranscript {
  type: "mail_transcript";
  id: string;
  conversation: string;
  client_id: string;
  email: string;
  language?: string;
  time_zone?: string;
}

/** How far the page has received and the customer has read. */
export interface WidgetMark {
  type: "mark";
  id: string;
  conversation: string;
  delivered: number;
  read: number;
}

/** The customer is on another page of the site (CHAT-14). */
export interface WidgetMovePage {
  type: "page";
  id: string;
  url: string;
  title?: string;
}

/** The customer writes. */
export interface WidgetSend {
  type: "send";
  id: string;
  conversation: string;
  client_id: string;
  body: string;
  files?: string[];
}

/** The customer begins. */
export interface WidgetStart {
  type: "start";
  id: string;
  start_key: string;
  client_id: string;
  body: string;
  name?: string;
  email?: string;
  phone?: string;
  topic?: string | null;
  files?: string[];
}

/** What the page holds; the answer is what it lacks. */
export interface WidgetSync {
  type: "sync";
  id: string;
  conversations: Record<string, number>;
}

/** The customer types, or stopped. */
export interface WidgetTyping {
  type: "typing";
  id: string;
  conversation: string;
  on: boolean;
}

/** The customer is about to upload a file (CHAT-9); for no conversation where their first message is to have it. */
export interface WidgetUpload {
  type: "upload";
  id: string;
  conversation: string | null;
  name: string;
  size: number;
}

/** What is asked after a conversation, in the customer's language, and how it stands. */
export interface SurveyView {
  kind: "csat" | "nps" | "like";
  state: "answered" | "expired" | "open";
  request: string;
  thanks: string;
  asks_comment: boolean;
  score: number | null;
  expires_at: string;
}

/** The survey as it stands now. */
export interface WidgetAnswerSurveyAck {
  survey: SurveyView;
}

/** The conversation that has ended. */
export interface WidgetEndAck {
  conversation: ConversationView;
}

/** A new key to this browser's files. */
export interface WidgetFileKeyAck {
  file_key: string;
}

/** What came before, the oldest first, and whether there is more. */
export interface WidgetHistoryAck {
  messages: MessageView[];
  more: boolean;
}

/** The address as it is kept, or written to. */
export interface WidgetEmailAck {
  email: string;
}

/** The line as it is stored. */
export interface WidgetSendAck {
  message: MessageView;
}

/** What the page shows now. */
export interface WaitingView {
  position: number | null;
  minutes: number | null;
  message: string;
  is_asked: boolean;
}

/** The conversation that was opened. */
export interface WidgetStartAck {
  conversation: ConversationView;
  message: MessageView;
  waiting: WaitingView | null;
}

/** A form that this customer was sent. */
export interface FormView {
  number: number;
  title: string;
  state: "sent" | "filled" | "expired" | "withdrawn";
  address: string;
  expires_at: string;
}

/** What the page lacks. */
export interface WidgetSyncAck {
  server_time: string;
  messages: Record<string, MessageView[]>;
  more: string[];
  conversations: ConversationView[];
  redacted: RedactedFrame[];
  marks: MarksFrame[];
  waiting: WaitingView | null;
  survey: SurveyView | null;
  forms: FormView[];
}

/** The widget's words and looks. */
export interface ChannelView {
  title: string;
  greeting: string;
  colour: string;
  ask_name: boolean;
  ask_email: boolean;
  keeps_unsent: boolean;
}

/** What the customer said about themselves in this browser. */
export interface ContactView {
  name: string;
  email: string;
  phone: string;
  proven: boolean;
}

/** How things stand for a browser that is welcome. */
export interface WidgetWelcome {
  server_time: string;
  token: string;
  channel: ChannelView;
  contact: ContactView | null;
  staffed: boolean;
  file_key: string;
  conversation: ConversationView | null;
  messages: MessageView[];
  more: boolean;
  marks: MarksFrame[];
  waiting: WaitingView | null;
  email_left: string;
  survey: SurveyView | null;
  forms: FormView[];
}

/** What the browser tells about itself (CHAT-14); longer texts are cut. */
export interface Page {
  url?: string;
  title?: string;
  referrer?: string;
  language?: string;
  time_zone?: string;
}

/** A page of the site that the browser was on; longer texts are cut, a time that can't be is now. */
export interface Seen {
  url?: string;
  title?: string;
  at?: string | null;
}

/** A page says which widget it is, and which browser. */
export interface WidgetHello {
  type: "hello";
  id: string;
  v: number;
  channel: string;
  token?: string | null;
  page?: Page;
  identity?: string | null;
  attributes?: Record<string, unknown>;
  pages?: Seen[] | null;
}

/** A line was added. */
export interface MessageFrame {
  type: "message";
  conversation: string;
  message: MessageView;
}

/** What a client sends after its hello. */
export type WidgetClientFrame =
  | WidgetAnswerSurvey
  | WidgetEnd
  | WidgetFileKey
  | WidgetHistory
  | WidgetLeaveEmail
  | WidgetMailTranscript
  | WidgetMark
  | WidgetMovePage
  | WidgetSend
  | WidgetSetAttributes
  | WidgetStart
  | WidgetSync
  | WidgetTyping
  | WidgetUpload;

/** What a client is told, answers excluded. */
export type WidgetServerFrame = MessageFrame | RedactedFrame | ConversationFrame | MarksFrame | TypingFrame | Resync;

/** What each frame is answered with; the others by an error only. */
export interface WidgetAcks {
  answer_survey: WidgetAnswerSurveyAck;
  end: WidgetEndAck;
  file_key: WidgetFileKeyAck;
  history: WidgetHistoryAck;
  leave_email: WidgetEmailAck;
  mail_transcript: WidgetEmailAck;
  send: WidgetSendAck;
  start: WidgetStartAck;
  sync: WidgetSyncAck;
  upload: UploadTerms;
}

/** All that is said over this socket. */
export interface WidgetSocket {
  hello: WidgetHello;
  welcome: WidgetWelcome;
  client: WidgetClientFrame;
  acks: WidgetAcks;
  server: WidgetServerFrame;
}
