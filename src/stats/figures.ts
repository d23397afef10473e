import { DECLARED_FIGURES, type FigureId } from './declared.ts'
import type { QuarterTable } from './quarter-table.ts'

/** What each figure means, in the order in which they are shown. */
export const FIGURES: Readonly<Record<keyof QuarterTable, string>> = {
  quarter: 'The quarter or month.',
  timeZone:
    'The time zone of the house (takedown.timeZone): its midnights divide days and periods.',
  from: 'The first moment of the period, in UTC.',
  to: 'The first moment behind it, in UTC.',
  tips: meaning('tips'),
  ownRequestTips: meaning('ownRequestTips'),
  tipsWithoutUrl: meaning('tipsWithoutUrl'),
  tipsByCategory: meaning('tipsByCategory'),
  sisterMails:
    'Mails of sister hotlines that became tips, and attachments of all their mails, unread.',
  sightings:
    'What sightings brought: one a file, also each file of a page, and what failed. No tips.',
  sightingsBySource: 'The same by the source of the key that sent them.',
  pictures: 'Pictures among the files that Hindra itself looked at for them.',
  films: 'Films among these files.',
  failed: 'Of these: the file could not be fetched or read.',
  retroactive: 'Sightings that matched nothing at first, and what was verified later.',
  verdicts: 'Of the sightings: what they came to. With those that failed this is all of them.',
  casesOpened: meaning('casesOpened'),
  casesByStatus: meaning('casesByStatus'),
  casesByCountry: meaning('casesByCountry'),
  removed: meaning('removed'),
  reopened: meaning('reopened'),
  ownRequestCases: meaning('ownRequestCases'),
  ownRequestsRemoved: meaning('ownRequestsRemoved'),
  noticesSent: meaning('noticesSent'),
  remindersSent: meaning('remindersSent'),
  escalationsSent: meaning('escalationsSent'),
  correctionsSent: meaning('correctionsSent'),
  othersSent: meaning('othersSent'),
  noticesBounced: meaning('noticesBounced'),
  noticesFailed: meaning('noticesFailed'),
  looks:
    'What people were shown, small and in grey (taken), then larger or in colour (further), and notices sent for each ' +
    'taken: of those months alone in which at least three people looked. Beside it corrections for 1,000 notices, of ' +
    'the whole period.',
  agreement: meaning('agreement'),
  samples: `Drawn: ${meaning('sampled')} Again, agreed, differed, corrected: ${meaning('sampledAgain')}`,
  webhooks: 'Alerts that webhooks took in the period, and those that were given up for one.',
  hoursToRemovalMedian: meaning('hoursToRemovalMedian'),
  hoursToRemovalP90: meaning('hoursToRemovalP90'),
  onePersonLists: 'Lists in which one person verifies alone, now.',
  quarantined: 'Items that match nothing until a person has looked, now.',
  waiting: 'Things that wait for a person, and since when the oldest does, now (`hindra waiting`).',
}

function meaning(id: FigureId): string {
  return DECLARED_FIGURES[id].says.en
}
