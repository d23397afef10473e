import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Several at once',
  choose: 'Choose',
  chosen: 'With the ones that are chosen',
  chosenHint: 'Nothing is done yet: the next page shows what would be done, and to which.',
  chooseGo: 'Look what would be done',
  dismiss: 'Dismiss tips',
  decide: 'Decide all that stand on the same',
  alike: 'The same decision for all',
  alikeHint:
    'Other matches may wait that stand on the same file or the same known item, compared to the byte. The next page says how many, and nothing is done yet.',
  would: (count: number) =>
    count === 1
      ? 'It would be done to 1. Nothing is done yet.'
      : `It would be done to ${count}. Nothing is done yet.`,
  wouldNone: 'It could be done to none of them.',
  leftOut: 'Left out, and why',
  reason: (reason: string) => `Reason for all of them: ${reason}`,
  go: (count: number) => (count === 1 ? 'Do it to this one' : `Do it to all ${count}`),
  done: (done: number, left: number) =>
    left === 0 ? `Done: ${done}.` : `Done: ${done}. Left out, and still as they were: ${left}.`,
} as const

const sv: Same<typeof en> = {
  title: 'Flera på en gång',
  choose: 'Välj',
  chosen: 'Med dem som är valda',
  chosenHint: 'Ännu händer ingenting: nästa sida visar vad som skulle göras, och med vilka.',
  chooseGo: 'Se vad som skulle göras',
  dismiss: 'Skriv av tips',
  decide: 'Avgör alla som vilar på samma',
  alike: 'Samma beslut för alla',
  alikeHint:
    'Det kan vänta fler träffar som vilar på samma fil eller samma kända material, jämfört på byten när. Nästa sida säger hur många, och ännu händer ingenting.',
  would: (count) => `Det skulle göras med ${count}. Ännu har ingenting hänt.`,
  wouldNone: 'Det går inte med någon av dem.',
  leftOut: 'Lämnas kvar, och varför',
  reason: (reason) => `Skäl för alla: ${reason}`,
  go: (count) => (count === 1 ? 'Gör det med den här' : `Gör det med alla ${count}`),
  done: (done, left) =>
    left === 0 ? `Klart: ${done}.` : `Klart: ${done}. Kvar som förut: ${left}.`,
}

/** One act upon many. */
export const many: InBoth<typeof en> = { en, sv }
