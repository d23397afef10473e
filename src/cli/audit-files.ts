import { createReadStream, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import {
  type ChainedEntry,
  type Checkpoint,
  checkpointSchema,
  type FoundEntry,
} from '../audit/index.ts'
import { type FeedLine, splitLines } from '../core/index.ts'
import { HindraError } from '../errors.ts'

const LINE_BYTES_MAX = 1024 * 1024

const chained = z.object({
  cursor: z.string(),
  content: z
    .object({
      at: z.string(),
      by: z.string(),
      action: z.string(),
      subject: z.string(),
      detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    })
    .nullable(),
  salt: z.string().nullable(),
  commitment: z.string(),
  link: z.object({ number: z.int(), hash: z.string() }).nullable(),
}) satisfies z.ZodType<ChainedEntry>

/** What `hindra audit export` wrote: the head of the chain in the first line, then its entries. */
export async function readExport(file: string): Promise<{
  readonly head: Checkpoint
  readonly entries: AsyncIterable<FoundEntry>
}> {
  const lines = splitLines(openToRead(file), LINE_BYTES_MAX)
  const first = await lines.next()
  const head = checkpointSchema.safeParse(first.done ? undefined : asJson(textOf(first.value)))
  if (!head.success) {
    throw new HindraError('INVALID_INPUT', `${file} is no export of the audit`, { line: 1 })
  }
  return { head: head.data, entries: entriesOf(lines) }
}

async function* entriesOf(lines: AsyncIterable<FeedLine>): AsyncGenerator<FoundEntry> {
  for await (const line of lines) {
    const entry = chained.safeParse(asJson(textOf(line)))
    yield entry.success ? entry.data : { cursor: `line ${line.line}`, unreadable: true }
  }
}

function openToRead(file: string): Readable {
  try {
    return createReadStream('', { fd: openSync(file, 'r') })
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be read`, { cause })
  }
}

function textOf({ bytes }: FeedLine): string {
  return Buffer.from(bytes ?? []).toString('utf8')
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
