/** What a soak did, what was answered, and what was wrong with it. */
export interface Report {
  readonly figures: Readonly<Record<string, unknown>>
  readonly faults: readonly string[]
}

/** Prints a report as a table, or as JSON, and gives the exit code. */
export function printed({ figures, faults }: Report, asJson: boolean): number {
  const text = asJson
    ? JSON.stringify({ ...figures, faults }, undefined, 2)
    : [...rowsOf(figures), `faults: ${faults.length}`, ...faults.map((fault) => `  ${fault}`)].join(
        '\n',
      )
  process.stdout.write(`${text}\n`)
  return faults.length === 0 ? 0 : 1
}

function rowsOf(figures: Readonly<Record<string, unknown>>): readonly string[] {
  const width = Math.max(...Object.keys(figures).map((name) => name.length))
  return Object.entries(figures).map(([name, value]) => `${name.padEnd(width)}  ${inWords(value)}`)
}

function inWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([name, each]) => `${name} ${String(each)}`)
    .join(', ')
}
