/**
 * Text as it is searched: small letters without accents.
 *
 * @param {string} text
 */
export function foldText(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
