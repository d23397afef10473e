import type { Carrier } from '../carriers.ts'
import type { MailTransport } from '../types.ts'
import { type ComposeOptions, composeMail } from './compose.ts'

/** Every notice can be a mail. */
export function mailCarrier(transport: MailTransport, form: ComposeOptions): Carrier {
  return {
    carries: () => true,
    compose(part, channel) {
      if (channel.kind !== 'mail') throw new Error('only mail has a mail address')
      return composeMail(part, channel.address, form)
    },
    send: (letter) => transport.send(letter),
  }
}
