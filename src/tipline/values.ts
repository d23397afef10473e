/** What became of a child's request; `held-back`: more came that day than the house lets through. */
export const OWN_REQUEST_STATES = [
  'asked',
  'held-back',
  'accepted',
  'declined',
  'withdrawn',
  'ended',
] as const

export type OwnRequestState = (typeof OWN_REQUEST_STATES)[number]
