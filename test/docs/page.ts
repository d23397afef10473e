import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** A fenced block of a page. */
export interface Block {
  /** What stands behind the fence: `sh`, `console`, `js embed.mjs`. */
  readonly kind: string
  readonly text: string
  /** 1-based, of the fence. */
  readonly line: number
}

/** What a reader does not see: lines for the test, in a comment that begins with `test`. */
const COMMENT = /^<!-- test\b(.*?)-->$/gms
const FENCE = /^```([^\n`]+)\n(.*?)^```$/gms

/** The manuals, by their path below the repository: README.md and docs, without the generated pages. */
export function manuals(): readonly string[] {
  const names = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
  return ['README.md', ...names.sort().map((name) => `docs/${name}`)]
}

export function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8')
}

/** Every page of Markdown that people read: the manuals, the decisions, and those beside the code. */
export function pagesBelow(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  )
}

/** Fenced blocks and comments for the test, in their order; a comment is a block of kind `test`. */
export function blocksOf(text: string): readonly Block[] {
  const lineAt = (index: number) => text.slice(0, index).split('\n').length
  const fenced = Array.from(text.matchAll(FENCE), ({ index, 1: kind = '', 2: body = '' }) => ({
    kind,
    text: body,
    line: lineAt(index),
  }))
  const hidden = Array.from(text.matchAll(COMMENT), ({ index, 1: body = '' }) => ({
    kind: 'test',
    text: body,
    line: lineAt(index),
  }))
  return [...fenced, ...hidden].sort((one, other) => one.line - other.line)
}

/** What is not a block: where inline code and links are looked for. */
export function proseOf(text: string): string {
  const blank = (found: string) => found.replaceAll(/[^\n]/g, '')
  return text.replaceAll(FENCE, blank).replaceAll(/<!--.*?-->/gs, blank)
}
