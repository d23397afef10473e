import type { PersonLookUp } from '../../src/access/index.ts'

/** Where no people are registered: `ann-robot` is a machine that `ann` owns, and `stray-robot` is nobody's. */
export const behindRobots: PersonLookUp['behind'] = (_tx, id) =>
  Promise.resolve(id === 'stray-robot' ? [] : [id.replace(/-robot$/, '')])
