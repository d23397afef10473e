import { existsSync } from 'node:fs'
import { chmod, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Level } from 'level'
import { HindraError } from '../../errors.ts'
import { inParts, type Restoration } from '../restored-rows.ts'
import type { Database } from './rows.ts'

/**
 * Makes a store of what `dump` gave, with some keys put anew. The directory is made for its owner alone. On the
 * disk when it resolves; what an interrupted one leaves behind is beside the place: the next goes on from there where
 * it has the same mark, else removes it. Throws ALREADY_INITIALISED.
 */
export async function restoreLevelStore(
  directory: string,
  restoration: Restoration,
): Promise<void> {
  if (existsSync(directory)) {
    throw new HindraError('ALREADY_INITIALISED', `there is a store at ${directory}`)
  }
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  const beside = `${besideName(directory)}${restoration.mark}`
  for (const begun of await begunBeside(directory)) {
    if (begun !== beside) await rm(begun, { recursive: true, force: true })
  }
  await fill(beside, restoration)
  await rename(beside, directory)
  const parent = await open(dirname(directory), 'r')
  await parent.sync().finally(() => parent.close())
}

/** The mark of one that was broken off at the place. */
export async function unfinishedLevelStore(directory: string): Promise<string | undefined> {
  const [begun] = await begunBeside(directory)
  return begun?.slice(besideName(directory).length)
}

function besideName(directory: string): string {
  return `${directory}.restoring-`
}

async function begunBeside(directory: string): Promise<readonly string[]> {
  const parent = dirname(directory)
  if (!existsSync(parent)) return []
  const begins = basename(besideName(directory))
  const names = await readdir(parent)
  return names.filter((name) => name.startsWith(begins)).map((name) => join(parent, name))
}

async function fill(directory: string, restoration: Restoration): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const db: Database = new Level(directory, { keyEncoding: 'buffer', valueEncoding: 'buffer' })
  await db.open()
  const put = (row: { readonly key: Buffer; readonly value: Buffer }) => ({
    type: 'put' as const,
    ...row,
  })
  try {
    const [last] = await db.keys({ reverse: true, limit: 1 }).all()
    for await (const part of inParts(restoration, last)) {
      await db.batch(part.map(put), { sync: true })
    }
  } finally {
    await db.close()
  }
}
