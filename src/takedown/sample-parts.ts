import type { NoticePart } from './notice-part.ts'
import { LADDER_STEPS, type Language } from './types.ts'

/** Notices that never happened, of every step and kind: what templates are tried with. */
export function sampleParts(language: Language): readonly NoticePart[] {
  const notice = sample(language)
  const reminds = {
    noticeId: '00000000-0000-7000-8000-000000000009',
    messageId: '<first@hotline.example>',
    sentAt: '2026-01-01T00:00:00.000Z',
  }
  return [
    ...LADDER_STEPS.map((step) => ({
      ...notice,
      step,
      notices: notice.notices.map((line) => ({
        ...line,
        step,
        reminds: step === 'notice' ? null : reminds,
        correction: step === 'correction' ? ('not-the-same' as const) : null,
      })),
    })),
    { ...notice, notifier: null },
    { ...notice, nature: 'harmful' },
    { ...notice, role: 'police', attached: [] },
    { ...notice, laws: [] },
    toldFirst(notice),
    { ...notice, notices: notice.notices.slice(0, 1) },
  ]
}

/** To the police, while the hosts wait. */
function toldFirst(notice: NoticePart): NoticePart {
  const hostToldAt = '2026-01-05T00:00:00.000Z'
  return {
    ...notice,
    role: 'police',
    hold: { hostToldAt, timeZone: 'Europe/Stockholm', replyWord: 'K7QM-4T9X-P2WD' },
    notices: notice.notices.map((line) => ({ ...line, hostToldAt })),
  }
}

function sample(language: Language): NoticePart {
  const line = {
    step: 'notice',
    pageUrl: 'https://site.example/page',
    addresses: ['192.0.2.7'],
    host: 'Example Hosting',
    country: 'SE',
    firstSeenAt: '2026-01-01T00:00:00.000Z',
    lastSeenAt: '2026-01-02T00:00:00.000Z',
    judgedBy: 'person',
    account: false,
    hostToldAt: null,
    reminds: null,
    correction: null,
  } as const
  return {
    schema: 'hindra-notice/1',
    envelopeId: '00000000-0000-7000-8000-000000000000',
    step: 'notice',
    role: 'host',
    nature: 'illegal',
    composedAt: '2026-01-02T00:00:00.000Z',
    legalBasis: 'Regulation (EU) 2022/2065, Article 16',
    language,
    laws: ['the first law of the sample', 'the second law of the sample'],
    attached: ['ARF', 'XARF'],
    notifier: { organisation: 'The sample hotline', contact: 'sample@hotline.example' },
    provider: 'Example Hosting',
    hold: null,
    notices: [
      {
        ...line,
        noticeId: '00000000-0000-7000-8000-000000000001',
        caseId: '00000000-0000-7000-8000-000000000002',
        url: 'https://site.example/1.jpg',
        classification: 'Baseline',
        basis: 'known-material',
      },
      {
        ...line,
        noticeId: '00000000-0000-7000-8000-000000000003',
        caseId: '00000000-0000-7000-8000-000000000004',
        url: 'https://site.example/2.jpg',
        pageUrl: null,
        addresses: [],
        host: 'Another Host',
        classification: 'National',
        basis: 'assessment',
      },
    ],
  }
}
