import type { CaseHost } from '../cases/index.ts'
import { isCrime } from '../register/index.ts'
import type { Tables } from './tables.ts'
import type { Facts, Routed } from './routing.ts'

export function factsOf(entry: Routed, host: CaseHost, home: string, tables: Tables): Facts {
  const { classification, circumstances } = entry
  const { country } = host
  return {
    nature: isCrime(classification) ? 'illegal' : 'harmful',
    classification,
    ownRequest: circumstances.ownRequest,
    account: circumstances.account,
    referral: circumstances.referral,
    inDangerNow: circumstances.inDangerNow,
    municipality: circumstances.childMunicipality !== null,
    child: circumstances.childCountry,
    offender: circumstances.offenderCountry,
    host: host.kind,
    hostName: host.name,
    country,
    hotline: country !== null && country !== home && tables.hotline(country) !== undefined,
  }
}
