import type { Channel } from '../channels/index.ts'
import { DeliveryError } from './delivery-error.ts'
import type { LetterText } from './letters/writer.ts'
import type { MachinePart, NoticePart } from './notice-part.ts'
import type { Addressee, LadderStep, Letter, LetterTransport } from './notice.ts'

/** One way by which notices leave: what it can carry, the form that it gives it, and the handing over. */
export interface Carrier<Way = Channel> extends LetterTransport {
  carries(way: Way, to: Addressee, step: LadderStep): boolean
  /** What for machines goes along with this part; absent where the letter is for machines alone, or has none. */
  attached?(part: Omit<NoticePart, 'attached'>): readonly MachinePart[]
  /** Whether it carries words; without them it takes parts alone: a program reads them. */
  readonly hasWords: boolean
  /** The same part in the same words gives the same bytes. */
  compose(part: NoticePart, way: Way, words: LetterText): Promise<Letter>
}

/** A carrier for the channels of its kind. */
export type CarriersByKind = {
  readonly [Kind in Channel['kind']]?: Carrier<Extract<Channel, { kind: Kind }>> | undefined
}

export type Carriers = ReturnType<typeof createCarriers>

/** The carriers by kind of channel. What none of them carries is told by hand, or leaves as an export. */
export function createCarriers(byKind: CarriersByKind) {
  /** The carrier of a kind takes the channels of that kind, which TypeScript cannot follow. */
  const carrierOf = (kind: Channel['kind']) => byKind[kind] as Carrier | undefined

  return {
    carries: (to: Addressee, step: LadderStep): boolean =>
      carrierOf(to.channel.kind)?.carries(to.channel, to, step) ?? false,

    attached: (
      part: Omit<NoticePart, 'attached'>,
      { kind }: Pick<Channel, 'kind'>,
    ): readonly MachinePart[] => carrierOf(kind)?.attached?.(part) ?? [],

    hasWords: ({ kind }: Pick<Channel, 'kind'>): boolean => carrierOf(kind)?.hasWords ?? true,

    compose(part: NoticePart, channel: Channel, words: LetterText): Promise<Letter> {
      const carrier = carrierOf(channel.kind)
      if (carrier === undefined) throw new Error('a channel that no machine sends to was queued')
      return carrier.compose(part, channel, words)
    },

    /** Throws DeliveryError, also where the settings of an earlier start are gone. */
    async send(letter: Letter): Promise<void> {
      const carrier = carrierOf(letter.channel)
      if (carrier === undefined) {
        const why = `nothing is set up any more that sends by ${letter.channel}`
        throw new DeliveryError('unavailable', why, { code: 'POST_FAILED' })
      }
      await carrier.send(letter)
    },
  }
}
