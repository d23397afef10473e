import { own } from '../core/index.ts'

/** Whether each question that is named has one of these answers. */
export function meets(
  when: Readonly<Record<string, readonly string[]>>,
  given: Readonly<Record<string, string | readonly string[]>>,
): boolean {
  return Object.entries(when).every(([name, terms]) =>
    [own(given, name) ?? []].flat().some((word) => terms.includes(word)),
  )
}
