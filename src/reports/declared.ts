import type { FigureId, InWords } from '../stats/index.ts'
import type { PublishedFigure, ReportName } from './report-types.ts'

/** A report that others know by its name: which figures it has, and by which periods it is published. */
export interface DeclaredReport {
  readonly title: InWords
  readonly figures: readonly FigureId[]
  /** Reports of other periods are for the house alone: the same months by two cuts would tell what is hidden in one. */
  readonly publishedBy: 'year' | 'quarter'
  /** Whether it says how the independence of the house is kept. */
  readonly hasIndependence: boolean
  readonly beside: Readonly<Partial<Record<FigureId, readonly PublishedFigure[]>>>
}

const INHOPE = 'INHOPE'

export const REPORTS: Readonly<Record<ReportName, DeclaredReport>> = {
  dsa: {
    title: {
      sv: 'Rapport från betrodd anmälare enligt förordning (EU) 2022/2065, artikel 22.3',
      en: 'Report of a trusted flagger under Regulation (EU) 2022/2065, Article 22(3)',
    },
    figures: [
      'hostingNoticesByProvider',
      'hostingNoticesByContent',
      'hostingNoticesByAction',
      'correctionsSent',
      'objectionsReceived',
      'objectionsDecided',
      'objectionDaysMedian',
      'objectionsInTime',
    ],
    publishedBy: 'year',
    hasIndependence: true,
    beside: {},
  },
  inhope: {
    title: { sv: 'Siffror efter INHOPE:s fält', en: "Figures by INHOPE's fields" },
    figures: [
      'records',
      'recordsIllegal',
      'recordsNew',
      'recordsByCountry',
      'recordsByHostKind',
      'policeWithinThreeDays',
      'removed',
      'removalDays',
      'removedSameDay',
    ],
    publishedBy: 'year',
    hasIndependence: false,
    beside: {
      records: [{ by: INHOPE, year: 2024, value: 2_497_438, unit: 'record' }],
      recordsIllegal: [{ by: INHOPE, year: 2024, value: 65, unit: 'percent' }],
      recordsNew: [{ by: INHOPE, year: 2024, value: 37, unit: 'percent' }],
      policeWithinThreeDays: [{ by: INHOPE, year: 2023, value: 82, unit: 'percent' }],
      removalDays: [{ by: INHOPE, year: 2023, value: 2.5, unit: 'day' }],
      removedSameDay: [{ by: INHOPE, year: 2022, value: 26, unit: 'percent' }],
    },
  },
  ecpat: {
    title: { sv: 'Hotlinens kvartal', en: "The hotline's quarter" },
    figures: [
      'tips',
      'ownRequestTips',
      'tipsLedTo',
      'judgements',
      'judgedMedia',
      'agreement',
      'noticesByRecipient',
      'noticeOutcomes',
      'noticesBounced',
      'removed',
      'ownRequestsRemoved',
      'hoursToRemovalMedian',
      'hoursToRemovalP90',
      'removedSameDay',
    ],
    publishedBy: 'quarter',
    hasIndependence: false,
    beside: {},
  },
}
