import type { People } from '../access/index.ts'
import type { Case, CaseHost, CaseObservation, Cases, KeptAssessment } from '../cases/index.ts'
import { type Match, shownBy } from '../match/index.ts'
import type { Recheck } from '../recheck/index.ts'
import {
  type Entry,
  exchangedHashesOf,
  type KnownHashSet,
  type Register,
} from '../register/index.ts'
import { type Transaction, unlessGone } from '../store/index.ts'
import { type PoliceHold, referenceOf, type Takedown } from '../takedown/index.ts'
import type {
  AssessmentFacet,
  CaseEvidence,
  CaseFacet,
  EntryFacet,
  HashedFile,
  ItemFacet,
  MatchFacet,
  NoticeFacet,
  SeenThere,
  WhyUnsaid,
} from './content.ts'

const HINDRA = 'hindra'
/** Hashes of one file that are listed: a film has one a frame. */
const HASHES_MAX = 500

type Names = ReadonlyMap<string, string>
type Correspondence = Awaited<ReturnType<Takedown['correspondence']>>[number]

/** Where the evidence of a case lies. */
export interface EvidenceParts {
  readonly access: Pick<People, 'pseudonyms'>
  readonly cases: Pick<Cases, 'read' | 'hostOf' | 'assessmentsOf'>
  readonly register: Pick<Register, 'read' | 'entryAt'>
  readonly recheck: Pick<Recheck, 'remembered'>
  readonly takedown: Pick<Takedown, 'correspondence' | 'holdKept'>
}

/**
 * Reads what is known of one case, as of one moment. Throws NOT_FOUND. What is personal of others stays behind: whose tip
 * it was, notes of colleagues, what people wrote for the record, whom the social services were told of.
 */
export async function gatherEvidence(
  tx: Transaction,
  { access, cases, register, recheck, takedown }: EvidenceParts,
  caseId: string,
): Promise<CaseEvidence> {
  const entry = await cases.read(tx, caseId)
  const given = await cases.assessmentsOf(tx, caseId)
  const hold = await takedown.holdKept(tx, caseId)
  const told = await takedown.correspondence(tx, caseId)
  const seen = await recheck.remembered(tx, caseId)
  const { subject } = entry
  const item = subject.kind === 'item' ? await unlessGone(register.read(tx, subject.id)) : undefined
  const named = [
    ...entry.history.map(({ by }) => by),
    ...entry.observations.map(({ by }) => by),
    ...given.map(({ by }) => by),
    ...(item?.entries ?? []).flatMap(({ proposedBy, verifiedBy }) => [
      proposedBy,
      verifiedBy ?? [],
    ]),
    ...(hold === null ? [] : [hold.by]),
  ].flat()
  const names = await access.pseudonyms(tx, named)

  return {
    case: caseFacet(entry, names),
    sightings: entry.observations.map((observation) => seenThere(observation, names)),
    matches: entry.matches.map(matchFacet),
    item: item === undefined ? null : await itemFacet(),
    assessments: given.map((one) => assessmentFacet(one, names)),
    hashes: { files: [...seen.shown, ...seen.adopted].map(hashedFile), fetched: seen.fetched },
    host: hostFacet(await cases.hostOf(tx, caseId)),
    notices: told.map(noticeFacet),
    looks: {
      lastLook: entry.lastLook,
      missesInRow: entry.missesInRow,
      unverified: entry.unverified,
    },
    hold: hold && holdFacet(hold, names),
  }

  async function itemFacet(): Promise<ItemFacet | null> {
    if (item === undefined) return null
    const { id, kind, status, classification } = item
    const entries: EntryFacet[] = []
    for (const one of item.entries) {
      const place = { itemId: id, entryId: one.id }
      const hashes =
        one.listKind === 'own' ? (await register.entryAt(tx, place))?.hashes : undefined
      entries.push(entryFacet(one, hashes, names))
    }
    return { id, kind, status, classification, entries }
  }
}

/** The hashes of one file, those of its bytes first. */
function hashedFile(set: KnownHashSet): HashedFile {
  const values = exchangedHashesOf(set)
  const listed = values.slice(0, HASHES_MAX)
  return { kind: set.kind, values: listed, leftOut: values.length - listed.length }
}

function caseFacet(entry: Case, names: Names): CaseFacet {
  const {
    ownRequest,
    account,
    inDangerNow,
    childCountry,
    offenderCountry,
    profileId,
    profileName,
  } = entry.circumstances
  return {
    id: entry.id,
    status: entry.status,
    classification: entry.classification,
    verdict: entry.verdict,
    decision: entry.decision,
    subject: entry.subject,
    url: entry.url,
    rawUrl: entry.rawUrl,
    pageUrl: entry.pageUrl,
    openedAt: entry.openedAt,
    lastSeenAt: entry.lastSeenAt,
    sightings: entry.sightings,
    removedAt: entry.removedAt,
    reopened: entry.reopened,
    goneBefore: entry.goneBefore,
    returned: entry.returned,
    circumstances: {
      ownRequest,
      account,
      inDangerNow,
      childCountry,
      offenderCountry,
      profileId,
      profileName,
    },
    history: entry.history.map(({ at, by, from, to, reason }) => ({
      at,
      by: names.get(by) ?? by,
      from,
      to,
      reason: by === HINDRA ? reason : null,
    })),
  }
}

