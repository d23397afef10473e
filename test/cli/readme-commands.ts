/** One command as a README shows it: continued lines joined, the comment behind it taken off. */
export interface ShownCommand {
  readonly file: string
  /** 1-based, of its first line. */
  readonly line: number
  readonly text: string
}

/**
 * The commands of the fenced `sh` blocks of a page, and of indented blocks that begin with `hindra`.
 * A line that ends in a backslash or a pipe goes on in the next.
 */
export function commandsIn(file: string, page: string): readonly ShownCommand[] {
  const found: ShownCommand[] = []
  let isFenced = false
  let isOther = false
  let open: { line: number; text: string } | undefined
  for (const [at, raw] of page.split('\n').entries()) {
    if (raw.startsWith('```')) {
      isOther = !isFenced && !isOther && !/^```(sh|bash)\b/.test(raw)
      isFenced = !isFenced && !isOther && raw !== '```'
      continue
    }
    const isIndented = !isFenced && !isOther && /^ {4}(hindra|npx|npm|curl) /.test(raw)
    if (!isFenced && !isIndented) continue
    const line = withoutComment(raw).trim()
    if (line === '') continue
    const text = open === undefined ? line : `${open.text} ${line}`
    const start = open?.line ?? at + 1
    if (/[\\|]$/.test(line)) {
      open = { line: start, text: text.replace(/\s*\\$/, '') }
      continue
    }
    open = undefined
    found.push({ file, line: start, text })
  }
  return found
}

/** Without what follows a # that stands outside quotes at the beginning of a word. */
function withoutComment(line: string): string {
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '#' && (at === 0 || line.charAt(at - 1) === ' '))
      return line.slice(0, at)
  }
  return line
}

/** The words of a command without pipes, redirections and expansions, as a shell would part them. */
export function wordsOf(command: string): readonly string[] {
  return Array.from(command.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g), ([word]) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'),
  )
}

/** Whether it takes a shell: a pipe, a redirection, a variable, or another program. */
export function needsShell(command: string): boolean {
  return !/^(npx )?hindra /.test(command) || /[|<>$]|&&/.test(command.replaceAll(/"[^"]*"/g, ''))
}
