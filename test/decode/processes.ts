import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** Ids of the running children of this process, among all tests in it, whose name is given. */
export function childrenNamed(name: string): string[] {
  return readdirSync('/proc').filter((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      // pid (name) state parent ...
      const [, found, parent] =
        /^\d+ \((.*)\) \S+ (\d+)/.exec(readFileSync(`/proc/${entry}/stat`, 'utf8')) ?? []
      return found === name && parent === String(process.pid)
    } catch {
      return false
    }
  })
}

/** What each descriptor of a process names: number, target. */
export function openFiles(pid: string | number): Map<string, string> {
  const folder = `/proc/${String(pid)}/fd`
  const files = new Map<string, string>()
  for (const descriptor of readdirSync(folder)) {
    try {
      files.set(descriptor, readlinkSync(`${folder}/${descriptor}`))
    } catch {
      // Closed meanwhile, as the descriptor of this very listing is.
    }
  }
  return files
}
