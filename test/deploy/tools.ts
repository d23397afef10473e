import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { packageFile } from '../../src/core/index.ts'
import { findProgram } from '../../src/decode/index.ts'

/** What an IT team sets Hindra up with. */
export const DEPLOY = packageFile('docs/deploy')

export function deployed(file: string): string {
  return readFileSync(join(DEPLOY, file), 'utf8')
}

/** False, and said, where a tool that these files are for is not installed. */
export function hasTool(name: string, debianPackage: string): boolean {
  if (findProgram(name) !== undefined) return true
  console.warn(`skipped: ${name} is absent (Debian: apt-get install ${debianPackage})`)
  return false
}

/** What a tool says of files, errors and all, and whether it is content. */
export function told(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): { readonly ok: boolean; readonly text: string } {
  const [program = '', ...args] = command
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options })
  return { ok: status === 0, text: `${stdout}${stderr}` }
}

/** A copy of a folder of them for one test, in which some words of a file are others; it must have had them. */
export function broken(folder: string, file: string, from: string, to: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'hindra-deploy-'))
  onTestFinished(() => {
    rmSync(copy, { recursive: true, force: true })
  })
  cpSync(join(DEPLOY, folder), copy, { recursive: true })
  const text = readFileSync(join(copy, file), 'utf8')
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
  writeFileSync(join(copy, file), text.replace(from, to))
  return copy
}
