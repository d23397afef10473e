import type {
  Consumer,
  ConsumerConfig,
  JetStreamManager,
  StreamConfig,
  StreamInfo,
} from '@nats-io/jetstream'
import { defined, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../core/index.ts'
import { HindraError } from '../../../errors.ts'
import type { Connection } from './connection.ts'
import type { NatsSettings } from './settings.ts'

/** How long a message may be held without a word; a word is said at a third of it. */
const ACK_WAIT_MS = 30 * SECOND_MS
const ACK_WAIT_MIN_MS = 3 * SECOND_MS
const ACK_PENDING_MAX = 1_000
/** A publisher that sends the same message again within this time is told that it is there. */
const DUPLICATES_MS = 10 * MINUTE_MS
/** 256 frames of a film and three URLs of the greatest length have room; most pictures do not. */
const MESSAGE_BYTES_MAX = 64 * 1024
/** Answers are there for those who read them, not to be kept: most are of what hit nothing. */
const ANSWERS_KEPT_MS = HOUR_MS
const NS_IN_MS = 1_000_000
/** JetStream's API answers by these codes where something is not there. */
const CONSUMER_NOT_FOUND = 10_014
const STREAM_NOT_FOUND = 10_059

/** A consumer that loses nothing. */
export interface MessageSource {
  readonly consumer: Consumer
  /** Whether NATS writes to its disk what comes. */
  readonly isInFiles: boolean
  readonly ackWaitMs: number
  /** What one pull may ask for, at most. */
  readonly batchMax: number
  readonly expiresMsMax: number
}

/**
 * The consumer of the settings, made where it is missing and that was asked for. Throws NATS_MISSING, NATS_UNSAFE,
 * and INVALID_INPUT where what is to be made is not said.
 *
 * @param note Told of settings of the stream by which it may lose messages before they come here, or keep media
 */
export async function openConsumer(
  { nats, client }: Connection,
  settings: NatsSettings,
  note: (text: string) => void,
): Promise<MessageSource> {
  const manager = await client.jetstreamManager(nats, { checkAPI: false })
  const { stream, consumer: name, create } = settings
  const kept = await ensureStream(manager, settings)
  for (const risk of risksOf(kept.config)) note(`stream ${stream}: ${risk}`)
  const before = await ifThere(manager.consumers.info(stream, name))
  if (before === undefined && create !== undefined) {
    await manager.consumers.add(stream, safeConfig(name, filterOf(kept, create.subject)))
  }
  const { config } = await manager.consumers.info(stream, name)
  refuseUnsafe(name, config)
  const consumer = await client.jetstream(nats).consumers.get(stream, name)
  return {
    consumer,
    isInFiles: kept.config.storage === 'file',
    ackWaitMs: ackWaitMs(config),
    batchMax: positive(config.max_batch),
    expiresMsMax: positive((config.max_expires ?? 0) / NS_IN_MS),
  }
}

/**
 * The stream that keeps what is published at the subject of the answers. Throws NATS_MISSING, and NATS_UNSAFE where it
 * is the one that sightings come by.
 */
export async function openAnswersStream(
  { nats, client }: Connection,
  { stream, answers = '', create }: NatsSettings,
): Promise<void> {
  const manager = await client.jetstreamManager(nats, { checkAPI: false })
  const found = await ifThere(manager.streams.find(answers))
  if (found === stream) {
    throw new HindraError('NATS_UNSAFE', `${answers} is of ${stream}: answers would be sightings`)
  }
  if (found !== undefined) return
  if (create === undefined) throw new HindraError('NATS_MISSING', `no stream takes ${answers}`)
  await manager.streams.add({
    name: `${stream}-answers`,
    subjects: [answers],
    storage: 'memory',
    discard: 'old',
    max_age: ANSWERS_KEPT_MS * NS_IN_MS,
    duplicate_window: DUPLICATES_MS * NS_IN_MS,
    num_replicas: create.replicas,
  })
}

async function ensureStream(
  manager: JetStreamManager,
  settings: NatsSettings,
): Promise<StreamInfo> {
  const { stream, create } = settings
  const found = await ifThere(manager.streams.info(stream))
  if (found === undefined && create !== undefined) {
    await manager.streams.add(sightingsStream(settings))
  }
  return found ?? manager.streams.info(stream)
}

/** Undefined where what was asked for is missing. */
async function ifThere<Found>(asked: Promise<Found>): Promise<Found | undefined> {
  try {
    return await asked
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code === CONSUMER_NOT_FOUND || code === STREAM_NOT_FOUND) return undefined
    throw error
  }
}

