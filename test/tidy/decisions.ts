/**
 * How many lines of how many characters a decision has at most: longer reasons are lab notes, and those have
 * bench/NOTES.md.
 */
const LINES_MAX = 4
const CHARACTERS_MAX = 120

/** What is wrong with a page of decisions: its form, and its numbers, which run from 1. */
export function wrongForm(page: string): readonly string[] {
  const problems: string[] = []
  const lines = page.split('\n')
  let last = 0
  let length = 0
  for (const [at, line] of lines.entries()) {
    const [, number] = /^(\d+)\. /.exec(line) ?? []
    const where = `line ${at + 1}`
    if (line.length > CHARACTERS_MAX) problems.push(`${where}: over ${CHARACTERS_MAX} characters`)
    if (number !== undefined) {
      if (Number(number) !== last + 1) problems.push(`${where}: ${number} follows ${last}`)
      if (!/^\d+\. \*\*./.test(line))
        problems.push(`${where}: does not begin with what was decided`)
      last = Number(number)
      length = 1
    } else if (last > 0 && /^ +\S/.test(line)) {
      length += 1
      if (length === LINES_MAX + 1) problems.push(`${where}: ${last} has over ${LINES_MAX} lines`)
    } else if (last > 0 && line !== '') {
      problems.push(`${where}: belongs to no decision`)
    }
  }
  if (last === 0) problems.push('there is no decision')
  return problems
}

export function countOf(page: string): number {
  return page.match(/^\d+\. /gm)?.length ?? 0
}

export interface Cited {
  /** Undefined where only a number is cited. */
  readonly stage: string | undefined
  readonly number: number
}

const CITATION = /\bdecisions?\s+(?:([a-z]+)\s+)?(\d+(?:(?:,\s*|\s+and\s+)\d+)*)/g

/** `decision match 7`, `decisions match 5 and 9`. */
export function citedIn(text: string): readonly Cited[] {
  // A citation may run over the end of a line, behind the marks of a comment.
  const joined = text.replaceAll(/\n\s*(\/\/|\*)?\s*/g, ' ')
  return Array.from(joined.matchAll(CITATION), ([, stage, numbers = '']) =>
    numbers.split(/,\s*|\s+and\s+/).map((number) => ({ stage, number: Number(number) })),
  ).flat()
}
