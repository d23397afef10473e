import type { Channel } from '../cases/index.ts'
import type { Decision, Recipient } from '../route/index.ts'
import { type Addressee, LANGUAGES, type Language } from './types.ts'

/** A recipient of the routing policy as a notice keeps it. */
export function addresseeOf(recipient: Recipient, { nature }: Pick<Decision, 'nature'>): Addressee {
  const { key, role, name, channel, language, jurisdiction, priority } = recipient
  return { key, role, name, channel, language: known(language), jurisdiction, priority, nature }
}

/** Mail address or URL that a notice is sent to; undefined where no machine sends it. */
export function destinationOf(channel: Channel): string | undefined {
  if (channel.kind === 'mail') return channel.address
  return channel.kind === 'webhook' ? channel.url : undefined
}

function known(language: string): Language {
  return LANGUAGES.find((one) => one === language) ?? 'en'
}
