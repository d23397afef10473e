import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Files to hand over',
  hint: 'What other hotlines and INTERPOL are told by a file that somebody carries. Whoever takes a file is in the audit.',
  name: 'File',
  kind: 'For',
  kinds: { iccam: 'a hotline', interpol: 'INTERPOL' },
  country: 'Country',
  day: 'Day (UTC)',
  lines: 'Reports',
  madeAt: 'Made',
  writtenAt: 'Written into the folder',
  take: 'The file',
  json: 'JSON',
  scart: 'CSV for SCARt',
  make: 'Make files of what is queued',
  makeHint: 'Each notice that waits for a file is told by one of them, and by one only.',
  makeKind: 'For whom',
  makeCountry: 'Only this country (two letters; hotlines)',
  makeToday: 'Also what was queued today (INTERPOL)',
  makeGo: 'Make them',
  toDo: 'What waits to be carried is said on the page “To do”, where it is ticked off.',
} as const

const sv: Same<typeof en> = {
  title: 'Filer att lämna över',
  hint: 'Det som andra organisationer och INTERPOL får veta genom en fil som någon lämnar över. Den som hämtar en fil syns i granskningsloggen.',
  name: 'Fil',
  kind: 'Till',
  kinds: { iccam: 'en systerorganisation', interpol: 'INTERPOL' },
  country: 'Land',
  day: 'Dag (UTC)',
  lines: 'Anmälningar',
  madeAt: 'Skapad',
  writtenAt: 'Lagd i mappen',
  take: 'Filen',
  json: 'JSON',
  scart: 'CSV för SCARt',
  make: 'Skapa filer av det som står i kö',
  makeHint: 'Varje underrättelse som väntar på en fil hamnar i en av dem, och bara i en.',
  makeKind: 'Till vem',
  makeCountry: 'Bara det här landet (två bokstäver; systerorganisationer)',
  makeToday: 'Även det som ställdes i kö i dag (INTERPOL)',
  makeGo: 'Skapa dem',
  toDo: 'Vad som väntar på att lämnas över står på sidan ”Att göra”, där det bockas av.',
}

/** Files that somebody carries to other hotlines and INTERPOL. */
export const carried: InBoth<typeof en> = { en, sv }
