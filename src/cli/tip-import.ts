import { createHash } from 'node:crypto'
import type { Client } from '../client/index.ts'
import { HindraError } from '../errors.ts'
import type {
  ChangedTip,
  ForeignTips,
  TipImportReport,
  TipListRow,
  TipRowsTaken,
} from '../intake/index.ts'
import { parseIccamReports, parseTipCsv, reportOf, rowsOf } from '../intake/terms.ts'
import { interruptible } from './interruption.ts'
import { table } from './output.ts'
import type { Shell } from './shell.ts'

/** Rows of one request, which is one transaction. */
const BATCH_ROWS = 100
/** How often people are told at most how far it has come. */
const NOTES_MAX = 20

/** Takes a list of tips; the same list again goes on where it broke off, or finds what it brought. */
export async function importTips(shell: Shell, text: string): Promise<void> {
  const list = parseList(text)
  const rows = rowsOf(list)
  const digest = createHash('sha256').update(text).digest('hex')
  await shell.withClient(async (client) => {
    const begun = await client.tipImports.begin({ digest })
    const output = shell.output()
    if (begun.position > 0) output.note(`going on behind row ${begun.position} of ${rows.length}`)
    let position = begun.position
    const says = () =>
      `stopped: ${position} of ${rows.length} rows are taken and stay. The server ends the batch ` +
      `under way (${BATCH_ROWS} rows at most) and does nothing else of this list; the same command ` +
      'goes on behind it. Ctrl-C again leaves at once.'
    await interruptible(shell, says, async (signal) => {
      const changed: ChangedTip[] = []
      const noteRows = Math.max(BATCH_ROWS, Math.ceil(rows.length / NOTES_MAX))
      for (let noted = position; position < rows.length && !signal.aborted; ) {
        const taken = await takeBatch(client, begun.id, position, rows)
        position = taken.position
        changed.push(...taken.changed)
        if (position - noted < noteRows || position >= rows.length) continue
        noted = position
        output.note(`${position} of ${rows.length} rows: ${taken.added} new`)
      }
      if (position < rows.length) return
      const done = await client.tipImports.finish({ id: begun.id })
      output.answer(reportOf(done, changed, list), asText)
      if (list.refused.length > 0) shell.exitWith(2)
    })
  })
}

async function takeBatch(
  client: Client,
  id: string,
  from: number,
  rows: readonly TipListRow[],
): Promise<TipRowsTaken> {
  const body = { from, rows: rows.slice(from, from + BATCH_ROWS) }
  return await client.tipImports.takeRows({ id, ...body })
}

function parseList(text: string): ForeignTips {
  return /^\s*[[{]/.test(text) ? parseIccamReports(parseJson(text)) : parseTipCsv(text)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new HindraError('INVALID_INPUT', 'the file begins as JSON and is none')
  }
}

function asText(report: TipImportReport): string {
  const { accepted, added, updated, unchanged, known, changed, refused } = report
  const told: string[] = []
  if (refused.length > 0) {
    const rows = refused.map(({ line, field, message }) => [line, field, message])
    told.push(table(['line', 'field', 'why'], rows))
  }
  if (changed.length > 0) {
    const rows = changed.map(({ line, tipId, fields }) => [line, tipId, fields.join(', ')])
    told.push(table(['line', 'tip', 'told anew'], rows))
  }
  told.push(
    `${accepted} accepted (${known} known already), ${refused.length} refused`,
    `${added} new, ${updated} updated, ${unchanged} unchanged`,
    ...repeatText(report),
  )
  return told.join('\n')
}

function repeatText({ unreferenced, takenBefore }: TipImportReport): readonly string[] {
  if (takenBefore === null || unreferenced === 0) return []
  return [
    `this list was taken before, at ${takenBefore}: its ${unreferenced} rows without a reference ` +
      'are new tips all the same, for nobody can tell whether somebody told it again',
  ]
}
