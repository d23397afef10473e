import type { Sentences } from '../errors.ts'

/** Why an item is found for review at most, or not at all, by code. */
export const CEILINGS = {
  'on-allow-list': () => 'the item is on the allow-list',
  'not-sought': () => 'no list says that the item is to be found',
  disabled: () => 'what lists say of the item is disabled for a time',
  proposed: () => 'no second person has verified the item yet',
  disputed: () => 'the item is disputed',
  'in-quarantine': () => 'its matches came as a flood: it is in quarantine',
  ignored: () => 'an own list holds the item as Ignore',
  'no-crime': () => 'the item is harmful, and no crime',
  'list-review': () => 'its list is set to review for this class',
} as const satisfies Sentences

export type CeilingCode = keyof typeof CEILINGS
