import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'What waits for a second person',
  intro:
    'Proposed by one person, and verified by another who has seen it. A row opens what is known of it.',
  lists: 'Where something waits',
  many: 'For many at once, with copies of your own: ',
  yours: 'you proposed it: another person verifies',
  cameIn: 'Came in',
  found: 'Found',
  count: (count: number) => (count === 1 ? '1 finding' : `${count} findings`),
} as const

const sv: Same<typeof en> = {
  title: 'Det som väntar på en andra person',
  intro:
    'Föreslaget av en person, och bekräftas av en annan som har sett det. Raden öppnar det som är känt.',
  lists: 'Här väntar något',
  many: 'För många på en gång, med egna kopior: ',
  yours: 'du föreslog det: en annan person bekräftar',
  cameIn: 'Kom in',
  found: 'Kontrollerna fann',
  count: (count) => (count === 1 ? '1 anmärkning' : `${count} anmärkningar`),
}

/** What waits for a second person. */
export const toVerify: InBoth<typeof en> = { en, sv }
