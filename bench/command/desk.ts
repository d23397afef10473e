import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageFile } from '../../src/core/index.ts'

export const HINDRA = packageFile('bin/hindra.js')

/** A server that runs and has one case, and somebody who may ask it everything. */
export interface Desk {
  readonly env: NodeJS.ProcessEnv
  close(): void
}

export async function createDesk(directory: string): Promise<Desk> {
  const env = { PATH: process.env['PATH'], HOME: directory, HINDRA_DATA: join(directory, 'data') }
  const run = (given: NodeJS.ProcessEnv, ...args: readonly string[]) =>
    JSON.parse(
      execFileSync(process.execPath, [HINDRA, ...args, '--json'], { env: given, encoding: 'utf8' }),
    ) as Readonly<Record<string, string>>
  run(env, 'init', '--features', 'no')
  const roles = ['admin', 'analyst', 'officer', 'auditor'].flatMap((role) => ['--role', role])
  const { id = '' } = run(env, 'people', 'add', 'Ada', '--pseudonym', 'A-01', ...roles)
  const { secret } = run(env, 'keys', 'create', id, '--label', 'bench')
  const asAda = { ...env, HINDRA_KEY: secret }
  const judged = ['--classification', 'Baseline', '--reason', 'for the bench']
  run(asAda, 'assess', 'https://127.0.0.1/a.jpg', ...judged)
  const server = spawn(process.execPath, [HINDRA, 'serve', '--port', '0'], { env })
  await once(server.stdout, 'data')
  return {
    env: asAda,
    close() {
      server.kill()
    },
  }
}
