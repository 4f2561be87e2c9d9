/**
 * What modules call the shapes that travel over the sockets. The shapes are the server's own: `frames.d.ts` is written
 * from its structs (`make frames`); what they mean stands in apps/realtime/PROTOCOL.md.
 *
 * @typedef {import("./frames.d.ts").PersonView} Person
 * @typedef {import("./frames.d.ts").MessageView} Message a numbered line
 * @typedef {Message["side"]} Side
 * @typedef {import("./frames.d.ts").FileView} FileFacts a file that was uploaded
 * @typedef {import("./frames.d.ts").UploadTerms} UploadTerms where the bytes of a file go
 * @typedef {import("./frames.d.ts").ConversationView} Conversation
 * @typedef {Omit<import("./frames.d.ts").MarksFrame, "type">} Marks
 * @typedef {import("./frames.d.ts").WaitingView} Waiting what a waiting customer sees now
 * @typedef {import("./frames.d.ts").SurveyView} Survey what a customer is asked after a chat
 * @typedef {import("./frames.d.ts").FormView} FormFacts a form that a customer was sent
 *
 * @typedef {object} Protocol what is said over one kind of socket: `ConsoleSocket` or `WidgetSocket` of frames.d.ts
 * @property {{type: "hello", id: string, v: number}} hello
 * @property {{server_time: string}} welcome
 * @property {{type: string, id: string}} client what the page sends after its hello
 * @property {object} acks what each of these is answered with, by type
 * @property {{type: string}} server what the page is told
 */

/**
 * The fields of a client's frame of one type, as they are handed to the connection, which gives it its id.
 *
 * @template {Protocol} P
 * @template T
 * @typedef {Omit<Extract<P["client"], {type: T}>, "id" | "type">} Fields
 */

export {};
