import type { LineAnswer } from '../../../client/index.ts'
import { mayHoldDigest } from '../../../core/index.ts'
import type { Connection } from './connection.ts'
import type { MessageLine } from './message-line.ts'
import type { Patiently } from './patience.ts'
import type { NatsSettings } from './settings.ts'

/** How the publisher of a sighting named it, in the header of its answer. */
const IN_REPLY_TO = 'In-Reply-To'
/** A name that is no URL, nor a part of one. */
const NAME = /^[\w .:-]+$/

/** Publishes what came of a message; resolves once a stream has it. Throws what does not pass. */
export type PublishAnswer = (line: MessageLine, answer: LineAnswer) => Promise<void>

/**
 * As the API writes an answer: `line` is the number of the message in its stream. Published under an id of the message,
 * so that the stream has an answer once that is given again within its window of duplicates.
 */
export function createAnswers(
  { nats, client }: Connection,
  { stream, answers = '' }: NatsSettings,
  patiently: Patiently,
): PublishAnswer {
  const jetstream = client.jetstream(nats)
  return async ({ place, messageId = '', line }, answer) => {
    const headers = client.headers()
    // The answers of what hit nothing name no URL and no hash.
    if (NAME.test(messageId) && !mayHoldDigest(messageId)) headers.set(IN_REPLY_TO, messageId)
    const told = JSON.stringify({ line, ...answer })
    await patiently(() =>
      jetstream.publish(answers, told, { msgID: `${stream}-${place}`, headers }),
    )
  }
}
