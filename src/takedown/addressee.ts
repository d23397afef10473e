import type { RoutingDecision, Recipient } from '../route/index.ts'
import { type Addressee, LANGUAGES, type Language } from './notice.ts'

/** A recipient of the routing policy as a notice keeps it. */
export function addresseeOf(
  recipient: Recipient,
  { nature }: Pick<RoutingDecision, 'nature'>,
): Addressee {
  const { key, role, name, channel, language, jurisdiction, priority } = recipient
  return { key, role, name, channel, language: known(language), jurisdiction, priority, nature }
}

/** What a view calls the recipient: his mail address, or the name of his channel. */
export function recipientOf({ channel, key }: Pick<Addressee, 'channel' | 'key'>): string {
  return channel.kind === 'mail' ? channel.address : key
}

function known(language: string): Language {
  return LANGUAGES.find((one) => one === language) ?? 'en'
}
