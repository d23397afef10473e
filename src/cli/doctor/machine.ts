import { existsSync, readFileSync, statfsSync } from 'node:fs'
import type { Config } from '../../config.ts'
import { confinementOf } from '../../pool/index.ts'
import { type Check, type CheckReport, fail, ok, warn } from './check.ts'

/** statfs(2) */
const TMPFS_MAGIC = 0x01021994
const MIB = 1024 * 1024
const DISK_WARN_MIB = 2_048
const DISK_FAIL_MIB = 128

/** What the machine may do behind our back: write memory to disk, or run out of room. */
export function machineChecks(config: Config, env: NodeJS.ProcessEnv): readonly Check[] {
  return [
    () => sharedMemory(config),
    () => decoding(config),
    swap,
    coreDumps,
    () => diagnostics(env),
    () => disk(config),
  ]
}

/** Films are handed to ffmpeg in an unnamed file there, which must never be a disk. */
function sharedMemory(config: Config): CheckReport {
  const name = '/dev/shm'
  if (!existsSync(name)) return fail(name, 'is absent: films are refused', 'mount a tmpfs there')
  const { type, blocks, bsize } = statfsSync(name)
  if (type !== TMPFS_MAGIC) {
    return fail(name, 'is no tmpfs: films are refused', 'mount a tmpfs there')
  }
  const sizeMib = Math.floor((blocks * bsize) / MIB)
  const neededMib = Math.ceil(config.decode.bytesMax / MIB)
  if (sizeMib < neededMib) {
    return warn(
      name,
      `holds ${sizeMib} MiB, less than one film of decode.bytesMax (${neededMib} MiB)`,
      `mount -o remount,size=${2 * neededMib}M /dev/shm, or docker run --shm-size`,
    )
  }
  return ok(name, `tmpfs of ${sizeMib} MiB`)
}

/** A file that takes a decoder over finds there what the process has: apart and confined that is next to nothing. */
function decoding({ pool }: Config): CheckReport {
  const name = 'decoding'
  if (!pool.apart) {
    return warn(name, 'hostile files are decoded beside the data key', 'pool.apart: true')
  }
  const { isConfined, why } = confinementOf([])
  return isConfined
    ? ok(name, 'in a process of its own, without keys, files or network')
    : warn(
        name,
        `in a process of its own, which may open files and connections: ${why ?? ''}`,
        'a kernel with Landlock, and setpriv of util-linux 2.41 or later',
      )
}

function swap(): CheckReport {
  const lines = readText('/proc/swaps').split('\n').slice(1)
  const devices = lines.flatMap((line) => line.split(/\s+/)[0] ?? '').filter((name) => name !== '')
  const onDisk = devices.filter((device) => !isEncrypted(device) && !device.includes('zram'))
  if (onDisk.length > 0) {
    return warn(
      'swap',
      `${onDisk.join(', ')} may carry media to disk in the clear`,
      'swapoff -a, or put it on an encrypted device',
    )
  }
  return ok('swap', devices.length === 0 ? 'off' : 'on, encrypted or in memory')
}

/** Device mapper names its encrypted targets by a uuid that begins with CRYPT. */
function isEncrypted(device: string): boolean {
  const name = /^\/dev\/(dm-\d+)$/.exec(device)?.[1]
  return name !== undefined && readText(`/sys/block/${name}/dm/uuid`).startsWith('CRYPT-')
}

/** core(5): a pattern that begins with a pipe ignores the limit. */
function coreDumps(): CheckReport {
  const limit = /^Max core file size\s+(\S+)/m.exec(readText('/proc/self/limits'))?.[1] ?? '0'
  const isPiped = readText('/proc/sys/kernel/core_pattern').startsWith('|')
  if (limit === '0' && !isPiped) return ok('core dumps', 'off')
  const mend = isPiped
    ? 'sysctl kernel.core_pattern=core, and ulimit -c 0 (LimitCORE=0 in the unit)'
    : 'ulimit -c 0 (LimitCORE=0 in the unit)'
  return warn('core dumps', 'a crash could write the memory, and media in it, to disk', mend)
}

/** Node can be told to log requests, with keys and URLs in them, and to write its heap or a report of a crash to disk. */
function diagnostics({ NODE_DEBUG = '', NODE_OPTIONS = '' }: NodeJS.ProcessEnv): CheckReport {
  const name = 'diagnostics of Node'
  const isWritten = /--(?:report|heapsnapshot|heap-prof)/.test(NODE_OPTIONS.replaceAll('_', '-'))
  const found = { NODE_DEBUG: NODE_DEBUG !== '', NODE_OPTIONS: isWritten }
  const set = Object.entries(found).flatMap(([variable, isSet]) => (isSet ? [variable] : []))
  if (set.length === 0) return ok(name, 'off')
  return warn(
    name,
    `${set.join(' and ')} could write URLs, keys, or the memory and media in it, to logs and disk`,
    `unset ${set.join(' ')} (UnsetEnvironment= in the unit)`,
  )
}

function disk(config: Config): CheckReport {
  const name = 'disk space'
  if (!existsSync(config.data)) return warn(name, `${config.data} does not exist`, 'hindra init')
  const { bavail, bsize } = statfsSync(config.data)
  const freeMib = Math.floor((bavail * bsize) / MIB)
  const detail = `${freeMib} MiB free at ${config.data}`
  const mend = `make room outside ${config.data}, or enlarge the disk; writes are refused below ${config.store.freeMibMin} MiB`
  if (freeMib < DISK_FAIL_MIB) return fail(name, detail, mend)
  return freeMib < DISK_WARN_MIB ? warn(name, detail, mend) : ok(name, detail)
}

/** Empty where the system does not tell. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
