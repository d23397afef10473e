import type { ConsolePage } from '../page.ts'
import { accountPage } from './account.tsx'
import { auditPage } from './audit.tsx'
import { casePage } from './case.tsx'
import { casesPage } from './cases.tsx'
import { findPage } from './find.tsx'
import { peoplePage } from './people.tsx'
import { personPage } from './person.tsx'
import { queuePage } from './queue.tsx'
import { secondListPage } from './second-list.tsx'
import { secondPage } from './second.tsx'
import { systemPage } from './system.tsx'
import { tipPage } from './tip.tsx'
import { waitingPage } from './waiting.tsx'

/** Every page of the console for those who have signed in. */
export const PAGES: readonly ConsolePage[] = [
  queuePage,
  tipPage,
  casesPage,
  casePage,
  waitingPage,
  secondListPage,
  secondPage,
  findPage,
  peoplePage,
  personPage,
  auditPage,
  systemPage,
  accountPage,
]
