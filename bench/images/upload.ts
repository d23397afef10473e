import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { configWith } from '../../src/config.ts'
import { workerFile } from '../../src/core/index.ts'
import { scanMedia } from '../../src/fingerprint/index.ts'
import { createPool } from '../../src/pool/index.ts'
import type { Bench } from '../bench.ts'
import { makeInstallation } from '../feed/installation.ts'
import { startServerProcess } from '../feed/server.ts'
import { type Spent, spent } from '../measure.ts'
import { treeCpuSeconds } from '../process-tree.ts'
import { alternateSpent } from './rounds.ts'

const { decode: limits, pool: settings } = configWith({})
const ITEMS = 10_000
const ROUNDS = 7
/** A round is of so many pictures, for processes tell their CPU time by hundredths of a second. */
const PICTURES_A_ROUND = 480
/** Workers and the server compile what they run often, each for itself. */
const WARMING_ROUNDS = 5
const IN_FLIGHT = 4 * availableParallelism()
const BOUNDARY = 'a boundary that no picture has'

type Work = (bytes: Uint8Array, number: number) => Promise<unknown>

/**
 * The same pictures scanned by one thread alone, by a thread for each core at once, through the pool, and uploaded to a
 * whole server: what a picture costs by each, in CPU time of all processes but the one that uploads. Where two cores of the
 * system are one of the processor, CPU time counts for less as soon as both work, whatever they do: the second says by how
 * much.
 */
export async function benchUpload(bench: Bench, pictures: readonly Uint8Array[]): Promise<void> {
  const files = Array.from(
    { length: PICTURES_A_ROUND },
    (_, number) => pictures[number % pictures.length] ?? new Uint8Array(),
  )
  const folder = mkdtempSync(join(tmpdir(), 'hindra-bench-'))
  const { env, crawlerKey } = await makeInstallation(join(folder, 'data'), ITEMS, bench.seed)
  const server = await startServerProcess(env)
  const pool = createPool({ settings, limits })
  const threads = startThreads(files)
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT })
  const upload = uploadTo(new URL('/v1/sightings/media', server.url), crawlerKey, agent)
  const ways = {
    alone: () => spent(() => inFlight(1, files, (bytes) => scanMedia(bytes, limits))),
    'a thread a core': () => spent(() => Promise.all(threads.map(scanAll))),
    pool: () =>
      spentBy(
        () => treeCpuSeconds(process.pid),
        () => inFlight(IN_FLIGHT, files, (bytes) => pool.scan(bytes)),
      ),
    upload: () =>
      spentBy(
        () => server.cpuSeconds(),
        () => inFlight(IN_FLIGHT, files, upload),
      ),
  }
  try {
    for (let round = 0; round < WARMING_ROUNDS; round += 1) {
      for (const way of Object.values(ways)) await way()
    }
    const { alone, ...others } = await alternateSpent(ways, ROUNDS)
    const peer = 'scanned by one thread alone'
    for (const [metric, { cpuSeconds, wallSeconds }] of Object.entries(others)) {
      const value = files.length / cpuSeconds
      const peerValue = files.length / alone.cpuSeconds
      const ratio = value / peerValue
      bench.record({ case: 'upload', metric, value, unit: 'images/CPU s', peer, peerValue, ratio })
      const rate = { value: files.length / wallSeconds, unit: 'images/s' }
      bench.record({ case: 'upload', metric: `${metric}, all cores`, ...rate })
    }
  } finally {
    agent.destroy()
    await Promise.all([pool.close(), server.end(), ...threads.map((thread) => thread.terminate())])
    rmSync(folder, { recursive: true })
  }
}

/** Each has the files that are its share. */
function startThreads(files: readonly Uint8Array[]): readonly Worker[] {
  const { url, execArgv } = workerFile('scan-worker', import.meta.url)
  const cores = availableParallelism()
  return Array.from({ length: cores }, (_, core) => {
    const workerData = files.filter((_bytes, number) => number % cores === core)
    return new Worker(url, { workerData, execArgv: [...execArgv] })
  })
}

async function scanAll(thread: Worker): Promise<void> {
  const scanned = once(thread, 'message')
  thread.postMessage('scan')
  await scanned
}

async function spentBy(cpuSeconds: () => number, work: () => unknown): Promise<Spent> {
  const before = cpuSeconds()
  const { wallSeconds } = await spent(work)
  return { wallSeconds, cpuSeconds: cpuSeconds() - before }
}

async function inFlight(lanes: number, files: readonly Uint8Array[], work: Work): Promise<void> {
  const waiting = files.entries()
  const lane = async () => {
    for (const [number, bytes] of waiting) await work(bytes, number)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

/** One sighting with its media a request, over connections that are kept. */
function uploadTo(url: URL, key: string, agent: Agent): Work {
  return (bytes, number) => {
    const sighting = JSON.stringify({ url: `https://images.example/${String(number)}.jpg` })
    const head =
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="sighting"\r\n\r\n${sighting}\r\n` +
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="media"; filename="a.jpg"\r\n` +
      `content-type: image/jpeg\r\n\r\n`
    const body = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
    return new Promise((resolve, reject) => {
      const sending = request(url, {
        agent,
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': `multipart/form-data; boundary="${BOUNDARY}"`,
          'content-length': body.length,
        },
      })
      sending.on('error', reject)
      sending.on('response', (response) => {
        response.resume()
        response.on('error', reject)
        response.on('end', () => {
          if (response.statusCode === 200) resolve(undefined)
          else reject(new Error(`the server answered with ${String(response.statusCode)}`))
        })
      })
      sending.end(body)
    })
  }
}
