import { defined } from '../core/index.ts'
import type { Hosting } from './content.ts'
import type { ReportFacts, Saying } from './entries.ts'
import type { IccamNames } from './names.ts'

/** One call as it leaves. */
export interface Wording {
  readonly method: 'POST' | 'PUT'
  readonly path: string
  readonly body: object
}

/** What is said, in the words of ICCAM. */
export function wordingOf(
  names: IccamNames,
  saying: Exclude<Saying, { kind: 'report' }>,
  contentId: string,
  analyst: string,
): Wording {
  const { assumed } = names
  switch (saying.kind) {
    case 'assessment':
      return call('PUT', names.paths.assessment, {
        [names.assessment.analyst]: analyst,
        [names.assessment.classification]: names.classifications[saying.value],
      })
    case 'hosting':
      return call('PUT', names.paths.hosting, hosted(names, saying.value))
    case 'assigned-country':
      return call('PUT', names.paths.assignedCountry, { [assumed.assigned.country]: saying.value })
    case 'reference':
      return call('PUT', names.paths.reference, { [names.content.reference]: saying.value })
    case 'action': {
      const reason = names.reasons[saying.value]
      return call('POST', names.paths.actions, {
        [assumed.action.type]: names.actions[saying.value],
        [assumed.action.analyst]: analyst,
        ...defined({ [assumed.action.reason]: reason }),
        ...(saying.hosting && hosted(names, saying.hosting)),
      })
    }
  }

  function call(method: Wording['method'], path: string, body: object): Wording {
    return { method, path: path.replace('{id}', encodeURIComponent(contentId)), body }
  }
}

/** Our report of a media URL with its assessment: one write, so that it is there whole or not at all. */
export function reportWording(
  names: IccamNames,
  report: ReportFacts,
  /** The id of the notice: unique, and what the report is found by again. */
  reference: string,
): Wording {
  const { report: named, content } = names
  const body = {
    [named.analyst]: report.analyst,
    [named.receivedAt]: report.receivedAt,
    [named.reference]: `report-${reference}`,
    ...(report.pageUrl === null ? {} : { [named.sourceUrl]: { [named.referrer]: report.pageUrl } }),
    [named.urls]: [
      {
        [content.url]: report.url,
        [content.reference]: reference,
        [content.isSource]: false,
        [content.type]: names.contentTypes.media,
        ...hosted(names, report.hosting),
        [named.assessment]: {
          [names.assessment.analyst]: report.analyst,
          [names.assessment.classification]: names.classifications[report.classification],
        },
      },
    ],
  }
  return { method: 'POST', path: names.paths.reports, body }
}

function hosted({ content }: IccamNames, { country, address, provider }: Hosting): object {
  return {
    ...(country === null ? {} : { [content.country]: country }),
    ...(address === null ? {} : { [content.address]: address }),
    ...(provider === null ? {} : { [content.provider]: provider }),
  }
}
