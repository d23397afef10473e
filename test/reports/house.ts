import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Principal } from '../../src/access/index.ts'
import { configWith } from '../../src/config.ts'
import { createTips, type Tips } from '../../src/intake/index.ts'
import { createReports, type Reports } from '../../src/reports/index.ts'
import { createStats, type Stats } from '../../src/stats/index.ts'
import { bounce } from '../takedown/mails-back.ts'
import { QUEUE_HOURS } from '../intake/queue-hours.ts'
import { openTakedownWorld, type TakedownWorld } from '../takedown/world.ts'

export const ZONE = 'Europe/Stockholm'

export const ANNA: Principal = {
  id: 'anna',
  pseudonym: 'A',
  kind: 'person',
  roles: ['analyst', 'auditor'],
}

/** Nobody has taken anything. */
export const NOBODY_ASSIGNED = {
  workOn: () => Promise.resolve(),
  heldBy: () => Promise.resolve(undefined),
  end: () => Promise.resolve(),
}

/** A house with tips, cases, notices and reports, on a real store and a real mail server. */
export interface ReportingHouse extends TakedownWorld {
  readonly tips: Tips
  readonly stats: Stats
  readonly reports: Reports
  /** The mail server of the recipient of the last mail gives up. */
  bounceLast(): void
}

export async function openHouse(
  independence: { sv: string | null; en: string | null } = { sv: null, en: null },
): Promise<ReportingHouse> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-reports-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  const world = await openTakedownWorld({}, { flags: { 'inbox.maildir': directory } })
  const { context, audit, cases, takedown } = world
  const tips = createTips(context, audit, NOBODY_ASSIGNED, QUEUE_HOURS)
  const config = configWith({
    'reports.closeDays': 20,
    'takedown.timeZone': ZONE,
    'mail.organisation': 'Hotline Testland',
  })
  const cautions = () => Promise.resolve({ onePersonLists: [], quarantined: 0 })
  const sources = { tips, cases, notices: takedown, cautions }
  const stats = createStats(context, sources, { timeZone: ZONE })
  const reports = createReports(context, audit, {
    stats,
    tips,
    cases,
    takedown,
    independence,
    config,
  })
  let delivered = 0
  return {
    ...world,
    tips,
    stats,
    reports,
    bounceLast() {
      const mail = world.server.received.at(-1)
      if (mail === undefined) return
      delivered += 1
      const lines = bounce(mail.from, mail.parsed.messageId ?? '')
      writeFileSync(join(directory, 'new', `${1_000_000 + delivered}.M1.host`), lines.join('\r\n'))
    },
    async dispose() {
      await world.dispose()
      rmSync(directory, { recursive: true })
    },
  }
}
