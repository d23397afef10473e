import type { Carrier } from '../carriers.ts'
import type { MailTransport } from '../types.ts'
import { type ComposeOptions, composeMail, senderOf } from './compose.ts'
import { machineParts, namesOf } from './machine-parts.ts'

/** Every notice can be a mail. */
export function mailCarrier(transport: MailTransport, form: ComposeOptions): Carrier {
  return {
    carries: () => true,
    hasWords: true,
    attached: (part) => namesOf(machineParts(part, senderOf(part, form))),
    compose(part, channel, words) {
      if (channel.kind !== 'mail') throw new Error('only mail has a mail address')
      return composeMail(part, words, channel.address, form)
    },
    send: (letter) => transport.send(letter),
  }
}
