import type { Channel } from '../cases/index.ts'
import { DeliveryError } from './delivery-error.ts'
import type { LetterText } from './letters/writer.ts'
import type { MachinePart, NoticePart } from './notice-part.ts'
import type { Addressee, LadderStep, Letter, Transport } from './types.ts'

/** One way by which notices leave: what it can carry, the form that it gives it, and the handing over. */
export interface Carrier extends Transport {
  carries(to: Addressee, step: LadderStep): boolean
  /** What for machines goes along with this part; absent where the letter is for machines alone, or has none. */
  attached?(part: Omit<NoticePart, 'attached'>): readonly MachinePart[]
  /** Without words it takes parts alone: a program reads them. */
  readonly hasWords: boolean
  /** The same part in the same words gives the same bytes. */
  compose(part: NoticePart, channel: Channel, words: LetterText): Promise<Letter>
}

export type Carriers = ReturnType<typeof createCarriers>

/** By kind of channel. What none of them carries is told by hand, or leaves as an export. */
export function createCarriers(byKind: Partial<Record<Channel['kind'], Carrier>>) {
  return {
    carries: (to: Addressee, step: LadderStep): boolean =>
      byKind[to.channel.kind]?.carries(to, step) ?? false,

    attached: (
      part: Omit<NoticePart, 'attached'>,
      { kind }: Pick<Channel, 'kind'>,
    ): readonly MachinePart[] => byKind[kind]?.attached?.(part) ?? [],

    hasWords: ({ kind }: Pick<Channel, 'kind'>): boolean => byKind[kind]?.hasWords ?? true,

    compose(part: NoticePart, channel: Channel, words: LetterText): Promise<Letter> {
      const carrier = byKind[channel.kind]
      if (carrier === undefined) throw new Error('a channel that no machine sends to was queued')
      return carrier.compose(part, channel, words)
    },

    /** Throws DeliveryError, also where the settings of an earlier start are gone. */
    async send(letter: Letter): Promise<void> {
      const carrier = byKind[letter.channel]
      if (carrier === undefined) {
        const why = `nothing is set up any more that sends by ${letter.channel}`
        throw new DeliveryError('unavailable', why, { code: 'POST_FAILED' })
      }
      await carrier.send(letter)
    },
  }
}
