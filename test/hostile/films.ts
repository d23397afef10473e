import { readdirSync, readlinkSync, statfsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { configWith } from '../../src/config.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { type ErrorCode, HindraError } from '../../src/errors.ts'
import { createPool } from '../../src/pool/index.ts'
import { hostileFilm, type SoundFilm, soundFilms } from './mutate-film.ts'
import { nameOf, residentBytes, treeOf } from './process-tree.ts'

const USAGE = `npm run test:hostile:films -- [--films N] [--seed S] [--from N]

Puts N hostile films (1,000) through a pool of its own, two at a time: looked for, registered, shown. Ends with 1
where one was answered by an error that no film can be blamed for, where the sound films do not give afterwards what
they gave before, where a process, a descriptor or a file is left over, and where what is resident grew by more than a
fifth from the third tenth to the last. That is the sum of VmRSS of this process and of the decoding process, which is
not replaced meanwhile, two seconds after the last answer. /tmp and /dev/shm are of the run alone (bubblewrap), so
that whatever is left there was left by it. --from N --films 1 is film N alone.`

const MIB = 1024 * 1024
const GROWTH_MAX = 1.2
const LANES = 2
const SECONDS_MAX = 5
const MARGIN_SECONDS = 5
const IDLE_MS = 2_000
/** Whoever ends is reaped at once, or nearly so. */
const REAPED_MS = 3_000
const OF_FILMS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['MEDIA_EMPTY', 'MEDIA_UNSUPPORTED', 'MEDIA_CORRUPT', 'MEDIA_LIMIT'] as const),
  ...(['MEDIA_UNHASHABLE', 'TOO_LARGE', 'DECODE_TIMEOUT'] as const),
])
const DECODERS = ['ffmpeg', 'ffprobe', 'prlimit']

