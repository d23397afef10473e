import type { JsMsg } from '@nats-io/jetstream'
import {
  createPatience,
  type LineAnswer,
  submitLines,
  type TaggedLine,
} from '../../../client/index.ts'
import { MINUTE_MS, own, SECOND_MS, systemRandom } from '../../../core/index.ts'
import { ERRORS } from '../../../errors.ts'
import type { Shell } from '../../shell.ts'
import type { Feeding } from '../run-feed.ts'
import { createAnswers } from './answers.ts'
import { type Connection, connectNats } from './connection.ts'
import { openAnswersStream, openConsumer } from './consumer.ts'
import { HeldMessages, type MessageFate } from './held-messages.ts'
import { type MessageLine, messageLine } from './message-line.ts'
import { patienceWithNats } from './patience.ts'
import type { NatsSettings } from './settings.ts'

export { readNats } from './settings.ts'

/** A look that failed is repeated until its message was delivered so often, over half an hour. */
const DELIVERIES_MAX = 8
const FIRST_DELAY_MS = 15 * SECOND_MS
const LONGEST_DELAY_MS = 10 * MINUTE_MS

/** What an installation lacks, or has too little of: no fault of a line, however often it comes. */
const STATUSES_OF_INSTALLATION: readonly number[] = [503, 507]

const ACKNOWLEDGED: MessageFate = { kind: 'acknowledged' }

/**
 * Submits the messages of a consumer as lines, and settles each once its answer is durable: acknowledged with a
 * verdict, terminated with a refusal of the line itself, later where the fault is another's.
 */
export async function feedFromNats(
  shell: Shell,
  settings: NatsSettings,
  run: Feeding,
): Promise<void> {
  try {
    const connection = await connectNats(settings, run, shell.output().note)
    try {
      await feedThrough(connection, shell, settings, run)
    } finally {
      run.stop()
      await connection.close()
    }
    // Of what was said last, too: an acknowledgement that is not allowed.
    await Promise.race([connection.refused, Promise.resolve()])
  } catch (error) {
    // Whoever ends it while it waits for NATS has ended nothing else.
    if (error !== run.signal.reason) throw error
  }
}

async function feedThrough(
  connection: Connection,
  shell: Shell,
  settings: NatsSettings,
  { report, signal, patience, stop }: Feeding,
): Promise<void> {
  const { stream: name, answers, inFlightMax, follow } = settings
  const { lineBytesMax } = (await shell.settings()).config.server
  const patiently = patienceWithNats({ patience, signal })
  const prepared = async () => {
    const opened = await patiently(() => openConsumer(connection, settings, shell.output().note))
    if (answers !== undefined) await patiently(() => openAnswersStream(connection, settings))
    return opened
  }
  const consumer = await Promise.race([prepared(), connection.refused])
  const publish = answers === undefined ? undefined : createAnswers(connection, settings, patiently)
  const held = new HeldMessages(connection, consumer, {
    heldMax: inFlightMax,
    follow,
    patience: createPatience(patience, systemRandom),
    signal,
  })

  async function settle(line: MessageLine, answer: LineAnswer): Promise<void> {
    const fate = fateOf(answer, line)
    if (fate.kind === 'later' && 'error' in answer) {
      report.putBack({ name, ...line }, answer.error)
    } else {
      await publish?.(line, answer)
      report.answered({ name, ...line }, answer)
    }
    held.settle(line.place, fate)
  }

  const settling = new Set<Promise<void>>()
  function judged(line: MessageLine, answer: LineAnswer): void {
    const settled = settle(line, answer)
      .catch((error: unknown) => {
        // Where it ends anyway the message goes back.
        if (!signal.aborted) held.fail(error)
      })
      .finally(() => settling.delete(settled))
    settling.add(settled)
  }

  try {
    await shell.withClient(async ({ transport }) => {
      const lines = readable(
        held.messages(),
        (message) => messageLine(message, lineBytesMax, consumer),
        judged,
      )
      const options = { ...patience, linesWaitingMax: inFlightMax }
      for await (const { tag, answer } of submitLines(transport, lines, options, systemRandom)) {
        judged(tag, answer)
      }
    })
    await Promise.all(settling)
    held.throwIfFailed()
  } finally {
    stop()
    await Promise.all(settling)
    held.close()
  }
}

/** Lines that can be sent; the others are judged here. */
async function* readable(
  messages: AsyncIterable<JsMsg>,
  lineOf: (message: JsMsg) => MessageLine,
  judged: (line: MessageLine, answer: LineAnswer) => void,
): AsyncGenerator<TaggedLine<MessageLine>> {
  for await (const message of messages) {
    const line = lineOf(message)
    if (line.fault !== undefined) judged(line, { error: line.fault })
    else yield { tag: line, text: line.text ?? '' }
  }
}

function fateOf(answer: LineAnswer, { deliveries }: MessageLine): MessageFate {
  if (!('error' in answer)) return ACKNOWLEDGED
  const { code, field } = answer.error
  // A newer server may have codes that are new.
  const status = own(ERRORS, code)?.status ?? 500
  const isOfInstallation = STATUSES_OF_INSTALLATION.includes(status)
  if (status < 500 || (!isOfInstallation && deliveries >= DELIVERIES_MAX)) {
    return { kind: 'terminated', reason: [code, field].filter(Boolean).join(' ') }
  }
  return {
    kind: 'later',
    delayMs: Math.min(FIRST_DELAY_MS * 2 ** (deliveries - 1), LONGEST_DELAY_MS),
  }
}
