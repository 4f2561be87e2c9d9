import assert from "node:assert/strict";
import { test } from "node:test";
import { Uploads } from "../../static/js/shared/upload.js";

const words = { lost: "lost", many: "at most {max}", waits: "waits" };

/** Stands for the browser's own: a request that the test ends. */
class Request extends EventTarget {
  static all = [];
  upload = new EventTarget();
  status = 0;
  response = null;
  constructor() {
    super();
    Request.all.push(this);
  }
  open() {}
  setRequestHeader() {}
  send() {}
  abort() {}
  end(type, status = 0, response = null) {
    Object.assign(this, { status, response });
    this.dispatchEvent(new Event(type));
  }
}
globalThis.XMLHttpRequest = Request;

const turn = () => new Promise((resolve) => setTimeout(resolve));

test("what is chosen while the line is down waits, and goes when it is back", async () => {
  let isUp = false;
  const ask = async () => {
    if (!isUp) throw Object.assign(new Error(), { code: "closed" });
    return { address: "/files/1/", max_files: 5 };
  };
  const uploads = new Uploads({ ask, words });
  uploads.add([new File(["a"], "a.txt")]);
  await turn();
  const [upload] = uploads.all;
  assert.deepEqual([upload.state, upload.why, uploads.busy, uploads.any], ["waiting", "waits", true, false]);
  isUp = true;
  uploads.up();
  await turn();
  Request.all.at(-1).end("load", 201, { file: { id: "1", name: "a.txt", size: 1 } });
  assert.deepEqual([upload.state, upload.why, uploads.busy, uploads.any], ["ready", "", false, true]);
});

test("what the line was lost under is tried again when it is back; what the server refused is not", async () => {
  const ask = async () => ({ address: "/files/1/", max_files: 5 });
  const uploads = new Uploads({ ask, words });
  uploads.add([new File(["a"], "a.txt"), new File(["b"], "b.exe")]);
  await turn();
  const [lost, refused] = Request.all.slice(-2);
  lost.end("error");
  refused.end("load", 422, { message: "No programs." });
  assert.deepEqual(
    uploads.all.map(({ state, why }) => [state, why]),
    [
      ["failed", "lost"],
      ["failed", "No programs."],
    ],
  );
  uploads.up();
  assert.deepEqual(
    uploads.all.map(({ state }) => state),
    ["sending", "failed"],
  );
});
