import { codeOf, UNSEEN } from '../core/index.ts'

/** A field keeps what was typed; a tag is ours, and nothing within it ends it, since attributes are escaped. */
const KEPT = /<textarea[^<>]*>[^<]*|<[^<>]*>/u
const PARTS = new RegExp(`${KEPT.source}|${UNSEEN.source}`, 'gu')

/** The document, in whose text a reader sees what would deceive them by not being seen: `[U+202E]`. */
export function withUnseenShown(html: string): string {
  if (!UNSEEN.test(html)) return html
  return html.replaceAll(PARTS, (part) => (part.startsWith('<') ? part : codeOf(part)))
}
