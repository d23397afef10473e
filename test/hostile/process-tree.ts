import { readdirSync, readFileSync } from 'node:fs'

/** The process and all below it. */
export function treeOf(root: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => parentOf(Number(name)))
  const tree = [root]
  for (const pid of tree) {
    tree.push(...parents.filter(({ parent }) => parent === pid).map(({ child }) => child))
  }
  return tree
}

/** Nothing of a process that has ended meanwhile. */
function parentOf(child: number): readonly { readonly child: number; readonly parent: number }[] {
  const parent = numberIn(child, /^PPid:\t(\d+)/m)
  return parent === undefined ? [] : [{ child, parent }]
}

/** The name of the program that a process runs; empty where it has ended, though nobody has asked after it yet. */
export function nameOf(pid: number): string {
  try {
    const [, name = '', state] =
      /^\d+ \((.*)\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    return state === 'Z' ? '' : name
  } catch {
    return ''
  }
}

export function residentBytes(pid: number): number {
  return (numberIn(pid, /^VmRSS:\s+(\d+) kB/m) ?? 0) * 1024
}

function numberIn(pid: number, line: RegExp): number | undefined {
  try {
    const found = line.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return found === null ? undefined : Number(found[1])
  } catch {
    return undefined
  }
}
