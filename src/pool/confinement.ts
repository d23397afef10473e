import { spawnSync } from 'node:child_process'
import { accessSync, closeSync, constants, existsSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ffmpegPath, findProgram, isInMemory, openInMemory, startError } from '../decode/index.ts'
import { seccompFilter } from './seccomp.ts'

/** Descriptor at which the confined command finds the filter of its system calls: the first that it is handed. */
const FILTER_FD = 3

/** What keeps a process in, of its own accord where the system allows it. */
export interface Confinement {
  /** Words before the command; none where this system confines nothing. */
  readonly words: readonly string[]
  readonly isConfined: boolean
  /** Why it is not. */
  readonly why?: string
  /** A descriptor to hand on as FILTER_FD, and to close. */
  openFilter(): number | 'ignore'
}

const MODULES = '/node_modules/'

/**
 * What confines a process: setpriv(1) of util-linux, which needs no rights. Landlock leaves `readable` and what
 * programs and libraries are made of to read, and /dev/shm to write; a filter refuses sockets and looks into other
 * processes; nothing that it starts gets more. It ends with its parent. Without setpriv, Landlock or the filter nothing
 * is confined.
 */
export function confinementOf(readable: readonly string[]): Confinement {
  const setpriv = findProgram('setpriv')
  const filter = seccompFilter()
  if (setpriv === undefined) return unconfined('setpriv (util-linux) is not in PATH')
  if (!isInMemory('/dev/shm')) return unconfined('/dev/shm is no memory file system')
  if (!isWritable('/dev/shm')) return unconfined('/dev/shm cannot be written')
  if (filter === undefined) return unconfined(`no filter is written for ${process.arch}`)
  const words = [
    ...[setpriv, '--no-new-privs', '--pdeathsig', 'KILL'],
    // Root reads what is anybody's, unless it gives that up.
    ...(process.getuid?.() === 0 ? ['--bounding-set=-all', '--inh-caps=-all'] : []),
    ...['--landlock-access', 'fs', ...rules(readable)],
    ...['--seccomp-filter', `/proc/self/fd/${String(FILTER_FD)}`, '--'],
  ]
  const [, ...rest] = [...words, findProgram('true') ?? process.execPath]
  const openFilter = () => openInMemory(filter)
  const reader = openFilter()
  const tried = spawnSync(setpriv, rest, {
    cwd: '/',
    env: {},
    timeout: 10_000,
    stdio: ['ignore', 'ignore', 'pipe', reader],
  })
  closeSync(reader)
  if (tried.status === 0) return { words, isConfined: true, openFilter }
  // What the system has not enough of now it has later: nothing starts unconfined for that.
  if (tried.error !== undefined) {
    throw startError(tried.error, 'no process could be started to confine')
  }
  const said = tried.stderr.toString().trim().split('\n')[0] ?? ''
  return unconfined(`setpriv cannot confine: ${said}`)
}

/** Whether files may be made there at all. Room for them comes and goes, and does not count. */
function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function unconfined(why: string): Confinement {
  return { words: [], isConfined: false, why, openFilter: () => 'ignore' }
}

/** Folders of this package and of what it depends on; never the folder that they stand in, which may hold the data. */
function ownCode(): readonly string[] {
  let root = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(root, 'package.json'))) root = dirname(root)
  const own = ['dist', 'src', 'native', 'package.json', 'tsconfig.json']
  const sharp = realpathSync(createRequire(import.meta.url).resolve('sharp'))
  const modules = sharp.slice(0, sharp.indexOf(MODULES) + MODULES.length)
  return [...own.map((name) => join(root, name)), modules]
}

function programs(): readonly string[] {
  const ffmpeg = (() => {
    try {
      return [dirname(realpathSync(ffmpegPath()))]
    } catch {
      // Said when there is a film.
      return []
    }
  })()
  return [
    ...['/usr', '/lib', '/lib64', '/bin', '/etc/ld.so.cache', '/etc/alternatives'],
    ...['/etc/ssl/openssl.cnf', dirname(realpathSync(process.execPath)), ...ffmpeg],
  ]
}

function rules(readable: readonly string[]): readonly string[] {
  return [
    ...programs().flatMap((path) => rule(path, 'execute,read-file', 'read-dir')),
    ...[...ownCode(), ...readable].flatMap((path) => rule(path, 'execute,read-file', 'read-dir')),
    ...['/proc', '/sys/devices/system/cpu', '/sys/fs/cgroup', '/dev/urandom'].flatMap((path) =>
      rule(path, 'read-file', 'read-dir'),
    ),
    ...rule('/dev/null', 'read-file,write-file'),
    // For files without a name, which hold a film for its decoder.
    ...rule('/dev/shm', 'read-file,write-file,make-reg', 'read-dir'),
  ]
}

/** What is not there needs no rule, and a rule for a folder's rights on a file is refused. */
function rule(path: string, rights: string, ofFolder?: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return []
  const all = found.isDirectory() && ofFolder !== undefined ? `${rights},${ofFolder}` : rights
  return ['--landlock-rule', `path-beneath:${all}:${path}`]
}
