import type { AssessmentFacet, CaseEvidence, HashedFile, ItemFacet, MatchFacet } from './content.ts'
import { apart, field, legibleLine, type Lines, quoted, type Tongue } from './lines.ts'
import type { DossierPart } from './terms.ts'
import { CLASS, ENTRY_STATUS, EXTENT, LIST_KIND, VERDICT } from './words.ts'

/** What is told of the material: what it is, and by what it was recognised. */
export function materialWriter({ w, t, known }: Tongue) {
  return {
    matches: ({ matches }) =>
      matches.length === 0
        ? [
            t(
              'Inget känt material: ärendet vilar på en människas bedömning.',
              'No known item: the case rests on the judgement of a person.',
            ),
          ]
        : apart(matches, matchLines),

    item: ({ item, case: { subject } }) =>
      item === null
        ? [
            subject.kind === 'item'
              ? t(
                  'Materialet finns inte kvar i vårt register.',
                  'The item is not in our register any more.',
                )
              : t('Ärendet gäller inget känt material.', 'The case is about no known item.'),
          ]
        : itemLines(item),

    assessments: ({ assessments }) =>
      assessments.length === 0
        ? [
            t(
              'Ingen har bedömt det särskilt: det är känt material som stämmer.',
              'Nobody assessed it by itself: it matches known material.',
            ),
          ]
        : apart(assessments, assessmentLines),

    hashes: ({ hashes }) => [
      ...(hashes.files.length === 0
        ? [t('Inga hashvärden är sparade av det som sågs.', 'No hashes of what was seen are kept.')]
        : apart(hashes.files, fileLines)),
      '',
      field(
        t('Hindra hämtade', 'Hindra fetched'),
        hashes.fetched === null
          ? t('inget som sedan kändes igen', 'nothing that it knew again')
          : `SHA-256 ${hashes.fetched}`,
      ),
    ],
  } as const satisfies Partial<Record<DossierPart, (evidence: CaseEvidence) => Lines>>

  function matchLines(match: MatchFacet): Lines {
    const { shown, distance, frames, pieces, alignment, resemblance } = match
    const moments = pieces.length === 0 ? shown.moments : []
    const times = (from: number, to: number): string => `${from.toFixed(1)}-${to.toFixed(1)} s`
    const percent = (share: number): string => `${Math.round(share * 100)}%`
    return [
      field(t('Material', 'Item'), match.itemId),
      field(t('Utfall', 'Verdict'), w(VERDICT[match.verdict])),
      field(t('Visar', 'Shows'), w(EXTENT[shown.extent])),
      ...moments.map(({ from }) =>
        field(t('Tid i filmen', 'Time in the film'), `${from.toFixed(1)} s`),
      ),
      field(t('Metod', 'Method'), match.method),
      ...(distance === null
        ? []
        : [field(t('Avstånd', 'Distance'), `${distance} ${t('bitar av', 'bits of')} 256`)]),
      ...(match.view === null ? [] : [field(t('Vy', 'View'), match.view)]),
      ...(match.quality === null
        ? []
        : [
            field(
              t('Kvalitet', 'Quality'),
              `${match.quality} ${t('sett', 'seen')}, ${match.itemQuality ?? known(null)} ${t('känt', 'known')}`,
            ),
          ]),
      ...(frames === null
        ? []
        : [
            field(
              t('Bildrutor', 'Frames'),
              `${frames.matched} ${t('av', 'of')} ${frames.of}, ${frames.itemMatched} ${t('av', 'of')} ${frames.itemOf}`,
            ),
          ]),
      ...pieces.map(({ from, to, itemFrom, itemTo }) =>
        field(
          t('Stycke', 'Piece'),
          `${times(from, to)} ${t('är', 'is')} ${times(itemFrom, itemTo)} ${t('av den kända filmen', 'of the known film')}`,
        ),
      ),
      ...(alignment === null
        ? []
        : [
            field(
              t('Geometri', 'Geometry'),
              `${alignment.inliers} ${t('punkter', 'points')}, ${percent(alignment.agreement)} ${t('av', 'of')} ${alignment.cells} ${t('rutor stämmer', 'cells agree')}`,
            ),
          ]),
      ...(resemblance === null
        ? []
        : [
            field(
              t('Modell', 'Model'),
              `${legibleLine(resemblance.model)}, ${resemblance.distance}`,
            ),
          ]),
      ...(match.clientSupplied
        ? [
            t(
              'Hashvärdena kom från avsändaren: Hindra har inte sett filen.',
              'The hashes came from the submitter: Hindra did not see the file.',
            ),
          ]
        : []),
      ...quoted(match.reason),
    ]
  }

  function itemLines(item: ItemFacet): Lines {
    return [
      field(t('Material', 'Item'), `${item.id}, ${item.kind}`),
      field(t('Läge', 'Status'), w(ENTRY_STATUS[item.status])),
      field(t('Klass', 'Class'), w(CLASS[item.classification])),
      ...item.entries.flatMap((entry) => [
        '',
        field(t('Lista', 'List'), `${legibleLine(entry.list)}: ${w(LIST_KIND[entry.listKind])}`),
        field(
          t('Uppgift', 'Entry'),
          `${w(ENTRY_STATUS[entry.status])}, ${w(CLASS[entry.classification])}`,
        ),
        field(
          t('Inlagt', 'Entered'),
          `${entry.proposedAt}, ${known(entry.own?.proposedBy ?? null)}`,
        ),
        field(
          t('Bekräftat', 'Verified'),
          `${entry.verifiedAt ?? t('nej', 'no')}, ${known(entry.own?.verifiedBy ?? null)}`,
        ),
        ...(entry.onePerson
          ? [t('En enda person har bekräftat det.', 'One person alone verified it.')]
          : []),
        ...(entry.own === null
          ? [t('Hashvärdena är listans egna.', 'Its hashes are the list’s own.')]
          : [
              ...(entry.own.policeReference === null
                ? []
                : [
                    field(
                      t('Polisens nummer', 'Police number'),
                      legibleLine(entry.own.policeReference),
                    ),
                  ]),
              ...entry.own.files.flatMap(fileLines),
            ]),
      ]),
    ]
  }

  function assessmentLines(one: AssessmentFacet): Lines {
    return [
      field(t('Bedömt', 'Assessed'), `${one.at}, ${legibleLine(known(one.by))}`),
      field(t('Klass', 'Class'), w(CLASS[one.classification])),
      ...(one.number === null
        ? []
        : [
            field(
              t('Nummer', 'Number'),
              `${one.number} ${t('av flera, givna utan insyn i varandra', 'of several, given without sight of each other')}`,
            ),
          ]),
      field(t('Efter ett tips', 'From a tip'), one.fromTip ? t('ja', 'yes') : t('nej', 'no')),
      ...quoted(one.reason),
      ...one.answers.map(({ asks, means, set, version }) =>
        field(legibleLine(asks), `${means.map(legibleLine).join(', ')} (${set} ${version})`),
      ),
    ]
  }

  function fileLines({ kind, values, leftOut }: HashedFile): Lines {
    return [
      `${t('Fil', 'File')} (${kind})`,
      ...values.map(({ type, value, quality, seconds }) => {
        const at = seconds === undefined ? '' : ` ${t('vid', 'at')} ${seconds} s`
        const good = quality === undefined ? '' : ` (${t('kvalitet', 'quality')} ${quality})`
        return `  ${type}${at}: ${legibleLine(value)}${good}`
      }),
      ...(leftOut === 0
        ? []
        : [`  ${leftOut} ${t('till är inte upptagna', 'more are not listed')}`]),
    ]
  }
}
