import { availableParallelism } from 'node:os'
import type { Config } from '../config.ts'
import { defined, type WorkerFile, workerFile } from '../core/index.ts'
// sharp asks that the main thread loads it before worker threads do.
import {
  type DecodeLimits,
  type Span,
  STILL_FRAMES_MAX,
  type Still,
  type StillSize,
} from '../decode/index.ts'
import { HindraError } from '../errors.ts'
import type {
  FeatureProfile,
  Fingerprint,
  SeenFrame,
  ShrunkFingerprint,
  Sight,
  SoughtDigest,
} from '../fingerprint/index.ts'
import { createLane, type Lane, type LaneOptions } from './lane.ts'
import { createLanesApart } from './lanes-apart.ts'
import { createMemoryBudget } from './pixel-memory.ts'
import type { PoolAnswer, PoolModel, PoolWork } from './task.ts'
import { createTurns } from './turns.ts'

/** Beyond the decoder's own limit: a worker starts and hashes too, and a machine may be busy. */
const MARGIN_SECONDS = 15

/**
 * While one file is decoded by libvips' own thread its worker waits; with two a core there is always
 * another one to go on with.
 */
const THREADS_A_CORE = 2

/** Worker threads that turn bytes into fingerprints. */
export interface Pool {
  /**
   * Reads the bytes, which nobody writes to until it is answered, and leaves them as they are.
   *
   * Throws OVERLOADED (too many wait, others hold the memory, or the pool closes), DECODE_TIMEOUT (its
   * worker is replaced),
   * WORKER_NOT_STARTED (which is no fault of the file), WORKER_DIED (out of memory, crash: replaced too, no other file is touched), the reason of
   * `signal`, which ends the work wherever it is, and what `fingerprintMedia` throws.
   */
  fingerprint(
    bytes: Uint8Array,
    options?: PoolCall & { readonly features?: boolean },
  ): Promise<Fingerprint>
  /** Fingerprints by `scanMedia`: faster, and no hash to register or to judge by. Throws as `fingerprint`. */
  scan(bytes: Uint8Array, options?: PoolCall): Promise<Fingerprint | ShrunkFingerprint>
  /**
   * Scans, and adds what is looked for besides: `sightMedia`. `skims` long films, as `scan` does: nothing is judged by
   * that. `tracks` makes the digest of a film's coded pictures though no known one has it. Throws as `scan`.
   */
  sight(
    bytes: Uint8Array,
    profile: FeatureProfile,
    options?: PoolCall & { readonly skims?: boolean; readonly tracks?: boolean },
  ): Promise<Sight>
  /** Frames of some spans of a film, for a second look: `seeMoments`. Throws as `sight`. */
  moments(
    bytes: Uint8Array,
    spans: readonly Span[],
    options?: PoolCall,
  ): Promise<readonly SeenFrame[]>
  /**
   * What a person is shown of it: bare pixels, no larger than asked for and grey where that was asked for, whatever the
   * decoder has become. Throws as `fingerprint`.
   */
  still(bytes: Uint8Array, size: StillSize, options?: PoolCall): Promise<Still>
  /** Files that wait for a worker. */
  readonly queued: number
  /** Refuses the files that wait, then waits for those under way and for the threads to end. */
  close(): Promise<void>
}

interface PoolCall {
  readonly signal?: AbortSignal
}

/** The digests by which something may be found that its SHA-256 does not find: the known set tells. */
export type SoughtDigests = () => readonly SoughtDigest[]

export interface PoolOptions {
  readonly settings: Config['pool']
  readonly limits: DecodeLimits
  /** Describes still pictures wherever features are asked for. */
  readonly model?: PoolModel | undefined
  readonly sought?: SoughtDigests
  /** What the workers run; the tests bring one that misbehaves. */
  readonly worker?: WorkerFile
  /** After how many tasks a process apart is replaced; the tests bring few. */
  readonly tasksMax?: number
  /** Over `limits.secondsMax`, until a task is ended from outside. */
  readonly marginSeconds?: number
}

/** How many files are worked on at once. */
export function poolThreads({ threads }: Pick<Config['pool'], 'threads'>): number {
  return threads === 0 ? THREADS_A_CORE * availableParallelism() : threads
}

/** What all that is decoded at once may take: room for a few large pictures, and for one of 6 MP a thread. */
function decodeMib(settings: Config['pool']): number {
  return settings.decodeMib === 0 ? 2_048 + 64 * poolThreads(settings) : settings.decodeMib
}

