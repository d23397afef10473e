import type { Block } from './page.ts'

/** What a page's script calls beside the commands that it shows. */
const HELPERS = `set -euo pipefail
# Reads JSON, or its first line, and prints what a path of it names: pick '[0].id'
pick() {
  node -e 'const text = require("node:fs").readFileSync(0, "utf8").trim()
    const read = () => { try { return JSON.parse(text) } catch { return JSON.parse(text.split("\\n")[0]) } }
    console.log(String(new Function("it", "return it" + process.argv[1])(read())))' "$1"
}
`

/** The hotline that a page talks to: its settings stand in SETTINGS. */
const INIT = `hindra init --features no > /dev/null
`
const SERVER = `printf '%s\\n' "$SETTINGS" > "$HINDRA_DATA/hindra.yaml"
hindra serve --port 0 --json > served.json 2> served.log &
until [ -s served.json ]; do sleep 0.05; kill -0 $! || { cat served.log >&2; exit 1; }; done
`

/** Stands alone in a line of what the script prints, before what a block prints. */
const MARK = '@@ line '

/** Whether a page begins before there is a server. */
export function isBare(blocks: readonly Block[]): boolean {
  return blocks.some(({ kind, text }) => kind === 'test' && NO_SERVER.test(text))
}

const NO_SERVER = /^\s*no server$/m
/** `as analyst`, `as exchange officer`: whoever has these roles signs in from here on. */
const AS = /^\s*as ([a-z -]+)$/gm

function keyVariable(roles: string): string {
  return `KEY_${roles.replaceAll(/[^a-z]/g, '_')}`
}

function peopleOf(blocks: readonly Block[]): readonly string[] {
  const asked = blocks.flatMap(({ kind, text }) =>
    kind === 'test' ? Array.from(text.matchAll(AS), ([, roles = '']) => roles.trim()) : [],
  )
  return Array.from(new Set(asked), (roles) => `${keyVariable(roles)}=$(hindra @person ${roles})`)
}

/** One script of all that a page shows in `sh`, in order, so that a later block goes on where an earlier one was. */
export function scriptOf(blocks: readonly Block[]): string {
  const parts = blocks.flatMap(({ kind, text, line }) => {
    if (kind === 'test') return [`printf '\\n${MARK}${line}\\n'`, directed(text)]
    if (kind === 'sh') return [`printf '\\n${MARK}${line}\\n'`, named(text)]
    const [, file] = /^js (\S+)$/.exec(kind) ?? []
    return file === undefined ? [] : [`cat > ${file} <<'THE_END_OF_IT'\n${text}THE_END_OF_IT`]
  })
  const server = isBare(blocks)
    ? []
    : [
        INIT,
        ...policyOf(blocks),
        SERVER,
        ...peopleOf(blocks),
        'export HINDRA_URL=$(pick .url < served.json)',
      ]
  return [HELPERS, ...server, ...parts].join('\n')
}

/** Files of a house's policy that a page shows in full: they stand there before its server starts. */
function policyOf(blocks: readonly Block[]): readonly string[] {
  const files = blocks.flatMap(({ kind, text }) => {
    const [, name] = /^yaml policy\/(\S+)$/.exec(kind) ?? []
    if (name === undefined) return []
    return [`cat > "$HINDRA_DATA/policy/${name}" <<'THE_END_OF_IT'\n${text}THE_END_OF_IT`]
  })
  return files.length === 0 ? [] : ['mkdir -p "$HINDRA_DATA/policy"', ...files]
}

function directed(text: string): string {
  return text
    .replace(NO_SERVER, '')
    .replaceAll(AS, (_line, roles: string) => `export HINDRA_KEY=$${keyVariable(roles.trim())}`)
}

/** `ITEM_ID` of a command is the id that the page's comments found. */
function named(text: string): string {
  return text.replaceAll(/(?<![$\w{])[A-Z]+_ID\b/g, (word) => `"$${word}"`)
}

/** What each block printed, by the line of its fence. */
export function printedBy(stdout: string): ReadonlyMap<number, string> {
  const parts = stdout.split(new RegExp(`^${MARK}(\\d+)\\n`, 'm'))
  const printed = new Map<number, string>()
  for (let at = 1; at + 1 < parts.length; at += 2) {
    printed.set(Number(parts[at]), parts[at + 1] ?? '')
  }
  return printed
}

/**
 * Whether what was printed has these lines in this order, others between them. In text three dots stand for anything
 * within a line, ID and TIME for what is another one each time; a line of JSON may have more fields than are shown.
 */
export function holds(printed: string, expected: string, kind: 'text' | 'json'): boolean {
  // An answer of curl ends without a line.
  const lines = (kind === 'json' ? printed.replaceAll(/([}\]])(?=[{[])/g, '$1\n') : printed)
    .split('\n')
    .map((line) => line.trim())
  let at = 0
  return expected
    .trim()
    .split('\n')
    .every((wanted) => {
      const says = kind === 'json' ? saysJson(wanted) : saysText(wanted)
      while (at < lines.length && !says(lines[at] ?? '')) at += 1
      at += 1
      return at <= lines.length
    })
}

function saysText(wanted: string): (line: string) => boolean {
  const escaped = wanted.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  const loose = escaped
    .replaceAll(String.raw`\.\.\.`, '.*')
    .replaceAll(/\b(ID|TIME)\b/g, String.raw`\S+?`)
  const pattern = new RegExp(`^${loose}$`)
  return (line) => pattern.test(line)
}

function saysJson(wanted: string): (line: string) => boolean {
  const shown = parsed(wanted)
  return (line) => isWithin(shown, parsed(line))
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return line
  }
}

function isWithin(shown: unknown, said: unknown): boolean {
  if (shown === 'ID' || shown === 'TIME') return typeof said === 'string'
  if (typeof shown !== 'object' || shown === null) return shown === said
  if (typeof said !== 'object' || said === null) return false
  if (Array.isArray(shown) !== Array.isArray(said)) return false
  if (Array.isArray(shown) && Array.isArray(said) && shown.length !== said.length) return false
  return Object.entries(shown).every(([name, value]) =>
    isWithin(value, (said as Record<string, unknown>)[name]),
  )
}
