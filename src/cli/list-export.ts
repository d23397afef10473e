import { open, rename, rm } from 'node:fs/promises'
import type { Command } from 'commander'
import type { Client } from '../client/index.ts'
import { HindraError } from '../errors.ts'
import { classNames } from './class-map.ts'
import type { Exported, FormatName } from '../exchange/index.ts'
import { CLASSED_FORMATS, FORMAT_NAMES } from '../exchange/terms.ts'
import { fields } from './output.ts'
import type { Shell } from './shell.ts'

const PAGE_ROWS = 1_000

interface ExportOptions {
  readonly format: string
  readonly reason: string
  readonly out: string
  readonly classes?: string
  readonly feedback?: boolean
}

type Row = Exported & { readonly entryId: string }

/** @param command `hindra lists export <name>` */
export function listExport(command: Command, shell: Shell): void {
  command
    .description('writes the hashes of one list into a file, for a stated reason; audited')
    .requiredOption('--format <format>', FORMAT_NAMES.join(', '))
    .requiredOption('--reason <text>', 'why; kept, and audited')
    .requiredOption('--out <file>', 'for its owner alone')
    .option(
      '--classes <map>',
      `${CLASSED_FORMATS.join(', ')}: our classes in those of the list: Baseline=1,National=2`,
    )
    .option('--feedback', 'what is thought here of its entries, instead of the list itself')
    .action((list: string, options: ExportOptions) =>
      shell.withClient(async (client) => {
        const format = checkedFormat(options.format)
        const classes = classNames(options.classes)
        const { reason, out, feedback: isFeedback = false } = options
        if (out === '-') {
          throw new HindraError(
            'INVALID_INPUT',
            '--out: the name of a file; hashes are shown on no terminal',
          )
        }
        const { id } = await client.listExports.begin({ list, reason })
        const counts = { written: 0, leftOut: 0 }
        const { writeList } = await import('../exchange/index.ts')
        const pieces = writeList(format, entriesOf(client, id), { classes, isFeedback }, counts)
        await writeTo(out, pieces)
        const { written: entries, leftOut } = counts
        shell.output().answer({ file: out, list, entries, leftOut }, fields)
        if (leftOut > 0) {
          shell.output().note(`${leftOut} entries have no hash that ${format} has room for`)
        }
      }),
    )
}

async function* entriesOf(client: Client, id: string): AsyncGenerator<Row> {
  for (let after: string | undefined; ; ) {
    const page = await client.listExports.entries({ id, limit: PAGE_ROWS, after })
    yield* page
    after = page.at(-1)?.entryId
    if (page.length < PAGE_ROWS) return
  }
}

/** Writes under another name until the file is whole. */
async function writeTo(out: string, pieces: AsyncIterable<string>): Promise<void> {
  const part = `${out}.part`
  const handle = await open(part, 'w', 0o600).catch((cause: unknown) => {
    throw new HindraError('INVALID_INPUT', `${part} cannot be written`, { cause })
  })
  try {
    try {
      for await (const piece of pieces) await handle.write(piece)
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await rename(part, out)
}

function checkedFormat(text: string): FormatName {
  const found = FORMAT_NAMES.find((name) => name === text)
  if (found !== undefined) return found
  throw new HindraError('INVALID_INPUT', `--format: one of ${FORMAT_NAMES.join(', ')}`)
}
