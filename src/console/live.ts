/** What a page that is open may be told of: that something of this kind has changed, and nothing of what it is. */
export const LIVE_TOPICS = ['tips', 'cases', 'assignments', 'notices'] as const
export type LiveTopic = (typeof LIVE_TOPICS)[number]
