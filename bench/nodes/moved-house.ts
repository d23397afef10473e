import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PostgresServer } from '../../fixtures/servers/postgres.ts'
import { configWith } from '../../src/config.ts'
import { createEngine } from '../../src/engine.ts'
import { makeInstallation } from '../feed/installation.ts'
import { runCommand, type ServerProcess, startServerProcess } from '../feed/server.ts'
import { proposeItems } from '../startup/register.ts'

/** A house that began in a directory and whose store was brought to PostgreSQL, as a user does. */
export interface MovedHouse {
  readonly key: string
  /** PDQ hashes of items that are really there. */
  readonly planted: readonly string[]
  /** `hindra serve` over the store in the directory, as it was before. */
  startBefore(): Promise<ServerProcess>
  /** `--roles api,matcher` with a data directory of that name: a new one holds no saved index, so that it reads the register. */
  startMatcher(name: string): Promise<ServerProcess>
}

/** @param items Made-up pictures that stand in the register itself, for a matcher reads it */
export async function moveHouse(
  postgres: PostgresServer,
  directory: string,
  {
    items,
    schema,
    seed,
  }: { readonly items: number; readonly schema: string; readonly seed: number },
): Promise<MovedHouse> {
  const level = join(directory, `${schema}-level`)
  const { env, crawlerKey: key, planted } = await makeInstallation(level, 4, seed)
  await addItems(env, items, seed)
  const moved = { ...env, HINDRA_DATA: join(directory, `${schema}-moved`) }
  cpSync(level, moved.HINDRA_DATA, { recursive: true })
  runCommand(moved, 'migrate-store', postgres.url(schema))
  return {
    key,
    planted,
    startBefore: () => startServerProcess(env),
    startMatcher(name) {
      const data = join(directory, `${schema}-${name}`)
      mkdirSync(data, { mode: 0o700, recursive: true })
      const there = { ...env, HINDRA_DATA: data, HINDRA_STORE: postgres.url(schema) }
      return startServerProcess(there, '--roles', 'api,matcher')
    },
  }
}

async function addItems(
  env: Readonly<Record<string, string>>,
  items: number,
  seed: number,
): Promise<void> {
  const dataKey = Buffer.from(env['HINDRA_DATA_KEY_VALUE'] ?? '', 'base64')
  const config = configWith({ data: env['HINDRA_DATA'], 'pool.threads': 1 })
  const engine = await createEngine({ config, dataKey })
  await proposeItems(engine.stages.register, items, seed, () => undefined)
  await engine.shutdown()
}
