/** How much is done to recognise an altered copy: the settings that each stands for. */
export const PROFILES = {
  default: {},
} as const satisfies Record<string, Readonly<Record<string, unknown>>>

export type Profile = keyof typeof PROFILES