const { values } = parseArgs({
  options: {
    films: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const [count, seed, from] = [Number(values.films), Number(values.seed), Number(values.from)]
if (![count, seed, from].every(Number.isSafeInteger)) throw new Error('whole numbers are asked for')
if (!isAlone('/dev/shm') || !isAlone('/tmp')) {
  throw new Error('/tmp and /dev/shm are not empty: see the script of package.json')
}

const { decode, pool: settings } = configWith({})
const pool = createPool({
  settings: { ...settings, apart: true, threads: LANES },
  limits: { ...decode, secondsMax: SECONDS_MAX },
  marginSeconds: MARGIN_SECONDS,
  tasksMax: Number.MAX_SAFE_INTEGER,
})
const faults: string[] = []
const answers = new Map<string, number>()
const resident: number[] = []

const sound = await soundFilms()
const known = await hashesOf(sound)
await idle()
const before = traces()
const step = Math.max(LANES, Math.ceil(count / 10 / LANES) * LANES)
for (let number = from; number < from + count; number += LANES) {
  const batch = Array.from({ length: Math.min(LANES, from + count - number) }, (_, n) => number + n)
  await Promise.all(batch.map(tried))
  await noneLeft(batch)
  if ((number + batch.length - from) % step === 0) await tenth(number + batch.length - from)
}
const again = await hashesOf(sound)
if (again !== known) blame(`sound films are hashed otherwise than before: ${again.slice(0, 400)}`)
await idle()
const after = traces()
if (after !== before) blame(`left over: before ${before}, after ${after}`)
await pool.close()
const growth = (resident.at(-1) ?? 1) / (resident[2] ?? resident.at(-1) ?? 1)
if (growth > GROWTH_MAX) blame('memory grew')
if (!isAlone('/dev/shm') || !isAlone('/tmp')) blame('files are left in /tmp or /dev/shm')
const { blocks, bfree } = statfsSync('/dev/shm')
if (blocks !== bfree) blame(`${String(blocks - bfree)} blocks of /dev/shm are still taken`)

const sorted = [...answers].sort(([a], [b]) => (a < b ? -1 : 1))
for (const [answer, times] of sorted) console.log(`${String(times).padStart(5)}  ${answer}`)
console.log(
  `grown ${growth.toFixed(2)}-fold from the third tenth to the last; seed ${String(seed)}`,
)
process.exitCode = faults.length === 0 ? 0 : 1

/** Told at once: whoever waits for 1,000 films may see it before. */
function blame(fault: string): void {
  faults.push(fault)
  console.error(fault)
}

/** Each film is drawn by its number alone, so that it can be tried again. */
async function tried(number: number): Promise<void> {
  const random = new SeededRandom(Math.imul(seed, 1_000_003) + number)
  const { of, way, bytes } = hostileFilm(sound, random)
  const answer = await answerTo(bytes, random).catch((error: unknown) => {
    if (error instanceof HindraError && OF_FILMS.has(error.code)) return error.code
    blame(`film ${String(number)} (${of}, ${way}): ${String(error)}`)
    return error instanceof HindraError ? error.code : 'untyped'
  })
  answers.set(answer, (answers.get(answer) ?? 0) + 1)
}

async function answerTo(bytes: Uint8Array, random: SeededRandom): Promise<string> {
  const own = new Uint8Array(bytes)
  switch (random.integer(0, 3)) {
    case 0:
      await pool.fingerprint(own, { features: true })
      return 'registered'
    case 1:
      await pool.still(own, { sideMax: 320, isGrey: true })
      return 'shown'
    case 2:
      await pool.moments(own, [{ from: 0, to: 1 }])
      return 'looked at again'
    default:
      await pool.sight(own, 'default')
      return 'looked for'
  }
}

/** Digests, hashes and features of the sound films, one after the other: what hashing a film comes to. */
async function hashesOf(films: readonly SoundFilm[]): Promise<string> {
  const found: string[] = []
  for (const { name, bytes } of films) {
    const hashed = await pool
      .fingerprint(new Uint8Array(bytes), { features: true })
      .catch((error: unknown) => `${name}: ${String(error)}`)
    found.push(JSON.stringify(hashed))
  }
  return found.join('\n')
}

async function noneLeft(batch: readonly number[]): Promise<void> {
  for (let waitedMs = 0; waitedMs < REAPED_MS; waitedMs += 50) {
    if (decoders().length === 0) return
    await sleep(50)
  }
  blame(`films ${batch.join(', ')}: a decoder runs on: ${decoders().join(', ')}`)
}

/** Names of decoders that run below this process. */
function decoders(): readonly string[] {
  return treeOf(process.pid)
    .map(nameOf)
    .filter((name) => DECODERS.includes(name))
}

async function tenth(done: number): Promise<void> {
  await idle()
  const [own = 0, ...below] = treeOf(process.pid).map(residentBytes)
  const children = below.reduce((sum, bytes) => sum + bytes, 0)
  resident.push(own + children)
  const [here, there] = [own, children].map((bytes) => (bytes / MIB).toFixed(0))
  console.log(
    `${String(done)} films: ${String(here)} MiB here, ${String(there)} MiB in the decoding process`,
  )
}

async function idle(): Promise<void> {
  await sleep(IDLE_MS)
  globalThis.gc?.()
}

/** What runs, what it holds in memory as files without names, and how much lies where a decoder may have been started. */
function traces(): string {
  // The loader of TypeScript comes and goes as it is needed.
  const tree = treeOf(process.pid).filter((pid) => nameOf(pid) !== 'esbuild')
  const running = tree.map((pid) => `${nameOf(pid)} ${String(filesOf(pid).length)}`)
  const folders = ['/', '/tmp', '/dev/shm', process.cwd()].map(
    (folder) => readdirSync(folder).length,
  )
  return JSON.stringify({ running, folders })
}

/** Files that a process has open, whether or not they have a name. */
function filesOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${String(pid)}/fd`).flatMap((fd) => {
      const target = readlinkSync(`/proc/${String(pid)}/fd/${fd}`)
      return target.startsWith('/dev/shm') ? [target] : []
    })
  } catch {
    // It has ended, or a descriptor was closed meanwhile.
    return []
  }
}

/** Whether nothing is there but what runs this script. */
function isAlone(folder: string): boolean {
  return readdirSync(folder).every((name) => name.startsWith('tsx-'))
}
