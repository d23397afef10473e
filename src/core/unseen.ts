/**
 * What turns the direction of writing or is not seen: marks and overrides of direction, fillers, halves of nothing,
 * controls, line breaks that are none in HTML. What joins letters or pictures is let be behind those that need it.
 */
export const UNSEEN =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\p{Script=Arabic}\p{Script=Syriac}\p{Mn}\p{Mc}])[\u200C\u200D]|(?![\p{Variation_Selector}\u200C\u200D])\p{Default_Ignorable_Code_Point}|[^\P{Cc}\t\n\r]|[\p{Zl}\p{Zp}]/u
const EACH = new RegExp(UNSEEN.source, 'gu')

/** The text, in which a reader sees what would deceive them by not being seen: `[U+202E]`. */
export function unseenTold(text: string): string {
  return text.replaceAll(EACH, codeOf)
}

/** `[U+202E]` */
export function codeOf(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
  return `[U+${hex.padStart(4, '0')}]`
}
