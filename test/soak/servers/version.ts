import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packageFile } from '../../../src/core/index.ts'

const TREE = packageFile('.')
/** What a version is built with; another one would need packages of its own. */
const PACKAGES = 'package-lock.json'

/**
 * The command of another version of Hindra, built as it builds itself from what the repository holds of it, in a folder
 * outside of the tree that later runs find again.
 *
 * @param commit As Git names it: `016b4b46`, `v0.2.0`
 */
export function builtVersion(commit: string): string {
  const hash = git('rev-parse', '--verify', `${commit}^{commit}`).toString().trim()
  const folder = join(tmpdir(), `hindra-version-${hash}`)
  // What it is linked to goes with the tree that built it.
  if (!existsSync(join(folder, 'node_modules'))) {
    rmSync(folder, { recursive: true, force: true })
    if (git('diff', '--name-only', hash, '--', PACKAGES).length > 0)
      throw new Error(
        `${commit} has another ${PACKAGES}: it cannot be built with what is installed`,
      )
    const unfinished = `${folder}-${process.pid}`
    mkdirSync(unfinished)
    try {
      build(hash, unfinished)
      renameSync(unfinished, folder)
    } finally {
      rmSync(unfinished, { recursive: true, force: true })
    }
  }
  return join(folder, 'bin', 'hindra.js')
}

function build(hash: string, folder: string): void {
  const archive = git('archive', hash)
  execFileSync('tar', ['-x', '-C', folder], { input: archive })
  symlinkSync(join(TREE, 'node_modules'), join(folder, 'node_modules'))
  for (const script of ['build:native', 'build']) {
    execFileSync('npm', ['run', script], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  }
}

function git(...args: readonly string[]): Buffer {
  return execFileSync('git', args, { cwd: TREE, maxBuffer: Infinity })
}
