import type { Channel } from '../../channels/index.ts'
import type { Carrier } from '../carriers.ts'
import type { MailTransport } from '../notice.ts'
import { type ComposeOptions, composeMail, senderOf } from './compose.ts'
import { machineParts, namesOf } from './machine-parts.ts'

type MailCarrier = Carrier<Extract<Channel, { kind: 'mail' }>>

/** Every notice can be a mail. */
export function mailCarrier(transport: MailTransport, form: ComposeOptions): MailCarrier {
  return {
    carries: () => true,
    hasWords: true,
    attached: (part) => namesOf(machineParts(part, senderOf(part, form))),
    compose: (part, { address }, words) => composeMail(part, words, address, form),
    send: (letter) => transport.send(letter),
  }
}
