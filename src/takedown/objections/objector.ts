/** Who objects: whoever hosts it, whoever put it up, or somebody else whom it concerns. As they say themselves. */
export const OBJECTORS = ['host', 'uploader', 'other'] as const
export type Objector = (typeof OBJECTORS)[number]
