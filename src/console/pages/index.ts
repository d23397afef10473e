import type { ConsolePage } from '../page.ts'
import { accountPage } from './account.tsx'
import { casePage } from './case.tsx'
import { casesPage } from './cases.tsx'
import { figureRowsPage } from './figure-rows.tsx'
import { findPage } from './find.tsx'
import { queuePage } from './queue.tsx'
import { policyPage } from './policy.tsx'
import { reportPage } from './report.tsx'
import { reportsPage } from './reports.tsx'
import { routePage } from './route.tsx'
import { statisticsPage } from './statistics.tsx'
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
  statisticsPage,
  reportsPage,
  reportPage,
  figureRowsPage,
  policyPage,
  routePage,
  accountPage,
]
