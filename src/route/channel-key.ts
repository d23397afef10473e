import type { Channel } from '../cases/index.ts'

/** One name for one recipient, whatever case it is told of. */
export function channelKey(channel: Channel, role: string): string {
  switch (channel.kind) {
    case 'mail':
      return `mail:${channel.address.toLowerCase()}`
    case 'webhook':
      return `webhook:${channel.url}`
    case 'http-api':
      return `api:${channel.api}`
    case 'iccam-export':
      return `iccam:${channel.country}`
    case 'interpol-export':
      return 'interpol'
    case 'by-hand':
      return `by-hand:${channel.form ?? role}`
  }
}
