import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const OURS = /^hindra-simulation-(\d+)-/

/** What the index saves is synced, which memory does at once. */
function base(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

let cleared: Promise<void> | undefined

/** A new directory of this process. Those of processes that were killed are removed first. */
export async function ownDirectory(): Promise<string> {
  await (cleared ??= clearLeftovers(base()))
  return await mkdtemp(join(base(), `hindra-simulation-${process.pid}-`))
}

export async function clearLeftovers(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = Number(OURS.exec(name)?.[1] ?? process.pid)
    if (!isRunning(pid)) await rm(join(directory, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's, where it may not be asked.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
