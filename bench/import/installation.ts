import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { OPERATOR, type Role } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createEngine } from '../../src/engine.ts'

const DATA_KEY = Buffer.alloc(32, 1)

/** A partner whose people have verified what it sends. */
export const LIST = 'partner'

/** An empty register, and who may use it. */
export interface Installation {
  readonly env: Readonly<Record<string, string>>
  readonly keys: Readonly<Record<'exchange' | 'analyst' | 'verifier' | 'crawler', string>>
}

export async function makeInstallation(directory: string): Promise<Installation> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const config = configWith({ data: directory, 'pool.threads': 1 })
  const engine = await createEngine({ config, dataKey: DATA_KEY })
  const keyOf = async (...roles: Role[]) => {
    const name = roles.join('-')
    const described = { name, pseudonym: name, kind: 'person', roles } as const
    const { id } = await engine.as(OPERATOR).people.add(described)
    return (await engine.as(OPERATOR).keys.create({ personId: id, label: 'bench' })).secret
  }
  const keys = {
    exchange: await keyOf('exchange', 'officer'),
    analyst: await keyOf('analyst'),
    verifier: await keyOf('verifier'),
    crawler: await keyOf('crawler-verdict'),
  }
  const by = await engine.authenticate(keys.exchange)
  await engine.as(by).lists.create({ name: LIST, kind: 'partner', arrivesAs: 'verified' })
  await engine.shutdown()
  return {
    keys,
    env: {
      HINDRA_DATA: directory,
      HINDRA_DATA_KEY_VALUE: DATA_KEY.toString('base64'),
      HINDRA_MATCH_BARE_VIEWS: 'plain',
      // The bench finds more than a crawler may.
      HINDRA_LIMITS_HASH_HITS_PER_HOUR: '0',
      HINDRA_LIMITS_FEEDS_PER_MINUTE: '0',
    },
  }
}

/** The hash of a made-up picture: nothing like any other one. */
export function pdqOf(position: number, seed: number): string {
  return createHash('sha256').update(`${seed}/${position}`).digest('hex')
}

/** A CSV of so many PDQ hashes. */
export async function writeList(folder: string, items: number, seed: number): Promise<string> {
  const file = join(folder, 'list.csv')
  await pipeline(Readable.from(linesOf(items, seed)), createWriteStream(file))
  return file
}

function* linesOf(items: number, seed: number): Generator<string> {
  yield 'pdq,pdq_quality\n'
  for (let position = 0; position < items; position += 1) yield `${pdqOf(position, seed)},90\n`
}
