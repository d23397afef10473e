import { type Provider, startProvider } from './provider.ts'

/**
 * Each is told in a way of its own: `swedish` after the police; `platform` by its channel for trusted
 * flaggers; `german` by the hotline of its country; the mailbox of `unreachable` bounces; `tidy` puts a
 * picture that says "removed" in the place of what it removes.
 */
export type SmallerHosts = Readonly<
  Record<'swedish' | 'platform' | 'german' | 'unreachable' | 'tidy', Provider>
>

export async function startSmallerHosts(): Promise<SmallerHosts> {
  const start = (name: string, hostname: string, last: number, mailbox = 'abuse') =>
    startProvider({
      name,
      hostname,
      address: `127.0.0.${last}`,
      abuseContact: `${mailbox}@${hostname}`,
    })
  return {
    swedish: await start('Norrhost AB', 'norrhost.example', 4),
    platform: await start('Friendly Platform', 'platform.example', 5, 'trusted-flaggers'),
    german: await start('Mitte Hosting GmbH', 'mitte.example', 6),
    unreachable: await start('Silent Servers Oy', 'silent.example', 7),
    tidy: await start('Tidy Pictures BV', 'tidy.example', 8),
  }
}

/** How each stands in the operator's table. */
export function rowsOf(hosts: SmallerHosts): readonly object[] {
  const countries = { swedish: 'SE', platform: 'SE', german: 'DE', unreachable: 'FI', tidy: 'NL' }
  return Object.entries(hosts).map(([key, { name, abuseContact, address }]) => ({
    name,
    abuseContact,
    networks: [`${address}/32`],
    country: countries[key as keyof SmallerHosts],
    kind: key === 'platform' ? 'platform' : 'provider',
  }))
}