function seenThere(seen: CaseObservation, names: Names): SeenThere {
  return {
    url: seen.url,
    pageUrl: seen.pageUrl ?? null,
    referrer: seen.referrer ?? null,
    fetchedAt: seen.fetchedAt ?? null,
    filedAt: seen.at,
    by: names.get(seen.by) ?? seen.by,
    vantage: seen.vantage ?? null,
    httpStatus: seen.httpStatus ?? null,
    contentType: seen.contentType ?? null,
    resolvedIp: seen.resolvedIp ?? null,
  }
}

function matchFacet(match: Match): MatchFacet {
  const { itemId, verdict, method, clientSupplied, reason, alignment } = match
  return {
    itemId,
    verdict,
    method,
    clientSupplied,
    reason,
    shown: shownBy(match),
    distance: match.distance ?? null,
    view: match.view ?? null,
    quality: match.quality ?? null,
    itemQuality: match.itemQuality ?? null,
    frames: match.frames ?? null,
    pieces: match.pieces ?? [],
    resemblance: match.resemblance ?? null,
    alignment:
      alignment === undefined
        ? null
        : {
            inliers: alignment.inliers,
            cells: alignment.cells,
            agreement: alignment.agreement,
            strictAgreement: alignment.strictAgreement,
            differingShare: alignment.differing?.share ?? null,
          },
  }
}

/** @param hashes Of lists of our own alone: those of others are theirs to pass on */
function entryFacet(entry: Entry, hashes: KnownHashSet | undefined, names: Names): EntryFacet {
  const { list, listKind, status, classification, proposedAt, verifiedAt, onePerson } = entry
  const { proposedBy, verifiedBy, policeReference } = entry
  return {
    list,
    listKind,
    status,
    classification,
    proposedAt,
    verifiedAt,
    onePerson,
    own:
      listKind === 'own'
        ? {
            proposedBy: names.get(proposedBy) ?? null,
            verifiedBy: verifiedBy === null ? null : (names.get(verifiedBy) ?? null),
            policeReference,
            files: hashes === undefined ? [] : [hashedFile(hashes)],
          }
        : null,
  }
}

function assessmentFacet(one: KeptAssessment, names: Names): AssessmentFacet {
  const { id, at, by, classification, reason, tipId, panel, answers } = one
  return {
    id,
    at,
    by: names.get(by) ?? null,
    classification,
    reason,
    fromTip: tipId !== null,
    number: panel?.number ?? null,
    answers: answers.map(({ question, asks, means, set, version }) => ({
      question,
      asks,
      means,
      set,
      version,
    })),
  }
}

function hostFacet(host: CaseHost | null): CaseEvidence['host'] {
  if (host === null) return null
  const { name, kind, country, asn, network = null, addresses, evidence, tracedAt } = host
  return { name, kind, country, asn, network, addresses, evidence, tracedAt }
}

function noticeFacet({ notice, letter, carried, replies }: Correspondence): NoticeFacet {
  const { id, step, role, channel, state, queuedAt, sentAt } = notice
  const leftOut = whyLeftOut(role, carried, letter)
  const isTold = leftOut !== 'child' && leftOut !== 'other-cases'
  return {
    id,
    reference: referenceOf(id),
    step,
    role,
    channel,
    state,
    queuedAt,
    sentAt,
    recipient: role === 'social-services' ? null : notice.recipient,
    letter:
      letter === null || leftOut !== null
        ? null
        : { language: letter.language, subject: letter.subject, body: letter.body },
    leftOut,
    replies: replies.map(({ at, kind, automatic, proof, from, subject, text }) => ({
      at,
      kind,
      automatic,
      proof,
      words: isTold ? { from, subject, text } : null,
    })),
  }
}

function whyLeftOut(
  role: NoticeFacet['role'],
  carried: number,
  letter: Correspondence['letter'],
): WhyUnsaid | null {
  if (role === 'social-services') return 'child'
  if (carried > 1) return 'other-cases'
  return letter !== null && letter.subject === '' && letter.body === '' ? 'none' : null
}

function holdFacet(hold: PoliceHold, names: Names): CaseEvidence['hold'] {
  const { state, since, until, at, by, voice, reason, theirNumber } = hold
  const said = voice === 'reply' ? reason : null
  return { state, since, until, at, by: names.get(by) ?? by, voice, reason: said, theirNumber }
}
