import type { ConsolePage } from '../page.ts'
import { accountPage } from './account.tsx'
import { casePage } from './case.tsx'
import { casesPage } from './cases.tsx'
import { dossierPage } from './dossier.tsx'
import { dossiersPage } from './dossiers.tsx'
import { findPage } from './find.tsx'
import { hostPage } from './host.tsx'
import { hostsPage } from './hosts.tsx'
import { noticePage } from './notice.tsx'
import { noticesPage } from './notices.tsx'
import { objectionPage } from './objection.tsx'
import { objectionsPage } from './objections.tsx'
import { queuePage } from './queue.tsx'
import { tipPage } from './tip.tsx'
import { waitingPage } from './waiting.tsx'

/** Every page of the console for those who have signed in. */
export const PAGES: readonly ConsolePage[] = [
  queuePage,
  tipPage,
  casesPage,
  casePage,
  noticesPage,
  noticePage,
  hostsPage,
  hostPage,
  waitingPage,
  objectionsPage,
  objectionPage,
  dossiersPage,
  dossierPage,
  findPage,
  accountPage,
]
