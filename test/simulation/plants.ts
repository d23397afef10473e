/**
 * What is broken on purpose, one for each rule, so that the rule is seen to break: each makes the world
 * (or what the process has of it) such that the same process does wrong.
 */
export const PLANTS = {
  /** A relay that hands each mail over twice, and says nothing of it. */
  'mails-doubled': 'nobody is told twice',
  /** Hosts say 404 to everybody while they have it. */
  'hosts-lie': 'removed only when the world says gone',
  /**
   * A look that knows PDQ alone, as it was at 162ef42: nothing is remembered of what a case was seen to
   * show, and no local feature is found.
   */
  'looks-by-hash': 'never gone while it is shown',
  /** A finder without local features. */
  'copies-unseen': 'what is known is found',
  /** A person is asked whether it is still there, and nobody ever answers. */
  'doubts-unanswered': 'what is gone is found to be gone',
  /** Corrections are taken and thrown away. */
  'corrections-lost': 'every retraction corrected',
  /** A run that does nothing and says that all is done. */
  'runs-idle': 'no case forgotten',
  /** A dispute that never reaches the process. */
  'disputes-unheard': 'no notice without grounds',
  /** A stop that never reaches the process. */
  'stop-unheard': 'nothing leaves while all is stopped',
  /** Recipients refuse every correction for good, and nobody reads what is said of that. */
  'alerts-unread': 'every retraction corrected',
  /** Those who take alerts lose some and say that they have them. */
  'alerts-dropped': 'every alert arrives',
  /** Whoever fetches the files for hotlines gets each line twice. */
  'files-doubled': 'nobody is told twice',
  /** The process goes up the ladder faster than it was told to. */
  'rungs-hasty': 'each rung in its time',
  /** Hosts show the process what they have removed. */
  'hosts-haunted': 'nobody is told of what is gone',
  /** Files lose what says that something is gone. */
  'removals-lost': 'hotlines hear of removals',
  /** Answers of the police that are lost on the way. */
  'police-unheard': 'nobody is told before the police agree',
  /** Whoever forges answers of the police has read the word in the letter. */
  'words-leaked': 'only replies of the police are confirmed',
  /** Somebody with a key to the disk changes what the audit says. */
  'audit-edited': 'audit chain whole',
  /** Of two processes: one does not look whether it still has its turn before it sends. */
  'turns-unasked': 'nobody sends late',
  /** Leases of which the store asks nothing when somebody commits by one. */
  'fences-open': 'nobody commits late',
  /** Leases that never end. */
  'leases-endless': 'another one goes on in time',
} as const
export type Plant = keyof typeof PLANTS

/** What is seen in a house of two processes alone. */
export const PLANTS_OF_TWO: ReadonlySet<Plant> = new Set([
  'turns-unasked',
  'fences-open',
  'leases-endless',
])
