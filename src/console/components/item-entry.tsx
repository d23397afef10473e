import type { ItemDetail } from '../../curation/index.ts'
import { BROWSER_HASHER } from '../../fingerprint/terms.ts'
import type { Description, Entry } from '../../register/index.ts'
import type { NameOf } from '../names.ts'
import type { ConsoleWords } from '../words/index.ts'
import { reachIn } from '../matches.ts'
import { useVisit } from '../visiting.ts'
import { Origin } from './entry-origin.tsx'
import { Findings } from './findings.tsx'
import { Pairs } from './pairs.tsx'
import { When } from './when.tsx'

/** What one list says of an item, who said it, and what it may lead to. */
export function ItemEntry({
  entry,
  item,
  nameOf,
}: {
  readonly entry: Entry
  readonly item: ItemDetail
  readonly nameOf: NameOf
}) {
  const visit = useVisit()
  const { words } = visit
  const { register: said, registering } = words
  const reach = item.reach.find(({ entryId }) => entryId === entry.id)
  const people = item.assessed.find(({ entryId }) => entryId === entry.id)?.people
  return (
    <article class="entry">
      <h3>
        {visit.may('list:read') ? (
          <a href={`/console/lists/${entry.list}`}>{said.entriesOf(entry.list)}</a>
        ) : (
          said.entriesOf(entry.list)
        )}
      </h3>
      <Pairs
        rows={[
          [said.status, said.statuses[entry.status]],
          [said.class, words.classes[entry.classification]],
          [said.foundBy, isOfBrowser(entry) ? registering.itsHash : said.evidence[entry.evidence]],
          [said.most, reach !== undefined && reachIn(visit.language, reach)],
          [said.hashTypes, entry.hashTypes.join(', ')],
          [registering.hasher, isOfBrowser(entry) && registering.aBrowser],
          [said.quality, said.qualityOf(entry.quality)],
          [said.file, entry.fileName],
          [said.size, entry.fileBytes !== undefined && said.bytes(entry.fileBytes)],
          [
            said.origin,
            (entry.caseId !== undefined || entry.tipId !== undefined) && <Origin entry={entry} />,
          ],
          ...describedRows(entry, words),
          [
            said.proposedBy,
            <>
              {nameOf(entry.proposedBy)}, <When at={entry.proposedAt} />
            </>,
          ],
          [
            said.confirmedBy,
            (entry.confirmedBy ?? null) !== null && nameOf(entry.confirmedBy ?? ''),
          ],
          [
            said.verifiedBy,
            entry.verifiedAt !== null && <Verified entry={entry} nameOf={nameOf} />,
          ],
          [said.assessed, people?.map((pseudonym) => pseudonym ?? words.unknown).join(', ')],
          [said.disputedBy, (entry.disputedBy ?? null) !== null && nameOf(entry.disputedBy ?? '')],
          [said.disabledUntil, entry.disabledUntil !== null && <When at={entry.disabledUntil} />],
          [said.taken, entry.retractedBy !== null && said.takenBy[entry.retractedBy]],
        ]}
      />
      {entry.onePerson && <p class="badge late">{said.onePerson}</p>}
      {entry.outdated === true && <p class="badge late">{said.outdated}</p>}
      <h4>{said.findings}</h4>
      <Findings findings={entry.findings} />
      {entry.feedback.length > 0 && (
        <>
          <h4>{said.opinions}</h4>
          <ul>
            {entry.feedback.map((one) => (
              <li key={one.id}>
                {nameOf(one.by)} {said.opinion[one.opinion]}
                {one.reason !== null && `: ${one.reason}`} (<When at={one.at} />)
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  )
}

/** A browser alone has hashed it so far. */
function isOfBrowser({ hasher }: Entry): boolean {
  return hasher?.name === BROWSER_HASHER
}

function Verified({ entry, nameOf }: { readonly entry: Entry; readonly nameOf: NameOf }) {
  const { register: said, registering } = useVisit().words
  const { verifiedBy, verifiedAt, verifiedWith, verifiedByHasher } = entry
  return (
    <>
      {verifiedBy === null ? said.byList : nameOf(verifiedBy)}, <When at={verifiedAt} />
      {verifiedWith !== undefined && `, ${said.ownCopies[verifiedWith]}`}
      {verifiedByHasher !== undefined && ` (${registering.byItsWord})`}
    </>
  )
}

/** What is known of the material besides hashes and class; what nobody told is left out. */
function describedRows(
  entry: Description,
  { register: said, yes, no }: ConsoleWords,
): readonly (readonly [string, string | null])[] {
  const { described } = said
  const told = (value: boolean | null) => (value === null ? null : value ? yes : no)
  return [
    [described.source, entry.source],
    [described.sourceReference, entry.sourceReference],
    [described.reference, entry.reference],
    [described.policeReference, entry.policeReference],
    [described.jurisdiction, entry.jurisdiction],
    [described.ageBand, entry.ageBand],
    [described.siteType, entry.siteType],
    [described.commerciality, entry.commerciality],
    [described.victimIdentified, told(entry.victimIdentified)],
    [described.selfGenerated, told(entry.selfGenerated)],
    [described.ucs, entry.ucs.join(', ')],
    [described.note, entry.note],
  ]
}
