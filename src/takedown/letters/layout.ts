const WIDTH = 76
/** Stands as it is written: an indented fact, an entry of a list of URLs. */
const FIXED = /^(?: {3,}|\d+\. )/

/**
 * Lays a text out as mails are read: paragraphs and points (`- `) are filled to 76 columns, indented and
 * numbered lines stay as they are, and a line behind `| ` stands for itself. A sentence that was left out
 * leaves no gap.
 */
export function laidOut(text: string): string {
  const blocks = text
    .split(/\n[ \t]*\n/)
    .map((block) => block.split('\n').filter((line) => line.trim() !== ''))
    .filter((lines) => lines.length > 0)
  return `${blocks.map((lines) => filled(lines).join('\n')).join('\n\n')}\n`
}

function filled(lines: readonly string[]): readonly string[] {
  const done: string[] = []
  let open: string | undefined
  const close = () => {
    if (open !== undefined) done.push(...wrapped(open))
    open = undefined
  }
  for (const line of lines) {
    if (FIXED.test(line)) {
      close()
      done.push(line.trimEnd())
    } else if (line.startsWith('| ')) {
      close()
      done.push(line.slice(2).trim())
    } else if (line.startsWith('- ')) {
      close()
      open = line
    } else open = open === undefined ? line : `${open} ${line.trim()}`
  }
  close()
  return done
}

function wrapped(paragraph: string): readonly string[] {
  const indent = paragraph.startsWith('- ') ? '  ' : ''
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(/[ \t]+/).filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= WIDTH || line.trim() === '') line = longer
    else {
      lines.push(line)
      line = indent + word
    }
  }
  return [...lines, line]
}
