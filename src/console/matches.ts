import type { Item } from '../register/index.ts'
import type { ItemDetail } from '../curation/index.ts'
import { worded } from '../errors.ts'
import type { Language } from '../takedown/index.ts'
import { REACHES_SV } from './words/matches/reaches.ts'
import { CEILINGS_SV } from './words/matches/whys.ts'

/** Why an item is not matched automatically, in the language of the reader. */
export function ceilingIn(
  language: Language,
  { ceiling, heldBy }: Pick<Item, 'ceiling' | 'heldBy'>,
): string | null {
  return language === 'en' || heldBy === null ? ceiling : CEILINGS_SV[heldBy]()
}

/** What a sighting can be at most by an entry, in the language of the reader. */
export function reachIn(language: Language, { most, said }: ItemDetail['reach'][number]): string {
  return language === 'en' ? most : said.map((one) => worded(REACHES_SV, one)).join('; ')
}
