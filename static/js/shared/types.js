/**
 * The shapes that travel over the socket (apps/realtime/PROTOCOL.md).
 *
 * @typedef {"customer" | "agent" | "system"} Side
 * @typedef {{id: string, name: string}} Person
 *
 * @typedef {object} Message a numbered line
 * @property {number} number
 * @property {string} client_id
 * @property {Side} side
 * @property {"text" | "joined" | "returned" | "ended" | "left" | "ask_email" | "notice" | "form" | "filled"} kind
 * @property {Person | null} author
 * @property {string} body
 * @property {string} at RFC 3339
 * @property {FileFacts[]} [files] what goes with it
 * @property {string[]} [removed] what was taken out of it, by kind
 * @property {number} [revision] how often something was redacted in it
 *
 * @typedef {object} FileFacts a file that was uploaded
 * @property {string} id
 * @property {string} name
 * @property {string} kind image, pdf, text, office, archive, audio or video
 * @property {string} media_type
 * @property {number} size bytes
 * @property {boolean} thumbnail
 * @property {number | null} width
 * @property {number | null} height
 *
 * @typedef {object} Conversation
 * @property {string} id
 * @property {number} version
 * @property {string} state
 * @property {number} last_number
 * @property {Person | null} agent
 * @property {Side | ""} ended_by
 *
 * @typedef {object} Marks
 * @property {string} conversation
 * @property {Side} side
 * @property {number} delivered
 * @property {number} read
 *
 * @typedef {object} Waiting what a waiting customer sees now
 * @property {number | null} position 1 is next
 * @property {number | null} minutes
 * @property {string} message
 * @property {boolean} is_asked whether an agent is being asked at this moment
 *
 * @typedef {object} Survey what a customer is asked after a chat
 * @property {"csat" | "nps" | "like"} kind
 * @property {"open" | "answered" | "expired"} state
 * @property {string} request
 * @property {string} thanks
 * @property {boolean} asks_comment
 * @property {number | null} score
 * @property {string} expires_at RFC 3339
 *
 * @typedef {object} FormFacts a form that a customer was sent
 * @property {number} number that of the line by which it was sent
 * @property {string} title
 * @property {"sent" | "filled" | "expired" | "withdrawn"} state
 * @property {string} address where it is filled in; empty once it is shut
 * @property {string} expires_at RFC 3339
 *
 * @typedef {Record<string, any> & {type: string, id?: string}} Frame
 */

export {};
