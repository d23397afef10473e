import { appendFileSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { LineAnswer } from '../../client/index.ts'
import { COMMAS, csvRow } from '../../csv/index.ts'
import { HindraError } from '../../errors.ts'
import { checkBefore, tailToGoOnFrom } from './file-bytes.ts'
import type { FilePosition, Places } from './places.ts'
import type { TrackedLine } from './tracked-file.ts'

/** Under what the end of the report is found among the places of files. */
export const REPORT_PLACE = 'report'

/** What a report says of one file: which, and what it is; nothing of what it is like. */
interface ReportRow {
  readonly shard: string
  readonly entry: string | null
  readonly verdict: string
  /** Why it is `unjudged`. */
  readonly reason: string | null
}

/** Rows of verdicts in a file, which is gone on with where the files are that it tells of. */
export interface VerdictReport {
  /** Adds what came of a line. What comes again in the next run stands at the end, and is replaced then. */
  write(line: TrackedLine, answer: LineAnswer): void
  /** How far it is whole, on the disk. */
  place(): Promise<FilePosition | undefined>
  close(): Promise<void>
}

const COLUMNS = ['shard', 'entry', 'verdict', 'reason'] as const

/** How a row is written, by the name of the file. */
const FORMATS: readonly (readonly [RegExp, { head: string; row: (row: ReportRow) => string }])[] = [
  [/\.(?:jsonl|ndjson)$/i, { head: '', row: (row) => `${JSON.stringify(row)}\n` }],
  [
    /\.csv$/i,
    {
      head: csvRow(COLUMNS, COMMAS),
      row: (row) =>
        csvRow(
          COLUMNS.map((column) => row[column]),
          COMMAS,
        ),
    },
  ],
]

/**
 * Goes on with a report that is what an earlier run left; one that is gone is begun anew, with all that it told of.
 * Throws INVALID_INPUT for a name of no format, and for a file that is something else.
 *
 * @param places Absent for a stream, which cannot be gone on with
 */
export async function openVerdictReport(
  path: string,
  places: Places | undefined,
): Promise<VerdictReport> {
  const [, format] = FORMATS.find(([pattern]) => pattern.test(path)) ?? []
  if (format === undefined) {
    throw new HindraError('INVALID_INPUT', `--report: a name in .jsonl, .ndjson or .csv: ${path}`)
  }
  // It tells which files of whoever made them are suspected: nobody else's to read.
  const handle = await open(path, 'a+', 0o600)
  const left = await leftAt(handle, path, places).catch(async (error: unknown) => {
    await handle.close()
    throw error
  })
  let { position, line } = left
  let atEnd: ReportRow[] = []

  function append(text: string): number {
    appendFileSync(handle.fd, text)
    return Buffer.byteLength(text)
  }

  async function place(): Promise<FilePosition | undefined> {
    const at = { position, line }
    await handle.datasync()
    const check = await checkBefore(handle, at.position)
    return check === undefined ? undefined : { ...at, check }
  }

  // Before the first row: else a run that is killed at once would leave a report of which nobody knows.
  const begun = await place()
  if (begun !== undefined) places?.set(REPORT_PLACE, begun)
  places?.save()

  return {
    write({ name, entry = null, fault, isReadAgain = false }, answer) {
      const shard = name === '-' ? 'stdin' : basename(name)
      const row = { shard, entry, ...verdictOf(answer, fault?.reason) }
      if (isReadAgain) {
        atEnd.push(row)
        return
      }
      if (position === 0) position += append(format.head)
      position += append(format.row(row))
      line += 1
    },
    place,
    async close() {
      const head = position === 0 && atEnd.length > 0 ? format.head : ''
      append([head, ...atEnd.map(format.row)].join(''))
      atEnd = []
      await handle.close()
    },
  }
}

async function leftAt(
  handle: FileHandle,
  path: string,
  places: Places | undefined,
): Promise<Pick<FilePosition, 'position' | 'line'>> {
  const { size } = await handle.stat()
  const place = places?.get(REPORT_PLACE)
  if (place !== undefined && (await tailToGoOnFrom(handle, size, place)) !== undefined) {
    await handle.truncate(place.position)
    return place
  }
  if (size > 0) {
    const message = `${path} is there, and is not what an earlier run left: name another report`
    throw new HindraError('INVALID_INPUT', message)
  }
  places?.keep(new Set())
  return { position: 0, line: 0 }
}

function verdictOf(
  answer: LineAnswer,
  reason: string | undefined,
): Pick<ReportRow, 'verdict' | 'reason'> {
  if ('error' in answer) return { verdict: 'unjudged', reason: reason ?? answer.error.code }
  return { verdict: answer.verdict, reason: answer.why ?? null }
}
