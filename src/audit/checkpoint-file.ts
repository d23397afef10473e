import { readFileSync } from 'node:fs'
import { appendFile } from 'node:fs/promises'
import { z } from 'zod'
import { HindraError } from '../errors.ts'
import { type Epoch, ofThisChain } from './epochs.ts'
import type { Checkpoint } from './entry.ts'

export const checkpointSchema = z.object({
  at: z.string(),
  count: z.int(),
  hash: z.string(),
}) satisfies z.ZodType<Checkpoint>

/** Checkpoints, one a line of JSON. Throws INVALID_INPUT with the line, and where there is no such file. */
export function readCheckpoints(file: string): readonly Checkpoint[] {
  return checkpointsIn(textOf(file), file)
}

/**
 * Checkpoints, one a line of JSON. Throws INVALID_INPUT with the line.
 *
 * @param place Where the text is from, for the message
 */
export function checkpointsIn(content: string, place: string): readonly Checkpoint[] {
  return content.split('\n').flatMap((text, index) => {
    if (text.trim() === '') return []
    const parsed = checkpointSchema.safeParse(asJson(text))
    if (parsed.success) return [parsed.data]
    throw new HindraError('INVALID_INPUT', `${place}: line ${index + 1} is no checkpoint`, {
      line: index + 1,
    })
  })
}

/** Reads as `readCheckpoints` does, and finds none where nothing was written yet. */
export function keptCheckpoints(file: string | undefined): readonly Checkpoint[] {
  try {
    return file === undefined ? [] : readCheckpoints(file)
  } catch (error) {
    const cause = error instanceof HindraError ? (error.cause as NodeJS.ErrnoException) : undefined
    if (cause?.code === 'ENOENT') return []
    throw error
  }
}

/**
 * Adds one. Throws AUDIT_BROKEN, and adds nothing, where the chain is shorter than it was: a checkpoint of
 * what is left would vouch for it.
 *
 * @param epochs What is there of another chain is left out: see `ofThisChain`
 */
export async function keepCheckpoint(
  file: string,
  checkpoint: Checkpoint,
  epochs: readonly Epoch[],
): Promise<void> {
  const { count, hash } = checkpoint
  const longest = ofThisChain(keptCheckpoints(file), epochs).findLast((kept) => kept.count >= count)
  if (longest !== undefined && (longest.count > count || longest.hash !== hash)) {
    const was = `the checkpoint of ${longest.at} has ${longest.count} entries`
    throw new HindraError('AUDIT_BROKEN', `the audit chain has ${count} entries, ${was}`)
  }
  await appendFile(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 })
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', `${file} cannot be read`, { cause })
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
