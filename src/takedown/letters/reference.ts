const GROUPS = /^.{24}(.{6})(.{6})$/

/**
 * Our number of a notice, as people say and type it: `4F2A91-C30B7D`, the random end of its id. Its form is not that
 * of the words by which the police answer.
 */
export function referenceOf(noticeId: string): string {
  return noticeId.toUpperCase().replace(GROUPS, '$1-$2')
}
