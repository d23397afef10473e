/** How much is done to recognise an altered copy: the settings that each stands for. */
export const PROFILES = {
  /** Hashes and views alone, without local features. */
  hashes: {},
  default: { 'features.store': true },
  exhaustive: { 'features.store': true, 'features.profile': 'exhaustive' },
} as const satisfies Record<string, Readonly<Record<string, unknown>>>

export type Profile = keyof typeof PROFILES
export const PROFILE_NAMES = Object.keys(PROFILES) as readonly Profile[]
