import type { NoticeLine, NoticePart } from './notice-part.ts'

/**
 * The text part, in English: the elements that Article 16(2) of Regulation (EU) 2022/2065 asks
 * for (why it is illegal, the exact location, who gives notice, good faith). `show` writes a URL:
 * as it is for the recipient, defanged for everybody else.
 */
export function noticeText(part: NoticePart, show: (url: string) => string): string {
  const { organisation, contact } = part.notifier
  const one = part.notices.length === 1
  return [
    ...opening(part, one),
    '',
    ...part.notices.flatMap((line, position) => [...location(line, position + 1, show), '']),
    'Why it is illegal: it depicts the sexual abuse of a child (Directive 2011/93/EU, Article 5,',
    'and the national law that transposes it). Class Baseline is illegal in nearly every country,',
    'class National in the country of the hotline. Each entry says whether the media was',
    'recognised as a copy of material that two persons had verified before, or was assessed by an',
    'analyst at this address.',
    '',
    'Please',
    `- remove or disable access to the media named above, and not only the page that shows it;`,
    '- preserve the evidence and inform the authorities as your own law demands;',
    '- answer this mail with what was done, and keep the notice numbers in your answer.',
    '',
    `The media is checked again. Hashes and copies are not part of this notice; do not send any.`,
    '',
    `This notice is given in good faith: ${organisation} believes the information and the`,
    'allegations in it to be accurate and complete.',
    '',
    `${organisation}, ${contact}`,
    '',
    `The attached ${NOTICE_FILE_NAME} (${part.schema}) says the same for machines.`,
    '',
  ].join('\n')
}

export const NOTICE_FILE_NAME = 'hindra-notice.json'

function opening(part: NoticePart, one: boolean): readonly string[] {
  const addresses = one ? 'the address below' : `the ${part.notices.length} addresses below`
  const heading = 'under Article 16 of Regulation (EU) 2022/2065 (Digital Services Act)'
  if (part.step === 'notice') {
    return [
      `To ${part.provider}: notice of illegal content`,
      heading,
      '',
      `We give notice of child sexual abuse material that your service holds at ${addresses}.`,
    ]
  }
  return [
    `To ${part.provider}: REMINDER of a notice of illegal content`,
    heading,
    '',
    `We gave notice of child sexual abuse material at ${addresses}.`,
    'It was still there when we looked again.',
  ]
}

function location(
  line: NoticeLine,
  number: number,
  show: (url: string) => string,
): readonly string[] {
  const basis =
    line.basis === 'known-material' ? 'copy of verified material' : 'assessed by an analyst'
  return [
    `${number}. ${show(line.url)}`,
    ...(line.pageUrl === null ? [] : [`   shown on: ${show(line.pageUrl)}`]),
    `   first seen ${line.firstSeenAt}, last seen ${line.lastSeenAt}`,
    `   class ${line.classification}, ${basis}`,
    ...(line.reminds === null ? [] : [`   first notice sent ${line.reminds.sentAt}`]),
    `   notice ${line.noticeId}`,
  ]
}
