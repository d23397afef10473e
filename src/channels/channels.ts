import { byHand } from './by-hand.ts'
import { httpApi } from './http-api.ts'
import { iccamExport } from './iccam-export.ts'
import { interpolExport } from './interpol-export.ts'
import type { ChannelKind } from './kind.ts'
import { mail } from './mail.ts'
import { webhook } from './webhook.ts'

/** Every kind of channel. One that a machine sends by has a carrier in takedown, too, and its settings. */
export const CHANNELS = {
  mail,
  webhook,
  'http-api': httpApi,
  'iccam-export': iccamExport,
  'interpol-export': interpolExport,
  'by-hand': byHand,
} as const satisfies Record<string, ChannelKind<never>>

type Way<Kind> = Kind extends ChannelKind<infer Of> ? Of : never

/** How somebody is told. */
export type Channel = Way<(typeof CHANNELS)[keyof typeof CHANNELS]>

// Keys of an object are strings to TypeScript, whatever its type says.
export const CHANNEL_KINDS = Object.keys(CHANNELS) as readonly Channel['kind'][]

export function channelKey(channel: Channel, role: string): string {
  return kindOf(channel).key(channel, role)
}

export function channelText(channel: Channel): string {
  return kindOf(channel).text(channel)
}

/** The kind of a channel, typed as any kind may be: the kind that a channel names is its own. */
function kindOf({ kind }: Channel): ChannelKind<Channel> {
  return CHANNELS[kind]
}
