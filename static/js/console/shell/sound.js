/** A soft two-tone ring while something is offered; made here, so there is no file to fetch. */

import { readSetting } from "../settings/device_settings.js";

const EVERY_MS = 5000;
const NOTES = [
  { at: 0, pitch: 659.26 },
  { at: 0.16, pitch: 880 },
];

/** @type {AudioContext | undefined} */
let audio;
/** @type {ReturnType<typeof setInterval> | undefined} */
let timer;

/** Ring, and where that is wanted again and again, until `stopRinging()`. */
export function startRinging() {
  if (timer !== undefined) return;
  timer = setInterval(() => readSetting("repeats") && playRingIfAllowed(), EVERY_MS);
  playRingIfAllowed();
}

/** Stop ringing. */
export function stopRinging() {
  clearInterval(timer);
  timer = undefined;
}

function playRingIfAllowed() {
  // Browsers let a page be heard only once somebody has touched it.
  if (readSetting("sound") && navigator.userActivation?.hasBeenActive) playRing();
}

/** The ring, once. */
export function playRing() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
  for (const { at, pitch } of NOTES) note(audio, audio.currentTime + at, pitch);
}

/**
 * @param {AudioContext} context
 * @param {number} at seconds
 * @param {number} pitch hertz
 */
function note(context, at, pitch) {
  const tone = new OscillatorNode(context, { type: "sine", frequency: pitch });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(0.16, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.55);
}
