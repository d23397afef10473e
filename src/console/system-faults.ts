import { HOUR_MS } from '../core/index.ts'
import type { DataKeyStatus } from '../keeping/index.ts'
import type { Health, UpkeepReport } from '../watch/index.ts'
import type { ConsoleWords } from './words/index.ts'

const DAY_MS = 24 * HOUR_MS
/** Time enough to buy a disk. */
const DAYS_WARN = 30
/** From here on a loss would cost more than a week's work. */
const BACKUP_DAYS = 7
const WITNESS_DAYS = 7

/** Something that is not as it should be, and what somebody does about it. */
export interface SystemFault {
  readonly what: string
  readonly mend: string
  /** Whether it cannot wait. */
  readonly isUrgent: boolean
}

/** All that needs somebody, the most urgent first, in the words of the reader. */
export function systemFaults(
  words: ConsoleWords['system'],
  {
    health,
    upkeep,
    dataKey,
    now,
  }: {
    readonly health: Health
    readonly upkeep: UpkeepReport
    /** Absent where the reader may not know. */
    readonly dataKey: DataKeyStatus | undefined
    readonly now: number
  },
): readonly SystemFault[] {
  const { holds, late, iccam, access, signIn, cautions, disk } = health
  const days = disk?.daysLeft ?? Infinity
  const faults: SystemFault[] = []
  const tell = (what: string, mend: string, isUrgent = false) => {
    faults.push({ what, mend, isUrgent })
  }
  const count = (
    number: number | null | undefined,
    say: (count: number) => string,
    mend: string,
    isUrgent = false,
  ) => {
    if ((number ?? 0) > 0) tell(say(number ?? 0), mend, isUrgent)
  }
  const names = (
    listed: readonly string[] | null | undefined,
    say: (names: string) => string,
    mend: string,
  ) => {
    if ((listed ?? []).length > 0) tell(say((listed ?? []).join(', ')), mend)
  }

  count(health.callsWaiting, words.calls, words.callsMend, true)
  count(health.damaged, words.damaged, words.damagedMend, true)
  if (days < DAYS_WARN) tell(words.diskFull(days), words.diskMend, true)
  tellOfBackup()
  count(health.undelivered, words.undelivered, words.undeliveredMend)
  count(health.deadLetters, words.deadLetters, words.deadLettersMend)
  count(holds?.asking, words.holds, words.holdsMend)
  count(health.policeMails, words.policeMails, words.policeMailsMend)
  count(late?.objections, words.lateObjections, words.lateObjectionsMend)
  count(late?.assessments, words.lateAssessments, words.lateAssessmentsMend)
  count(late?.errands, words.lateErrands, words.lateErrandsMend)
  count(iccam?.asking, words.iccamAsks, words.iccamAsksMend)
  if ((iccam?.failingSince ?? null) !== null) tell(words.iccamDown, words.iccamDownMend)
  tellOfWitnesses()
  if (dataKey !== undefined && (dataKey.opening.length > 1 || dataKey.recordKeys > 1)) {
    tell(words.dataKey, words.dataKeyMend)
  }
  names(pseudonyms(access?.formerVerdicts), words.formerVerdicts, words.formerVerdictsMend)
  names(pseudonyms(access?.ownerless), words.ownerless, words.ownerlessMend)
  names(signIn?.fewRecoveryCodes, words.fewCodes, words.fewCodesMend)
  names(cautions?.onePersonLists, words.onePerson, words.onePersonMend)
  names(health.unvettedLists, words.unvetted, words.unvettedMend)
  return faults

  function tellOfBackup(): void {
    const { backupAt } = upkeep
    if (backupAt === null) tell(words.noBackup, words.backupMend)
    else if (ageDays(backupAt) >= BACKUP_DAYS)
      tell(words.oldBackup(ageDays(backupAt)), words.backupMend)
  }

  function tellOfWitnesses(): void {
    if (health.witnesses?.length === 0) tell(words.noWitness, words.noWitnessMend)
    for (const { name, at } of health.witnesses ?? []) {
      if (at === null) tell(words.newWitness(name), words.witnessMend)
      else if (ageDays(at) >= WITNESS_DAYS) tell(words.oldWitness(name), words.witnessMend)
    }
  }

  function ageDays(at: string): number {
    return Math.floor((now - Date.parse(at)) / DAY_MS)
  }
}

function pseudonyms(
  named: readonly { readonly pseudonym: string }[] | undefined,
): readonly string[] | undefined {
  return named?.map(({ pseudonym }) => pseudonym)
}
