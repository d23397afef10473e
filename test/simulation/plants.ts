/**
 * What is broken on purpose, one for each rule, so that the rule is seen to break: each makes the world
 * (or what the process has of it) such that the same process does wrong.
 */
export const PLANTS = {
  /** A relay that hands each mail over twice, and says nothing of it. */
  'mails-doubled': 'nobody is told twice',
  /** Hosts say 404 to everybody while they have it. */
  'hosts-lie': 'removed only when the world says gone',
  /** Corrections are taken and thrown away. */
  'corrections-lost': 'every retraction corrected',
  /** A run that does nothing and says that all is done. */
  'runs-idle': 'no case forgotten',
  /** A dispute that never reaches the process. */
  'disputes-unheard': 'no notice without grounds',
  /** A stop that never reaches the process. */
  'stop-unheard': 'nothing leaves while all is stopped',
  /** Somebody with a key to the disk changes what the audit says. */
  'audit-edited': 'audit chain whole',
} as const
export type Plant = keyof typeof PLANTS
