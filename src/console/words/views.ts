import type { InBoth, Same } from './in-both.ts'

const en = {
  title: 'Your views',
  name: 'Name',
  list: 'List',
  change: 'Rename or remove',
  save: 'Keep this view',
  saveHint: 'It stands in the queue, for you alone, with what the list is narrowed by now.',
  saveGo: 'Keep it',
  renameGo: 'Rename',
  removeGo: 'Remove',
} as const

const sv: Same<typeof en> = {
  title: 'Dina vyer',
  name: 'Namn',
  list: 'Lista',
  change: 'Byt namn eller ta bort',
  save: 'Spara vyn',
  saveHint: 'Den visas i kön, bara för dig, med det urval som listan har nu.',
  saveGo: 'Spara',
  renameGo: 'Byt namn',
  removeGo: 'Ta bort',
}

/** Lists that a person keeps by a name. */
export const views: InBoth<typeof en> = { en, sv }
