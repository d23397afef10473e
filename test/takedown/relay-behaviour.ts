/** What a relay under a test's control does with the mails to come. */
export type RelayBehaviour =
  | 'accept'
  | 'defer-recipient'
  | 'refuse-recipient'
  | 'defer-message'
  | 'refuse-message'
  | 'refuse-sender'
  | 'drop-before-message'
  | 'drop-in-message'
  | 'take-and-drop'
