import type { NamedWords } from '../in-pairs.ts'

/** What keeps the house running. */
export const HOUSE_ACTS = {
  'audit.search': ['searched the audit', 'sökte i loggen'],
  'audit.read': ['read the audit', 'läste loggen'],
  'audit.export': ['took audit along', 'tog med sig logg'],
  backup: ['took a backup', 'tog en säkerhetskopia'],
  'data-key.begin': ['made a new data key', 'gjorde en ny datanyckel'],
  'data-key.resealed': ['all was sealed anew', 'allt förseglades på nytt'],
  'data-key.finish': ['the old data key ended', 'den gamla datanyckeln upphörde'],
  'retention.erase': ['erased what was due', 'gallrade det som skulle gallras'],
  'report.close': ['closed a report', 'stängde en rapport'],
  'report.explain': [
    'looked at what a figure of a report counts',
    'såg vad en siffra i en rapport räknar',
  ],
  'store.restore': ['restored a backup', 'läste in en säkerhetskopia'],
  'store.move': ['the store was moved', 'lagret flyttades'],
  'store.migrate': ['the store was brought to a new version', 'lagret fick en ny version'],
  'store.accept-loss': ['accepted that something is lost', 'godtog att något har gått förlorat'],
  'alert.read': ['looked at alerts', 'såg larm'],
} as const satisfies NamedWords
