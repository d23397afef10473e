import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createHindraClient, type Sighting } from '../../src/client/index.ts'
import { SeededRandom } from '../../src/core/index.ts'
import { createHome } from '../cli/hindra.ts'
import { hostileFile, soundFiles } from './mutate.ts'
import { residentBytes, treeOf } from './process-tree.ts'

const USAGE = `npm run test:hostile:files -- [--files N] [--seed S]

Sends N hostile files (10,000) by the crawlers' feed to a server of its own and tells, at each tenth,
the memory that its process and its children have resident, after its garbage was collected. Ends with 1
where a file was answered by INTERNAL, where the server ended, or where its own process grew by more than a
tenth from the third tenth to the last.`

const MIB = 1024 * 1024
const GROWTH_MAX = 1.1
/** By then what was sent is worked off; and what was free of the memory is given back. */
const IDLE_MS = 2_000

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const files = Number(values.files)
if (!Number.isSafeInteger(files) || files < 1)
  throw new Error('--files is a whole number from 1 on')
const random = new SeededRandom(Number(values.seed))
const step = Math.max(1, Math.floor(files / 10))

const sound = await soundFiles()
const home = createHome()
try {
  await home.json(['init'])
  const crawler = await home.person('Crawl', 'crawler-verdict')
  const env = { NODE_OPTIONS: `--import ${new URL('collect-garbage.js', import.meta.url).href}` }
  const server = await home.serveWith({ env })
  const { pid = 0, stderr } = server.process
  if (stderr === null) throw new Error('the server has no standard error')
  const client = createHindraClient({ url: server.url, key: crawler.key })
  const answers = new Map<string, number>()
  const resident: number[] = []
  let answered = 0
  for await (const { answer } of client.submit(crawl(), { linesWaitingMax: 16 })) {
    const said = 'error' in answer ? answer.error.code : answer.verdict
    answers.set(said, (answers.get(said) ?? 0) + 1)
    answered += 1
    if (answered % step !== 0) continue
    await sleep(IDLE_MS)
    const collected = once(stderr, 'data') as Promise<[Buffer]>
    process.kill(pid, 'SIGUSR2')
    const [used] = await collected
    const live = JSON.parse(used.toString()) as NodeJS.MemoryUsage
    await sleep(IDLE_MS)
    const [own = 0, ...children] = treeOf(pid).map(residentBytes)
    resident.push(own)
    const below = children.reduce((sum, bytes) => sum + bytes, 0)
    console.log(
      `${answered} files: server ${mib(own)} MiB (${mib(live.heapUsed + live.external)} in use by JavaScript), its children ${mib(below)} MiB`,
    )
  }
  await client.close()
  console.log(JSON.stringify(Object.fromEntries(answers)))
  const growth = (resident.at(-1) ?? 0) / (resident[2] ?? 1)
  console.log(`grown ${growth.toFixed(2)}-fold from the third tenth to the last`)
  if (answers.has('INTERNAL') || answered < files || growth > GROWTH_MAX) process.exitCode = 1
} finally {
  await home.dispose()
}

// The client takes lines as they come.
// eslint-disable-next-line @typescript-eslint/require-await
async function* crawl(): AsyncGenerator<Sighting> {
  for (let number = 0; number < files; number += 1) {
    const url = `https://host.example/${number}`
    yield { url, fetchedAt: '2026-11-24T10:00:00.000Z', media: hostileFile(sound, random) }
  }
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0)
}
