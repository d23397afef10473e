import type { ConsolePage } from '../page.ts'
import { accountPage } from './account.tsx'
import { againListPage } from './again-list.tsx'
import { againPage } from './again.tsx'
import { auditPage } from './audit.tsx'
import { carriedPage } from './carried.tsx'
import { casePage } from './case.tsx'
import { casesPage } from './cases.tsx'
import { contactsPage } from './contacts.tsx'
import { dossierPage } from './dossier.tsx'
import { dossiersPage } from './dossiers.tsx'
import { figureRowsPage } from './figure-rows.tsx'
import { findPage } from './find.tsx'
import { manyPage } from './many.tsx'
import { iccamPage } from './iccam.tsx'
import { importPage } from './import.tsx'
import { importsPage } from './imports.tsx'
import { itemPage } from './item.tsx'
import { itemsPage } from './items.tsx'
import { listPage } from './list.tsx'
import { listsPage } from './lists.tsx'
import { hostPage } from './host.tsx'
import { hostsPage } from './hosts.tsx'
import { mailsPage } from './mails.tsx'
import { noticePage } from './notice.tsx'
import { noticesPage } from './notices.tsx'
import { objectionPage } from './objection.tsx'
import { objectionsPage } from './objections.tsx'
import { queuePage } from './queue.tsx'
import { sourcePage } from './source.tsx'
import { sourcesPage } from './sources.tsx'
import { policyPage } from './policy.tsx'
import { reportPage } from './report.tsx'
import { reportsPage } from './reports.tsx'
import { routePage } from './route.tsx'
import { statisticsPage } from './statistics.tsx'
import { ownCopyPage } from './own-copy.tsx'
import { peoplePage } from './people.tsx'
import { personPage } from './person.tsx'
import { registerPage } from './register.tsx'
import { secondListPage } from './second-list.tsx'
import { secondPage } from './second.tsx'
import { systemPage } from './system.tsx'
import { tipPage } from './tip.tsx'
import { verifyPage } from './verify.tsx'
import { waitingPage } from './waiting.tsx'

/** Every page of the console for those who have signed in. */
export const PAGES: readonly ConsolePage[] = [
  queuePage,
  tipPage,
  casesPage,
  casePage,
  itemsPage,
  itemPage,
  verifyPage,
  registerPage,
  ownCopyPage,
  noticesPage,
  noticePage,
  hostsPage,
  hostPage,
  contactsPage,
  waitingPage,
  mailsPage,
  carriedPage,
  objectionsPage,
  objectionPage,
  dossiersPage,
  dossierPage,
  findPage,
  manyPage,
  listsPage,
  listPage,
  importsPage,
  importPage,
  sourcesPage,
  sourcePage,
  iccamPage,
  statisticsPage,
  reportsPage,
  reportPage,
  figureRowsPage,
  policyPage,
  routePage,
  secondListPage,
  secondPage,
  againListPage,
  againPage,
  peoplePage,
  personPage,
  auditPage,
  systemPage,
  accountPage,
]
