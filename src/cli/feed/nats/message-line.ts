import { createHash } from 'node:crypto'
import type { JsMsg } from '@nats-io/jetstream'
import { checkJsonShape, isObject } from '../../../core/index.ts'
import { HindraError } from '../../../errors.ts'
import { SIGHTING_SHAPE } from '../../../intake/terms.ts'
import type { LineFault } from '../line-fault.ts'
import type { MessageSource } from './consumer.ts'

/** The header by which JetStream knows a message that is published again. */
const MESSAGE_ID = 'Nats-Msg-Id'
/** What a sighting takes for its idempotencyKey. */
const KEY = /^[\x21-\x7e]{1,128}$/

/** Whoever sends them so has them on the disk of NATS. */
const MEDIA_IN_FILES: LineFault = {
  code: 'INVALID_INPUT',
  detail: 'no media by a stream that is in files: send them by HTTP, or by a stream in memory',
  field: 'media',
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A message as a line of the API, or why it is none. */
export interface MessageLine {
  /** Names the message among all of the stream, also where a stream of the same name was made anew. */
  readonly place: string
  /** As its publisher named it. */
  readonly messageId: string | undefined
  /** Its number in the stream. */
  readonly line: number
  readonly deliveries: number
  /** Absent where nothing can be sent. */
  readonly text?: string
  readonly fault?: LineFault
}

export function placeOf({ seq, timestampNanos }: JsMsg): string {
  return `${seq}-${timestampNanos}`
}

export function messageLine(
  message: JsMsg,
  lineBytesMax: number,
  { isInFiles }: Pick<MessageSource, 'isInFiles'>,
): MessageLine {
  const given = message.headers?.get(MESSAGE_ID) ?? ''
  const messageId = given === '' ? undefined : given
  const place = placeOf(message)
  const { seq: line, data } = message
  const at = { place, messageId, line, deliveries: message.info.deliveryCount }
  if (data.length > lineBytesMax) {
    const detail = `over server.lineBytesMax, ${lineBytesMax} bytes`
    return { ...at, fault: { code: 'TOO_LARGE', detail } }
  }
  try {
    checkJsonShape(data, SIGHTING_SHAPE)
    const value: unknown = JSON.parse(utf8.decode(data))
    if (isInFiles && isObject(value) && 'media' in value) return { ...at, fault: MEDIA_IN_FILES }
    return { ...at, text: JSON.stringify(identified(value, at)) }
  } catch (error) {
    // The parser's own message quotes the text, which may hold URLs.
    const detail = error instanceof HindraError ? error.message : 'the message is not JSON'
    return { ...at, fault: { code: 'INVALID_INPUT', detail } }
  }
}

/**
 * A line that says itself which observation it is stays as it is. Another is named by its message, so that it is the
 * same one however often and however late it is delivered again.
 */
function identified(
  value: unknown,
  { place, messageId }: Pick<MessageLine, 'place' | 'messageId'>,
): unknown {
  if (!isObject(value)) return value
  if ('idempotencyKey' in value || 'fetchedAt' in value) return value
  return { ...value, idempotencyKey: messageId === undefined ? `nats-${place}` : keyOf(messageId) }
}

function keyOf(messageId: string): string {
  return KEY.test(messageId) ? messageId : createHash('sha256').update(messageId).digest('hex')
}
