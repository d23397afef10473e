import { chmod, mkdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { HindraError } from '../../errors.ts'

/** Directories that this process owns: LevelDB's own lock does not see through other spellings. */
const owned = new Set<string>()

const PID_FILE = 'owner.pid'
const OWNER_TRIES = 10
const OWNER_WAIT_MS = 20

/** The right to use a directory, as far as this process and the pid file can tell. */
export interface DirectoryClaim {
  /** Without symbolic links: one directory has one such path. */
  readonly path: string
  /** Tells others who owns it, once LevelDB's lock is held. */
  announce(): Promise<void>
  /** Names the owner; for when LevelDB's lock is held by another. */
  locked(): Promise<HindraError>
  /** Gives the directory up; `closeDatabase` gives up LevelDB's lock. */
  release(closeDatabase?: () => Promise<void>): Promise<void>
  /** The same, and answers the name that the directory has before anybody else can own it. */
  retire(mark: string, closeDatabase: () => Promise<void>): Promise<string>
}

/** Makes the directory where it is missing, for its owner alone. Throws STORE_LOCKED. */
export async function claimDirectory(directory: string): Promise<DirectoryClaim> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await chmod(directory, 0o700)
  const path = await realpath(directory)
  if (owned.has(path)) throw lockedBy(path, process.pid)
  owned.add(path)
  const pidFile = join(path, PID_FILE)
  let announced = false

  const claim: DirectoryClaim = {
    path,
    async announce() {
      await writeFile(pidFile, `${process.pid}\n${await identity(process.pid)}\n`, { mode: 0o600 })
      announced = true
    },
    async locked() {
      // Between taking LevelDB's lock and writing the pid file an owner is not yet known.
      for (let attempt = 0; attempt < OWNER_TRIES; attempt++) {
        const pid = await livingOwner(pidFile)
        if (pid !== undefined) return lockedBy(path, pid)
        await sleep(OWNER_WAIT_MS)
      }
      return new HindraError('STORE_LOCKED', `another process owns ${path}`)
    },
    async release(closeDatabase) {
      try {
        // Before the lock is free: afterwards the file may already be the next owner's.
        if (announced) await rm(pidFile, { force: true })
        await closeDatabase?.()
      } finally {
        owned.delete(path)
      }
    },
    async retire(mark, closeDatabase) {
      const retired = `${directory}.moved-${mark}`
      try {
        await closeDatabase()
        // LevelDB's lock is free from here on, and the pid file keeps others out.
        await rename(directory, retired)
        await rm(join(retired, PID_FILE), { force: true })
        return retired
      } finally {
        owned.delete(path)
      }
    },
  }

  // LevelDB's lock is lost when its owner so much as reads the LOCK file (fcntl): look here too.
  const owner = await livingOwner(pidFile)
  if (owner === undefined) return claim
  await claim.release()
  throw lockedBy(path, owner)
}

/** The pid in the file, if that very process still runs, and not one that got its number later. */
async function livingOwner(pidFile: string): Promise<number | undefined> {
  const text = await readFile(pidFile, 'utf8').catch(() => '')
  const [pid = '', recorded = ''] = text.split('\n')
  if (!/^\d+$/.test(pid) || recorded === '') return undefined
  return (await identity(Number(pid))) === recorded ? Number(pid) : undefined
}

/** Boot and start time of a process; empty where none runs or the system does not tell (proc(5)). */
async function identity(pid: number): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces; the start time is the 20th field behind it.
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
    return `${boot.trim()}/${started}`
  } catch {
    return ''
  }
}

function lockedBy(path: string, pid: number): HindraError {
  return new HindraError('STORE_LOCKED', `process ${pid} owns ${path}`)
}
