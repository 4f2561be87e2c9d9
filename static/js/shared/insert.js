/**
 * Put text into a field in place of a part of it, so that undo takes it back. The caret follows what was put in.
 *
 * @param {HTMLTextAreaElement} field
 * @param {string} text
 * @param {number} [from] where the part begins; what is selected, when not given
 * @param {number} [to] where it ends
 */
export function insertText(field, text, from = field.selectionStart, to = field.selectionEnd) {
  if (field.readOnly || field.disabled) return;
  field.focus();
  field.setSelectionRange(from, to);
  // The one way to write that a browser's undo knows of, and every browser has it.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
