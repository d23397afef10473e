import { keys, people } from './access.ts'
import { assignments, caseAssignments, tipAssignments } from './assignments.ts'
import { alerts, webhooks } from './alerts.ts'
import { audit } from './audit.ts'
import { assessments, cases, rejudgements } from './cases.ts'
import { dossiers } from './dossiers.ts'
import { imports, listExports, sources } from './exchange.ts'
import { find } from './find.ts'
import { contacts, hosts, overrides } from './hosts.ts'
import { backup, dataKey, retention } from './keeping.ts'
import { iccam } from './iccam.ts'
import { looks } from './looks.ts'
import { holds, hotlineExports, notices, policeMails, waiting } from './notices.ts'
import { objections } from './objections.ts'
import type { AnyOperation } from './operation.ts'
import { policy } from './policy.ts'
import { corpus, items, lists } from './register.ts'
import { reports } from './reports.ts'
import { samples } from './samples.ts'
import { sessions } from './sessions.ts'
import { sightings } from './sightings.ts'
import { sisterMails } from './sister-mails.ts'
import { stats } from './stats.ts'
import { system } from './system.ts'
import { ownRequests, tipline } from './tipline.ts'
import { tipImports, tips } from './tips.ts'
import { views } from './views.ts'

/** All that can be asked of Hindra, by topic: what is not listed here cannot be asked. */
export const OPERATIONS = {
  people,
  keys,
  sessions,
  views,
  tips,
  tipAssignments,
  tipImports,
  tipline,
  ownRequests,
  sisterMails,
  sightings,
  items,
  corpus,
  lists,
  imports,
  listExports,
  sources,
  assessments,
  cases,
  caseAssignments,
  assignments,
  looks,
  find,
  rejudgements,
  samples,
  dossiers,
  alerts,
  webhooks,
  hosts,
  overrides,
  contacts,
  policy,
  notices,
  objections,
  holds,
  policeMails,
  waiting,
  hotlineExports,
  iccam,
  stats,
  reports,
  audit,
  dataKey,
  retention,
  backup,
  system,
} as const satisfies Readonly<Record<string, Readonly<Record<string, AnyOperation>>>>

export type Operations = typeof OPERATIONS

/** Every operation with its name, `notices.retry`. */
export function namedOperations(): readonly (readonly [name: string, operation: AnyOperation])[] {
  return Object.entries(OPERATIONS).flatMap(([topic, operations]) =>
    Object.entries<AnyOperation>(operations).map(
      ([name, operation]) => [`${topic}.${name}`, operation] as const,
    ),
  )
}