/**
 * A message stays until it is acknowledged, and what does not fit is refused to whoever publishes it. It is in files, so
 * that none is lost, and has no room for media, which are nobody's to keep.
 */
function sightingsStream({
  stream,
  create,
}: NatsSettings): Partial<StreamConfig> & { name: string } {
  if (create?.subject === undefined) {
    throw new HindraError('INVALID_INPUT', `stream ${stream} is not there: --subject makes it`)
  }
  return {
    name: stream,
    subjects: [create.subject],
    retention: 'workqueue',
    storage: 'file',
    discard: 'new',
    max_msg_size: MESSAGE_BYTES_MAX,
    duplicate_window: DUPLICATES_MS * NS_IN_MS,
    num_replicas: create.replicas,
  }
}

/** What a consumer takes of its stream; undefined where that is all. */
function filterOf({ config }: StreamInfo, subject: string | undefined): string | undefined {
  return config.subjects.length === 1 && config.subjects[0] === subject ? undefined : subject
}

function safeConfig(name: string, subject: string | undefined): Partial<ConsumerConfig> {
  return {
    durable_name: name,
    ack_policy: 'explicit',
    ack_wait: ACK_WAIT_MS * NS_IN_MS,
    max_deliver: -1,
    max_ack_pending: ACK_PENDING_MAX,
    deliver_policy: 'all',
    ...defined({ filter_subject: subject }),
  }
}

function ackWaitMs({ ack_wait = 0, backoff = [] }: ConsumerConfig): number {
  return Math.min(ack_wait, ...backoff) / NS_IN_MS
}

/** Settings under which a message is gone that nobody has judged. */
function refuseUnsafe(name: string, config: ConsumerConfig): void {
  const { ack_policy, deliver_policy, max_deliver = -1, inactive_threshold = 0 } = config
  const faults: readonly (readonly [isSo: boolean, says: string])[] = [
    [ack_policy !== 'explicit', `ack_policy is ${ack_policy}, not explicit`],
    [deliver_policy.startsWith('last'), `deliver_policy is ${deliver_policy}, not all`],
    [max_deliver > 0, `max_deliver is ${max_deliver}, not -1`],
    [config.deliver_subject !== undefined, 'it pushes (deliver_subject)'],
    [config.headers_only === true, 'headers_only is set'],
    [inactive_threshold > 0, 'inactive_threshold deletes it'],
    [ackWaitMs(config) < ACK_WAIT_MIN_MS, 'ack_wait or backoff is under 3 s'],
    [(config.priority_groups ?? []).length > 0, 'it has priority_groups'],
  ]
  const found = faults.filter(([isSo]) => isSo).map(([, says]) => says)
  if (found.length > 0) {
    throw new HindraError('NATS_UNSAFE', `consumer ${name}: ${found.join('; ')}`)
  }
}

/** The settings by which a stream may lose what its publishers were told that it has, or keep what nobody may. */
function risksOf(config: StreamConfig): readonly string[] {
  const { storage, discard, max_age, max_msgs, max_bytes, num_replicas } = config
  const isInFiles = storage === 'file'
  const isBounded = max_msgs > 0 || max_bytes > 0 || config.max_msgs_per_subject > 0
  const risks: readonly (readonly [isSo: boolean, says: string])[] = [
    [storage === 'memory', 'is in memory, and lost when NATS restarts'],
    [discard === 'old' && isBounded, 'drops the oldest messages when it is full (discard: new)'],
    [max_age > 0, 'drops messages by age, judged or not (max_age)'],
    [config.no_ack === true, 'does not tell publishers what it has (no_ack)'],
    [
      isInFiles && positive(config.max_msg_size) > MESSAGE_BYTES_MAX,
      `is in files and has room for media, which are refused (max_msg_size: ${MESSAGE_BYTES_MAX})`,
    ],
    [
      isInFiles && num_replicas === 1,
      'is on one server: a power cut loses what came last unless its jetstream.sync_interval is always',
    ],
  ]
  return risks.filter(([isSo]) => isSo).map(([, says]) => says)
}

function positive(bound: number | undefined): number {
  return bound === undefined || bound <= 0 ? Infinity : bound
}
