import type { ConsumerView } from '../alerts/index.ts'
import type { Alert } from '../cases/index.ts'
import { defined, type Random } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { createCalls } from './calls.ts'
import { createPatience, type PatienceOptions } from './patience.ts'
import type { Transport } from './transport.ts'

/** An alert, and the word that it was acted upon. */
export interface DeliveredAlert extends Alert {
  /** This one and all before it are done with. Only with a `consumer`. Throws INVALID_INPUT. */
  ack(): Promise<ConsumerView>
}

export interface AlertOptions extends PatienceOptions {
  /** Name under which the server remembers how far you are. */
  readonly consumer?: string
  /** Go on behind this cursor; by default where the consumer is, else at the oldest alert kept. */
  readonly after?: string
  /** Wait for what comes (until aborted), or end with what is there. True by default. */
  readonly follow?: boolean
}

const PAGE = 100

/**
 * Alerts in their order, each at least once: whoever acknowledges what it has done with goes on
 * there after a crash. Broken connections are mended. Throws what does not pass.
 */
export async function* readAlerts(
  transport: Pick<Transport, 'get' | 'list' | 'post' | 'events'>,
  { consumer, after, follow = true, ...patient }: AlertOptions,
  random: Random,
): AsyncGenerator<DeliveredAlert> {
  const { signal } = patient
  const patience = createPatience(patient, random)
  const calls = createCalls(transport)
  let cursor = after

  const ending = () => signal?.aborted === true
  while (!ending()) {
    try {
      for await (const alert of follow ? streamed() : pages()) {
        patience.success()
        cursor = alert.cursor
        yield { ...alert, ack: () => acknowledge(alert.cursor) }
        if (ending()) return
      }
      if (!follow) return
      throw new HindraError('UNREACHABLE', 'the server ended the stream')
    } catch (error) {
      if (ending()) return
      await patience.afterFailure(error)
    }
  }

  async function* streamed(): AsyncGenerator<Alert> {
    const events = transport.events('/v1/alerts', {
      query: { consumer },
      ...defined({ lastEventId: cursor, signal }),
    })
    for await (const { event, data } of events) {
      if (event === 'alert') yield JSON.parse(data) as Alert
    }
  }

  async function* pages(): AsyncGenerator<Alert> {
    for (let left = true; left; ) {
      const alerts = await calls.alerts.list({ consumer, after: cursor, limit: PAGE })
      yield* alerts
      left = alerts.length === PAGE
    }
  }

  async function acknowledge(done: string): Promise<ConsumerView> {
    if (consumer === undefined) {
      throw new HindraError('INVALID_INPUT', 'only a named consumer acknowledges', {
        field: 'consumer',
      })
    }
    return calls.alerts.acknowledge({ consumer, cursor: done })
  }
}
