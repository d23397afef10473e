import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defined } from '../../src/core/index.ts'

const BWRAP = '/usr/bin/bwrap'

/** Whose libraries and shell there are: of this system, or of another one at this path, as mmdebstrap makes it. */
const SYSTEM = process.env['HINDRA_TEST_ROOT'] ?? '/'
/** A Node that runs on that system. */
const NODE = process.env['HINDRA_TEST_NODE'] ?? process.execPath

export interface Said {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A system of its own: C libraries, `sh`, `env`, Node and npm, and nothing that compiles. */
export interface BareRoot {
  /** A folder that both sides see; inside it is `/work`. */
  readonly work: string
  /** Puts a file into `/work`. */
  take(file: string, name: string): void
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Said
  npm(...args: readonly string[]): Said
  dispose(): void
}

/** False, and said, where there is no bubblewrap to make one with. */
export function hasBareRoot(): boolean {
  if (existsSync(BWRAP)) return true
  console.warn(`skipped: ${BWRAP} is absent (Debian: apt-get install bubblewrap)`)
  return false
}

export function createBareRoot(): BareRoot {
  const work = mkdtempSync(join(tmpdir(), 'hindra-bare-root-'))
  for (const folder of ['home', 'app']) mkdirSync(join(work, folder))
  const npmSays = (...args: readonly string[]) =>
    execFileSync('npm', args, { encoding: 'utf8' }).trim()
  const readable = Object.entries({
    '/usr/lib': join(SYSTEM, 'usr/lib'),
    '/usr/lib64': join(SYSTEM, 'usr/lib64'),
    '/usr/bin/sh': join(SYSTEM, 'usr/bin/dash'),
    '/usr/bin/env': join(SYSTEM, 'usr/bin/env'),
    '/usr/bin/node': NODE,
    '/npm': join(npmSays('root', '--global'), 'npm'),
    '/etc/ssl': '/etc/ssl',
    '/etc/resolv.conf': '/etc/resolv.conf',
  }).flatMap(([inside, outside]) => ['--ro-bind-try', outside, inside])
  const root = [
    ...['--unshare-all', '--share-net', '--die-with-parent', '--clearenv'],
    ...readable,
    ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64'],
    ...['--symlink', 'usr/bin', '/bin', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    // What `npm ci` has fetched need not be fetched again.
    ...['--bind', npmSays('config', 'get', 'cache'), '/npm-cache'],
    ...['--bind', work, '/work', '--chdir', '/work/app'],
  ]
  const always = {
    PATH: '/usr/bin',
    HOME: '/work/home',
    npm_config_cache: '/npm-cache',
    npm_config_prefer_offline: 'true',
    ...defined({ NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] }),
  }

  function run(command: readonly string[], env: Readonly<Record<string, string>> = {}): Said {
    const settings = Object.entries({ ...always, ...env }).flatMap((each) => ['--setenv', ...each])
    const { status, stdout, stderr } = spawnSync(BWRAP, [...root, ...settings, ...command], {
      encoding: 'utf8',
    })
    return { code: status, stdout, stderr }
  }

  return {
    work,
    run,
    take(file, name) {
      copyFileSync(file, join(work, name))
    },
    npm: (...args) => run(['node', '/npm/bin/npm-cli.js', ...args]),
    dispose() {
      rmSync(work, { recursive: true, force: true })
    },
  }
}
