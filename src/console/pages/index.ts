import type { ConsolePage } from '../page.ts'
import { accountPage } from './account.tsx'
import { casePage } from './case.tsx'
import { casesPage } from './cases.tsx'
import { findPage } from './find.tsx'
import { manyPage } from './many.tsx'
import { queuePage } from './queue.tsx'
import { tipPage } from './tip.tsx'
import { waitingPage } from './waiting.tsx'

/** Every page of the console for those who have signed in. */
export const PAGES: readonly ConsolePage[] = [
  queuePage,
  tipPage,
  casesPage,
  casePage,
  waitingPage,
  findPage,
  manyPage,
  accountPage,
]
