import type { CASE_WHYS } from '../../cases/index.ts'
import type { Same } from './in-both.ts'
import { LOOK_CAUSES_SV } from './said.ts'

/** Why Hindra changed a case, in Swedish. Its English stands in the history; what a person wrote stands as it was written. */
export const CASE_WHYS_SV: Same<typeof CASE_WHYS> = {
  'seen-before-verified': () => 'det som visas där bekräftades efter titten',
  'seen-again': () => 'det är tillbaka',
  'seen-stronger': () => 'det sågs igen, med starkare underlag',
  'host-found': ({ host }) => `värden är ${host}`,
  'host-unfound': () => 'ingen värd har hittats',
  'notice-sent': () => 'en underrättelse har gått i väg',
  'host-says-removed': () => 'värden svarar att det är borttaget',
  'form-answered': ({ word }) => `leverantören svarar ${word}`,
  'look-found': ({ cause }) => LOOK_CAUSES_SV[cause],
  'look-found-again': ({ cause }) => `det är tillbaka: ${LOOK_CAUSES_SV[cause]}`,
  'person-saw-it': ({ words }) => `en person har tittat, det finns kvar: ${words}`,
  'person-saw-it-gone': ({ words }) => `en person har tittat, det är borta: ${words}`,
  'person-looks-again': ({ at, words }) =>
    `ska tittas på igen ${at.slice(0, 16).replace('T', ' ')} UTC: ${words}`,
  'item-retracted': () => 'det kända materialet har återtagits',
  'item-disputed': () => 'det kända materialet är ifrågasatt',
  'item-flooded': () => 'träffarna på det kända materialet kom i en våg',
  'item-verified': () => 'det kända materialet har bekräftats av två personer',
  'rule-confirms-no-more': () =>
    'regeln för träffar har ändrats, och enligt den bekräftas det inte',
  'rule-cannot-tell': () =>
    'regeln för träffar har ändrats, och det går inte att säga om det bekräftas enligt den',
  'rule-confirms': () => 'enligt regeln för träffar som gäller är det bekräftat',
}
