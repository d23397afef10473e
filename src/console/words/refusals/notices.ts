import type { SaidRefusals } from './said.ts'
import { noticeState } from './states.ts'

/** What a notice, an objection or a dossier does not allow. */
export const notices = {
  'objection-by-person': () => 'Bara en person kan avgöra en invändning.',
  'objection-part': () =>
    'Den som har bedömt, avgjort, föreslagit, bekräftat eller släppt i väg det som invändningen gäller avgör den inte. Någon annan måste göra det.',
  'objection-over': () => 'Invändningen är redan avgjord eller återkallad.',
  'objection-known': () => 'Svaret är redan en invändning.',
  'objection-answer-none': () =>
    'Inget svar på den här invändningen väntar på att lämnas för hand.',
  'objection-hash': () =>
    'Svaret går till den som har invänt: där får inte stå något hashvärde, och inget som ser ut som ett.',
  'objection-reply-none': () => 'Det svaret har inte kommit på underrättelsen.',
  'take-back-why': () => 'Säg varför ärendet inte håller.',
  'take-back-none': () => 'Avslås invändningen står ärendet fast: då tas inget tillbaka.',
  'stop-reason': () => 'Ett stopp måste ha ett skäl.',
  'answer-empty': () => 'Ett svar kan inte vara tomt.',
  'notice-untold': () => 'Mottagaren har aldrig fått den här underrättelsen.',
  'aside-reason': () => 'Den som lägger undan den måste säga varför.',
  'notice-not-waiting': ({ state }) =>
    `Underrättelsen väntar inte på någon (${noticeState(state)}).`,
  'notice-not-by-hand': ({ state }) =>
    `Underrättelsen lämnas inte för hand (${noticeState(state)}).`,
  'hold-none': () => 'Underrättelsen väntar inte på polisen.',
  'hold-forbidden': () => 'Polisen har sagt nej. Det hävs under Väntan på polisen.',
  'hold-too-late': () => 'Det är för sent: värden har redan underrättats.',
  'hold-undecided': () => 'En längre väntan är föreslagen: bekräfta eller avslå den först.',
  'hold-proposal-over': () => 'Den föreslagna tiden har gått ut: avslå förslaget.',
  'hold-proposal-none': () => 'Inget är föreslaget som behöver en andra person.',
  'time-form': () => 'Skriv en tid: 2026-12-01 12:00.',
  'time-skipped': () => 'Den timmen finns inte: klockan ställs om. Ange en annan.',
  'time-past': ({ now }) => `Tiden har redan varit: klockan är ${now}.`,
  'errand-not-so': () => 'Det blir inte klart på det sättet: öppna det och gör det där.',
  'letter-none': () => 'Det finns inget brev till den mottagaren.',
  'route-question': () => 'Ange en URL, eller anta något om dess värd.',
  'host-unfound': () => 'Ingen värd har hittats för adressen.',
  'act-needs': () => 'Det här fältet behövs.',
  'dossier-by-person': () => 'Bara personer kan föreslå och lämna ut ett underlag.',
  'dossier-none': () =>
    'Av det här ärendet lämnas inget underlag ut: det är inte avgjort, är ifrågasatt eller inget brott, eller så håller grunden inte längre.',
  'dossier-over': () => 'Underlaget är redan utlämnat eller återkallat.',
  'dossier-limit': ({ most }) => `Du har nått gränsen: ${most} på ett dygn.`,
  'dossier-unreleased': () => 'Underlaget har inte lämnats ut.',
} as const satisfies SaidRefusals
