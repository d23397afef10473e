/** Fields whose values no pattern knows; nobody should log them, and if somebody does, they go. */
const FIELDS = ['url', 'pageUrl', 'rawUrl', 'referrer', 'media', 'hashes', 'name', 'label', 'note']
const SECRETS = ['authorization', 'secret', 'password', 'key', 'body', 'query']

/** The fields that are left out at the top of a line and one level below. */
export const REDACTED_FIELDS = [...FIELDS, ...SECRETS].flatMap((name) => [name, `*.${name}`])

export const REDACTED = '[redacted]'

/** What gives itself away by its form, wherever in a line it stands. */
const FORMS = [
  // URLs, defanged ones too.
  /\bh(?:tt|xx)ps?:\/\/[^\s"\\]+/gi,
  // Keys of people and machines, and of webhooks.
  /\bhk_[0-9a-f-]{36}_[\w-]+/g,
  /\bwhsec_[\w+/=-]+/g,
  // MD5 and whatever is longer. Ids have dashes, and versionstamps 20 digits.
  /(?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])/gi,
  // Bytes in base64.
  // The look behind keeps it linear: a run is tried at its beginning alone.
  /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{120,}={0,2}/g,
  /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
]

/** The last gate before a line is written: a line of JSON in, a line of JSON out. */
export function redacted(line: string): string {
  return FORMS.reduce((text, form) => text.replace(form, REDACTED), line)
}
