import type { QuarterTable } from './quarter-table.ts'

/** What each figure means, in the order in which they are shown. */
export const FIGURES: Readonly<Record<keyof QuarterTable, string>> = {
  quarter: 'The quarter or month.',
  timeZone:
    'The time zone of the house (takedown.timeZone): its midnights divide days and periods.',
  from: 'The first moment of the period, in UTC.',
  to: 'The first moment behind it, in UTC.',
  tips: 'Tips that came in the period, by who told of them. The same tip sent again counts once.',
  ownRequestTips: 'Of these tips: the depicted child itself asks.',
  tipsWithoutUrl:
    'Of these tips: those that tell in words of something without a URL, by who told of them.',
  tipsByCategory: 'The same tips without a URL, by what they are about.',
  sightings:
    'What sightings brought: one a file, also each file of a page, and what failed. No tips.',
  sightingsBySource: 'The same by the source of the key that sent them.',
  pictures: 'Pictures among the files that Hindra itself looked at for them.',
  films: 'Films among these files.',
  failed: 'Of these: the file could not be fetched or read.',
  retroactive: 'Sightings that matched nothing at first, and what was verified later.',
  verdicts: 'Of the sightings: what they came to. With those that failed this is all of them.',
  casesOpened: 'Cases opened for the first time in the period, whatever became of them.',
  casesByStatus: 'Of the cases opened: how they stand now.',
  casesByCountry: 'Of the cases opened: the country of the host, as it is known now.',
  removed:
    'Times that something was gone, dated at the first look that missed it. What proved to be not illegal, and what was retracted, is left out.',
  reopened: 'Times that a case was opened again in the period, with the same left out.',
  ownRequestCases: 'Of the cases opened: the depicted child itself asks.',
  ownRequestsRemoved: 'Of the times that something was gone: the depicted child itself asks.',
  noticesSent:
    'First notices handed over in the period that have not come back. What bounces later leaves the figure.',
  remindersSent: 'Reminders, counted alike.',
  escalationsSent:
    'Notices to site owners, registrars, upstream networks and regulators, counted alike.',
  correctionsSent: 'Corrections, counted alike.',
  othersSent: 'Everything else that was told, counted alike: that it is gone, an answer.',
  noticesBounced: 'Notices of any kind handed over in the period that came back: they told nobody.',
  noticesFailed: 'Notices of any kind queued in the period that no one took in all tries.',
  webhooks: 'Alerts that webhooks took in the period, and those that were given up for one.',
  hoursToRemovalMedian:
    'Hours from the first notice that reached somebody until it was gone, of what was gone in the period after such a notice.',
  hoursToRemovalP90: 'The same: nine of ten took no longer.',
  onePersonLists: 'Lists in which one person verifies alone, now.',
  quarantined: 'Items that match nothing until a person has looked, now.',
}
