import type { Channel } from '../channels/index.ts'
import type { Override } from './overrides.ts'
import type { FoundProvider } from './providers.ts'

export function sayMatch({ provider, step, matched }: FoundProvider): string {
  return `${provider.name} (${provider.kind}), by ${step} ${matched}`
}

export function sayOverride({
  abuseContact,
  country,
  origin = [],
  by,
  at,
  reason,
}: Override): string {
  const said = [
    ...(abuseContact === undefined ? [] : [abuseContact]),
    ...(country === undefined ? [] : [country]),
    ...(origin.length === 0 ? [] : [`origin ${origin.join(', ')}`]),
  ]
  return `${said.join('; ')} (by ${by}, ${at}: ${reason})`
}

export function sayChannel(channel: Channel): string {
  if (channel.kind === 'mail') return channel.address
  return channel.kind === 'webhook' ? channel.url : channel.kind
}
