import type { CaseHost } from '../cases/index.ts'
import type { Tables } from './tables.ts'
import type { Facts, Routed } from './types.ts'

export function factsOf(entry: Routed, host: CaseHost, home: string, tables: Tables): Facts {
  const { classification, circumstances } = entry
  const { country } = host
  const isCrime = classification === 'Baseline' || classification === 'National'
  return {
    nature: isCrime ? 'illegal' : 'harmful',
    classification,
    ownRequest: circumstances.ownRequest,
    account: circumstances.account,
    referral: circumstances.referral,
    child: circumstances.childCountry,
    offender: circumstances.offenderCountry,
    host: host.kind,
    hostName: host.name,
    country,
    hotline: country !== null && country !== home && tables.hotline(country) !== undefined,
  }
}
