import { createHash } from 'node:crypto'
import { DeliveryError, type Letter, type MailTransport } from '../../src/takedown/index.ts'
import type { RelayBehaviour } from '../takedown/relay-behaviour.ts'

export interface Taken {
  readonly messageId: string
  readonly from: string
  readonly to: readonly string[]
  readonly raw: Uint8Array
}

/** A relay that is a list: it answers as a real one does, by the contract of mail transports. */
export interface FakeRelay {
  readonly transport: MailTransport
  readonly taken: readonly Taken[]
  behave(behaviour: RelayBehaviour): void
  vanish(): void
}

export function createFakeRelay(onTaken: (mail: Taken) => void = () => undefined): FakeRelay {
  const taken: Taken[] = []
  let behaviour: RelayBehaviour = 'accept'
  let away = false

  function fail(fault: ConstructorParameters<typeof DeliveryError>[0], response: string): never {
    throw new DeliveryError(fault, `the relay says ${fault}`, { response })
  }

  function take({ messageId, from, to, raw }: Letter): void {
    const mail = { messageId, from, to: [to], raw }
    taken.push(mail)
    onTaken(mail)
  }

  return {
    taken,
    behave: (next) => {
      behaviour = next
    },
    vanish: () => {
      away = true
    },
    transport: {
      async send(mail) {
        await Promise.resolve()
        if (away) fail('unavailable', 'connection refused')
        switch (behaviour) {
          case 'refuse-sender':
            return fail('unavailable', '550 sender not allowed')
          case 'drop-before-message':
            return fail('unavailable', 'connection lost')
          case 'defer-recipient':
          case 'defer-message':
            return fail('deferred', '451 greylisted')
          case 'refuse-recipient':
          case 'refuse-message':
            return fail('refused', '550 no such user, see https://help.example/550')
          case 'drop-in-message':
            return fail('unanswered', 'connection lost')
          case 'take-and-drop':
            take(mail)
            return fail('unanswered', 'connection lost')
          case 'accept':
            take(mail)
            return { response: `250 queued as ${digestOf(mail)}` }
        }
      },
      async verify() {
        await Promise.resolve()
        if (away) fail('unavailable', 'connection refused')
      },
      close: () => undefined,
    },
  }
}

function digestOf({ raw }: Letter): string {
  return createHash('sha256').update(raw).digest('hex').slice(0, 8)
}