/** In this process a worker gets a copy, for the bytes of its task move to it. */
function lanesHere(threads: number, options: LaneOptions): readonly Lane[] {
  return Array.from({ length: threads }, () => {
    const { run, close } = createLane(options)
    return {
      run: (task, signal) => run({ ...task, bytes: new Uint8Array(task.bytes) }, signal),
      close,
    }
  })
}

export function createPool({
  settings,
  limits,
  model,
  sought = () => [],
  worker = workerFile('worker', import.meta.url),
  marginSeconds = MARGIN_SECONDS,
  tasksMax,
}: PoolOptions): Pool {
  const seconds = limits.secondsMax + marginSeconds
  const common = { worker, memoryMib: settings.memoryMib, seconds }
  const threads = poolThreads(settings)
  const lanes = settings.apart
    ? createLanesApart(
        { ...common, lanes: threads, decodeMib: decodeMib(settings) },
        model?.directory,
        tasksMax,
      )
    : lanesHere(threads, { ...common, memory: createMemoryBudget(decodeMib(settings)) })
  const described = defined({ model })
  const turns = createTurns(lanes, settings.queueMax)
  const underWay = new Set<Promise<unknown>>()

  async function done(
    bytes: Uint8Array,
    work: PoolWork,
    signal?: AbortSignal,
  ): Promise<Exclude<PoolAnswer, { readonly refusal: unknown }>> {
    const lane = await turns.take(signal)
    try {
      const answer = await lane.run({ bytes, limits, sought: sought(), work }, signal)
      if (!('refusal' in answer)) return answer
      throw new HindraError(answer.refusal.code, answer.refusal.message)
    } finally {
      turns.pass(lane)
    }
  }

  async function hash(bytes: Uint8Array, work: PoolWork, signal?: AbortSignal): Promise<Sight> {
    const answer = await done(bytes, work, signal)
    if ('fingerprint' in answer) return answer
    throw somethingElse()
  }

  async function moments(
    bytes: Uint8Array,
    work: PoolWork,
    signal?: AbortSignal,
  ): Promise<readonly SeenFrame[]> {
    const answer = await done(bytes, work, signal)
    if ('moments' in answer) return answer.moments
    throw somethingElse()
  }

  async function still(bytes: Uint8Array, size: StillSize, signal?: AbortSignal): Promise<Still> {
    const answer = await done(bytes, { kind: 'still', size }, signal)
    if ('still' in answer && isAsAsked(answer.still, size)) return answer.still
    throw somethingElse()
  }

  function watched<Result>(work: Promise<Result>): Promise<Result> {
    const settled: Promise<unknown> = work.then(leave, leave)
    function leave(): void {
      underWay.delete(settled)
    }
    underWay.add(settled)
    return work
  }

  return {
    get queued() {
      return turns.waiting
    },
    async fingerprint(bytes, { signal, features = false } = {}) {
      const work = { kind: 'fingerprint', features, ...(features ? described : {}) } as const
      const { fingerprint } = await watched(hash(bytes, work, signal))
      // Nothing else is made in full detail.
      return fingerprint as Fingerprint
    },
    async scan(bytes, { signal } = {}) {
      return (await watched(hash(bytes, { kind: 'scan' }, signal))).fingerprint
    },
    sight(bytes, profile, { signal, skims = false, tracks = false } = {}) {
      return watched(hash(bytes, { kind: 'sight', profile, skims, tracks, ...described }, signal))
    },
    moments(bytes, spans, { signal } = {}) {
      return watched(moments(bytes, { kind: 'moments', spans }, signal))
    },
    still(bytes, size, { signal } = {}) {
      return watched(still(bytes, size, signal))
    },
    async close() {
      turns.close()
      await Promise.all(underWay)
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

/** A decoder that somebody has taken over may answer anything: it shows nothing that was not asked for. */
function isAsAsked(
  { data, width, height, channels, frames }: Still,
  { sideMax, isGrey }: StillSize,
): boolean {
  const isSize = (side: number, most: number) => Number.isInteger(side) && side > 0 && side <= most
  return (
    isSize(width, sideMax * STILL_FRAMES_MAX) &&
    isSize(height, sideMax) &&
    isSize(frames, STILL_FRAMES_MAX) &&
    channels === (isGrey ? 1 : 3) &&
    data.length === width * height * channels
  )
}

function somethingElse(): HindraError {
  return new HindraError('WORKER_DIED', 'the decoding process answered what it was not asked')
}
