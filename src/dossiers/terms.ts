/** `proposed`: waits for another person, or for whoever proposed it where the house asks one. */
export const DOSSIER_STATES = ['proposed', 'released', 'withdrawn'] as const
export type DossierState = (typeof DOSSIER_STATES)[number]

/** The parts of a dossier, in the order in which they are read. */
export const DOSSIER_PARTS = [
  'case',
  'sightings',
  'matches',
  'item',
  'assessments',
  'hashes',
  'host',
  'notices',
  'looks',
  'hold',
] as const
export type DossierPart = (typeof DOSSIER_PARTS)[number]

/** What stands in place of the value of a hash wherever a dossier is shown before it leaves, encrypted. */
export const WITHHELD = 'withheld'
