import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { Role } from '../../src/access/index.ts'
import { run } from '../../src/cli/main.ts'
import type { Api } from '../http/api.ts'

/** What a command prints to somebody with these roles. Throws where it fails. */
export async function printed(
  api: Api,
  roles: readonly Role[],
  ...args: readonly string[]
): Promise<string> {
  const { key } = await api.keyOf(...roles)
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const said = Promise.all([text(stdout), text(stderr)])
  const env = { HINDRA_KEY: key, HINDRA_URL: api.url, HINDRA_DATA: '/nowhere' }
  const code = await run(args, { env, stdin: Readable.from([]), stdout, stderr })
  stdout.end()
  stderr.end()
  const [out, err] = await said
  if (code !== 0) throw new Error(`hindra ${args.join(' ')} ended with ${String(code)}: ${err}`)
  return out
}
