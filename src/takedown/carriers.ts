import { type ApiName, type Channel } from '../channels/index.ts'
import { DeliveryError } from './delivery-error.ts'
import type { LetterText } from './letters/writer.ts'
import type { MachinePart, NoticePart } from './notice-part.ts'
import type { Addressee, LadderStep, Letter, LetterTransport } from './notice.ts'

/** One way by which notices leave: what it can carry, the form that it gives it, and the handing over. */
export interface Carrier<Way = Channel> extends LetterTransport {
  carries(way: Way, to: Addressee, step: LadderStep): boolean
  /** What for machines goes along with this part; absent where the letter is for machines alone, or has none. */
  attached?(part: Omit<NoticePart, 'attached'>): readonly MachinePart[]
  /** What it cannot say of this part, in the names of facts; absent where it can say whatever it carries. */
  lacks?(
    part: Omit<NoticePart, 'attached'>,
    way: Way,
    to: Addressee,
  ): readonly string[] | Promise<readonly string[]>
  /** Whether a letter that was written earlier may still go as it is; absent where it always may. */
  mayLeave?(letter: Letter): boolean
  /** Whether it carries words; without them it takes parts alone: a program reads them. */
  readonly hasWords: boolean
  /** The same part in the same words gives the same bytes, unless they are encrypted. */
  compose(part: NoticePart, way: Way, words: LetterText): Promise<Letter>
}

type CarrierOf<Kind extends Channel['kind']> = Carrier<Extract<Channel, { kind: Kind }>>

/** A carrier for the channels of its kind, and one for each API. */
export type CarriersByKind = {
  readonly [Kind in Exclude<Channel['kind'], 'http-api'>]?: CarrierOf<Kind> | undefined
} & { readonly 'http-api'?: Readonly<Partial<Record<ApiName, CarrierOf<'http-api'>>>> }

export type Carriers = ReturnType<typeof createCarriers>

/** The carriers by kind of channel. What none of them carries is told by hand, or leaves as an export. */
export function createCarriers(byKind: CarriersByKind) {
  const { 'http-api': apis = {}, ...kinds } = byKind

  /** The carrier of a kind takes the channels of that kind, which TypeScript cannot follow. */
  function carrierFor(kind: Channel['kind'], api: string): Carrier | undefined {
    return kind === 'http-api' ? apis[api as ApiName] : kinds[kind]
  }

  function carrierOf(channel: Channel): Carrier | undefined {
    return carrierFor(channel.kind, channel.kind === 'http-api' ? channel.api : '')
  }

  return {
    carries: (to: Addressee, step: LadderStep): boolean =>
      carrierOf(to.channel)?.carries(to.channel, to, step) ?? false,

    attached: (part: Omit<NoticePart, 'attached'>, channel: Channel): readonly MachinePart[] =>
      carrierOf(channel)?.attached?.(part) ?? [],

    lacks: async (part: Omit<NoticePart, 'attached'>, to: Addressee): Promise<readonly string[]> =>
      (await carrierOf(to.channel)?.lacks?.(part, to.channel, to)) ?? [],

    mayLeave: (letter: Letter): boolean =>
      carrierFor(letter.channel, letter.to)?.mayLeave?.(letter) ?? true,

    hasWords: (channel: Channel): boolean => carrierOf(channel)?.hasWords ?? true,

    compose(part: NoticePart, channel: Channel, words: LetterText): Promise<Letter> {
      const carrier = carrierOf(channel)
      if (carrier === undefined) throw new Error('a channel that no machine sends to was queued')
      return carrier.compose(part, channel, words)
    },

    /** What the other side said. Throws DeliveryError, also where the settings of an earlier start are gone. */
    async send(letter: Letter, sure: () => Promise<void>): Promise<{ readonly response: string }> {
      const carrier = carrierFor(letter.channel, letter.to)
      if (carrier === undefined) {
        const why = `nothing is set up any more that sends by ${letter.channel}`
        throw new DeliveryError('unavailable', why, { code: 'POST_FAILED' })
      }
      return carrier.send(letter, sure)
    },
  }
}
