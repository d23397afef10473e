import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageFile } from '../../src/core/index.ts'

export const HINDRA = packageFile('bin/hindra.js')

/** A server that runs, and somebody who may ask it everything. */
export interface Desk {
  readonly env: NodeJS.ProcessEnv
  close(): void
}

export async function createDesk(directory: string): Promise<Desk> {
  const env = { PATH: process.env['PATH'], HOME: directory, HINDRA_DATA: join(directory, 'data') }
  const answer = (...args: readonly string[]) =>
    JSON.parse(
      execFileSync(process.execPath, [HINDRA, ...args, '--json'], { env, encoding: 'utf8' }),
    ) as Readonly<Record<string, string>>
  answer('init', '--features', 'no')
  const roles = ['admin', 'analyst', 'officer', 'auditor'].flatMap((role) => ['--role', role])
  const { id = '' } = answer('people', 'add', 'Ada', '--pseudonym', 'A-01', ...roles)
  const { secret } = answer('keys', 'create', id, '--label', 'bench')
  const server = spawn(process.execPath, [HINDRA, 'serve', '--port', '0'], { env })
  await once(server.stdout, 'data')
  return {
    env: { ...env, HINDRA_KEY: secret },
    close() {
      server.kill()
    },
  }
}
