import { z } from 'zod'
import type { KeyView } from '../../access/index.ts'
import { HOUR_MS, own } from '../../core/index.ts'
import type { DataKeyStatus } from '../../keeping/index.ts'
import type { Health, UpkeepReport } from '../../watch/index.ts'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { When } from '../components/when.tsx'
import { page, type Visit } from '../page.ts'
import { systemFaults } from '../system-faults.ts'
import { ERRORS_SV } from '../words/errors/index.ts'
import { PARTS_SV } from '../words/said.ts'

const DAY_MS = 24 * HOUR_MS
const UNUSED_DAYS = 90
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
const KIB = 1_024

/** How well it goes: what needs somebody and what they do, what waits, and what keeps it safe. */
export const systemPage = page({
  path: '/console/system',
  needs: 'system:read',
  input: z.object({}),
  async show(visit) {
    const { words, calls, now } = visit
    const { system } = words
    const [health, upkeep, keys, dataKey] = await Promise.all([
      calls.system.health(),
      calls.system.upkeep(),
      visit.may('people:read') ? calls.keys.list() : undefined,
      visit.may('data-key:manage') ? calls.dataKey.show() : undefined,
    ])
    const faults = systemFaults(system, { health, upkeep, dataKey, now })
    return {
      title: system.title,
      body: (
        <>
          <Section id="work" title={system.work}>
            <p class={health.ready ? 'message' : 'message problem'}>
              {health.ready ? system.ready : system.notReady}
            </p>
            {health.reasons.length > 0 && (
              <ul>
                {health.reasons.map((reason) => (
                  <li key={reason}>{reasonIn(visit.language, reason)}</li>
                ))}
              </ul>
            )}
          </Section>
          <Section id="needs" title={system.needs}>
            <Rows
              caption={system.needs}
              rows={faults}
              idOf={({ what }) => what}
              empty={system.nothing}
              columns={[
                {
                  head: system.what,
                  cell: ({ what, isUrgent }) =>
                    isUrgent ? <span class="badge danger">{what}</span> : what,
                },
                { head: system.mend, cell: ({ mend }) => mend },
              ]}
            />
          </Section>
          <Section id="queues" title={system.queues}>
            <Rows
              caption={system.queues}
              rows={upkeep.queues}
              idOf={({ name }) => name}
              empty={words.noneWaiting}
              columns={[
                { head: system.queue, cell: ({ name }) => system.queueNames[name] },
                { head: system.count, cell: ({ count }) => String(count) },
                {
                  head: system.oldest,
                  cell: ({ oldestSince }) => oldestSince !== null && <When at={oldestSince} />,
                },
              ]}
            />
          </Section>
          <Section id="keeping" title={system.keeping}>
            <Kept health={health} upkeep={upkeep} keys={keys} dataKey={dataKey} visit={visit} />
          </Section>
        </>
      ),
    }
  },
})

function Kept({
  health,
  upkeep,
  keys,
  dataKey,
  visit,
}: {
  readonly health: Health
  readonly upkeep: UpkeepReport
  readonly keys: readonly KeyView[] | undefined
  readonly dataKey: DataKeyStatus | undefined
  readonly visit: Visit
}) {
  const { system } = visit.words
  const { disk, signIn, witnesses, items, hashes } = health
  const number = (value: number) => value.toLocaleString(visit.language)
  return (
    <Pairs
      rows={[
        [
          system.backup,
          upkeep.backupAt === null ? system.noneKnown : <When at={upkeep.backupAt} since />,
        ],
        ...(witnesses?.length === 0 ? [[system.witness, system.noneSet] as const] : []),
        ...(witnesses ?? []).map(
          ({ name, at }) =>
            [
              `${system.witness}: ${name}`,
              at === null ? system.noCheckpoint : <When key={name} at={at} since />,
            ] as const,
        ),
        [system.disk, disk !== null && diskText(disk, system)],
        [
          system.dataKeys,
          dataKey !== undefined &&
            (dataKey.opening.length > 1 || dataKey.recordKeys > 1
              ? system.dataKey
              : system.oneDataKey),
        ],
        [system.keys, keys !== undefined && keysText(keys, visit)],
        [
          system.signIn,
          signIn !== null && system.signedIn(signIn.enrolled, signIn.sessions, signIn.invited),
        ],
        [system.index, system.indexSize(number(items), number(hashes))],
        [system.files, String(health.queued)],
        [system.pending, health.pending !== null && String(health.pending)],
      ]}
    />
  )
}

function diskText(
  { usedBytes, freeBytes, bytesADay, daysLeft }: NonNullable<Health['disk']>,
  words: Visit['words']['system'],
): string {
  const use = words.diskUse(sizeText(usedBytes), sizeText(freeBytes))
  const isKnown = bytesADay !== null && daysLeft !== null
  return `${use}; ${isKnown ? words.growth(sizeText(bytesADay), daysLeft) : words.noGrowth}`
}

/** How many keys open the door, how old the oldest secret of them is, and how many nobody uses. */
function keysText(keys: readonly KeyView[], { words: { system }, now }: Visit): string {
  const good = keys.filter(
    ({ revokedAt, expiresAt }) =>
      revokedAt === null && (expiresAt === null || now < Date.parse(expiresAt)),
  )
  const daysSince = (at: string) => Math.floor((now - Date.parse(at)) / DAY_MS)
  const ages = good.map(({ createdAt, rotatedAt }) => daysSince(rotatedAt ?? createdAt))
  const unused = good.filter(
    ({ createdAt, lastUsedAt }) => daysSince(lastUsedAt ?? createdAt) >= UNUSED_DAYS,
  )
  return [
    system.keysGood(good.length),
    ...(ages.length > 0 ? [system.oldestSecret(Math.max(...ages))] : []),
    ...(unused.length > 0 ? [system.unused(unused.length)] : []),
  ].join(', ')
}

/** `1.5 GiB` */
function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(KIB)), UNITS.length - 1)
  return `${(bytes / KIB ** power).toFixed(power > 2 ? 1 : 0)} ${UNITS[power] ?? ''}`
}

/** `store: STORE_FAILED: what that means, and what to do`, as `watch` says it, in the language of the reader. */
const REASON = /^(\w+): ([A-Z_]+): /

function reasonIn(language: Visit['language'], reason: string): string {
  const [, part = '', code = ''] = REASON.exec(reason) ?? []
  const words = own(ERRORS_SV, code)
  if (language === 'en' || words === undefined) return reason
  return `${own(PARTS_SV, part) ?? part}: ${code}: ${words.meaning} ${words.remedy}`
}
