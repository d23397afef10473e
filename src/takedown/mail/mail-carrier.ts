import { channelKey, type Channel } from '../../channels/index.ts'
import type { Confidence } from '../../confidence/index.ts'
import type { Clock } from '../../core/index.ts'
import type { Carrier } from '../carriers.ts'
import type { Addressee, MailTransport } from '../notice.ts'
import { type ComposeOptions, composeMail, senderOf } from './compose.ts'
import { isEnclosed } from './enclosed.ts'
import { machineParts, namesOf } from './machine-parts.ts'

type MailCarrier = Carrier<Extract<Channel, { kind: 'mail' }>>

/** Every notice can be a mail, but to those who are told by their portal alone. */
export function mailCarrier(
  { clock }: { readonly clock: Clock },
  transport: MailTransport,
  form: ComposeOptions,
  confidence: Confidence,
): MailCarrier {
  return {
    carries: (_way, to) => !addressesOf(to).some(confidence.isPortalOnly),
    hasWords: true,
    attached: (part) => namesOf(machineParts(part, senderOf(part, form))),

    async lacks(_part, { address }, to) {
      const isWanted = addressesOf(to).some((one) => confidence.keyFor(one) !== undefined)
      if (!isWanted) return []
      const key = confidence.keyFor(address)
      // A letter to somebody with a key does not go plain elsewhere, either.
      if (key === undefined) return ['confidence']
      return key.encrypt(new Uint8Array(), clock.now()).then(
        () => [],
        () => ['confidence'],
      )
    },

    compose(part, { address }, words) {
      const key = confidence.keyFor(address)
      const enclosing = key && { key, nowMs: clock.now() }
      return composeMail(part, words, address, form, enclosing)
    },

    mayLeave: ({ to, raw }) =>
      !confidence.isPortalOnly(to) && (confidence.keyFor(to) === undefined || isEnclosed(raw)),

    send: (letter, sure) => transport.send(letter, sure),
  }
}

/** The contact's own address, and that to which a person may have sent it instead. */
function addressesOf({ key, channel }: Addressee): readonly string[] {
  const address = channel.kind === 'mail' ? channel.address : ''
  const prefix = channelKey({ kind: 'mail', address: '' }, '')
  return [address, key.startsWith(prefix) ? key.slice(prefix.length) : '']
}
