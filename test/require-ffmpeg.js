// Runs before the tests and the demo. Films are never skipped silently: where ffmpeg is missing
// this installs it (root, apt-get; asks first on a terminal) or stops with the line to type.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline/promises'

const INSTALL = 'apt-get update && apt-get install -y ffmpeg'

if (!hasFfmpeg()) {
  console.error('ffmpeg is not installed. Hindra needs it to fingerprint films.')
  if (!canInstall() || !(await isWanted())) stop()
  const { status } = spawnSync('/bin/sh', ['-c', INSTALL], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0 || !hasFfmpeg()) stop()
}

function hasFfmpeg() {
  const ffmpeg = process.env.HINDRA_FFMPEG ?? 'ffmpeg'
  const beside = join(dirname(ffmpeg), 'ffprobe')
  return runs(ffmpeg, '-version') && (runs(beside, '-version') || runs('ffprobe', '-version'))
}

/** A path that HINDRA_FFMPEG names is the user's to mend. */
function canInstall() {
  const isRoot = process.getuid?.() === 0
  return isRoot && process.env.HINDRA_FFMPEG === undefined && runs('apt-get', '--version')
}

async function isWanted() {
  if (!process.stdin.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Install it now (${INSTALL})? [Y/n] `)
  terminal.close()
  return !/^\s*n/i.test(answer)
}

function runs(program, argument) {
  return spawnSync(program, [argument], { stdio: 'ignore' }).status === 0
}

function stop() {
  const named = process.env.HINDRA_FFMPEG
  if (named !== undefined) console.error(`HINDRA_FFMPEG names ${named}, which does not run.`)
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  console.error(`Install it, then run this again:  ${sudo}apt-get install -y ffmpeg`)
  process.exit(1)
}
