import { defang, defangedText } from '../core/index.ts'
import type { CaseEvidence, CaseFacet, NoticeFacet } from './content.ts'
import { apart, field, legibleLine, type Lines, quoted, type Tongue } from './lines.ts'
import type { DossierPart } from './terms.ts'
import {
  CLASS,
  DECISION,
  EXTENT,
  HOLD_STATE,
  HOLD_VOICE,
  HOST_KIND,
  LEFT_OUT,
  NOTICE_STATE,
  OUTCOME,
  PROOF,
  REPLY,
  ROLE,
  STATUS,
  STEP,
  VERDICT,
} from './words.ts'

/** What is told of the case: where it is, who was told, what came of it. */
export function caseWriter({ w, t, known }: Tongue) {
  return {
    case: ({ case: entry }) => [...caseLines(entry), '', ...historyLines(entry)],

    sightings: ({ sightings }) =>
      sightings.length === 0
        ? [t('Ingen iakttagelse är sparad.', 'No observation is kept.')]
        : apart(sightings, (seen) => [
            field(t('Adress', 'URL'), defang(seen.url)),
            field(t('Sida', 'Page'), seen.pageUrl === null ? known(null) : defang(seen.pageUrl)),
            ...(seen.referrer === null ? [] : [field('Referrer', defang(seen.referrer))]),
            field(
              t('Hämtat', 'Fetched'),
              seen.fetchedAt ?? t('sägs inte av avsändaren', 'not told by its submitter'),
            ),
            field(t('Inlämnat', 'Filed'), `${seen.filedAt}, ${legibleLine(seen.by)}`),
            field(t('Sett från', 'Seen from'), legibleLine(known(seen.vantage))),
            field(
              t('Svar', 'Answer'),
              `${seen.httpStatus ?? known(null)}, ${legibleLine(known(seen.contentType))}`,
            ),
            field(t('IP-adress', 'IP address'), known(seen.resolvedIp)),
          ]),

    host: ({ host }) =>
      host === null
        ? [t('Det är inte utrett var det ligger.', 'Where it is hosted was not traced.')]
        : [
            field(t('Värd', 'Host'), legibleLine(host.name)),
            field(t('Slag', 'Kind'), w(HOST_KIND[host.kind])),
            field(t('Land', 'Country'), known(host.country)),
            field('AS', host.asn === null ? known(null) : String(host.asn)),
            field(t('Nät', 'Network'), known(host.network ?? null)),
            field(t('Adresser', 'Addresses'), host.addresses.join(', ') || known(null)),
            field(t('Utrett', 'Traced'), host.tracedAt),
            ...host.evidence.flatMap(({ at, step, question, answer }) => [
              `${at}  ${legibleLine(step)}: ${legibleLine(defangedText(question))}`,
              ...quoted(defangedText(answer)),
            ]),
          ],

    notices: ({ notices }) =>
      notices.length === 0
        ? [t('Ingen har underrättats.', 'Nobody was told.')]
        : apart(notices, noticeLines),

    looks: ({ looks: { lastLook, missesInRow, unverified } }) =>
      lastLook === null
        ? [t('Ingen återkontroll är gjord.', 'No recheck was made.')]
        : [
            field(
              t('Senast', 'Last'),
              `${lastLook.at}: ${w(OUTCOME[lastLook.outcome])} (${lastLook.cause})`,
            ),
            ...(lastLook.shown === undefined
              ? []
              : [field(t('Visar', 'Shows'), w(EXTENT[lastLook.shown.extent]))]),
            ...quoted(lastLook.reason),
            field(t('Borta i rad', 'Gone in a row'), String(missesInRow)),
            ...lastLook.seenFrom.map(({ vantage, outcome, cause }) =>
              field(legibleLine(vantage), `${w(OUTCOME[outcome])} (${cause})`),
            ),
            ...(unverified === null
              ? []
              : [
                  field(
                    t('Kan inte avgöras', 'Cannot be told'),
                    `${unverified.since}, ${unverified.looks} ${t('kontroller', 'looks')} (${unverified.cause})`,
                  ),
                ]),
          ],

    hold: ({ hold }) =>
      hold === null
        ? [
            t(
              'Ingen väntan för polisens skull är antecknad.',
              'No wait for the police is on record.',
            ),
          ]
        : [
            field(t('Läge', 'State'), w(HOLD_STATE[hold.state])),
            field(t('Sedan', 'Since'), hold.since),
            field(t('Till', 'Until'), hold.until ?? t('tills vidare', 'until further notice')),
            field(t('Sagt av', 'Said by'), `${w(HOLD_VOICE[hold.voice])}, ${hold.at}`),
            ...(hold.theirNumber === null
              ? []
              : [field(t('Polisens nummer', 'Police number'), legibleLine(hold.theirNumber))]),
            ...(hold.reason === null ? [] : quoted(hold.reason)),
          ],
  } as const satisfies Partial<Record<DossierPart, (evidence: CaseEvidence) => Lines>>

  function caseLines(entry: CaseFacet): Lines {
    const { circumstances: told } = entry
    return [
      field(t('Läge', 'Status'), w(STATUS[entry.status])),
      field(t('Klass', 'Class'), w(CLASS[entry.classification])),
      field(t('Utfall', 'Verdict'), w(VERDICT[entry.verdict])),
      field(t('Beslut', 'Decision'), w(DECISION[entry.decision])),
      field(t('Adress', 'URL'), defang(entry.url)),
      ...(entry.rawUrl === entry.url
        ? []
        : [field(t('Som den sågs', 'As seen'), defang(entry.rawUrl))]),
      field(t('Sida', 'Page'), entry.pageUrl === null ? known(null) : defang(entry.pageUrl)),
      field(t('Öppnat', 'Opened'), entry.openedAt),
      field(t('Senast sett', 'Last seen'), entry.lastSeenAt),
      field(t('Iakttagelser', 'Sightings'), String(entry.sightings)),
      field(t('Borta sedan', 'Gone since'), entry.removedAt ?? t('inte borta', 'not gone')),
      ...(entry.reopened === 0
        ? []
        : [
            field(
              t('Öppnat på nytt', 'Opened again'),
              `${entry.reopened}, ${t('borta dessförinnan sedan', 'gone before since')} ${known(entry.goneBefore)}`,
            ),
          ]),
      ...(told.inDangerNow
        ? [
            t(
              'ETT BARN KAN VARA I FARA NU, enligt vad vi har fått veta.',
              'A CHILD MAY BE IN DANGER NOW, as we were told.',
            ),
          ]
        : []),
      ...(told.ownRequest
        ? [
            t(
              'Det är barnet självt som har bett om hjälp.',
              'It is the child itself who asked for help.',
            ),
          ]
        : []),
      ...(told.account
        ? [
            field(
              t('Konto', 'Account'),
              `${legibleLine(known(told.profileName))}, id ${legibleLine(known(told.profileId))}`,
            ),
          ]
        : []),
      field(t('Barnets land', "Child's country"), known(told.childCountry)),
      field(t('Misstänkts land', "Suspect's country"), known(told.offenderCountry)),
    ]
  }

  function historyLines({ history }: CaseFacet): Lines {
    return history.flatMap(({ at, by, from, to, reason }) => [
      `${at}  ${from === null ? '' : `${w(STATUS[from])} -> `}${w(STATUS[to])} (${legibleLine(by)})`,
      ...(reason === null ? [] : quoted(reason)),
    ])
  }

  function noticeLines(notice: NoticeFacet): Lines {
    const { reference, role, recipient, step, state, sentAt, letter, leftOut, replies } = notice
    return [
      field(
        t('Till', 'To'),
        `${w(ROLE[role])}${recipient === null ? '' : `, ${legibleLine(recipient)}`}`,
      ),
      field(t('Slag', 'Step'), `${w(STEP[step])}, ${t('nummer', 'number')} ${reference}`),
      field(t('Läge', 'State'), w(NOTICE_STATE[state])),
      field(t('Skickat', 'Sent'), sentAt ?? t('inte skickat', 'not sent')),
      ...(sentAt === null || leftOut === null ? [] : [w(LEFT_OUT[leftOut])]),
      ...(letter === null ? [] : [...quoted(letter.subject), ...quoted(letter.body)]),
      ...replies.flatMap(({ at, kind, automatic, proof, words }) => [
        field(
          t('Svar', 'Reply'),
          `${at}, ${w(REPLY[kind])}${automatic ? t(', automatiskt', ', automatic') : ''}; ${w(PROOF[proof])}`,
        ),
        ...(words === null
          ? [w(LEFT_OUT[leftOut ?? 'other-cases'])]
          : [...quoted(words.from), ...quoted(words.subject), ...quoted(defangedText(words.text))]),
      ]),
    ]
  }
}
